"""A real Prometheus scrapes the exporter and answers queries about it."""

import json
import pathlib
import socket
import tempfile
import unittest
import urllib.parse

import support


class Prometheus(support.HttpDaemon):

    def __init__(self, folder, **target_ports):
        """Scrapes one target a job, and itself."""
        port = support.free_port()
        jobs = "".join(f"""\
  - job_name: {job}
    static_configs:
      - targets: ["127.0.0.1:{target_port}"]
""" for job, target_port in {"itself": port, **target_ports}.items())
        configuration = folder / "prometheus.yml"
        configuration.write_text(
            "global:\n  scrape_interval: 1s\n  scrape_timeout: 1s\n"
            f"scrape_configs:\n{jobs}")
        super().__init__(port, "/-/ready", support.daemon("usr/bin/prometheus"),
                         f"--config.file={configuration}",
                         f"--storage.tsdb.path={folder / 'data'}",
                         f"--web.listen-address=127.0.0.1:{port}")

    def query(self, expression):
        """The one value of an instant query that has exactly one, or None."""
        response = self.request(
            "/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        if response.status != 200:
            raise AssertionError(response.text)
        found = json.loads(response.text)["data"]["result"]
        return float(found[0]["value"][1]) if len(found) == 1 else None


class RealPrometheus(unittest.TestCase):
    """One Prometheus for all: it takes seconds until its first scrape."""

    @classmethod
    def setUpClass(cls):
        folder = pathlib.Path(cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix="ssh_keepalive_")))
        listener = cls.enterClassContext(
            socket.create_server(("127.0.0.1", 0)))
        for _ in range(3):
            cls.enterClassContext(
                socket.create_connection(listener.getsockname()))
            cls.enterClassContext(listener.accept()[0])
        configuration = folder / "exporter.ini"
        configuration.write_text(
            f"[sessions]\nports = {listener.getsockname()[1]}\n")
        cls.exporter = cls.enterClassContext(
            support.Exporter("--config.file", configuration))
        cls.ending = cls.enterClassContext(support.Exporter())
        cls.prometheus = cls.enterClassContext(Prometheus(
            folder, ssh=cls.exporter.port, ending=cls.ending.port))
        for job in ("itself", "ssh", "ending"):
            support.wait_for(f"the scrape of {job}", lambda name=job:
                             cls.query(f'up{{job="{name}"}}') == 1)

    @classmethod
    def query(cls, expression):
        return cls.prometheus.query(expression)

    def metric(self, name, **labels):
        labels = {"job": "ssh", **labels}
        selector = ",".join(f'{k}="{v}"' for k, v in labels.items())
        return f"ssh_keepalive_{name}{{{selector}}}"

    def test_settings_and_what_follows_from_them(self):
        time, interval, probes = (support.sysctl(f"tcp_keepalive_{name}")
                                  for name in ("time", "intvl", "probes"))
        for name, expected in (
                ("sysctl_tcp_keepalive_time_seconds", time),
                ("sysctl_tcp_keepalive_intvl_seconds", interval),
                ("sysctl_tcp_keepalive_probes", probes),
                ("tcp_dead_peer_seconds", time + interval * probes),
                ("config_last_reload_successful", 1)):
            self.assertEqual(self.query(self.metric(name)), expected, name)
        self.assertEqual(
            self.query(f"min({self.metric('scrape_collector_success')})"), 1)

    def test_sessions(self):
        for role in ("server", "client"):
            total, by_refresh = (
                f"sum({self.metric(name, role=role, netns='host')})"
                for name in ("sessions", "sessions_by_refresh"))
            self.assertGreaterEqual(self.query(total), 3, role)
            # Each session has one kind of refresh.
            self.assertEqual(self.query(f"{total} - {by_refresh}"), 0)

    def test_no_sample_is_lost(self):
        self.assertEqual(self.query('scrape_samples_scraped{job="ssh"}'),
                         len(self.exporter.scrape().samples))
        for reason in ("duplicate_timestamp", "out_of_order", "out_of_bounds"):
            self.assertEqual(self.query(
                f"prometheus_target_scrapes_sample_{reason}_total"), 0, reason)

    def test_it_notices_the_end(self):
        self.ending.end()
        support.wait_for("up to become 0",
                         lambda: self.query('up{job="ending"}') == 0)


if __name__ == "__main__":
    support.main()
