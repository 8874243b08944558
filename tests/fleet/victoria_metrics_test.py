"""A real Prometheus writes real scrapes, and what its rules record, to a real
VictoriaMetrics, which then answers the queries of rules and dashboards."""

import contextlib
import json
import pathlib
import tempfile
import time
import unittest
import urllib.parse

import fleet
import queries
import support

HOSTS = ("plain", "busy", "cloud_azure", "sshd_debian13")


class VictoriaMetrics(support.HttpDaemon):

    def __init__(self, folder):
        port = support.free_port()
        super().__init__(port, "/health",
                         support.daemon("usr/bin/victoria-metrics"),
                         f"-storageDataPath={folder}",
                         f"-httpListenAddr=127.0.0.1:{port}",
                         "-search.latencyOffset=0s", "-memory.allowedBytes=64MB")

    def answer(self, expression, at):
        response = self.request("/api/v1/query?" + urllib.parse.urlencode(
            {"query": expression, "time": at, "nocache": 1}))
        if response.status != 200:
            raise AssertionError(f"{expression}: {response.text}")
        return by_labels(json.loads(response.text)["data"])


def by_labels(data):
    """Values by labels; of a scalar the one. An empty label is none, which
    VictoriaMetrics also says of some that label_replace() made."""
    if data["resultType"] == "scalar":
        return {(): float(data["result"][1])}
    return {tuple(sorted(label for label in one["metric"].items() if label[1])):
            float(one["value"][1]) for one in data["result"]}


def targets(exporters):
    return [{"targets": [f"127.0.0.1:{exporter.port}"],
             "labels": {"instance": host}}
            for host, exporter in exporters.items()]


class RemoteWrite(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix="ssh_keepalive_")))
        cls.victoria = cls.enterClassContext(
            VictoriaMetrics(folder / "victoria"))
        stack = cls.enterClassContext(contextlib.ExitStack())
        exporters = {host: stack.enter_context(support.Exporter(
            "--root", support.FIXTURE_HOSTS / host)) for host in HOSTS}
        # One whose sessions may end, which no recorded host's can.
        exporters["this"] = stack.enter_context(support.Exporter())
        cls.instances = len(exporters)
        cls.prometheus = cls.enterClassContext(fleet.Prometheus(
            folder, targets(exporters), 2, {"remote_write": [{
                "url": f"http://127.0.0.1:{cls.victoria.port}/api/v1/write",
                "queue_config": {"batch_send_deadline": "1s"}}]}))
        cls.expressions = (queries.of_rules(cls.prometheus) |
                           queries.of_dashboards({"instance": "plain",
                                                  "job": fleet.JOB}))
        cls.recordings = [name for name in cls.expressions
                          if name.startswith(("instance", "job"))]
        # What is compared is of a moment when all that is recorded was there.
        for where, ask in (("Prometheus", cls.of_prometheus),
                           ("VictoriaMetrics", cls.victoria.answer)):
            support.wait_for(f"the recordings in {where}", lambda look=ask:
                             len(look("count(up == 1)", time.time())) == 1
                             and look("count(up == 1)",
                                      time.time())[()] == cls.instances
                             and look("job:ssh_keepalive_sessions:sum",
                                      time.time()))
        cls.at = time.time()
        support.wait_for("samples of then", lambda: cls.victoria.answer(
            "min(timestamp(up))", time.time())[()] > cls.at)

    @classmethod
    def of_prometheus(cls, expression, at):
        return by_labels(cls.prometheus.data(
            "/api/v1/query", query=expression, time=at)[0])

    def test_each_query_is_answered_alike(self):
        self.assertTrue(self.expressions)
        answered = 0
        for name, expression in self.expressions.items():
            with self.subTest(name):
                expected = self.of_prometheus(expression, self.at)
                found = self.victoria.answer(expression, self.at)
                self.assertEqual(set(found), set(expected))
                answered += bool(expected)
        self.assertGreater(answered, 10)

    def test_values_are_those_that_were_scraped(self):
        for metric in ("ssh_keepalive_sessions", "ssh_keepalive_findings",
                       "ssh_keepalive_sshd_refresh_interval_seconds",
                       "job:ssh_keepalive_sessions:sum"):
            expected = self.of_prometheus(metric, self.at)
            self.assertTrue(expected)
            self.assertEqual(self.victoria.answer(metric, self.at), expected)

    def test_what_is_recorded_arrives(self):
        names = {dict(labels)["__name__"] for labels in self.victoria.answer(
            '{__name__=~".+:ssh_keepalive_.+:.+"}', self.at)}
        here = {dict(labels)["__name__"] for labels in self.of_prometheus(
            '{__name__=~".+:ssh_keepalive_.+:.+"}', self.at)}
        self.assertEqual(names, here)
        # Others come every three minutes, or need more than one scrape.
        self.assertGreaterEqual(names, {
            "instance:ssh_keepalive_sessions:sum",
            "instance_fate:ssh_keepalive_sessions:sum",
            "job:ssh_keepalive_sessions:sum",
            "job_fate:ssh_keepalive_sessions:ratio"})

    def test_ranges(self):
        for name, expression in self.expressions.items():
            with self.subTest(name):
                response = self.victoria.request(
                    "/api/v1/query_range?" + urllib.parse.urlencode(
                        {"query": expression, "start": self.at - 10,
                         "end": self.at, "step": 1}))
                self.assertEqual(response.status, 200, response.text)


if __name__ == "__main__":
    support.main()
