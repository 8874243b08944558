"""The example for Alertmanager: amtool's checks of it, and a real Alertmanager
that sends by its routes, inhibitions and template."""

import collections
import http.client
import json
import pathlib
import subprocess

import receiver
import support
import yaml  # Debian's python3-yaml

ALERTS = pathlib.Path(__file__).resolve().parents[2] / "alerts"
EXAMPLE = ALERTS / "alertmanager.yml"
RECEIVERS = {"critical": "pager", "warning": "team", "info": "list"}


def amtool(*arguments):
    return subprocess.run(
        [support.daemon("usr/bin/amtool"), *map(str, arguments)], text=True,
        capture_output=True, timeout=support.PATIENCE_SECONDS, check=False)


class Inbox(receiver.Receiver):
    """What receivers were sent: name of the receiver → messages."""

    def __init__(self):
        self.messages = collections.defaultdict(list)
        super().__init__()

    def received(self, path, headers, document):
        self.messages[path.strip("/")].append(document["attachments"][0])


def alert(name, severity, resolved=False, **labels):
    times = {"startsAt": "2020-01-01T00:00:00Z",
             "endsAt": "2020-01-01T00:00:01Z"} if resolved else {}
    return times | {
        "labels": {"alertname": name, "severity": severity, "cluster": "a",
                   "job": "ssh_keepalive", **labels},
        "annotations": {
            "summary": f"The summary of {name}.",
            "description": f"What is wrong on {labels.get('instance')}. "
                           "Remedy: write `ClientAliveInterval 60` & reload.",
            "runbook_url": f"https://runbooks.example.org/{name}.md",
            "dashboard_url": "/d/ssh-keepalive-host/?var-instance=host1"}}


class Example(support.Scratch):

    def test_amtool_accepts_it(self):
        run = amtool("check-config", EXAMPLE)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("1 templates", run.stdout)

    def test_routes(self):
        for severity, receiver in RECEIVERS.items():
            for name in ("SSHKeepaliveRefreshTooLate", "SSHKeepaliveMassEnds"):
                with self.subTest(severity, name=name):
                    run = amtool(
                        "config", "routes", "test", "--config.file", EXAMPLE,
                        f"--verify.receivers={receiver}",
                        f"alertname={name}", f"severity={severity}")
                    self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        run = amtool("config", "routes", "test", "--config.file", EXAMPLE,
                     "--verify.receivers=nobody", "alertname=DiskFull",
                     "severity=critical")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)

    def alertmanager(self, inbox):
        """With the example, but each receiver is our inbox, at once."""
        example = yaml.safe_load(EXAMPLE.read_text())
        text = EXAMPLE.read_text()
        for name in ("title", "text", "dashboard"):
            self.assertIn(f'{{{{ template "ssh_keepalive.{name}"', text)
        example["templates"] = [str(ALERTS / "templates" / "*.tmpl")]
        main = example["route"]["routes"][0]
        for route in (main, *main["routes"]):
            route |= {"group_wait": "1s", "group_interval": "1s"}
        slack = next(one for one in example["receivers"]
                     if one["name"] == "team")["slack_configs"][0]
        example["receivers"] = [{"name": "nobody"}] + [
            {"name": name, "slack_configs": [slack | {
                "api_url": f"{inbox.url}/{name}"}]}
            for name in RECEIVERS.values()]
        configuration = self.write("alertmanager.yml", json.dumps(example))
        port = support.free_port()
        return self.enterContext(support.HttpDaemon(
            port, "/-/ready", support.daemon("usr/bin/prometheus-alertmanager"),
            f"--config.file={configuration}", "--cluster.listen-address=",
            f"--storage.path={self.folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}"))

    def post(self, alertmanager, *alerts):
        connection = http.client.HTTPConnection("127.0.0.1", alertmanager.port)
        connection.request("POST", "/api/v2/alerts", json.dumps(alerts),
                           {"Content-Type": "application/json"})
        response = connection.getresponse()
        self.assertEqual(response.status, 200, response.read())
        connection.close()

    def test_what_is_sent(self):
        inbox = self.enterContext(Inbox())
        alertmanager = self.alertmanager(inbox)
        late, shadow = "SSHKeepaliveRefreshTooLate", "SSHKeepaliveSettingShadowed"
        check = {"check": "refresh_too_late"}
        other = {"check": "setting_shadowed"}
        shown = [
            alert(late, "critical", instance="host1", **check),
            alert(late, "warning", instance="host2", **check),
            alert(late, "warning", instance="host3", **check),
            # Of another check, which nothing hides.
            alert(shadow, "info", instance="host1", **other),
            # Without a check nothing hides anything.
            alert("SSHKeepaliveFleetMassEnds", "critical", instance="host1"),
            alert("SSHKeepaliveExporterDown", "warning", instance="host1"),
            # The same in another cluster is another message.
            alert(late, "warning", instance="host9", **check)]
        shown[-1]["labels"]["cluster"] = "b"
        self.post(alertmanager, *shown)
        support.wait_for("all messages", lambda: (
            len(inbox.messages["pager"]) >= 2 and
            len(inbox.messages["team"]) >= 3 and inbox.messages["list"]))
        # Those above are known now; these are of lower severity, and hidden.
        self.post(alertmanager,
                  alert(late, "warning", instance="host1", **check),
                  alert(late, "info", instance="host1", **check),
                  alert(late, "info", instance="host2", **check))
        last = "SSHKeepaliveSysctlNotPersistent"
        self.post(alertmanager, alert(last, "info", instance="host1"))
        support.wait_for("the last message", lambda: any(
            last in one["title"] for one in inbox.messages["list"]))
        states = {
            (one["labels"].get("instance"), one["labels"]["alertname"],
             one["labels"]["severity"]): one["status"]["state"]
            for one in json.loads(
                alertmanager.request("/api/v2/alerts").text)}
        self.assertEqual(
            {key for key, state in states.items() if state == "suppressed"},
            {("host1", late, "warning"), ("host1", late, "info"),
             ("host2", late, "info")})
        self.assertEqual(
            sorted(one["title"] for one in inbox.messages["team"]),
            ["[FIRING 1] SSHKeepaliveExporterDown (cluster a)",
             f"[FIRING 1] {late} (cluster b)",
             f"[FIRING 2] {late} (cluster a)"])
        self.assertEqual(
            sorted(one["title"] for one in inbox.messages["pager"]),
            ["[FIRING 1] SSHKeepaliveFleetMassEnds (cluster a)",
             f"[FIRING 1] {late} (cluster a)"])
        self.assertEqual([one["title"] for one in inbox.messages["list"]],
                         [f"[FIRING 1] {shadow} (cluster a)",
                          f"[FIRING 1] {last} (cluster a)"])
        self.check_text(next(one for one in inbox.messages["team"]
                             if "FIRING 2" in one["title"]), late)
        self.post(alertmanager, alert(late, "critical", instance="host1",
                                      resolved=True, **check))
        support.wait_for("the resolved one", lambda: any(
            one["title"] == f"[RESOLVED 1] {late} (cluster a)"
            for one in inbox.messages["pager"]))

    def check_text(self, message, name):
        lines = message["text"].splitlines()
        self.assertEqual(lines[0], f"The summary of {name}.")
        self.assertEqual(lines[-1],
                         f"Runbook: https://runbooks.example.org/{name}.md")
        for host in ("host2", "host3"):
            at = lines.index(f"FIRING warning: {host}")
            self.assertEqual(lines[at + 1:at + 4], [
                f"What is wrong on {host}.",
                "Remedy: write `ClientAliveInterval 60` & reload.",
                "Dashboard: https://grafana.example.org/d/ssh-keepalive-host/"
                "?var-instance=host1"])
        self.assertTrue(message["title_link"].startswith(
            "https://grafana.example.org/d/"))


if __name__ == "__main__":
    support.main()
