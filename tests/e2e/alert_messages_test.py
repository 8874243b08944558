"""What the exporter tells Alertmanagers of a finding, and when."""

import re
import signal
import time

import alert_host
import support


def is_the_alert(alert):
    return alert["labels"]["alertname"] == alert_host.ALERT


class Messages(alert_host.Host):

    def setUp(self):
        super().setUp()
        self.alertmanager = self.enterContext(alert_host.Alertmanager())

    def firing(self):
        """The alert of the newest message."""
        return support.wait_for("the alert", lambda: [
            alert for message in self.alertmanager.messages[-1:]
            for alert in message if is_the_alert(alert)])[0]

    def is_ended(self, alert):
        return alert["endsAt"] < time.strftime("%Y-%m-%dT%H:%M:%S",
                                               time.gmtime(time.time() + 1))

    def test_an_alert(self):
        self.start(self.alertmanager.url)
        alert = self.firing()
        self.assertEqual(alert["labels"], {
            "alertname": alert_host.ALERT, "check": "refresh_too_late",
            "severity": "warning", "job": "ssh_keepalive",
            "instance": "host1:10722"})
        self.assertIn("/etc/ssh/sshd_config:1 to: ClientAliveInterval 60",
                      alert["annotations"]["description"])
        path, headers = self.alertmanager.headers[0]
        self.assertEqual(path, "/api/v2/alerts")
        self.assertEqual(headers["Content-Type"], "application/json")
        self.assertNotIn("generatorURL", alert)

    def test_it_is_told_again_with_the_same_beginning(self):
        exporter = self.start(self.alertmanager.url)
        first = self.firing()
        self.assertFalse(self.is_ended(first))
        last = self.alertmanager.wait_for_message(3)[0]
        self.assertEqual(last["startsAt"], first["startsAt"])
        self.assertGreater(last["endsAt"], first["endsAt"])
        self.wait_for_count(exporter, "sent", 3)
        self.assertEqual(self.count(exporter, "failed"), 0)
        self.assertEqual(self.count(exporter, "dropped"), 0)

    def test_resolved(self):
        self.start(self.alertmanager.url)
        starts = self.firing()["startsAt"]
        self.fix_it()
        support.wait_for("its end", lambda: self.is_ended(self.firing()))
        ended = self.firing()
        self.assertEqual(ended["startsAt"], starts)
        # Told again, for one message may be lost.
        self.assertEqual(self.alertmanager.wait_for_message()[0], ended)

    def test_what_is_not_known_is_not_resolved(self):
        exporter = self.start(self.alertmanager.url)
        self.firing()
        path = self.folder / "root/etc/ssh/sshd_config"
        path.unlink()
        path.mkdir()  # no file that anybody can read
        support.wait_for("a look that fails", lambda: exporter.scrape().value(
            "ssh_keepalive_scrape_collector_success",
            collector="sshd_config") == 0)
        for _ in range(5):
            self.alertmanager.wait_for_message()
            self.assertFalse(self.is_ended(self.firing()))

    def test_nothing_wrong(self):
        self.fix_it()
        exporter = self.start(self.alertmanager.url, "http://127.0.0.1:1")
        for what in ("sent", "failed", "dropped"):
            for url in (0, 1):
                self.assertEqual(self.count(exporter, what, url), 0)
        self.break_it()
        self.firing()
        self.assertTrue(all(self.alertmanager.messages))  # none is empty

    def test_metrics_are_on_the_page(self):
        page = (support.REPOSITORY / "docs/metrics.md").read_text()
        text = self.start(self.alertmanager.url).scrape().text
        self.assertEqual(support.lint(text), "")
        helps = re.findall(r"(?m)^# HELP (ssh_keepalive_alertmanager_\w+) (.*)$",
                           text)
        self.assertEqual(len(helps), 3)
        for name, meaning in helps:
            self.assertIn(f"| `{name}` | counter | `url` | {meaning} |", page)

    def test_without_a_url_there_are_no_metrics_and_no_messages(self):
        exporter = self.start()
        self.assertNotIn("alertmanager", exporter.scrape().text)
        self.check_end(exporter)

    def test_a_restart_ends_nothing_and_begins_nothing(self):
        state = {"state_file": self.folder / "state/alerts.json"}
        # A running kernel's host: a recorded one keeps nothing.
        first = self.start_live(**state)
        starts = self.firing()["startsAt"]
        self.assertEqual(first.end(), 0)
        self.alertmanager.messages.clear()
        self.start_live(**state | {"longest_hold": "1h"})
        self.alertmanager.wait_for_message(2)
        for message in self.alertmanager.messages:
            self.assertEqual([alert["startsAt"] for alert in message
                              if is_the_alert(alert)],
                             [starts])
            self.assertFalse(any(map(self.is_ended, message)))

    def start_live(self, **keys):
        sshd = self.write("sshd_config", "ClientAliveInterval 0\n")
        ini = self.configuration(self.alertmanager.url, **keys)
        ini.write_text(ini.read_text() + f"[sshd]\nconfig = {sshd}\n")
        return self.enterContext(support.Exporter("--config.file", ini))

    def test_reload_changes_labels(self):
        exporter = self.start(self.alertmanager.url)
        self.firing()
        self.reload(exporter, self.alertmanager.url,
                    labels="job=ssh_keepalive, instance=host2:10722")
        before, now = support.wait_for("both", lambda: [
            sorted(message, key=lambda one: one["labels"]["instance"])
            for message in self.alertmanager.messages if len(message) == 2])[-1]
        self.assertEqual([one["labels"]["instance"] for one in (before, now)],
                         ["host1:10722", "host2:10722"])
        self.assertTrue(self.is_ended(before))
        self.assertFalse(self.is_ended(now))
        self.assertEqual(before["startsAt"], now["startsAt"])

    def test_reload_changes_urls(self):
        exporter = self.start()
        with alert_host.Alertmanager() as other:
            self.reload(exporter, other.url)
            other.wait_for_message()
            self.reload(exporter, self.alertmanager.url)
            self.firing()
            self.assertEqual(self.count(exporter, "failed"), 0)
        self.reload(exporter)
        self.assertNotIn("alertmanager", exporter.scrape().text)

    def test_user_and_password_are_sent_and_never_shown(self):
        url = self.alertmanager.url.replace("//", "//jane:s3cret@")
        exporter = self.start(url, "http://jane:s3cret@nobody.invalid:1",
                              timeout=10)
        self.firing()
        self.assertEqual(self.alertmanager.headers[0][1]["Authorization"],
                         "Basic amFuZTpzM2NyZXQ=")
        self.wait_for_log(exporter, "alertmanager fails", "invalid")
        everything = exporter.output() + "".join(
            exporter.request(path).text
            for path in ("/", "/metrics", "/api/v1/report"))
        self.assertNotIn("s3cret", everything)
        self.assertNotIn("jane", everything)


class BadConfiguration(alert_host.Host):

    def test_bad_urls_are_refused_with_their_line(self):
        for url in ("alertmanager:9093", "ftp://a", "http://", "http://a:x",
                    "http://u:s3cret@", "http://a/?x=s3cret"):
            run = support.run_program("serve", "--config.file",
                                      self.configuration(url))
            self.assertEqual(run.returncode, 78, url)
            self.assertIn("exporter.ini:4: url: expected an http or https URL",
                          run.stderr)
            self.assertNotIn("s3cret", run.stderr)

    def test_a_reload_with_a_bad_url_leaves_the_old_one(self):
        with alert_host.Alertmanager() as alertmanager:
            exporter = self.start(alertmanager.url)
            alertmanager.wait_for_message()
            self.configuration("ftp://a")
            exporter.process.send_signal(signal.SIGHUP)
            self.wait_for_log(exporter, "not reloaded", "exporter.ini:4")
            alertmanager.wait_for_message(2)


if __name__ == "__main__":
    support.main()
