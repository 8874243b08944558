"""What serve tells a service manager: a socket of ours in its place."""

import ctypes
import os
import pathlib
import signal
import socket
import time
import unittest

import support

PTRACE_ATTACH = 16
PTRACE_DETACH = 17
WATCHDOG_SECONDS = 1.5


class Manager:
    """Hears what comes in at NOTIFY_SOCKET."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.socket.bind(str(path))

    def hear(self, patience=support.PATIENCE_SECONDS):
        """The fields of the next message; None where none comes."""
        self.socket.settimeout(patience)
        try:
            text = self.socket.recv(4096).decode()
        except TimeoutError:
            return None
        return dict(line.split("=", 1) for line in text.splitlines())


class Notify(support.Scratch):

    def setUp(self):
        super().setUp()
        self.manager = Manager(self.folder / "notify")
        self.addCleanup(self.manager.socket.close)

    def start(self, *arguments, watchdog=False, for_us=True):
        environment = os.environ | {
            "NOTIFY_SOCKET": str(self.folder / "notify")}
        if watchdog:
            environment["WATCHDOG_USEC"] = str(int(WATCHDOG_SECONDS * 1e6))
            if not for_us:
                environment["WATCHDOG_PID"] = str(os.getpid())
        self.port = support.free_port()
        return self.enterContext(support.Daemon(
            support.PROGRAM, "serve",
            f"--web.listen-address=127.0.0.1:{self.port}", *arguments,
            environment=environment))

    def test_ready_once_it_listens(self):
        self.start()
        message = self.manager.hear()
        socket.create_connection(("127.0.0.1", self.port)).close()
        self.assertEqual(message, {
            "READY": "1",
            "STATUS": f"Serving http://127.0.0.1:{self.port}/metrics"})

    def test_never_ready_without_a_port(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            exporter = self.start(f"--web.listen-address=127.0.0.1:{port}")
            self.assertEqual(exporter.process.wait(support.PATIENCE_SECONDS), 1)
        self.assertIsNone(self.manager.hear(patience=0.01))

    def test_reload(self):
        configuration = self.write("exporter.ini", "[log]\nlevel = debug\n")
        exporter = self.start("--config.file", configuration)
        self.assertEqual(self.manager.hear()["READY"], "1")
        before = time.monotonic()
        exporter.process.send_signal(signal.SIGHUP)
        message = self.manager.hear()
        self.assertEqual(message["RELOADING"], "1")
        self.assertLessEqual(before, int(message["MONOTONIC_USEC"]) / 1e6)
        message = self.manager.hear()
        self.assertEqual(message["READY"], "1")
        self.assertNotIn("failed", message["STATUS"])
        configuration.write_text("nonsense\n")
        exporter.process.send_signal(signal.SIGHUP)
        self.assertEqual(self.manager.hear()["RELOADING"], "1")
        message = self.manager.hear()
        self.assertEqual(message["READY"], "1")
        self.assertIn("the last reload failed", message["STATUS"])

    def test_stopping(self):
        exporter = self.start()
        self.manager.hear()
        self.assertEqual(exporter.end(), 0)
        self.assertEqual(self.manager.hear()["STOPPING"], "1")

    def signs_of_life(self, seconds):
        """How many come in so many seconds."""
        deadline = time.monotonic() + seconds
        count = 0
        while (left := deadline - time.monotonic()) > 0:
            count += self.manager.hear(left) == {"WATCHDOG": "1"}
        return count

    def test_signs_of_life(self):
        """Also while signals come all the time."""
        exporter = self.start(watchdog=True)
        for _ in range(3):
            support.wait_for("a sign of life",
                             lambda: "WATCHDOG" in self.manager.hear())
        deadline = time.monotonic() + support.PATIENCE_SECONDS
        while "WATCHDOG" not in self.manager.hear():
            exporter.process.send_signal(signal.SIGHUP)
            self.assertLess(time.monotonic(), deadline)

    def test_watchdog_of_another_process(self):
        self.start(watchdog=True, for_us=False)
        self.assertEqual(self.manager.hear()["READY"], "1")
        self.assertEqual(self.signs_of_life(WATCHDOG_SECONDS), 0)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to stop a thread")
    def test_no_sign_of_life_once_the_watcher_hangs(self):
        exporter = self.start(watchdog=True)
        support.wait_for("a sign of life",
                         lambda: "WATCHDOG" in self.manager.hear())
        tasks = pathlib.Path(f"/proc/{exporter.process.pid}/task")

        def others():
            try:
                return [int(task.name) for task in tasks.iterdir()
                        if int(task.name) != exporter.process.pid
                        and "civetweb" not in (task / "comm").read_text()]
            except FileNotFoundError:
                return []  # one has just ended

        # Threads of the server name themselves once they run.
        support.wait_for("the names", lambda: len(others()) == 1)
        watchers = others()
        libc = ctypes.CDLL(None, use_errno=True)
        self.assertEqual(libc.ptrace(PTRACE_ATTACH, watchers[0], 0, 0), 0)
        # First of all, since a stopped one ends on no signal.
        self.addCleanup(libc.ptrace, PTRACE_DETACH, watchers[0], 0, 0)
        support.wait_for("the stop", lambda: ") t " in
                         (tasks / str(watchers[0]) / "stat").read_text())
        # Two may be under way; a manager would end it now.
        support.wait_for("silence", lambda:
                         self.signs_of_life(WATCHDOG_SECONDS) == 0)
        libc.ptrace(PTRACE_DETACH, watchers[0], 0, 0)
        support.wait_for("a sign of life",
                         lambda: "WATCHDOG" in self.manager.hear())


if __name__ == "__main__":
    support.main()
