"""`serve` and `why`: what ended real sessions, many at once, and in a storm of
other connections. In namespaces of its own; the lab has the single causes.
"""

import contextlib
import json
import os
import pathlib
import resource
import signal
import socket
import subprocess
import threading
import time
import unittest

import live_ssh
import namespaces
import support

ENDS = "ssh_keepalive_session_ends_total"
UNCOUNTED = "ssh_keepalive_session_ends_uncounted_total"
LOST = "ssh_keepalive_session_events_lost_total"
MANY = 2000
CHURN_SECONDS = 3


def allow_descriptors(count):
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(count, most), most))


class Serving(live_ssh.Sessions):

    def serve(self, *ports):
        self.ini = self.write("exporter.ini", f"""\
[sessions]
ports = {', '.join(map(str, ports))}
[ends]
state_file = {self.folder}/ends.json
keep = 5000
""")
        return self.enterContext(
            support.Exporter(f"--config.file={self.ini}"))

    def ended(self, exporter, role, cause):
        return exporter.scrape().value(ENDS, role=role, cause=cause)

    def why(self, *arguments):
        run = support.run_program("why", f"--config.file={self.ini}",
                                  *arguments)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def kept(self):
        with contextlib.suppress(FileNotFoundError):
            return json.loads((self.folder / "ends.json").read_text())["ends"]
        return []


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class RealSessions(Serving):

    def setUp(self):
        super().setUp()
        self.port, self.sshd = self.start_sshd()

    def test_a_kill_is_told_on_both_sides_and_outlives_the_exporter(self):
        exporter = self.serve(self.port)
        before = exporter.scrape()
        self.assertEqual(before.value(ENDS, role="server", cause="reset"), 0)
        ssh = self.start_ssh()
        self.assertEqual(
            exporter.scrape().value("ssh_keepalive_sessions", role="server",
                                    netns="host", phase="authenticated"), 1)
        ssh.kill()
        support.wait_for("both ends", lambda: self.ended(
            exporter, "server", "closed") == self.ended(
            exporter, "client", "closed") == 1)
        support.wait_for("the file", lambda: len(self.kept()) == 2)
        self.assertNotIn("alice", exporter.scrape().text)
        exporter.end(signal.SIGKILL)
        text = self.why("alice")
        self.assertIn("closed", text)
        self.assertIn("alice", text)
        told = {end["role"]: end["closed_by"]
                for end in json.loads(self.why("--format=json"))["ends"]}
        self.assertEqual(told, {"server": "peer", "client": "here"})
        self.serve(self.port)
        self.assertEqual(len(self.kept()), 2)

    def test_a_scanner_is_no_session(self):
        exporter = self.serve(self.port)
        with socket.create_connection(("127.0.0.1", self.port)) as scanner:
            scanner.recv(100)
            exporter.scrape()
        support.wait_for("its end", lambda: exporter.scrape().value(
            UNCOUNTED, reason="unauthenticated") >= 1)
        self.assertEqual(self.ended(exporter, "server", "closed"), 0)

    def test_sessions_that_nobody_scrapes_are_known_all_the_same(self):
        exporter = self.serve(self.port)
        ssh = self.start_ssh()
        # Two looks: one that finds it, and one that follows.
        support.wait_for("a look", lambda: self.end_of_a_second(exporter, ssh))

    def end_of_a_second(self, exporter, ssh):
        """Whether the end of a session of six seconds was told."""
        if not hasattr(self, "began"):
            self.began = time.monotonic()
        if ssh.poll() is None and time.monotonic() - self.began > 11:
            ssh.kill()
            ssh.wait()
        return ssh.poll() is not None and self.ended(
            exporter, "server", "closed") == 1

    def test_an_abnormal_end_is_logged(self):
        exporter = self.serve(self.port)
        ssh = self.start_ssh("-o", "ServerAliveInterval=1", "-o",
                             "ServerAliveCountMax=1")
        exporter.scrape()
        os.kill(self.servers()[0]["pid"], signal.SIGSTOP)
        support.wait_for("its end", lambda: self.ended(
            exporter, "client", "ssh_keepalive") == 1)
        line = next(line for line in exporter.output().splitlines()
                    if 'msg="session ended"' in line)
        for field in ("cause=ssh_keepalive", "role=client", "evidence="):
            self.assertIn(field, line)
        ssh.wait()

    def test_a_broken_file_is_no_reason_to_fail(self):
        self.write("ends.json", '{"version": 1, "ends": [{"role"')
        exporter = self.serve(self.port)
        self.assertIn("ends.json", exporter.output())
        self.assertEqual(exporter.request("/-/ready").status, 200)


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class ManyConnections(Serving):
    """Plain ones: the clients' ends count, those of servers that no look can
    tell from scanners do not."""

    def setUp(self):
        super().setUp()
        allow_descriptors(3 * MANY)
        self.listener = self.listen()
        self.port = self.listener.getsockname()[1]

    def listen(self):
        listener = socket.create_server(("127.0.0.1", 0), backlog=MANY)
        self.addCleanup(listener.close)
        return listener

    def connect(self, count):
        """Pairs that have exchanged something."""
        for _ in range(count):
            client = socket.create_connection(self.listener.getsockname())
            server, _ = self.listener.accept()
            client.sendall(b"SSH-2.0")
            server.sendall(b"SSH-2.0")
            client.recv(7)
            server.recv(7)
            yield client, server

    def expect_all_ends(self, exporter, count):
        def counted():
            page = exporter.scrape()
            return (page.value(ENDS, role="client", cause="closed"),
                    page.value(UNCOUNTED, reason="unauthenticated"))
        support.wait_for("all ends", lambda: counted() >= (count, count))
        self.assertEqual(counted(), (count, count), "each once")
        page = exporter.scrape()
        self.assertEqual(page.value(LOST), 0)
        self.assertEqual(page.value(UNCOUNTED, reason="unseen"), 0)

    def test_two_thousand_in_one_second(self):
        exporter = self.serve(self.port)
        pairs = list(self.connect(MANY))
        exporter.scrape()
        began = time.monotonic()
        for client, server in pairs:
            client.close()
            server.close()
        self.assertLess(time.monotonic() - began, 5, "a slow machine")
        self.expect_all_ends(exporter, MANY)

    def test_beside_a_storm_on_another_port(self):
        exporter = self.serve(self.port)
        pairs = list(self.connect(MANY // 10))
        exporter.scrape()
        other = self.listen()
        stop = threading.Event()
        churned = []

        def churn():
            count = 0
            while not stop.is_set():
                client = socket.create_connection(other.getsockname())
                server, _ = other.accept()
                client.close()
                server.close()
                count += 1
            churned.append(count)

        storm = threading.Thread(target=churn)
        storm.start()
        for client, server in pairs:
            time.sleep(CHURN_SECONDS / len(pairs))
            client.close()
            server.close()
        stop.set()
        storm.join()
        print(f"{churned[0] / CHURN_SECONDS:.0f} other connections a second",
              flush=True)
        self.expect_all_ends(exporter, MANY // 10)


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Documented(Serving):

    def test_the_metrics_page_has_what_only_serve_tells(self):
        page = (support.REPOSITORY / "docs/metrics.md").read_text()
        exporter = self.serve(22)
        helps = dict(line.split(" ", 3)[2:] for line in
                     exporter.scrape().text.splitlines()
                     if line.startswith("# HELP"))
        wanted = [name for name in helps if "session_e" in name]
        self.assertEqual(len(wanted), 3)
        for name in wanted:
            self.assertIn(f"| `{name}` | counter |", page)
            self.assertIn(helps[name], page)


if __name__ == "__main__":
    if namespaces.enter():
        live_ssh.set_up_users()
    support.main()
