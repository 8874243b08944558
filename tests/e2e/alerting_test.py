"""From a line of sshd_config to the notification and back.

The real exporter, Prometheus with the real rules, Alertmanager and a webhook;
then the exporter's own messages to Alertmanager. The rules' times are seconds
here, all else is as it is shipped.
"""

import json
import pathlib
import re
import signal
import subprocess
import unittest

import namespaces
import receiver
import support

RULES = support.REPOSITORY / "alerts/rules"
# Of these namespaces alone; paths below a user's folders are in no alert.
SSHD_CONFIG = pathlib.Path("/run/sshd_config")
JOB = "ssh_keepalive"
HEALTHY = "ClientAliveInterval 60"
HOLD, KEEP = 2, 8  # s, in place of minutes; a restart is shorter than KEEP
ROUNDS = KEEP + 4  # looks or evaluations, one each second
TOO_LATE = "SSHKeepaliveRefreshTooLate"
IDLE_KILL = "SSHKeepaliveIdleKillShort"


class Webhook(receiver.Receiver):
    """Keeps what Alertmanager posts to it."""

    def __init__(self):
        self.alerts = []  # as notified, in their order
        super().__init__()

    def received(self, path, headers, document):
        self.alerts.extend(document["alerts"])

    def history(self):
        """Name and status of each notified alert, repetitions left out."""
        history = []
        for alert in self.alerts:
            step = alert["labels"]["alertname"], alert["status"]
            if step not in history[-1:]:
                history.append(step)
        return history

    def wait_for(self, name, status):
        def found():
            return [alert for alert in self.alerts
                    if alert["labels"]["alertname"] == name
                    and alert["status"] == status]
        try:
            return support.wait_for(f"{status} {name}", found)[-1]
        except AssertionError as error:
            raise AssertionError(f"{error}; notified: {self.history()}") from None


def in_seconds(rules):
    """The rules on findings, with short times. Those on the exporter itself
    stay as they are: a restart takes no less time here."""
    if "SSHKeepaliveExporterDown" in rules:
        return rules
    for key, seconds in (("for", HOLD), ("keep_firing_for", KEEP)):
        rules, count = re.subn(rf"(?m)^( +{key}): \S+$", rf"\1: {seconds}s",
                               rules)
        if not count and "alert:" in rules:
            raise AssertionError(f"no {key}")
    return re.sub(r"(?m)^( +interval): \S+$", r"\1: 1s", rules)


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Alerting(support.Scratch):

    def setUp(self):
        super().setUp()
        subprocess.run([support.daemon("usr/bin/ssh-keygen"), "-q", "-t",
                        "ed25519", "-N", "", "-f", self.folder / "host_key"],
                       check=True)
        self.sshd_port = support.free_port()
        self.edit(HEALTHY)
        self.sshd = self.enterContext(support.Daemon(
            support.daemon("usr/sbin/sshd"), "-D", "-e", "-p", self.sshd_port,
            "-f", SSHD_CONFIG))
        self.wait_for_sshd(1)
        self.webhook = self.enterContext(Webhook())
        self.alertmanager = self.start_alertmanager()
        self.exporter_port = support.free_port()
        self.instance = f"127.0.0.1:{self.exporter_port}"
        self.write("ssh_config", "Host *\n  ServerAliveInterval 60\n")
        self.sections = {
            "log": {"level": "debug"},
            "policy": {"path_idle_timeout": "300s"},
            "ssh": {"config": self.folder / "ssh_config"},
            "ends": {"state_file": self.folder / "state/ends.json"}}

    def edit(self, *lines):
        SSHD_CONFIG.write_text("\n".join((
            "ListenAddress 127.0.0.1", f"HostKey {self.folder}/host_key",
            "PidFile /run/sshd.pid", *lines, "")))

    def wait_for_sshd(self, times):
        support.wait_for("sshd", lambda: self.sshd.is_up(
            lambda: self.sshd.output().count("listening on") >= times))

    def configure_sshd(self, *lines):
        """As an operator does it: edit, then reload."""
        before = self.sshd.output().count("listening on")
        self.edit(*lines)
        self.sshd.process.send_signal(signal.SIGHUP)
        self.wait_for_sshd(before + 1)

    def start_alertmanager(self, port=None):
        """With what one on that port has left."""
        self.write("alertmanager.yml", json.dumps({
            "route": {"receiver": "webhook",
                      "group_by": ["alertname", "instance"],
                      "group_wait": "0s", "group_interval": "1s",
                      "repeat_interval": "1h"},
            "global": {"resolve_timeout": "1m"},
            "receivers": [{"name": "webhook", "webhook_configs": [{
                "url": f"{self.webhook.url}/"}]}]}))
        port = port or support.free_port()
        return self.enterContext(support.HttpDaemon(
            port, "/-/ready", support.daemon("usr/bin/prometheus-alertmanager"),
            f"--config.file={self.folder / 'alertmanager.yml'}",
            f"--storage.path={self.folder / 'alertmanager'}",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address="))

    def start_exporter(self):
        """On the same port each time, as one that is restarted."""
        self.write("exporter.ini", "\n".join(
            line for section, keys in self.sections.items()
            for line in (f"[{section}]",
                         *(f"{key} = {value}" for key, value in keys.items()))))
        self.exporter = self.enterContext(support.Exporter(
            "--config.file", self.folder / "exporter.ini",
            port=self.exporter_port))

    def start_prometheus(self, *arguments):
        rules = self.folder / "rules"
        rules.mkdir()
        for path in RULES.glob("*.rules.yml"):
            (rules / path.name).write_text(in_seconds(path.read_text()))
        self.write("prometheus.yml", json.dumps({
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s",
                       "evaluation_interval": "1s"},
            "rule_files": [f"{rules}/*.rules.yml"],
            "alerting": {"alertmanagers": [{"static_configs": [{
                "targets": [f"127.0.0.1:{self.alertmanager.port}"]}]}]},
            "scrape_configs": [{"job_name": JOB, "static_configs": [{
                "targets": [self.instance]}]}]}))
        port = support.free_port()
        return self.enterContext(support.HttpDaemon(
            port, "/-/ready", support.daemon("usr/bin/prometheus"),
            f"--config.file={self.folder / 'prometheus.yml'}",
            f"--storage.tsdb.path={self.folder / 'prometheus'}",
            f"--web.listen-address=127.0.0.1:{port}", *arguments))

    def restart_exporter(self):
        self.assertEqual(self.exporter.end(), 0)
        self.start_exporter()

    def alerts(self):
        """Those that fire, as Alertmanager's API has them."""
        response = self.alertmanager.request("/api/v2/alerts")
        self.assertEqual(response.status, 200, response.text)
        return json.loads(response.text)

    def labels(self, name, severity, check):
        return {"alertname": name, "severity": severity, "check": check,
                "instance": self.instance, "job": JOB}

    def check_notification(self, alert, severity, check, *words):
        name = alert["labels"]["alertname"]
        self.assertEqual(alert["labels"], self.labels(name, severity, check))
        annotations = alert["annotations"]
        for word in ("Remedy: ", *words):
            self.assertIn(word, annotations["description"])
        self.assertTrue(annotations["summary"].endswith("."))
        self.assertIn(f"docs/runbooks/{name}.md", annotations["runbook_url"])
        self.assertTrue(annotations["dashboard_url"].endswith(self.instance))

    def check_breaks_and_fixes(self):
        """With a restart while an alert fires, and one while all is well."""
        self.pass_time()
        self.assertEqual(self.webhook.history(), [])
        self.configure_sshd("ClientAliveInterval 0")
        self.check_notification(
            self.webhook.wait_for(TOO_LATE, "firing"), "warning",
            "refresh_too_late", "ClientAliveInterval 60")
        self.restart_exporter()
        self.pass_time()
        self.assertEqual(self.webhook.history(), [(TOO_LATE, "firing")])
        self.configure_sshd(HEALTHY)
        self.webhook.wait_for(TOO_LATE, "resolved")
        self.restart_exporter()
        self.pass_time()
        self.configure_sshd(HEALTHY, "ChannelTimeout session:*=5m")
        self.check_notification(
            self.webhook.wait_for(IDLE_KILL, "firing"), "warning",
            "idle_kill_short", "ChannelTimeout")
        self.configure_sshd(HEALTHY)
        self.webhook.wait_for(IDLE_KILL, "resolved")
        self.assertEqual(self.webhook.history(), [
            (name, status) for name in (TOO_LATE, IDLE_KILL)
            for status in ("firing", "resolved")])


class ByPrometheus(Alerting):

    def setUp(self):
        super().setUp()
        self.start_exporter()
        self.prometheus = self.start_prometheus()

    def iterations(self):
        """Of the group of rules that has been evaluated least often."""
        counts = [float(value) for value in re.findall(
            r"(?m)^prometheus_rule_group_iterations_total\{.*\} (\S+)$",
            self.prometheus.request("/metrics").text)]
        return min(counts, default=0)

    def pass_time(self):
        enough = self.iterations() + ROUNDS
        support.wait_for("some evaluations of the rules",
                         lambda: self.iterations() >= enough)

    def test_from_sshd_config_to_the_notification_and_back(self):
        self.check_breaks_and_fixes()


class Direct(Alerting):

    def setUp(self):
        super().setUp()
        self.sections["alertmanager"] = {
            "url": f"http://127.0.0.1:{self.alertmanager.port}",
            "labels": f"job={JOB}, instance={self.instance}",
            "state_file": self.folder / "state/alerts.json",
            "interval": 1, "longest_hold": HOLD}
        self.start_exporter()

    def pass_time(self):
        looks = lambda: self.exporter.output().count("looked for alerts")
        enough = looks() + ROUNDS
        support.wait_for("some looks", lambda: looks() >= enough)

    def test_from_sshd_config_to_the_notification_and_back(self):
        self.check_breaks_and_fixes()

    def test_a_restart_of_alertmanager_loses_nothing(self):
        self.configure_sshd("ClientAliveInterval 0")
        self.webhook.wait_for(TOO_LATE, "firing")
        self.assertEqual(self.alertmanager.end(), 0)
        self.pass_time()  # nobody listens
        self.alertmanager = self.start_alertmanager(self.alertmanager.port)
        alerts = support.wait_for("the alert in Alertmanager", self.alerts)
        self.assertEqual([alert["labels"] for alert in alerts], [
            self.labels(TOO_LATE, "warning", "refresh_too_late")])
        self.assertEqual(self.webhook.history(), [(TOO_LATE, "firing")])
        # Also what ends while it is away.
        self.assertEqual(self.alertmanager.end(), 0)
        self.configure_sshd(HEALTHY)
        self.alertmanager = self.start_alertmanager(self.alertmanager.port)
        self.webhook.wait_for(TOO_LATE, "resolved")
        support.wait_for("no alert", lambda: not self.alerts())

    def test_what_comes_both_ways_is_one_alert(self):
        self.start_prometheus("--rules.alert.resend-delay=1s")
        self.configure_sshd("ClientAliveInterval 0")
        self.webhook.wait_for(TOO_LATE, "firing")
        # The one's description spells out the remedy, the other's names the
        # instance: both have come.
        descriptions = set()

        def both_have_come():
            alerts = self.alerts()
            self.assertEqual([alert["labels"] for alert in alerts], [
                self.labels(TOO_LATE, "warning", "refresh_too_late")])
            descriptions.add(alerts[0]["annotations"]["description"])
            return len(descriptions) == 2

        support.wait_for("messages of both", both_have_come)
        self.assertEqual(self.webhook.history(), [(TOO_LATE, "firing")])
        self.configure_sshd(HEALTHY)
        self.webhook.wait_for(TOO_LATE, "resolved")
        support.wait_for("no alert", lambda: not self.alerts())


if __name__ == "__main__":
    if namespaces.enter():
        support.main()
