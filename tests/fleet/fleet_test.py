"""A small fleet, so that what tests/fleet/run measures keeps working."""

import pathlib
import tempfile
import unittest

import fleet
import queries
import support
import synthetic_host

INSTANCES = 50


class Templates(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix="ssh_keepalive_"))
        cls.recorded = [path.read_text()
                        for path in fleet.record_templates(folder)]

    def scrape(self, recorded, number, now):
        return support.Exposition(
            synthetic_host.Template(recorded).scrape(number, now, 1e9))

    def test_a_host_has_the_series_of_its_template(self):
        for recorded in self.recorded:
            self.assertEqual(
                set(self.scrape(recorded, 3, 1e9 + 60).samples),
                set(support.Exposition(recorded).samples))

    def test_sums_stay_equal(self):
        for recorded in self.recorded:
            for number in range(20):
                exposition = self.scrape(recorded, number, 1e9 + number * 400)
                total, by_fate = (
                    sum(exposition.series(name).values())
                    for name in ("ssh_keepalive_sessions",
                                 "ssh_keepalive_sessions_by_fate"))
                self.assertEqual(total, by_fate)

    def test_counters_never_fall(self):
        before = None
        for minute in range(300):
            ends = self.scrape(self.recorded[0], 7, 1e9 + 60 * minute).series(
                "ssh_keepalive_session_ends_total")
            self.assertTrue(ends)
            for labels, value in ends.items():
                self.assertGreaterEqual(value, before[labels] if before else 0)
            before = ends
        self.assertGreater(sum(before.values()), 10)

    def test_hosts_differ(self):
        self.assertGreater(len({
            sum(self.scrape(self.recorded[0], number, 2e9).series(
                "ssh_keepalive_sessions").values())
            for number in range(30)}), 5)


class SmallFleet(unittest.TestCase):

    def test_it_is_scraped_judged_and_queried(self):
        with tempfile.TemporaryDirectory(prefix="ssh_keepalive_") as folder:
            with fleet.simulated(folder, INSTANCES, 2) as (simulator, server):
                support.wait_for("the recordings of the fleet", lambda: (
                    server.value("sum(job:ssh_keepalive_sessions:sum)")))
                self.judge(simulator, server)

    def judge(self, simulator, server):
        self.assertEqual(server.value(fleet.EVER_SCRAPED), INSTANCES)
        self.assertGreater(server.value("count(ALERTS)"), 0)
        durations = fleet.watch_groups(server, 3)
        self.assertIn("ssh_keepalive_fleet", durations)
        self.assertEqual(sum(server.own(
            "prometheus_rule_evaluation_failures_total").values()), 0)
        expressions = (queries.of_rules(server) | queries.of_dashboards(
            {"instance": fleet.host_name(1), "job": fleet.JOB}))
        self.assertTrue(expressions)
        for name, expression in expressions.items():
            with self.subTest(name):
                _, series = fleet.median_seconds(
                    server, 1, "/api/v1/query", query=expression)
                self.assertIsNotNone(series)
        self.assertTrue(pathlib.Path(f"/proc/{simulator.process.pid}").exists())


class Queries(unittest.TestCase):
    """Dashboards' variables."""

    DASHBOARD = {
        "templating": {"list": [
            {"name": "instance", "current": {"value": ""}},
            {"name": "cluster", "includeAll": True},
            {"name": "seconds", "current": {"value": ["300"]}}]},
        "panels": []}

    def test_they_are_filled_in(self):
        values = queries.variables(self.DASHBOARD, {"instance": "a"})
        self.assertEqual(queries.filled(
            'sum(rate(x{i="$instance",c=~"${cluster:regex}",'
            's="[[seconds]]"}[$__rate_interval]))', values),
            'sum(rate(x{i="a",c=~".*",s="300"}[5m]))')

    def test_groups_of_regular_expressions_stay(self):
        self.assertEqual(queries.filled('label_replace(x,"a","$1","b","(.*)")',
                                        {}),
                         'label_replace(x,"a","$1","b","(.*)")')

    def test_an_unknown_one_is_an_error(self):
        with self.assertRaises(AssertionError):
            queries.filled("x{a='$b'}", {})


if __name__ == "__main__":
    support.main()
