"""The queries that a server for the fleet must answer: those of the rules and
those of the dashboards, with Grafana's variables filled in."""

import json
import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
DASHBOARDS = ROOT / "dashboards"
RULES = sorted((ROOT / "alerts" / "rules").glob("*.rules.yml"))

GRAFANA = {"__rate_interval": "5m", "__interval": "1m", "__range": "1h",
           "__range_s": "3600", "__interval_ms": "60000"}
# $name, ${name}, ${name:format} and [[name]]; $1 is of a regular expression.
VARIABLE = re.compile(
    r"\$\{(\w+)(?::[^}]*)?\}|\$([a-zA-Z_]\w*)|\[\[(\w+)\]\]")


def of_rules(prometheus):
    """Expressions by the name of their rule, as Prometheus has read them."""
    groups = json.loads(
        prometheus.request("/api/v1/rules").text)["data"]["groups"]
    found = {}
    for group in groups:
        for rule in group["rules"]:
            severity = rule.get("labels", {}).get("severity", "")
            found[f"{rule['name']} {severity}".strip()] = rule["query"]
    return found


def variables(dashboard, known):
    """The value of each variable: everything where a dashboard offers that,
    else what is known of it, else what it starts with."""
    values = dict(GRAFANA)
    for variable in dashboard.get("templating", {}).get("list", []):
        name = variable["name"]
        current = variable.get("current", {}).get("value", "")
        if variable.get("includeAll"):
            values[name] = variable.get("allValue") or ".*"
        elif name in known:
            values[name] = known[name]
        else:
            values[name] = current[0] if isinstance(current, list) else current
    return values


def filled(expression, values):
    def value(match):
        name = match[1] or match[2] or match[3]
        if name not in values:
            raise AssertionError(f"unknown variable {name} in {expression}")
        return values[name]
    return VARIABLE.sub(value, expression)


def panels(dashboard):
    for panel in dashboard.get("panels", []):
        yield panel
        yield from panels(panel)  # a row that is folded


def of_dashboards(known, folder=DASHBOARDS):
    """Expressions by dashboard, panel and refId; `known` are values of
    variables by name."""
    found = {}
    for path in sorted(pathlib.Path(folder).glob("*.json")):
        dashboard = json.loads(path.read_text())
        values = variables(dashboard, known)
        for panel in panels(dashboard):
            for target in panel.get("targets", []):
                if "expr" in target:
                    name = (f"{path.stem}: {panel.get('title', '')} "
                            f"{target.get('refId', '')}")
                    found[name] = filled(target["expr"], values)
    return found
