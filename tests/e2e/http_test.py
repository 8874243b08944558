"""The HTTP contract: methods, selection, encodings, limits, hostile clients."""

import concurrent.futures
import contextlib
import gzip
import http.client
import socket
import unittest

import support

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"


class Serving(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.exporter = cls.enterClassContext(support.Exporter())

    def request(self, path, method="GET", **headers):
        return self.exporter.request(
            path, method, {name.replace("_", "-"): value
                           for name, value in headers.items()})

    def raw(self, *pieces):
        """Sends bytes and returns all that comes back until the end."""
        with socket.create_connection(("127.0.0.1", self.exporter.port),
                                      support.PATIENCE_SECONDS) as client:
            answer = b""
            # The server may answer, and close, before it has read it all.
            with contextlib.suppress(ConnectionError):
                for piece in pieces:
                    client.sendall(piece)
            with contextlib.suppress(ConnectionError):
                while received := client.recv(65536):
                    answer += received
            return answer

    def assert_alive(self):
        self.assertEqual(self.request("/-/healthy").status, 200)


class Pages(Serving):

    def test_metrics(self):
        response = self.request("/metrics")
        self.assertEqual(response.status, 200)
        self.assertEqual(response.headers["Content-Type"], CONTENT_TYPE)
        self.assertEqual(
            support.Exposition(response.text).types[
                "ssh_keepalive_exporter_build_info"], "gauge")

    def test_openmetrics_is_not_promised_to_who_asks_for_it(self):
        response = self.request(
            "/metrics", Accept="application/openmetrics-text;version=1.0.0")
        self.assertEqual(response.headers["Content-Type"], CONTENT_TYPE)

    def test_landing_page_leads_to_the_metrics(self):
        response = self.request("/")
        self.assertEqual(response.status, 200)
        self.assertTrue(
            response.headers["Content-Type"].startswith("text/html"))
        self.assertIn('href="/metrics"', response.text)

    def test_health_and_readiness(self):
        for path in ("/-/healthy", "/-/ready"):
            self.assertEqual(self.request(path).status, 200)

    def test_head_has_the_head_of_get(self):
        for path in ("/", "/metrics", "/-/healthy", "/-/ready"):
            get = self.request(path)
            head = self.request(path, "HEAD")
            self.assertEqual(head.status, 200, path)
            self.assertEqual(head.body, b"", path)
            self.assertEqual(head.headers["Content-Type"],
                             get.headers["Content-Type"])

    def test_other_methods(self):
        for method in ("POST", "PUT", "DELETE", "OPTIONS", "PATCH"):
            for path in ("/", "/metrics", "/-/healthy", "/-/ready"):
                response = self.request(path, method)
                self.assertEqual(response.status, 405, f"{method} {path}")
                self.assertEqual(response.headers["Allow"], "GET, HEAD")

    def test_unknown_paths(self):
        for path in ("/metric", "/metrics/", "/metricss", "/metrics/../x",
                     "/etc/passwd", "/../../etc/passwd", "/%2e%2e/etc/passwd",
                     "/favicon.ico", "/-/", "/api/v2"):
            self.assertEqual(self.request(path).status, 404, path)

    def test_reload_is_forbidden_without_the_flag(self):
        self.assertEqual(self.request("/-/reload", "POST").status, 403)
        for method in ("GET", "HEAD", "PUT"):
            self.assertEqual(self.request("/-/reload", method).status, 405)


class Selection(Serving):

    def collectors(self, query):
        response = self.request("/metrics?" + query)
        self.assertEqual(response.status, 200, response.text)
        series = support.Exposition(response.text).series(
            "ssh_keepalive_scrape_collector_success")
        return {dict(labels)["collector"] for labels in series}

    def test_collect(self):
        self.assertEqual(self.collectors("collect[]=sysctl"), {"sysctl"})
        self.assertEqual(self.collectors("collect%5B%5D=sysctl"), {"sysctl"})
        self.assertEqual(
            self.collectors("collect[]=sysctl&collect[]=sessions"),
            {"sysctl", "sessions"})
        self.assertEqual(
            self.collectors("collect[]=sysctl&collect[]=sysctl"), {"sysctl"})

    def test_exclude(self):
        self.assertEqual(self.collectors("exclude[]=sysctl"),
                         self.collectors("") - {"sysctl"})

    def test_other_parameters_are_none_of_our_business(self):
        self.assertEqual(self.collectors("team=x&collect[]=sysctl"),
                         {"sysctl"})

    def test_excluded_families_are_gone(self):
        exposition = self.exporter.scrape("sessions")
        self.assertNotIn("ssh_keepalive_sysctl_tcp_keepalive_time_seconds",
                         exposition.types)

    def test_bad_requests(self):
        for query in ("collect[]=nonsense", "exclude[]=nonsense", "collect[]=",
                      "collect[]=sysctl&collect[]=nonsense",
                      "collect[]=sysctl&exclude[]=sessions",
                      "collect[]=sysctl&exclude[]=sysctl",
                      "collect[]=" + "A" * 4000, "collect[]=%00sysctl",
                      "collect[]=sysctl%00"):
            response = self.request("/metrics?" + query)
            self.assertEqual(response.status, 400, query[:60])
            self.assertNotIn("AAAA", response.text)


class Encoding(Serving):

    def test_gzip_where_it_is_accepted(self):
        for accepted in ("gzip", "GZIP", "x-gzip", "deflate, gzip;q=0.5",
                         "gzip;q=0.001", "*", "br;q=1, *;q=0.1",
                         "identity;q=0, gzip", " gzip ; q=1.0 ,"):
            response = self.request("/metrics", Accept_Encoding=accepted)
            self.assertEqual(response.headers["Content-Encoding"], "gzip",
                             accepted)
            support.Exposition(gzip.decompress(response.body).decode())
            self.assertIn("Accept-Encoding", response.headers["Vary"])

    def test_plain_where_it_is_not(self):
        for accepted in ("", "identity", "gzip;q=0", "gzip;q=0.0, *",
                         "notgzip", "gzipped", "deflate", "*;q=0",
                         "identity, gzip;q=0.5", "gzip;q=nonsense"):
            response = self.request("/metrics", Accept_Encoding=accepted)
            self.assertIsNone(response.headers["Content-Encoding"], accepted)
            support.Exposition(response.text)


class HostileClients(Serving):

    def test_idle_connections_do_not_block_a_scrape(self):
        # Browsers and scanners connect and say nothing: 20, as many as a
        # worker pool of the usual size has threads.
        with contextlib.ExitStack() as idle:
            for _ in range(20):
                idle.enter_context(socket.create_connection(
                    ("127.0.0.1", self.exporter.port)))
            self.assertEqual(self.request("/metrics").status, 200)

    def test_many_idle_connections_delay_it_only(self):
        with contextlib.ExitStack() as idle:
            for _ in range(300):
                idle.enter_context(socket.create_connection(
                    ("127.0.0.1", self.exporter.port)))
            self.assertEqual(self.request("/metrics").status, 200)

    def test_garbage(self):
        for garbage in (b"\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc",
                        b"GET\r\n\r\n", b"GET /metrics\r\n\r\n",
                        b"GET /metrics HTTP/9.9\r\n\r\n",
                        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
                        b"GET /\x00\xff HTTP/1.1\r\n\r\n",
                        b"GET /metrics HTTP/1.1\r\nno colon\r\n\r\n",
                        b"GET /metrics HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
                        b"GET /metrics HTTP/1.1\r\n"
                        b"Accept-Encoding: gzip;q=\x80\xff;;=,,,;q\r\n\r\n"):
            self.raw(garbage)
            self.assert_alive()

    def test_endless_header(self):
        answer = self.raw(b"GET /metrics HTTP/1.1\r\n",
                          *[b"X-Filler: " + b"a" * 1000 + b"\r\n"] * 2000)
        self.assertNotIn(b" 200 ", answer.split(b"\r\n")[0])
        self.assert_alive()

    def test_scrape_timeout_header(self):
        for seconds in ("10", "0.1", "-1", "0", "nan", "inf", "1e308",
                        "nonsense", "", "1" * 3000):
            response = self.request(
                "/metrics", X_Prometheus_Scrape_Timeout_Seconds=seconds)
            self.assertEqual(response.status, 200, seconds)

    def test_clients_that_leave_early(self):
        for _ in range(50):
            with socket.create_connection(
                    ("127.0.0.1", self.exporter.port)) as client:
                client.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
        self.assert_alive()
        # Until they are done with, more scrapes are rightly refused.
        support.wait_for("a scrape that is served", lambda: self.request(
            "/metrics").status == 200)


class Flags(unittest.TestCase):

    def test_telemetry_path(self):
        with support.Exporter("--web.telemetry-path=/probe") as exporter:
            self.assertEqual(exporter.request("/probe").status, 200)
            self.assertEqual(exporter.request("/metrics").status, 404)
            self.assertIn('href="/probe"', exporter.request("/").text)

    def test_disable_exporter_metrics(self):
        with support.Exporter() as exporter:
            self.assertIn("process_resident_memory_bytes",
                          exporter.scrape().types)
        with support.Exporter("--web.disable-exporter-metrics") as exporter:
            self.assertFalse([name for name in exporter.scrape().types
                              if name.startswith("process_")])

    def test_collector_flags(self):
        def collectors(*flags):
            with support.Exporter(*flags) as exporter:
                return {dict(labels)["collector"]
                        for labels in exporter.scrape().series(
                            "ssh_keepalive_scrape_collector_success")}
        self.assertNotIn("sessions", collectors("--no-collector.sessions"))
        self.assertEqual(collectors("--collector.disable-defaults",
                                    "--collector.sysctl"), {"sysctl"})

    def test_a_disabled_collector_cannot_be_collected(self):
        with support.Exporter("--no-collector.sessions") as exporter:
            self.assertEqual(
                exporter.request("/metrics?collect[]=sessions").status, 400)

    def test_several_addresses(self):
        port = support.free_port()
        with support.Exporter(
                f"--web.listen-address=127.0.0.1:{port}") as exporter:
            connection = http.client.HTTPConnection("127.0.0.1", port)
            connection.request("GET", "/-/healthy")
            self.assertEqual(connection.getresponse().status, 200)
            connection.close()
            self.assertEqual(exporter.request("/-/healthy").status, 200)


class Identities(unittest.TestCase):

    def test_metrics_name_nobody(self):
        """Of a recorded host with peers at these documentation addresses."""
        for scenario in ("busy", "article"):
            root = support.FIXTURE_HOSTS / scenario
            with support.Exporter("--root", root) as exporter:
                text = exporter.scrape().text
            self.assertGreater(text.count("ssh_keepalive_sessions{"), 1)
            self.assertNotRegex(text, r"192\.0\.2\.|2001:db8|127\.0\.0\.1")


class Concurrency(unittest.TestCase):
    """More than that: load_test.py, faults_hang_test.py."""

    def test_scrapes_within_the_limit_are_all_served(self):
        with support.Exporter() as exporter, \
                concurrent.futures.ThreadPoolExecutor(40) as pool:
            scrapes = [pool.submit(exporter.request, "/metrics")
                       for _ in range(40)]
            self.assertEqual([scrape.result().status for scrape in scrapes],
                             [200] * 40)


if __name__ == "__main__":
    support.main()
