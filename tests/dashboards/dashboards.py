"""The committed dashboards, as their tests look at them."""

import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = ROOT / "dashboards"
NAMES = ("ssh-keepalive-fleet", "ssh-keepalive-host")


def read(path):
    return json.loads(path.read_text())


def load_all():
    return {name: read(FOLDER / f"{name}.json") for name in NAMES}


def panels(dashboard):
    """All but rows, wherever they are."""
    for panel in dashboard["panels"]:
        if panel["type"] != "row":
            yield panel
        yield from panels(panel) if panel.get("panels") else ()


def targets(dashboard):
    for panel in panels(dashboard):
        for target in panel["targets"]:
            yield panel, target


def interpolated(expression, job=".+", instance=".+", rate_interval="1m",
                 range_="1h"):
    """As Grafana does it: a regular expression for each variable."""
    for name, value in (("__rate_interval", rate_interval), ("__range", range_),
                        ("job", job), ("instance", instance)):
        expression = re.sub(rf"\$(?:\{{{name}\}}|{name}\b)",
                            lambda _, value=value: value, expression)
    if re.search(r"\$[_a-z{]", expression):
        raise AssertionError(f"a variable is left: {expression}")
    return expression


def selectors(expression):
    """Metric's name and matchers of each selector."""
    return re.findall(r"\b((?:[a-z_]\w*:)*[a-zA-Z_]\w*)\{([^}]*)\}", expression)
