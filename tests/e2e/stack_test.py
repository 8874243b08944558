"""What ./run --stack starts, as a user sees it: in a terminal, until Ctrl-C."""

import fcntl
import json
import os
import pathlib
import pty
import re
import signal
import socket
import subprocess
import termios
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

import support

STACK = support.REPOSITORY / "tools" / "stack"
NAMES = ("exporter", "prometheus", "alertmanager")
NOBODY = 65534
CTRL_C = b"\x03"


class Terminal:
    """A program in the foreground of a terminal of its own."""

    def __init__(self, command, user=None):
        master, slave = pty.openpty()
        self.master = master
        identity = {} if user is None else {"user": user, "group": user,
                                            "extra_groups": []}
        self.process = subprocess.Popen(
            list(map(str, command)), stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY), **identity)
        os.close(slave)
        self.text = ""
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        while True:
            try:
                piece = os.read(self.master, 4096)
            except OSError:  # all have closed the other end
                return
            self.text += piece.decode(errors="replace")

    def wait(self):
        status = self.process.wait(support.PATIENCE_SECONDS)
        self.reader.join(support.PATIENCE_SECONDS)
        return status

    def close(self):
        """What a failed test has left."""
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(support.PATIENCE_SECONDS)
        os.close(self.master)


def children(pid):
    """Name of its program → pid."""
    found = {}
    for path in pathlib.Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(path.read_text().rpartition(")")[2].split()[1])
            if parent == pid:
                program = os.readlink(path.parent / "exe")
                found[pathlib.Path(program).name] = int(path.parent.name)
        except (OSError, IndexError):
            pass  # it has ended
    return found


class Stack(support.Scratch):

    def start(self, user=None, **taken):
        """`taken`: ports to use instead of free ones."""
        self.ports = {name: support.free_port() for name in NAMES} | taken
        command = [STACK, support.PROGRAM, "--state", self.folder / "state",
                   *(word for name, port in self.ports.items()
                     for word in (f"--{name}-port", port))]
        terminal = Terminal(command, user)
        self.addCleanup(terminal.close)
        return terminal

    def get(self, name, path):
        url = f"http://127.0.0.1:{self.ports[name]}{path}"
        with urllib.request.urlopen(url, timeout=30) as response:
            return response.read().decode()

    def prometheus(self, path, **query):
        return json.loads(self.get(
            "prometheus", f"/api/v1/{path}?{urllib.parse.urlencode(query)}"))["data"]

    def wait_until_up(self, terminal):
        support.wait_for("the addresses", lambda: (
            "Ctrl-C stops all." in terminal.text or
            terminal.process.poll() is not None))
        self.assertIsNone(terminal.process.poll(), terminal.text)

    def assert_nothing_left(self, pids):
        for pid in pids:
            support.wait_for(f"the end of {pid}", lambda: not pathlib.Path(
                "/proc", str(pid)).exists())
        for name in NAMES:
            with self.assertRaises(urllib.error.URLError):
                self.get(name, "/-/ready")

    def check_wiring(self):
        self.assertIn("ssh_keepalive_exporter_build_info",
                      self.get("exporter", "/metrics"))
        target = support.wait_for("a target that is up", lambda: next(
            (one for one in self.prometheus("targets")["activeTargets"]
             if one["health"] == "up"), None))
        self.assertEqual(target["labels"]["job"], "ssh_keepalive")
        groups = self.prometheus("rules")["groups"]
        rules = (support.REPOSITORY / "alerts" / "rules").glob("*.rules.yml")
        self.assertEqual({pathlib.Path(group["file"]).name for group in groups},
                         {path.name for path in rules})
        known = support.wait_for("a known Alertmanager", lambda: self.prometheus(
            "alertmanagers")["activeAlertmanagers"])
        self.assertEqual([one["url"] for one in known], [
            f"http://127.0.0.1:{self.ports['alertmanager']}/api/v2/alerts"])
        status = json.loads(self.get("alertmanager", "/api/v2/status"))
        self.assertIn("inhibit_rules", status["config"]["original"])
        self.assertNotIn("example.org", status["config"]["original"])

    def check_pages(self):
        """Prometheus', with their scripts."""
        page = self.get("prometheus", "/graph")
        scripts = re.findall(r'<script src="([^"]+)"', page)
        self.assertTrue(scripts, page)
        for script in scripts:
            with self.subTest(script):
                self.assertTrue(self.get("prometheus", script))

    def test_one_control_c_ends_all_and_the_state_stays(self):
        terminal = self.start()
        self.wait_until_up(terminal)
        for name in NAMES:
            self.assertIn(f"http://127.0.0.1:{self.ports[name]}/", terminal.text)
        self.assertIn(str(self.folder / "state"), terminal.text)
        self.check_wiring()
        self.check_pages()
        support.wait_for("a sample", lambda: self.prometheus(
            "query", query="up")["result"])
        seen = time.time()
        pids = children(terminal.process.pid)
        self.assertEqual(len(pids), 3, pids)
        os.write(terminal.master, CTRL_C)
        self.assertEqual(terminal.wait(), 0, terminal.text)
        self.assert_nothing_left(pids.values())

        again = self.start()
        self.wait_until_up(again)
        self.assertTrue(self.prometheus("query", query="up", time=seen)["result"])
        os.write(again.master, CTRL_C)
        self.assertEqual(again.wait(), 0, again.text)

    def test_another_user_may_start_it(self):
        if os.geteuid() != 0:
            self.skipTest("needs root to become another user")
        os.chown(self.folder, NOBODY, NOBODY)
        terminal = self.start(user=NOBODY)
        self.wait_until_up(terminal)
        self.check_wiring()
        os.write(terminal.master, CTRL_C)
        self.assertEqual(terminal.wait(), 0, terminal.text)

    def test_a_port_that_is_taken(self):
        for name in NAMES:
            with self.subTest(name), socket.create_server(
                    ("127.0.0.1", 0)) as listener:
                port = listener.getsockname()[1]
                terminal = self.start(**{name: port})
                self.assertEqual(terminal.wait(), 1)
                self.assertEqual(
                    terminal.text.splitlines(),
                    [f"Port {port} of 127.0.0.1 is taken; another one for "
                     f"{name}: --{name}-port N"])

    def test_the_end_of_one_is_the_end_of_all(self):
        terminal = self.start()
        self.wait_until_up(terminal)
        pids = children(terminal.process.pid)
        os.kill(pids["prometheus-alertmanager"], signal.SIGKILL)
        self.assertEqual(terminal.wait(), 1, terminal.text)
        self.assertIn("alertmanager has ended with status 137; the end of "
                      f"{self.folder / 'state' / 'alertmanager.log'}:",
                      terminal.text)
        self.assertIn("Completed loading of configuration file", terminal.text)
        self.assert_nothing_left(pids.values())

    def test_nobody_outlives_it(self):
        terminal = self.start()
        self.wait_until_up(terminal)
        pids = children(terminal.process.pid)
        terminal.process.kill()
        terminal.wait()
        self.assert_nothing_left(pids.values())

    def test_one_that_cannot_start(self):
        (self.folder / "state").mkdir()
        (self.folder / "state" / "prometheus").write_text("not a folder")
        terminal = self.start()
        self.assertEqual(terminal.wait(), 1, terminal.text)
        self.assertIn("Cannot write to", terminal.text)

    def test_wrong_options(self):
        for options in (["--prometheus-port", "nine"], ["--grafana-port", "3000"],
                        ["--state"]):
            with self.subTest(options):
                run = subprocess.run([STACK, support.PROGRAM, *options],
                                     capture_output=True, text=True, check=False)
                self.assertEqual(run.returncode, 64)
                self.assertEqual(len(run.stderr.splitlines()), 1)


if __name__ == "__main__":
    support.main()
