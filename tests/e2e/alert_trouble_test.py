"""Alertmanagers that refuse, break, hang, babble or cannot be trusted."""

import socket
import ssl
import subprocess
import time

import alert_host
import support


class Trouble(alert_host.Host):

    def failures(self, exporter):
        return [line for line in exporter.output().splitlines()
                if "alertmanager fails" in line]

    def check_status(self, status, is_tried_again):
        with alert_host.Alertmanager(status) as alertmanager:
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
        with alert_host.Alertmanager(port=port) as alertmanager:
            alertmanager.wait_for_message()
            self.wait_for_count(exporter, "sent")
        self.wait_for_log(exporter, "failure has ended")
        # It restarts; what is open is told again.
        failed = self.count(exporter, "failed")
        self.wait_for_count(exporter, "failed", failed + 1)
        with alert_host.Alertmanager(port=port) as alertmanager:
            self.assertEqual(alertmanager.wait_for_message()[0]["labels"]
                             ["alertname"], alert_host.ALERT)
        self.check_end(exporter)

    def check_not_delayed(self, url):
        """By a server that never comes to an end: a scrape, a reload, another
        Alertmanager, the end."""
        with alert_host.Alertmanager() as healthy:
            exporter = self.start(url, healthy.url)
            healthy.wait_for_message()
            for _ in range(3):
                before = time.monotonic()
                self.assertEqual(self.count(exporter, "sent"), 0)
                self.assertLess(time.monotonic() - before,
                                alert_host.PROMPT_SECONDS)
                healthy.wait_for_message()
            # No queue grows: of those that wait, the newest is kept.
            self.wait_for_count(exporter, "dropped", 2)
            self.reload(exporter, url, healthy.url)
            healthy.wait_for_message(2)
            self.check_end(exporter)

    def test_a_server_that_hangs(self):
        with alert_host.Hanging() as hanging:
            self.check_not_delayed(hanging.url)

    def test_a_server_that_hangs_in_tls(self):
        with alert_host.Hanging() as hanging:
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

        with alert_host.Alertmanager() as slow:
            slow.answer = drip
            self.check_not_delayed(slow.url)

    def test_a_server_that_is_too_slow_is_given_up(self):
        with alert_host.Hanging() as hanging:
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

        with alert_host.Alertmanager() as alertmanager:
            alertmanager.answer = endless
            exporter = self.start(alertmanager.url)
            self.wait_for_count(exporter, "failed", 2)
            self.wait_for_log(exporter, "the answer is too long")

    def test_what_is_no_http(self):
        def noise(handler):
            handler.wfile.write(b"\xff\x00SSH-2.0-nonsense\r\n\r\n")

        with alert_host.Alertmanager() as alertmanager:
            alertmanager.answer = noise
            exporter = self.start(alertmanager.url)
            self.wait_for_count(exporter, "failed", 2)
            self.assertEqual(len(self.failures(exporter)), 1)

    def test_a_connection_that_breaks(self):
        with alert_host.Alertmanager() as alertmanager:
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


class Tls(alert_host.Host):

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
        alertmanager = self.enterContext(alert_host.Alertmanager(tls=context))
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
