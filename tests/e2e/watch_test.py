"""`sessions` and `sessions --watch` on terminals, pipes and fixture hosts."""

import contextlib
import fcntl
import json
import os
import pathlib
import pty
import re
import signal
import struct
import subprocess
import termios
import unittest

import support

KEYS = ["id", "role", "phase", "netns", "local", "peer", "user", "tty", "pid",
        "process", "implementation", "state", "age_seconds",
        "wire_silence_at_most_seconds", "keepalive", "timer", "outdated",
        "observed_refresh", "refresh", "dead_peer", "fate"]


class Terminal:
    """The program on a pseudo terminal of that size."""

    def __init__(self, *arguments, columns=100, lines=20, **environment):
        self.master, slave = pty.openpty()
        self.resize(columns, lines)
        self.before = termios.tcgetattr(self.master)
        environment = {"TERM": "xterm", "PATH": os.environ["PATH"],
                       **environment}
        self.process = subprocess.Popen(
            [support.PROGRAM, "sessions", *map(str, arguments)],
            stdin=slave, stdout=slave, stderr=slave, env=environment,
            preexec_fn=lambda: (os.setsid(), fcntl.ioctl(
                0, termios.TIOCSCTTY, 0)))
        os.close(slave)
        os.set_blocking(self.master, False)
        self.output = ""

    def resize(self, columns, lines):
        fcntl.ioctl(self.master, termios.TIOCSWINSZ,
                    struct.pack("HHHH", lines, columns, 0, 0))

    def read(self):
        with contextlib.suppress(BlockingIOError, OSError):  # EIO: it ended
            self.output += os.read(self.master, 1 << 20).decode()
        return self.output

    def wait_for(self, what, count=1):
        support.wait_for(repr(what), lambda: self.read().count(what) >= count)

    def end(self):
        def ended():
            self.read()
            return self.process.poll() is not None
        support.wait_for("its end", ended)
        self.read()
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)


HIDE, SHOW, HOME, CLEAR = "\x1b[?25l", "\x1b[?25h", "\x1b[H", "\x1b[H\x1b[2J"
BUSY = ("--root", support.FIXTURE_HOSTS / "busy")


class OnATerminal(unittest.TestCase):

    def start(self, *arguments, **options):
        return self.enterContext(Terminal(*BUSY, *arguments, **options))

    def test_refreshes_in_place_until_ctrl_c(self):
        terminal = self.start("--watch=0.1")
        terminal.wait_for(HOME, 4)
        os.write(terminal.master, b"\x03")
        self.assertEqual(terminal.end(), 0)
        self.assertEqual(terminal.output.count(CLEAR), 1, "no flicker")
        self.assertTrue(terminal.output.startswith(HIDE))
        self.assertTrue(terminal.output.rstrip().endswith(SHOW))
        self.assertIn("9 sessions (6 server, 3 client)", terminal.output)
        self.assertIn("\x1b[31mserver", terminal.output)

    def test_no_line_wraps_and_the_screen_does_not_scroll(self):
        for columns, lines in ((100, 20), (80, 24), (40, 8), (20, 3)):
            with self.subTest(columns=columns), Terminal(
                    *BUSY, "--watch=0.1", columns=columns, lines=lines,
                    NO_COLOR="1") as terminal:
                terminal.wait_for(HOME, 3)
                frame = terminal.output.split(HOME)[-2]
                shown = re.split("\r+\n", frame.removesuffix("\x1b[J"))
                self.assertLessEqual(len(shown), lines)
                for line in shown:
                    self.assertLessEqual(len(line.removesuffix("\x1b[K")),
                                         columns)

    def test_resize_redraws_at_once(self):
        terminal = self.start("--watch=3600")
        terminal.wait_for("FATE")
        terminal.resize(40, 10)
        terminal.wait_for(CLEAR, 2)
        terminal.wait_for("... and ")

    def test_other_signals_give_the_cursor_back(self):
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            with self.subTest(number), Terminal(
                    *BUSY, "--watch=3600") as terminal:
                terminal.wait_for("FATE")
                terminal.process.send_signal(number)
                self.assertEqual(terminal.end(), 0)
                self.assertTrue(terminal.output.rstrip().endswith(SHOW))

    def test_stopped_and_continued(self):
        terminal = self.start("--watch=3600")
        terminal.wait_for("FATE")
        terminal.process.send_signal(signal.SIGTSTP)
        terminal.wait_for(SHOW)
        state = lambda: pathlib.Path(
            f"/proc/{terminal.process.pid}/stat").read_text().split()[2]
        support.wait_for("it to stop", lambda: state() == "T")
        terminal.process.send_signal(signal.SIGCONT)
        terminal.wait_for(HIDE, 2)
        terminal.wait_for("FATE", 2)

    def test_modes_of_the_terminal_are_left_alone(self):
        terminal = self.start("--watch=0.1")
        terminal.wait_for(HOME, 2)
        os.write(terminal.master, b"\x03")
        terminal.end()
        self.assertEqual(termios.tcgetattr(terminal.master), terminal.before)

    def test_no_color(self):
        terminal = self.start(NO_COLOR="1")
        self.assertEqual(terminal.end(), 0)
        self.assertNotIn("\x1b", terminal.output)
        terminal = self.start()
        self.assertEqual(terminal.end(), 0)
        self.assertIn("\x1b[31m", terminal.output)

    def test_dumb_terminal_gets_one_table_after_the_other(self):
        terminal = self.start("--watch=0.1", TERM="dumb")
        terminal.wait_for("9 sessions", 3)
        os.write(terminal.master, b"\x03")
        self.assertEqual(terminal.end(), 0)
        self.assertNotIn("\x1b", terminal.output)

    def test_one_look_fits_the_terminal(self):
        for columns in (80, 100, 120):
            terminal = self.start(columns=columns, NO_COLOR="1")
            self.assertEqual(terminal.end(), 0)
            table = terminal.output.split("\r\n\r\n")[0].split("\r\n")
            self.assertEqual(len(table), 10)
            self.assertLessEqual(max(map(len, table)), columns)

    def test_terminal_that_goes_away(self):
        terminal = Terminal(*BUSY, "--watch=0.1")
        terminal.wait_for(HOME, 2)
        os.close(terminal.master)
        self.assertIn(terminal.process.wait(support.PATIENCE_SECONDS), (0, 1))


class OnAPipe(unittest.TestCase):

    def start(self, *arguments):
        process = subprocess.Popen(
            [support.PROGRAM, "sessions", *map(str, (*BUSY, *arguments))],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        return process

    def assert_quiet_end(self, process):
        self.assertEqual(process.wait(support.PATIENCE_SECONDS), 0)
        self.assertEqual(process.stderr.read(), "")

    def test_tables_with_their_times(self):
        process = self.start("--watch=0.1")
        text = "".join(process.stdout.readline() for _ in range(28))
        process.send_signal(signal.SIGINT)
        first, second = text.split("\n\n2")
        self.assertNotIn("\x1b", text)
        for part in (first, second):
            self.assertRegex(part.splitlines()[0],
                             r"\d-\d\d-\d\d \d\d:\d\d:\d\d, every 0.1 s$")
            self.assertTrue(part.splitlines()[1].startswith("ROLE "))
        self.assertIn("9 sessions", first)
        process.stdout.read()
        self.assert_quiet_end(process)

    def test_json_is_one_document_a_line(self):
        process = self.start("--watch=0.1", "--format=json")
        for _ in range(3):
            document = json.loads(process.stdout.readline())
            self.assertEqual(document["version"], 1)
            self.assertEqual(len(document["sessions"]), 9)
        process.send_signal(signal.SIGTERM)
        process.stdout.read()
        self.assert_quiet_end(process)

    def test_reader_that_has_seen_enough(self):
        for arguments in ((), ("--watch=0.1",), ("--format=json",),
                          ("--watch=0.1", "--format=json")):
            with self.subTest(arguments):
                process = self.start(*arguments)
                process.stdout.close()
                self.assert_quiet_end(process)

    def test_full_disk_is_a_failure(self):
        for arguments in ((), ("--watch=0.1",)):
            with open("/dev/full", "wb") as full:
                ended = subprocess.run(
                    [support.PROGRAM, "sessions", *map(str, BUSY), *arguments],
                    stdout=full, stderr=subprocess.PIPE, check=False,
                    timeout=support.PATIENCE_SECONDS)
            self.assertEqual(ended.returncode, 1)
            self.assertEqual(len(ended.stderr.splitlines()), 1)


class FixtureHosts(unittest.TestCase):

    def test_text_and_json_of_each(self):
        for host in sorted(path.name for path in support.FIXTURE_HOSTS.iterdir()
                           if path.is_dir()):
            with self.subTest(host):
                root = support.FIXTURE_HOSTS / host
                text = support.run_program("sessions", "--root", root)
                run = support.run_program("sessions", "--root", root,
                                          "--format=json")
                self.assertEqual(run.returncode, text.returncode)
                self.assertEqual(run.returncode, 1 if host == "garbage" else 0)
                document = json.loads(run.stdout)
                self.assertEqual(list(document), ["version", "sessions"])
                for session in document["sessions"]:
                    self.assertEqual(list(session), KEYS)
                self.check_text(text.stdout, len(document["sessions"]))

    def check_text(self, text, count):
        self.assertNotIn("\x1b", text)
        if count == 0:
            self.assertEqual(len(text.splitlines()), 1)
            self.assertRegex(text, "^No SSH connections. |^Nothing is known ")
            return
        table, rest = text.split("\n\n")
        self.assertEqual(len(table.splitlines()), count + 1)
        self.assertRegex(rest, rf"^{count} sessions? \(")


if __name__ == "__main__":
    support.main()
