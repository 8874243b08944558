"""The conventions of Grafana's dashboard-linter, and this project's own, for
the committed dashboards. Needs nothing but them.
"""

import re
import unittest

import dashboards
import support

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
SCHEMA_VERSION = 42  # Grafana 12 and 13
GRID = 24
# Words of PromQL that may stand before a brace or alone, and no metrics.
FUNCTIONS = re.compile(r"\b(?:ssh_keepalive_\w+|process_\w+|ALERTS|up"
                       r"|\w+:ssh_keepalive_\w+:\w+)\b")
# Of Grafana's own list; what is not here is a misspelling until it is added.
UNITS = {"short", "s", "percentunit", "cpm", "bytes"}
REPOSITORY = ("https://github.com/ssh-keepalive-exporter/"
              "ssh_keepalive_exporter/blob/main/")


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from strings(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings(each)


def documented_metrics():
    page = (dashboards.ROOT / "docs" / "metrics.md").read_text()
    return set(re.findall(r"(?m)^\| `(\w+)` \|", page)) | {"up", "ALERTS"}


def recordings():
    text = "".join(path.read_text() for path in
                   (dashboards.ROOT / "alerts" / "rules").glob("*.rules.yml"))
    return set(re.findall(r"record: (\S+)", text))


class Lint(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.all = dashboards.load_all()

    def each(self):
        return self.all.items()

    def each_panel(self):
        return [panel for dashboard in self.all.values()
                for panel in dashboards.panels(dashboard)]

    def each_target(self):
        return [(panel, target) for panel in self.each_panel()
                for target in panel["targets"]]

    def about(self, what, target=None):
        return self.subTest(what["title"], refId=(target or {}).get("refId"))

    def test_there_are_no_others(self):
        self.assertEqual({path.stem for path in dashboards.FOLDER.glob("ssh*.json")},
                         set(dashboards.NAMES))

    def test_dashboard(self):
        for name, dashboard in self.each():
            with self.about(dashboard):
                self.assertEqual(dashboard["uid"], name)
                self.assertIs(dashboard["editable"], False)
                self.assertEqual(dashboard["schemaVersion"], SCHEMA_VERSION)
                self.assertEqual(set(dashboard) & {"__inputs", "__requires", "id",
                                                   "version", "gnetId"}, set())
                self.assertTrue(dashboard["title"].startswith("SSH keepalive / "))
                self.assertGreater(len(dashboard["description"]), 60)
                self.assertIn("ssh-keepalive", dashboard["tags"])
                self.assertEqual(dashboard["time"]["to"], "now")
                self.assertEqual(dashboard["refresh"], "1m")

    def test_the_alerts_dashboard_links_lead_here(self):
        text = "".join(path.read_text() for path in
                       (dashboards.ROOT / "alerts/rules").glob("*.rules.yml"))
        uids = set(re.findall(r"dashboard_url: '?/d/([\w-]+)/", text))
        self.assertTrue(uids)
        self.assertLessEqual(uids, set(dashboards.NAMES))

    def test_variables(self):
        for _, dashboard in self.each():
            with self.about(dashboard):
                variables = {each["name"]: each
                             for each in dashboard["templating"]["list"]}
                self.assertEqual(list(variables), ["datasource", "job", "instance"])
                self.assertEqual(
                    [variables["datasource"][key] for key in
                     ("type", "query", "label")],
                    ["datasource", "prometheus", "Data source"])
                for name in ("job", "instance"):
                    variable = variables[name]
                    with self.subTest(name):
                        self.assertEqual(variable["type"], "query")
                        self.assertEqual(variable["datasource"], DATASOURCE)
                        self.assertEqual(variable["label"], name.capitalize())
                        self.assertIs(variable["multi"], True)
                        self.assertIs(variable["includeAll"], True)
                        self.assertEqual(variable["allValue"], ".+")
                        self.assertEqual(variable["refresh"], 2)  # on time range
                        self.assertTrue(variable["query"].endswith(f", {name})"))
                self.assertIn('job=~"$job"', variables["instance"]["query"])

    def test_annotations_are_alerts(self):
        for _, dashboard in self.each():
            with self.about(dashboard):
                annotation, = dashboard["annotations"]["list"]
                self.assertEqual(annotation["datasource"], DATASOURCE)
                self.assertIs(annotation["enable"], True)
                self.assertIn("ALERTS{", annotation["expr"])
                self.assertIn('alertstate="firing"', annotation["expr"])
                self.assertIn('job=~"$job"', annotation["expr"])
                self.assertIn("$instance", annotation["expr"])

    def test_ids_and_places(self):
        for _, dashboard in self.each():
            with self.about(dashboard):
                ids = [panel["id"] for panel in dashboard["panels"]]
                self.assertEqual(ids, list(range(1, len(ids) + 1)))
                taken = set()
                for panel in dashboard["panels"]:
                    grid = panel["gridPos"]
                    with self.subTest(panel["title"]):
                        self.assertLessEqual(grid["x"] + grid["w"], GRID)
                        cells = {(x, y)
                                 for x in range(grid["x"], grid["x"] + grid["w"])
                                 for y in range(grid["y"], grid["y"] + grid["h"])}
                        self.assertFalse(cells & taken)
                        taken |= cells

    def test_titles_are_unique(self):
        for _, dashboard in self.each():
            with self.about(dashboard):
                titles = [panel["title"]
                          for panel in dashboards.panels(dashboard)]
                self.assertEqual(sorted(titles), sorted(set(titles)))

    def test_panels(self):
        for panel in self.each_panel():
            with self.about(panel):
                self.assertTrue(panel["title"])
                self.assertFalse(panel["title"].endswith("."))
                self.assertRegex(panel["description"], r"\bGood: .")
                self.assertTrue(panel["description"].endswith("."))
                self.assertEqual(panel["datasource"], DATASOURCE)
                self.assertEqual(panel["interval"], "1m")
                self.assertIn(panel["fieldConfig"]["defaults"]["unit"], UNITS)
                if panel["fieldConfig"]["defaults"].get("color", {}).get(
                        "mode") == "thresholds":
                    self.assertIn("thresholds", panel["fieldConfig"]["defaults"])
                if panel["type"] == "timeseries":
                    legend = panel["options"]["legend"]
                    self.assertEqual((legend["showLegend"], legend["placement"]),
                                     (True, "bottom"))

    def test_refs(self):
        for panel in self.each_panel():
            with self.about(panel):
                self.assertEqual(
                    "".join(target["refId"] for target in panel["targets"]),
                    "ABCDEFGHIJKLMN"[:len(panel["targets"])])

    def test_overrides_name_what_is_there(self):
        """A column that was renamed, or a query that is gone."""
        for panel in self.each_panel():
            with self.about(panel):
                names = {target.get("legendFormat") for target in panel["targets"]}
                refs = {target["refId"] for target in panel["targets"]}
                for change in panel.get("transformations", []):
                    if change["id"] == "organize":
                        names |= set(change["options"]["renameByName"].values())
                    if change["id"] == "configFromData":
                        self.assertIn(change["options"]["configRefId"], refs)
                        for mapping in change["options"]["mappings"]:
                            self.assertIn(mapping["fieldName"], names)
                for override in panel["fieldConfig"]["overrides"]:
                    matcher = override["matcher"]
                    if matcher["id"] == "byName":
                        self.assertIn(matcher["options"], names)
                    if matcher["id"] == "byFrameRefID":
                        self.assertIn(matcher["options"], refs)

    def test_queries(self):
        known = documented_metrics() | recordings()
        for panel, target in self.each_target():
            with self.about(panel, target):
                expression = target["expr"]
                self.assertEqual(target["datasource"], DATASOURCE)
                found = dashboards.selectors(expression)
                self.assertTrue(found)
                for name, matchers in found:
                    self.assertIn(name, known)
                    self.assertIn('job=~"$job"', matchers)
                    self.assertIn('instance=~"$instance"', matchers)
                # No metric without a selector.
                bare = re.sub(r"\{[^}]*\}", "", expression)
                self.assertEqual(len(FUNCTIONS.findall(re.sub(r'"[^"]*"', "", bare))),
                                 len(found))
                for function, window in re.findall(
                        r"(\w+)\((?:[^()\[\]]*)\[([^]]*)\]", expression):
                    self.assertEqual(window, "$__rate_interval"
                                     if function in ("rate", "irate")
                                     else "$__range")
                for name in re.findall(r"\w+_total\b", expression):
                    self.assertRegex(expression,
                                     rf"(rate|increase)\({name}\{{[^}}]*\}}\[")
                self.assertTrue(target.get("legendFormat")
                                or target.get("format") == "table")
                self.assertEqual(panel["type"] == "table",
                                 target.get("format") == "table")

    def test_one_time_or_many(self):
        for panel, target in self.each_target():
            with self.about(panel, target):
                many = panel["type"] in ("timeseries", "heatmap", "state-timeline")
                self.assertIs(target["range"], many)
                self.assertIs(target["instant"], not many)

    def test_links_lead_somewhere(self):
        for _, dashboard in self.each():
            with self.about(dashboard):
                for text in strings(dashboard):
                    if text.startswith("http"):
                        self.assertTrue(text.startswith(REPOSITORY), text)
                        page = re.sub(r"[#$].*", "",
                                      text.removeprefix(REPOSITORY))
                        self.assertTrue((dashboards.ROOT / page).exists(), text)
                    elif text.startswith("/d/"):
                        self.assertIn(text.split("/")[2], dashboards.NAMES)
                        self.assertNotIn("http", text)

    def test_the_page_names_each_row(self):
        page = (dashboards.ROOT / "docs" / "dashboards.md").read_text()
        for _, dashboard in self.each():
            with self.about(dashboard):
                for panel in dashboard["panels"]:
                    if panel["type"] == "row":
                        self.assertIn(f"**{panel['title']}**", page)


if __name__ == "__main__":
    support.main()
