"""What the exporter tells Alertmanagers, whatever they answer.

The servers here are small ones that misbehave; alerting_test.py has the real
one. The host is a made tree with one finding that alerts.
"""

import http.server
import json
import re
import signal
import socket
import ssl
import subprocess
import threading
import time
import unittest

import support

ALERT = "SSHKeepaliveRefreshTooLate"
COUNTS = "ssh_keepalive_alertmanager_notifications_{}_total"
INTERVAL = 1  # s
# Far longer than a scrape takes, far shorter than a server here may hang.
PROMPT_SECONDS = 10
TIMEOUT = 120  # s, of messages to servers that hang


class Alertmanager:
    """Keeps the alerts of each message, and answers as it is told to."""

    def __init__(self, status=200, port=0, tls=None):
        self.messages = []  # lists of alerts, whatever was answered
        self.headers = []
        self.status = status
        self.answer = None  # in place of the usual one: called with the handler
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers["Content-Length"])
                outer.headers.append((self.path, self.headers))
                outer.messages.append(json.loads(self.rfile.read(length)))
                if outer.answer:
                    outer.answer(self)
                    return
                self.send_response(outer.status)
                if outer.status in (301, 307):
                    self.send_header("Location", f"http://127.0.0.1:"
                                     f"{outer.port}/api/v2/alerts")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_):
                pass  # clients that go away are meant

        self.server = Server(("127.0.0.1", port), Handler)
        if tls:
            self.server.socket = tls.wrap_socket(
                self.server.socket, server_side=True,
                do_handshake_on_connect=False)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def wait_for_message(self, more=1):
        wanted = len(self.messages) + more
        support.wait_for("a message", lambda: len(self.messages) >= wanted)
        return self.messages[-1]


class Hanging:
    """Takes connections and never answers."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"


class Host(support.Scratch):
    """Sends nothing over a path that forgets after 300 s."""

    def setUp(self):
        super().setUp()
        self.write("root/proc/.keep", "")
        self.write("root/proc/net/tcp", "  sl  local_address rem_address   st "
                   "tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n")
        for name, value in (("keepalive_time", 7200), ("keepalive_intvl", 75),
                            ("keepalive_probes", 9), ("retries2", 15)):
            self.write(f"root/proc/sys/net/ipv4/tcp_{name}", f"{value}\n")
        self.write("root/etc/ssh/ssh_config", "ServerAliveInterval 60\n")
        self.break_it()

    def break_it(self):
        self.write("root/etc/ssh/sshd_config", "ClientAliveInterval 0\n")

    def fix_it(self):
        self.write("root/etc/ssh/sshd_config", "ClientAliveInterval 60\n")

    def configuration(self, *urls, **keys):
        keys = {"interval": INTERVAL, "longest_hold": 1, "state_file": "none",
                "labels": "job=ssh_keepalive, instance=host1:10722",
                "timeout": TIMEOUT} | keys
        return self.write("exporter.ini", "\n".join((
            "[policy]", "path_idle_timeout = 300", "[alertmanager]",
            *([f"url = {', '.join(urls)}"] if urls else []),
            *(f"{key} = {value}" for key, value in keys.items()), "")))

    def start(self, *urls, **keys):
        return self.enterContext(support.Exporter(
            "--config.file", self.configuration(*urls, **keys),
            "--root", self.folder / "root"))

    def reload(self, exporter, *urls, **keys):
        reloads = exporter.output().count("configuration reloaded")
        self.configuration(*urls, **keys)
        exporter.process.send_signal(signal.SIGHUP)
        support.wait_for("the reload", lambda: exporter.output().count(
            "configuration reloaded") > reloads)

    def count(self, exporter, what, url=0):
        return exporter.scrape().value(COUNTS.format(what), url=str(url))

    def wait_for_count(self, exporter, what, at_least=1, url=0):
        support.wait_for(what, lambda: self.count(exporter, what, url)
                         >= at_least)

    def wait_for_log(self, exporter, *words):
        return support.wait_for(f"{words} in the log", lambda: [
            line for line in exporter.output().splitlines()
            if all(word in line for word in words)])

    def check_end(self, exporter):
        """A server that hangs delays nothing."""
        before = time.monotonic()
        self.assertEqual(exporter.end(), 0)
        self.assertLess(time.monotonic() - before, PROMPT_SECONDS)


class Messages(Host):

    def setUp(self):
        super().setUp()
        self.alertmanager = self.enterContext(Alertmanager())

    def firing(self):
        """The alert of the newest message."""
        return support.wait_for("the alert", lambda: [
            alert for message in self.alertmanager.messages[-1:]
            for alert in message if alert["labels"]["alertname"] == ALERT])[0]

    def is_ended(self, alert):
        return alert["endsAt"] < time.strftime("%Y-%m-%dT%H:%M:%S",
                                               time.gmtime(time.time() + 1))

    def test_an_alert(self):
        self.start(self.alertmanager.url)
        alert = self.firing()
        self.assertEqual(alert["labels"], {
            "alertname": ALERT, "check": "refresh_too_late",
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
                              if alert["labels"]["alertname"] == ALERT],
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
        with Alertmanager() as other:
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


class BadConfiguration(Host):

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
        with Alertmanager() as alertmanager:
            exporter = self.start(alertmanager.url)
            alertmanager.wait_for_message()
            self.configuration("ftp://a")
            exporter.process.send_signal(signal.SIGHUP)
            self.wait_for_log(exporter, "not reloaded", "exporter.ini:4")
            alertmanager.wait_for_message(2)


class Trouble(Host):

    def failures(self, exporter):
        return [line for line in exporter.output().splitlines()
                if "alertmanager fails" in line]

    def check_status(self, status, is_tried_again):
        with Alertmanager(status) as alertmanager:
            exporter = self.start(alertmanager.url)
            alertmanager.wait_for_message(3)
            self.wait_for_count(exporter, "failed", 2)
            self.wait_for_count(exporter, "dropped",
                                0 if is_tried_again else 1)
            self.assertEqual(self.count(exporter, "sent"), 0)
            alertmanager.status = 200
            self.wait_for_count(exporter, "sent")
            self.wait_for_log(exporter, "failure has ended", f"{status}")
            self.assertEqual(len(self.failures(exporter)), 1)
            self.check_end(exporter)

    def test_refused(self):
        self.check_status(400, is_tried_again=False)

    def test_unauthorized(self):
        self.check_status(401, is_tried_again=False)

    def test_too_many_requests(self):
        self.check_status(429, is_tried_again=True)

    def test_broken_for_a_while(self):
        self.check_status(503, is_tried_again=True)

    def test_redirects_are_not_followed(self):
        self.check_status(307, is_tried_again=True)
        self.check_status(301, is_tried_again=True)

    def test_nobody_listens_and_later_somebody_does(self):
        port = support.free_port()
        exporter = self.start(f"http://127.0.0.1:{port}")
        self.wait_for_count(exporter, "failed", 2)
        self.assertEqual(len(self.failures(exporter)), 1)
        with Alertmanager(port=port) as alertmanager:
            alertmanager.wait_for_message()
            self.wait_for_count(exporter, "sent")
        self.wait_for_log(exporter, "failure has ended")
        # It restarts; what is open is told again.
        failed = self.count(exporter, "failed")
        self.wait_for_count(exporter, "failed", failed + 1)
        with Alertmanager(port=port) as alertmanager:
            self.assertEqual(alertmanager.wait_for_message()[0]["labels"]
                             ["alertname"], ALERT)
        self.check_end(exporter)

    def check_not_delayed(self, url):
        """By a server that never comes to an end: a scrape, a reload, another
        Alertmanager, the end."""
        with Alertmanager() as healthy:
            exporter = self.start(url, healthy.url)
            healthy.wait_for_message()
            for _ in range(3):
                before = time.monotonic()
                self.assertEqual(self.count(exporter, "sent"), 0)
                self.assertLess(time.monotonic() - before, PROMPT_SECONDS)
                healthy.wait_for_message()
            # No queue grows: of those that wait, the newest is kept.
            self.wait_for_count(exporter, "dropped", 2)
            self.reload(exporter, url, healthy.url)
            healthy.wait_for_message(2)
            self.check_end(exporter)

    def test_a_server_that_hangs(self):
        with Hanging() as hanging:
            self.check_not_delayed(hanging.url)

    def test_a_server_that_hangs_in_tls(self):
        with Hanging() as hanging:
            self.check_not_delayed(hanging.url.replace("http", "https"))

    def test_a_server_that_drips(self):
        def drip(handler):
            try:
                handler.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
                while True:
                    handler.wfile.write(b"x")
                    handler.wfile.flush()
                    time.sleep(0.1)
            except OSError:
                pass

        with Alertmanager() as slow:
            slow.answer = drip
            self.check_not_delayed(slow.url)

    def test_a_server_that_is_too_slow_is_given_up(self):
        with Hanging() as hanging:
            exporter = self.start(hanging.url, timeout=1)
            self.wait_for_count(exporter, "failed", 2)
            self.wait_for_log(exporter, "alertmanager fails", "Timeout")
            self.assertEqual(len(self.failures(exporter)), 1)

    def test_an_answer_without_end(self):
        def endless(handler):
            try:
                handler.wfile.write(b"HTTP/1.1 200 OK\r\n\r\n")
                while True:
                    handler.wfile.write(b"x" * 65536)
            except OSError:
                pass

        with Alertmanager() as alertmanager:
            alertmanager.answer = endless
            exporter = self.start(alertmanager.url)
            self.wait_for_count(exporter, "failed", 2)
            self.wait_for_log(exporter, "the answer is too long")

    def test_what_is_no_http(self):
        def noise(handler):
            handler.wfile.write(b"\xff\x00SSH-2.0-nonsense\r\n\r\n")

        with Alertmanager() as alertmanager:
            alertmanager.answer = noise
            exporter = self.start(alertmanager.url)
            self.wait_for_count(exporter, "failed", 2)
            self.assertEqual(len(self.failures(exporter)), 1)

    def test_a_connection_that_breaks(self):
        with Alertmanager() as alertmanager:
            alertmanager.answer = lambda handler: handler.connection.shutdown(
                socket.SHUT_RDWR)
            exporter = self.start(alertmanager.url)
            self.wait_for_count(exporter, "failed", 2)
            alertmanager.answer = None
            self.wait_for_count(exporter, "sent")

    def test_a_name_that_does_not_exist(self):
        exporter = self.start("http://nobody.invalid:9093")
        self.wait_for_count(exporter, "failed")
        self.wait_for_log(exporter, "alertmanager fails", "resolve")
        self.check_end(exporter)


class Tls(Host):

    def certificate(self, name, subject):
        key, certificate = (self.folder / f"{name}.{kind}"
                            for kind in ("key", "pem"))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
             "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", f"/CN={name}", "-addext", f"subjectAltName={subject}",
             "-keyout", key, "-out", certificate],
            check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return certificate, context

    def serve(self, context):
        alertmanager = self.enterContext(Alertmanager(tls=context))
        return alertmanager, alertmanager.url.replace("http:", "https:")

    def check_refused(self, url, *words, **keys):
        exporter = self.start(url, **keys)
        self.wait_for_count(exporter, "failed", 2)
        self.assertEqual(self.count(exporter, "sent"), 0)
        lines = self.wait_for_log(exporter, "alertmanager fails", *words)
        self.assertEqual(len(lines), 1)

    def test_trusted(self):
        certificate, context = self.certificate("good", "IP:127.0.0.1")
        alertmanager, url = self.serve(context)
        exporter = self.start(url, ca_file=certificate)
        alertmanager.wait_for_message()
        self.wait_for_count(exporter, "sent")

    def test_self_signed(self):
        _, context = self.certificate("unknown", "IP:127.0.0.1")
        alertmanager, url = self.serve(context)
        self.check_refused(url, "certificate")
        self.assertEqual(alertmanager.messages, [])

    def test_of_another_host(self):
        certificate, context = self.certificate("other", "DNS:other.example")
        alertmanager, url = self.serve(context)
        self.check_refused(url, "127.0.0.1", ca_file=certificate)
        self.assertEqual(alertmanager.messages, [])

    def test_no_certificates_to_trust(self):
        _, context = self.certificate("good", "IP:127.0.0.1")
        self.check_refused(self.serve(context)[1], "CA cert",
                           ca_file=self.folder / "absent.pem")

    def test_http_where_tls_is_spoken(self):
        _, context = self.certificate("good", "IP:127.0.0.1")
        alertmanager, url = self.serve(context)
        exporter = self.start(alertmanager.url)
        self.wait_for_count(exporter, "failed", 2)
        self.check_end(exporter)


if __name__ == "__main__":
    support.main()
