"""Hosts with exporters, and a Prometheus that scrapes them: recorded ones, and
one with real sshd and ssh, whose sessions also end. For a test in namespaces
of its own.
"""

import json
import os
import pathlib
import re
import shutil
import signal
import time

import asking
import dashboards
import live_ssh
import support

LIVE = "live"
DOWN = "down"
RECORDED = ("busy", "cis_debian12", "cloud_aws", "clients_only", "plain",
            "proc_net_only")
# Recorded too, and here with a package database, for sshd's version.
WITH_PACKAGES = "sshd_debian12"
STATUS = """\
Package: openssh-server
Status: install ok installed
Architecture: amd64
Version: 1:9.2p1-2+deb12u7
"""

# What the live host's exporter has seen before: it takes long silences.
BEFORE = """\
{"version": 1, "ends": [], "paths": {"host": {
  "longest_survived_seconds": 239.5, "shortest_lost_seconds": 412}}}
"""


class Hosts(live_ssh.Sessions):

    def setUp(self):
        super().setUp()
        self.port, _ = self.start_sshd()
        self.write("ends.json", BEFORE)
        ini = self.write("live.ini", f"""\
[sessions]
ports = {self.port}
[policy]
path_idle_timeout = 300
[ends]
state_file = {self.folder}/ends.json
""")
        self.exporters = {LIVE: self.exporter(f"--config.file={ini}")}
        for host in RECORDED:
            self.exporters[host] = self.exporter(
                "--root", support.FIXTURE_HOSTS / host)
        self.exporters[WITH_PACKAGES] = self.exporter(
            "--root", self.with_packages())

    def exporter(self, *arguments):
        return self.enterContext(support.Exporter(*arguments))

    def with_packages(self):
        root = self.folder / "host"
        shutil.copytree(support.FIXTURE_HOSTS / WITH_PACKAGES, root,
                        symlinks=True)
        status = root / "var/lib/dpkg/status"
        status.parent.mkdir(parents=True, exist_ok=True)
        status.write_text(STATUS)
        return root

    def start_prometheus(self):
        """The rules are as they are, but that alerts fire without waiting."""
        for path in (dashboards.ROOT / "alerts/rules").glob("*.rules.yml"):
            self.write(f"rules/{path.name}", re.sub(
                r"(?m)^( *)(for|keep_firing_for): \S+$", r"\1\2: 1s",
                path.read_text()))
        ports = {name: each.port for name, each in self.exporters.items()}
        ports[DOWN] = support.free_port()
        configuration = self.write("prometheus.yml", json.dumps({
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s",
                       "evaluation_interval": "1s"},
            "rule_files": [f"{self.folder}/rules/*.yml"],
            "scrape_configs": [{
                "job_name": "ssh_keepalive",
                "static_configs": [
                    {"targets": [f"127.0.0.1:{port}"],
                     "labels": {"instance": name}}
                    for name, port in ports.items()]}]}))
        self.prometheus = self.enterContext(
            asking.Prometheus(configuration, self.folder / "data"))

    def value(self, expression):
        found = self.prometheus.instant(expression, time.time())
        return float(found[0]["value"][1]) if found else None

    def live_through_sessions(self):
        """One stays; one ends abnormally, after a scrape has seen the counter
        without it."""
        self.start_ssh("-o", "ServerAliveInterval=60")
        first = self.servers()[0]["pid"]
        self.start_ssh("-o", "ServerAliveInterval=1", "-o",
                       "ServerAliveCountMax=1")
        second, = {session["pid"] for session in self.servers()} - {first}
        support.wait_for("scrapes", lambda: self.value("sum(up)")
                         == len(self.exporters))
        support.wait_for("sessions", lambda: self.value(
            f'sum(ssh_keepalive_sessions{{instance="{LIVE}"}})') == 4)
        os.kill(second, signal.SIGSTOP)
        self.addCleanup(os.kill, second, signal.SIGKILL)
        support.wait_for("an abnormal end", lambda: self.value(
            "sum(instance:ssh_keepalive_abnormal_ends:increase10m) > 0"))
        support.wait_for("alerts", lambda: self.value(
            'count(ALERTS{alertstate="firing", check!=""})'))
