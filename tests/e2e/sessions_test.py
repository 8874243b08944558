"""`sessions`: timers as the kernel has them, and what successive looks tell.

In namespaces of its own, where sysctls are ours to change.
"""

import contextlib
import json
import pathlib
import re
import signal
import socket
import struct
import subprocess
import threading
import time
import unittest

import namespaces
import real_ssh
import support

# Offsets in struct tcp_info (linux/tcp.h) of what `sessions` is compared with.
LAST_DATA_SENT, LAST_DATA_RECEIVED, LAST_ACK_RECEIVED = 44, 52, 56

def set_sysctl(**values):
    for name, value in values.items():
        pathlib.Path("/proc/sys/net/ipv4", name).write_text(f"{value}\n")


def restore_defaults():
    set_sysctl(tcp_keepalive_time=7200, tcp_keepalive_intvl=75,
               tcp_keepalive_probes=9)


def address(name):
    return f"{name[0]}:{name[1]}"


class Watch:
    """`sessions --watch --format json`: the newest document, as it comes."""

    def __init__(self, interval, *arguments):
        self.process = subprocess.Popen(
            [support.PROGRAM, "sessions", f"--watch={interval}",
             "--format=json", *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        self.newest = []
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stdout:
            self.newest = json.loads(line)["sessions"]

    def find(self, condition):
        return next(filter(condition, self.newest), None)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGINT)
        status = self.process.wait(support.PATIENCE_SECONDS)
        self.reader.join(support.PATIENCE_SECONDS)
        self.process.stdout.close()
        if status != 0:
            raise AssertionError(f"--watch ended with {status}")


class Connections(support.Scratch):
    """Plain connections, on a port that the configuration names."""

    def setUp(self):
        super().setUp()
        restore_defaults()
        self.addCleanup(restore_defaults)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.port = self.listener.getsockname()[1]
        self.configuration = self.write(
            "exporter.ini", f"[sessions]\nports = {self.port}\n")

    def connect(self, keepalive=True, **options):
        """A client with SO_KEEPALIVE, and the server's end without."""
        client = socket.create_connection(self.listener.getsockname())
        self.addCleanup(client.close)
        server, _ = self.listener.accept()
        self.addCleanup(server.close)
        for name, value in options.items():
            client.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, keepalive)
        return client, server

    def sessions(self):
        run = support.run_program("sessions", "--format=json",
                                  "--config.file", self.configuration)
        self.assertEqual(run.returncode, 0, run.stderr)
        return {session["local"]: session
                for session in json.loads(run.stdout)["sessions"]}

    def session(self, end):
        return self.sessions()[address(end.getsockname())]

    def outdated(self, end):
        return self.session(end)["outdated"]


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Timers(Connections):

    def milliseconds(self, end):
        """tcp_info's times since data was sent, received, and an ACK was."""
        info = end.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 104)
        return [struct.unpack_from("=I", info, offset)[0]
                for offset in (LAST_DATA_SENT, LAST_DATA_RECEIVED,
                               LAST_ACK_RECEIVED)]

    def ss_keepalive(self, end):
        """Bounds of the seconds until it fires, and unanswered probes."""
        printed = subprocess.run(
            ["ss", "-Htno", f"sport = :{end.getsockname()[1]}"],
            capture_output=True, text=True, check=True).stdout
        match = re.search(r"timer:\(keepalive,(\d+)(\.\d+)?(sec|ms),(\d+)\)",
                          printed)
        self.assertTrue(match, printed)
        whole, fraction, unit, unanswered = match.groups()
        if unit == "ms" and fraction is None:
            return int(whole) / 1000, int(whole) / 1000, int(unanswered)
        # ss prints 2.768 s as "2.768ms", and 27.68 s as "27sec".
        seconds = int(whole) + float(fraction or 0)
        return seconds, seconds + (fraction is None), int(unanswered)

    def test_silence_is_tcp_info_s(self):
        client, server = self.connect()
        server.send(b"x")
        client.recv(1)
        before = min(self.milliseconds(client))
        silence = 1000 * self.session(client)["wire_silence_at_most_seconds"]
        after = min(self.milliseconds(client))
        self.assertLessEqual(before, silence)
        self.assertLessEqual(silence, after)

    def test_expires_is_ss_s(self):
        set_sysctl(tcp_keepalive_time=50)
        client, _ = self.connect()
        _, latest, _ = self.ss_keepalive(client)
        timer = self.session(client)["timer"]
        earliest, _, _ = self.ss_keepalive(client)
        self.assertEqual(timer["kind"], "keepalive")
        self.assertEqual(timer["unanswered"], 0)
        self.assertLessEqual(timer["expires_seconds"], latest)
        self.assertGreaterEqual(timer["expires_seconds"], earliest)

    def test_off(self):
        client, _ = self.connect(keepalive=False)
        session = self.session(client)
        self.assertEqual(session["keepalive"], "off")
        self.assertEqual(session["outdated"], [])
        self.assertEqual(session["timer"], {
            "kind": "none", "expires_seconds": None, "unanswered": 0})

    def test_hidden_is_remembered_by_who_watches(self):
        client, _ = self.connect()
        local = address(client.getsockname())
        with Watch(0.1, "--config.file", self.configuration) as watch:
            timer = lambda *kinds: watch.find(
                lambda session: session["local"] == local
                and session["timer"]["kind"] in kinds)
            support.wait_for("the first look", lambda: timer("keepalive"))
            client.setblocking(False)
            with contextlib.suppress(BlockingIOError):
                while True:  # until the peer's window is full
                    client.send(b"x" * 65536)
            hidden = support.wait_for("a hidden timer", lambda: timer(
                "zero_window", "retransmit"))
            self.assertEqual(hidden["keepalive"], "on")
            self.assertEqual(self.session(client)["keepalive"], "hidden")

    # Older settings ---------------------------------------------------------

    def test_lowered_time_is_outdated_until_the_timer_fires(self):
        set_sysctl(tcp_keepalive_time=4)
        client, _ = self.connect()
        self.assertEqual(self.outdated(client), [])
        set_sysctl(tcp_keepalive_time=1, tcp_keepalive_intvl=1)
        self.assertEqual(self.outdated(client), ["sysctl"])
        with support.Exporter("--config.file", self.configuration) as exporter:
            count = lambda: exporter.scrape("sessions").value(
                "ssh_keepalive_sessions_outdated", role="client", netns="host",
                reason="sysctl")
            self.assertEqual(count(), 1)
            support.wait_for("the timer to fire", lambda: count() == 0)
        self.assertEqual(self.outdated(client), [])
        self.assertLessEqual(self.session(client)["timer"]["expires_seconds"],
                             1)

    def test_every_session_since_boot_after_an_edit(self):
        client, _ = self.connect()
        set_sysctl(tcp_keepalive_time=60)
        session = self.session(client)
        self.assertEqual(session["outdated"], ["sysctl"])
        self.assertGreater(session["timer"]["expires_seconds"], 7000)
        late, _ = self.connect()
        self.assertEqual(self.outdated(late), [])

    def test_raised_time_is_not_outdated(self):
        set_sysctl(tcp_keepalive_time=60)
        client, _ = self.connect()
        set_sysctl(tcp_keepalive_time=7200)
        self.assertEqual(self.outdated(client), [])

    def test_interval_that_is_longer_than_the_time(self):
        set_sysctl(tcp_keepalive_time=1, tcp_keepalive_intvl=50)
        client, _ = self.connect()
        support.wait_for("the answered probe", lambda: self.session(client)
                         ["timer"]["expires_seconds"] > 10)
        self.assertEqual(self.outdated(client), [])
        set_sysctl(tcp_keepalive_intvl=2)
        self.assertEqual(self.outdated(client), ["sysctl"])

    def test_unanswered_probes(self):
        set_sysctl(tcp_keepalive_time=1, tcp_keepalive_intvl=30)
        client, _ = self.connect()
        # Its packets go nowhere from now on: no neighbour, no route.
        subprocess.run(["ip", "link", "set", "lo", "down"], check=True)
        self.addCleanup(subprocess.run, ["ip", "link", "set", "lo", "up"],
                        check=True)
        support.wait_for("an unanswered probe", lambda: self.session(client)
                         ["timer"]["unanswered"] == 1)
        self.assertEqual(self.ss_keepalive(client)[2], 1)
        self.assertEqual(self.outdated(client), [])
        set_sysctl(tcp_keepalive_intvl=2)
        self.assertEqual(self.outdated(client), ["sysctl"])

    def test_traffic_in_between_proves_nothing_wrong(self):
        set_sysctl(tcp_keepalive_time=2)
        client, server = self.connect()
        deadline = time.monotonic() + 4  # the timer fires early meanwhile
        while time.monotonic() < deadline:
            server.send(b"x")
            client.recv(1)
            self.assertEqual(self.outdated(client), [])

    def test_values_of_the_socket_s_own_are_told_by_who_watches(self):
        with Watch(0.2, "--config.file", self.configuration) as watch:
            support.wait_for("a look", lambda: watch.process.poll() is None
                             and watch.reader.is_alive())
            first, _ = self.connect()
            support.wait_for("it", lambda: watch.find(
                lambda session: session["role"] == "client"))
            own, _ = self.connect(TCP_KEEPIDLE=20_000)
            local = address(own.getsockname())
            session = support.wait_for("the new one", lambda: watch.find(
                lambda session: session["local"] == local
                and session["timer"]["kind"] == "keepalive"))
            self.assertEqual(session["outdated"], [])
            self.assertEqual(self.outdated(own), ["sysctl"], "one look")


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class ObservedRefresh(Connections):

    def check_both_ends(self, seconds, configuration):
        """Both ends of one connection are sessions here."""
        with Watch(0.5, "--config.file", configuration) as watch:
            def around(role):
                session = watch.find(lambda session: session["role"] == role)
                refresh = session and session["observed_refresh"]
                # ssh's first silence is shorter: it counts whole seconds.
                return (refresh if refresh and seconds / 2
                        <= refresh["at_least_seconds"] <= seconds
                        <= refresh["at_most_seconds"] else None)
            for role in ("client", "server"):
                refresh = support.wait_for(f"silences of {seconds} s",
                                           lambda: around(role))
                # By two looks, and more where the machine is busy.
                self.assertLessEqual(refresh["at_most_seconds"], seconds + 5)

    def test_tcp_keepalive_of_one_end(self):
        """The other end sees counters move, and no data and no ACK."""
        self.connect(TCP_KEEPIDLE=2, TCP_KEEPINTVL=2)
        self.check_both_ends(2, self.configuration)

    def test_one_look_tells_nothing(self):
        client, _ = self.connect()
        self.assertIsNone(self.session(client)["observed_refresh"])


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class ObservedSsh(real_ssh.Pairs):

    def test_client_with_server_alive_interval(self):
        port, sshd_config = self.start_sshd("no")
        self.start_ssh(port, "no", "-o", "ServerAliveInterval=2")
        configuration = self.write("exporter.ini",
                                   f"[sshd]\nconfig = {sshd_config}\n")
        ObservedRefresh.check_both_ends(self, 2, configuration)


if __name__ == "__main__":
    namespaces.enter()
    support.main()
