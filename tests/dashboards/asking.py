"""Asks a Prometheus what each panel asks, as Grafana would."""

import json
import re
import urllib.parse

import dashboards
import support


class Refused(Exception):
    """What Prometheus said against a query."""


class Prometheus(support.HttpDaemon):

    def __init__(self, configuration, folder, *options):
        port = support.free_port()
        super().__init__(port, "/-/ready", support.daemon("usr/bin/prometheus"),
                         f"--config.file={configuration}",
                         f"--storage.tsdb.path={folder}",
                         f"--web.listen-address=127.0.0.1:{port}", *options)

    def get(self, path, **parameters):
        response = self.request(
            f"/api/v1/{path}?" + urllib.parse.urlencode(parameters))
        answer = json.loads(response.text)
        if answer["status"] != "success":
            raise Refused(f"{answer['error']}: {parameters}")
        return answer["data"]

    def instant(self, expression, time):
        return self.get("query", query=expression, time=time)["result"]

    def range(self, expression, start, end, step):
        return self.get("query_range", query=expression, start=start, end=end,
                        step=step)["result"]


def ask(prometheus, target, start, end, step, **variables):
    """Series of a target: at many times, or at the end of the range."""
    expression = dashboards.interpolated(
        target["expr"], range_=f"{int(end - start)}s", **variables)
    if target["instant"]:
        return prometheus.instant(expression, end)
    return prometheus.range(expression, start, end, step)


def expected_labels(panel, target):
    """Those that the legend or the columns of the table show."""
    labels = set(re.findall(r"{{(\w+)}}", target.get("legendFormat", "")))
    for change in panel.get("transformations", []):
        if change["id"] == "organize" and len(panel["targets"]) == 1:
            labels |= {name for name in change["options"]["renameByName"]
                       if not name.startswith("Value")}
    return labels
