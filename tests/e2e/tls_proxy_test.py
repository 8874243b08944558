"""The shipped nginx examples, with a real nginx between a real Prometheus and
the exporter: TLS with verification both ways, over IPv4 and IPv6, and who is
let in to what."""

import base64
import http.client
import json
import pathlib
import socket
import ssl
import tempfile
import unittest
import warnings

import support
from real_nginx import EXAMPLES, HOSTS, PASSWORD, Certificates, Nginx, substituted

TOKEN = "correct-horse-battery"


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def basic(user, password):
    words = base64.b64encode(f"{user}:{password}".encode()).decode()
    return {"Authorization": f"Basic {words}"}


class Proxied(unittest.TestCase):
    """One exporter with a token, and one nginx, for all tests."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix="ssh_keepalive_")))
        cls.certificates = Certificates(cls.folder)
        (cls.folder / "token").write_text(TOKEN + "\n")
        (cls.folder / "exporter.ini").write_text(
            f"[web]\nprivate_token_file = {cls.folder}/token\n"
            "enable_lifecycle = on\n")
        # A recorded host with live sessions: their peers are what to protect.
        cls.exporter = cls.enterClassContext(support.Exporter(
            "--root", support.FIXTURE_HOSTS / "busy",
            f"--config.file={cls.folder}/exporter.ini"))
        cls.nginx = cls.enterClassContext(
            Nginx(cls.folder, cls.certificates, cls.exporter.port))


class WhoIsLetIn(Proxied):

    def ask(self, server, path, host="127.0.0.1", method="GET", headers=None,
            **tls):
        connection = http.client.HTTPSConnection(
            host, self.nginx.ports[server], timeout=support.PATIENCE_SECONDS,
            context=self.certificates.context(**tls))
        try:
            connection.request(method, path, headers=headers or {})
            response = connection.getresponse()
            return support.Response(response.status, response.headers,
                                    response.read())
        finally:
            connection.close()

    def peers(self, response):
        self.assertEqual(response.status, 200, response.text)
        return {one["peer"] for one in json.loads(response.text)["sessions"]}

    def test_nginx_accepts_the_shipped_files(self):
        run = self.nginx.test()
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertNotIn("[warn]", run.stderr.replace(
            '[warn] the "user" directive', ""))

    def test_metrics_need_a_certificate_of_the_right_authority(self):
        for host in HOSTS:
            response = self.ask("metrics", "/metrics", host, client="client")
            self.assertEqual(response.status, 200, response.text)
            self.assertIn("ssh_keepalive_sessions{", response.text)
            for client in (None, "stranger"):
                refused = self.ask("metrics", "/metrics", host, client=client)
                self.assertEqual(refused.status, 400)
                self.assertNotIn("ssh_keepalive", refused.text)

    def test_a_client_refuses_a_server_of_another_authority(self):
        with self.assertRaisesRegex(ssl.SSLError, "CERTIFICATE_VERIFY_FAILED"):
            self.ask("metrics", "/metrics", authority="other_ca",
                     client="client")

    def test_old_tls_is_refused_by_the_server(self):
        for server, port in self.nginx.ports.items():
            context = self.certificates.context(client="client")
            context.set_ciphers("ALL:@SECLEVEL=0")  # else the client refuses
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", DeprecationWarning)
                context.minimum_version = ssl.TLSVersion.TLSv1
                context.maximum_version = ssl.TLSVersion.TLSv1_1
            with socket.create_connection(("127.0.0.1", port)) as connection:
                with self.assertRaisesRegex(ssl.SSLError,
                                            "ALERT_PROTOCOL_VERSION", msg=server):
                    context.wrap_socket(connection, server_hostname="localhost")

    def test_tls_1_2_and_1_3(self):
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.certificates.context()
            context.minimum_version = context.maximum_version = version
            with socket.create_connection(
                    ("127.0.0.1", self.nginx.ports["people"])) as connection:
                context.wrap_socket(connection,
                                    server_hostname="localhost").close()

    def test_plain_requests_are_refused(self):
        for port in self.nginx.ports.values():
            for path in ("/metrics", "/"):
                connection = http.client.HTTPConnection("127.0.0.1", port)
                connection.request("GET", path)
                response = connection.getresponse()
                self.assertEqual(response.status, 400)
                self.assertNotIn(b"ssh_keepalive_", response.read())
                connection.close()

    def test_identities_only_with_the_token(self):
        for host in HOSTS:
            public = self.ask("people", "/api/v1/sessions", host)
            self.assertEqual(self.peers(public), {None})
            for headers in (bearer(TOKEN), basic("any", TOKEN)):
                private = self.ask("people", "/api/v1/sessions", host,
                                   headers=headers)
                self.assertNotIn(None, self.peers(private))
            wrong = self.ask("people", "/api/v1/sessions", host,
                             headers=bearer("something else"))
            self.assertEqual(wrong.status, 401)
            self.assertEqual(self.ask("people", "/?private", host).status, 401)

    def test_the_proxy_s_passwords_are_not_the_exporter_s(self):
        mine = basic("prometheus", PASSWORD)
        for path in ("/metrics", "/", "/api/v1/sessions", "/api/v1/report"):
            self.assertEqual(
                self.ask("password", path, headers=mine).status, 200, path)
            for other in ({}, basic("prometheus", "x"), bearer(TOKEN),
                          basic("prometheus", TOKEN)):
                self.assertEqual(
                    self.ask("password", path, headers=other).status, 401)
        self.assertEqual(self.peers(self.ask(
            "password", "/api/v1/sessions", headers=mine)), {None})

    def test_nothing_else_is_reachable(self):
        for server in self.nginx.ports:
            tls = {"client": "client", "headers": basic("prometheus", PASSWORD)
                   if server == "password" else {}}
            for path in ("/-/reload", "//-/reload", "/api/v1/../../-/reload",
                         "/%2d/reload", "/-/healthy", "/x", "/metrics/"):
                for method in ("GET", "POST"):
                    response = self.ask(server, path, method=method, **tls)
                    self.assertEqual(response.status, 404, (server, path))
        self.assertEqual(self.ask("metrics", "/", client="client").status, 404)
        self.assertEqual(self.ask("people", "/metrics").status, 404)
        for server, path in (("metrics", "/metrics"), ("people", "/"),
                             ("people", "/api/v1/report")):
            self.assertEqual(self.ask(server, path, method="POST",
                                      client="client").status, 403)
            self.assertEqual(self.ask(server, path, method="HEAD",
                                      client="client").status, 200)

    def test_oversized_requests_are_refused(self):
        self.assertIn(self.ask("people", "/", headers={
            "X": "x" * 40000}).status, (400, 431, 494))


class BeforeAStub(unittest.TestCase):
    """What reaches the exporter: a listener in its place shows it."""

    def setUp(self):
        folder = pathlib.Path(self.enterContext(
            tempfile.TemporaryDirectory(prefix="ssh_keepalive_")))
        self.certificates = Certificates(folder)
        self.stub = self.enterContext(
            socket.create_server(("127.0.0.1", 0), backlog=64))
        self.nginx = self.enterContext(Nginx(
            folder, self.certificates, self.stub.getsockname()[1]))

    def send(self, server, *lines):
        """The connection on which a request was sent."""
        connection = self.enterContext(socket.create_connection(
            ("127.0.0.1", self.nginx.ports[server]),
            support.PATIENCE_SECONDS))
        tls = self.certificates.context(client="client").wrap_socket(
            connection, server_hostname="localhost")
        self.addCleanup(tls.close)
        tls.sendall("\r\n".join((*lines, "Host: localhost", "", "")).encode())
        return tls

    def received(self):
        upstream, _ = self.stub.accept()
        with upstream:
            return upstream.recv(65536).decode()

    def test_what_prometheus_says_but_no_password(self):
        self.send("metrics", "GET /metrics HTTP/1.1",
                  "X-Prometheus-Scrape-Timeout-Seconds: 7.5",
                  "Accept-Encoding: gzip", "Authorization: Bearer secret")
        request = self.received()
        self.assertIn("X-Prometheus-Scrape-Timeout-Seconds: 7.5\r\n", request)
        self.assertIn("Accept-Encoding: gzip\r\n", request)
        self.assertNotIn("secret", request)

    def test_only_so_many_at_once(self):
        """Else clients of the proxy could use up the exporter's requests."""
        for _ in range(32):
            self.send("people", "GET / HTTP/1.1")
        for _ in range(32):  # all are waiting there before one more comes
            self.addCleanup(self.stub.accept()[0].close)
        refused = self.send("people", "GET / HTTP/1.1").recv(4096).decode()
        self.assertTrue(refused.startswith("HTTP/1.1 503"), refused)


class Scrapes(Proxied):
    """A real Prometheus, with the shipped tls_config."""

    def prometheus(self):
        port = support.free_port()
        certificates = self.certificates
        example = substituted((EXAMPLES / "prometheus.yml").read_text(), {
            f"/etc/prometheus/ssh_keepalive/{name}": certificates.folder / name
            for name in ("servers_ca.pem", "client.pem", "client.key")})
        head, _, job = example.partition("scrape_configs:\n")
        metrics, people = (self.nginx.ports[name]
                           for name in ("metrics", "people"))

        def variant(name, target, *replacements):
            text = job.replace("job_name: ssh_keepalive", f"job_name: {name}")
            text = text.replace("host.example.org:10723", target)
            for old, new in replacements:
                if old not in text:
                    raise AssertionError(f"{old} is not in the example")
                text = text.replace(old, new)
            return text

        cert = (f"      cert_file: {certificates.pem('client')}\n"
                f"      key_file: {certificates.key('client')}\n")
        jobs = [
            variant("ipv4", f"127.0.0.1:{metrics}"),
            variant("ipv6", f"[::1]:{metrics}"),
            variant("name", f"localhost:{metrics}"),
            variant("wrong_ca", f"127.0.0.1:{metrics}",
                    ("servers_ca.pem", "other_ca.pem")),
            variant("no_certificate", f"127.0.0.1:{metrics}", (cert, "")),
            variant("stranger", f"[::1]:{metrics}",
                    ("client.pem", "stranger.pem"),
                    ("client.key", "stranger.key")),
            variant("plain", f"127.0.0.1:{metrics}", ("https", "http")),
            variant("not_there", f"127.0.0.1:{people}"),
            f"""\
  - job_name: password
    scheme: https
    basic_auth:
      username: prometheus
      password: {PASSWORD}
    tls_config:
      ca_file: {certificates.pem('servers_ca')}
    static_configs:
      - targets: ['[::1]:{self.nginx.ports["password"]}']
"""]
        configuration = self.folder / "prometheus.yml"
        configuration.write_text(
            head + "global:\n  scrape_interval: 2s\n  scrape_timeout: 2s\n"
            "scrape_configs:\n" + "".join(jobs))
        return self.enterContext(support.HttpDaemon(
            port, "/-/ready", support.daemon("usr/bin/prometheus"),
            f"--config.file={configuration}",
            f"--storage.tsdb.path={self.folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}"))

    def test_prometheus(self):
        prometheus = self.prometheus()

        def targets():
            active = json.loads(prometheus.request(
                "/api/v1/targets").text)["data"]["activeTargets"]
            found = {one["labels"]["job"]: one for one in active
                     if one["health"] != "unknown"}
            good = {job for job, one in found.items() if one["health"] == "up"}
            return (found if len(found) == 9 and good == {
                "ipv4", "ipv6", "name", "password"} else None)

        found = support.wait_for("the scrapes", targets)
        for job, reason in (("wrong_ca", "unknown authority"),
                            ("no_certificate", "400 Bad Request"),
                            ("stranger", "400 Bad Request"),
                            ("plain", "400 Bad Request"),
                            ("not_there", "404")):
            self.assertEqual(found[job]["health"], "down", job)
            self.assertIn(reason, found[job]["lastError"])


if __name__ == "__main__":
    support.main()
