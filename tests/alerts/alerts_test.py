"""The alert rules: promtool's checks and tests of them, and their conventions.

The rules are read as Prometheus has read them, by its API. What is checked
here beyond promtool are those conventions of mixtool and pint that need no
server with data, and this project's own: see docs/alerts.md.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import support
import yaml  # Debian's python3-yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
RULES = sorted((ROOT / "alerts" / "rules").glob("*.rules.yml"))
TESTS = sorted((ROOT / "alerts" / "tests").glob("SSHKeepalive*.test.yml"))
OF_RECORDINGS = ROOT / "alerts" / "tests" / "recordings.test.yml"
RUNBOOKS = ROOT / "docs" / "runbooks"
RUNBOOK_URL = ("https://github.com/ssh-keepalive-exporter/"
               "ssh_keepalive_exporter/blob/main/docs/runbooks/{}.md")
SCRAPE_INTERVAL = 60  # s, the longest that the rules are made for
OF_TARGETS = {"instance", "job"}
METRIC = re.compile(r"\b(?:up\b|ssh_keepalive_\w+|\w+:\w+:\w+)")


def promtool(*arguments):
    return subprocess.run(
        [support.daemon("usr/bin/promtool"), *map(str, arguments)], text=True,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)


def documented_metrics():
    """Name → labels, of the tables of docs/metrics.md. They are held against
    the recorded hosts by e2e.metrics_page."""
    rows = re.findall(r"(?m)^\| `(\w+)` \| \w+ \|([^|]*)\|",
                      (ROOT / "docs" / "metrics.md").read_text())
    return {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows}


def labels_named(query):
    """In selectors, and in what aggregates and matches."""
    names = set()
    for selector in re.findall(r"\{([^}]*)\}", query):
        names.update(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector))
    for group in re.findall(r"\b(?:by|without|on|ignoring|group_left)\s*"
                            r"\(([^)]*)\)", query):
        names.update(re.findall(r"\w+", group))
    return names


def numbers(query):
    """Those that stand for themselves, and not for durations."""
    query = re.sub(r'"[^"]*"|\[[^]]*\]|offset \w+', "", query)
    return {float(number) for number in
            re.findall(r"(?<![\w.:])\d+(?:\.\d+)?(?![\w.:])", query)}


class Rules(unittest.TestCase):
    """As Prometheus tells of them."""

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix="ssh_keepalive_")))
        configuration = folder / "prometheus.yml"
        configuration.write_text(json.dumps(
            {"rule_files": [str(path) for path in RULES]}))
        port = support.free_port()
        prometheus = cls.enterClassContext(support.HttpDaemon(
            port, "/-/ready", support.daemon("usr/bin/prometheus"),
            f"--config.file={configuration}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}"))
        groups = json.loads(
            prometheus.request("/api/v1/rules").text)["data"]["groups"]
        rules = [rule | {"file": pathlib.Path(group["file"]).name}
                 for group in groups for rule in group["rules"]]
        cls.alerts = [rule for rule in rules if rule["type"] == "alerting"]
        cls.recordings = [rule for rule in rules if rule["type"] == "recording"]
        cls.rules = rules
        if not cls.alerts or not cls.recordings:
            raise AssertionError("no rules")

    def about(self, rule):
        return self.subTest(rule["name"], **rule.get("labels", {}))

    def known_labels(self):
        known = documented_metrics() | {"up": set()}
        queries = {rule["name"]: rule["query"] for rule in self.recordings}

        def labels_of(name):
            if name in queries and name not in known:
                known[name] = set().union(
                    *map(labels_of, METRIC.findall(queries[name])))
            return known[name]

        for name in queries:
            labels_of(name)
        return known

    def test_names_of_recordings(self):
        for rule in self.recordings:
            with self.about(rule):
                self.assertRegex(rule["name"], r"^(instance|job)(_[a-z]+)?:"
                                 r"ssh_keepalive_\w+:[a-z0-9]+$")

    def test_metrics_and_labels_exist(self):
        known = self.known_labels()
        for rule in self.rules:
            with self.about(rule):
                metrics = METRIC.findall(rule["query"])
                self.assertTrue(metrics)
                self.assertLessEqual(set(metrics), set(known))
                self.assertLessEqual(
                    labels_named(rule["query"]),
                    OF_TARGETS.union(*(known[name] for name in metrics)))

    def test_checks_exist(self):
        page = (ROOT / "docs" / "checks.md").read_text()
        for rule in self.alerts:
            with self.about(rule):
                for check in re.findall(r'check="(\w+)"', rule["query"]):
                    self.assertIn(f"\n## {check}\n", page)

    def test_names(self):
        for rule in self.alerts:
            with self.about(rule):
                self.assertRegex(rule["name"], r"^SSHKeepalive([A-Z][a-z]+)+$")
                self.assertLessEqual(len(rule["name"]), 40)
                check = re.search(
                    r'ssh_keepalive_findings\{check="(\w+)"\} > 0',
                    rule["query"])
                if check:  # one alert for one check
                    self.assertEqual(
                        rule["name"].removeprefix("SSHKeepalive"),
                        "".join(map(str.capitalize, check[1].split("_"))))

    def test_labels_are_those_of_the_exporter_s_own_messages(self):
        """So that one alert that comes by both ways is one."""
        for rule in self.alerts:
            with self.about(rule):
                self.assertEqual(set(rule["labels"]), {"severity"})
                self.assertIn(rule["labels"]["severity"],
                              ("critical", "warning", "info"))

    def test_annotations(self):
        for rule in self.alerts:
            with self.about(rule):
                texts = rule["annotations"]
                self.assertEqual(set(texts), {"summary", "description",
                                              "runbook_url", "dashboard_url"})
                self.assertNotIn("{{", texts["summary"])
                self.assertTrue(texts["summary"].endswith("."))
                self.assertIn("{{ $value", texts["description"])
                self.assertRegex(texts["description"], r"Remedy: .{10}")
                self.assertEqual(texts["runbook_url"],
                                 RUNBOOK_URL.format(rule["name"]))
                self.assertRegex(texts["dashboard_url"],
                                 r"^/d/ssh-keepalive-(host|fleet)/")

    def test_times(self):
        """Two scrapes at least, and three failed ones are bridged."""
        for rule in self.alerts:
            with self.about(rule):
                self.assertGreaterEqual(rule["duration"], 2 * SCRAPE_INTERVAL)
                self.assertGreaterEqual(rule["keepFiringFor"],
                                        4 * SCRAPE_INTERVAL)

    def test_thresholds_are_the_policy_s(self):
        """All but what is compared with a fleet's own usual."""
        for rule in self.alerts:
            with self.about(rule):
                if rule["file"] != "sessions.rules.yml":
                    self.assertLessEqual(numbers(rule["query"]), {0, 1})

    def test_joins_are_on_all_labels_but_named_ones(self):
        """`on` would join instances of the same name of two clusters."""
        for rule in self.rules:
            with self.about(rule):
                self.assertNotRegex(rule["query"], r"\bon\s*\(")
                self.assertNotRegex(rule["query"], r"\bby\s*\(")

    def test_no_mean_of_ratios(self):
        for rule in self.recordings:
            with self.about(rule):
                self.assertNotRegex(rule["query"], r"\bavg\b")

    def test_job_is_named_once(self):
        text = "".join(path.read_text() for path in RULES)
        self.assertEqual(re.findall(r"job\s*[=!]~?.*", text),
                         ['job="ssh_keepalive"} == 0'])

    def test_each_alert_has_a_test(self):
        """Of each severity: that it fires, not too soon, and resolves; and
        that there are series, or none, with which it does not fire at all."""
        alerts = {rule["name"] for rule in self.alerts}
        self.assertEqual({path.name.removesuffix(".test.yml")
                          for path in TESTS}, alerts)
        for path in TESTS:
            alert = path.name.removesuffix(".test.yml")
            shown, quiet = set(), 0
            # All as text: to YAML 1.1 the samples 0x10 are hexadecimal.
            for test in yaml.load(path.read_text(), yaml.BaseLoader)["tests"]:
                steps = test["alert_rule_test"]
                self.assertEqual({step["alertname"] for step in steps}, {alert})
                told = [{one["exp_labels"]["severity"]
                         for one in step["exp_alerts"]} for step in steps]
                quiet += not any(told)
                for before, now in zip(told, told[1:]):
                    shown |= {(one, "fires") for one in now - before}
                    shown |= {(one, "resolves") for one in before - now}
            with self.subTest(alert):
                self.assertEqual(shown, {
                    (rule["labels"]["severity"], what)
                    for rule in self.alerts if rule["name"] == alert
                    for what in ("fires", "resolves")})
                self.assertGreaterEqual(quiet, 2)

    def test_each_recording_has_a_test(self):
        tested = re.findall(r"- expr: .*?((?:instance|job)\w*:\w+:\w+)",
                            OF_RECORDINGS.read_text())
        self.assertEqual(set(tested), {rule["name"] for rule in self.recordings})

    def test_each_alert_has_a_runbook(self):
        self.assertEqual({path.stem for path in RUNBOOKS.glob("*.md")},
                         {rule["name"] for rule in self.alerts})
        for rule in self.alerts:
            with self.about(rule):
                text = (RUNBOOKS / f"{rule['name']}.md").read_text()
                self.assertTrue(text.startswith(f"# {rule['name']}\n"))
                self.assertIn(rule["annotations"]["summary"], text)
                self.assertIn(rule["labels"]["severity"], text)
                self.assertEqual(re.findall(r"(?m)^## (.*)$", text), [
                    "What it means", "How to confirm", "The smallest fix",
                    "When to ignore it"])

    def test_the_page_names_each(self):
        page = (ROOT / "docs" / "alerts.md").read_text()
        self.assertEqual(
            set(re.findall(r"\[(SSHKeepalive\w+)\]\(runbooks/\1\.md\)", page)),
            {rule["name"] for rule in self.alerts})
        for rule in self.recordings:
            with self.about(rule):
                self.assertIn(f"`{rule['name']}`", page)


class Promtool(unittest.TestCase):

    def test_check_rules(self):
        run = promtool("check", "rules", "--lint=all", "--lint-fatal", *RULES)
        self.assertEqual(run.returncode, 0, run.stdout)

    def test_rules(self):
        paths = [*TESTS, OF_RECORDINGS]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            runs = pool.map(lambda path: promtool("test", "rules", path), paths)
            for path, run in zip(paths, runs):
                with self.subTest(path.name):
                    self.assertEqual(run.returncode, 0, run.stdout)


if __name__ == "__main__":
    support.main()
