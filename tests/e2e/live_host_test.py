"""This host as it is: values equal /proc/sys', sessions equal `ss -tnoi`'s."""

import json
import re
import socket
import subprocess

import support

# What ss calls a timer, and what `sessions` calls it.
TIMERS = {None: "none", "keepalive": "keepalive", "on": "retransmit",
          "persist": "zero_window"}


def ss(port):
    """State and timer by (local, peer) of the connections of that port."""
    printed = subprocess.run(
        ["ss", "-H", "-O", "-tnoi", "state", "connected",
         f"( sport = :{port} or dport = :{port} )"],
        capture_output=True, text=True, check=True).stdout
    found = {}
    for line in printed.splitlines():
        state, _, _, local, peer = line.split()[:5]
        timer = re.search(r"timer:\((\w+),([^,]*),(\d+)\)", line)
        found[local, peer] = {
            "state": state, "kind": TIMERS[timer[1] if timer else None],
            "expires": timer[2] if timer else None,
            "unanswered": int(timer[3]) if timer else 0}
    return found


class Values(support.Scratch):

    def test_sysctls(self):
        run = support.run_program("metrics")
        self.assertEqual(run.returncode, 0, run.stderr)
        exposition = support.Exposition(run.stdout)
        for name, metric, units in (
                ("tcp_keepalive_time", "tcp_keepalive_time_seconds", 1),
                ("tcp_keepalive_intvl", "tcp_keepalive_intvl_seconds", 1),
                ("tcp_keepalive_probes", "tcp_keepalive_probes", 1),
                ("tcp_retries2", "tcp_retries2", 1),
                ("tcp_rto_min_us", "tcp_rto_min_seconds", 1e6),
                ("tcp_rto_max_ms", "tcp_rto_max_seconds", 1e3)):
            series = exposition.series(f"ssh_keepalive_sysctl_{metric}",
                                       netns="host")
            raw = support.sysctl(name)
            expected = [] if raw is None else [raw / units]
            self.assertEqual(list(series.values()), expected, name)

    def test_every_collector_succeeds(self):
        run = support.run_program("metrics")
        success = support.Exposition(run.stdout).series(
            "ssh_keepalive_scrape_collector_success")
        self.assertTrue(success)
        for labels, value in success.items():
            self.assertEqual(value, 1, f"{labels}: {run.stderr}")

    def test_a_plain_host_has_few_series(self):
        with support.Exporter() as exporter:
            ours = [name for name, _ in exporter.scrape().samples
                    if name.startswith("ssh_keepalive_")]
        self.assertLessEqual(len(ours), 200)

    def test_promtool_has_nothing_against_it(self):
        with support.Exporter() as exporter:
            self.assertEqual(support.lint(exporter.scrape().text), "")


class Sessions(support.Scratch):
    """Connections of our own, on a port that the configuration names."""

    def setUp(self):
        super().setUp()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.port = self.listener.getsockname()[1]
        self.configuration = self.write(
            "exporter.ini", f"[sessions]\nports = {self.port}\n")

    def connect(self, keepalive_seconds=None):
        """A client's socket and the server's, as address pairs of both."""
        client = socket.create_connection(self.listener.getsockname())
        self.addCleanup(client.close)
        server, _ = self.listener.accept()
        self.addCleanup(server.close)
        if keepalive_seconds:
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE,
                              keepalive_seconds)
            client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        return client, server

    def sessions(self):
        run = support.run_program("sessions", "--format=json",
                                  "--config.file", self.configuration)
        self.assertEqual(run.returncode, 0, run.stderr)
        document = json.loads(run.stdout)
        return {(session["local"], session["peer"]): session
                for session in document["sessions"]
                if f":{self.port}" in session["local"] + session["peer"]}

    def pair(self, client):
        local, peer = (f"{host}:{port}" for host, port in
                       (client.getsockname(), client.getpeername()))
        return local, peer

    def test_equal_to_ss(self):
        self.connect()
        self.connect(keepalive_seconds=30)
        self.connect(keepalive_seconds=20_000)
        stuck, _ = self.connect(keepalive_seconds=40)
        stuck.setblocking(False)
        with self.assertRaises(BlockingIOError):
            while True:  # until the peer's window is full
                stuck.send(b"x" * 65536)

        def equal():
            # Timers move: both must have been asked at the same state.
            before, ours, after = ss(self.port), self.sessions(), ss(self.port)
            kinds = {pair: found["kind"] for pair, found in before.items()}
            if kinds != {pair: found["kind"] for pair, found in after.items()}:
                return None
            self.assertEqual(set(ours), set(before))
            return kinds == {pair: session["timer"]["kind"]
                             for pair, session in ours.items()}
        support.wait_for("the same timers as ss", equal)

    def test_roles_come_from_the_listener(self):
        client, _ = self.connect()
        sessions = self.sessions()
        local, peer = self.pair(client)
        self.assertEqual(sessions[local, peer]["role"], "client")
        self.assertEqual(sessions[peer, local]["role"], "server")

    def test_keepalive_and_its_timer(self):
        client, _ = self.connect(keepalive_seconds=30)
        plain, _ = self.connect()
        sessions = self.sessions()
        session = sessions[self.pair(client)]
        self.assertEqual(session["keepalive"], "on")
        self.assertEqual(session["timer"]["kind"], "keepalive")
        self.assertEqual(session["timer"]["unanswered"], 0)
        self.assertGreater(session["timer"]["expires_seconds"], 0)
        self.assertLessEqual(session["timer"]["expires_seconds"], 30)
        session = sessions[self.pair(plain)]
        self.assertEqual(session["keepalive"], "off")
        self.assertEqual(session["timer"]["kind"], "none")

    def test_ipv6(self):
        if not socket.has_dualstack_ipv6():
            self.skipTest("this host has no IPv6")
        listener = socket.create_server(("::1", self.port),
                                        family=socket.AF_INET6)
        self.addCleanup(listener.close)
        client = socket.create_connection(listener.getsockname()[:2])
        self.addCleanup(client.close)
        local = f"[::1]:{client.getsockname()[1]}"
        self.assertIn((local, f"[::1]:{self.port}"), self.sessions())

    def test_ended_sessions_are_gone(self):
        client, server = self.connect()
        self.assertEqual(len(self.sessions()), 2)
        client.close()
        server.close()
        support.wait_for("their end", lambda: not self.sessions())

    def test_many(self):
        for _ in range(500):
            self.connect()
        self.assertEqual(len(self.sessions()), 1000)
        with support.Exporter("--config.file", self.configuration) as exporter:
            exposition = exporter.scrape()
            for role in ("server", "client"):
                count = sum(exposition.series("ssh_keepalive_sessions",
                                              role=role,
                                              netns="host").values())
                self.assertGreaterEqual(count, 500)


if __name__ == "__main__":
    support.main()
