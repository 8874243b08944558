"""What the end-to-end tests share: the program under test, and waiting.

CTest names the program and the folder of the unpacked daemons in the
environment; by hand the defaults are what ./test builds.
"""

import dataclasses
import http.client
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(
    os.environ.get(
        "SSH_KEEPALIVE_EXPORTER",
        REPOSITORY / "build/test/exporter/ssh_keepalive_exporter"))
DAEMONS = pathlib.Path(
    os.environ.get("SSH_KEEPALIVE_DAEMONS", REPOSITORY / "build/daemons"))
FIXTURE_HOSTS = REPOSITORY / "tests/fixtures/hosts"
GOLDENS = REPOSITORY / "tests/golden"

# Where `serve` keeps what it has seen: of each test file its own, and nothing
# on the machine.
_STATE = tempfile.TemporaryDirectory(prefix="ssh_keepalive_state_")
os.environ["STATE_DIRECTORY"] = _STATE.name

# Long enough for a loaded machine under a sanitizer. It is how long a failure
# takes, never how long a success waits.
PATIENCE_SECONDS = 60
SKIPPED = 77  # SKIP_RETURN_CODE in CMakeLists.txt


def daemon(path):
    """A program of the packages that ./test unpacks, like usr/sbin/sshd."""
    program = DAEMONS / path
    if not program.exists():
        raise FileNotFoundError(f"{program} is missing; ./test unpacks it")
    return str(program)


def is_sanitized():
    """Whether the program under test was built with AddressSanitizer."""
    return b"__asan_init" in PROGRAM.read_bytes()


def with_libraries():
    """An environment in which daemons find those unpacked with them."""
    folders = [str(path) for pattern in ("lib/*-linux-*", "usr/lib/*-linux-*")
               for path in sorted(DAEMONS.glob(pattern))]
    folders += [folder + "/systemd" for folder in folders]
    return os.environ | {"LD_LIBRARY_PATH": ":".join(folders)}


def wait_for(what, condition):
    """Polls until `condition()` is true and returns its value."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.02)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def run_program(*arguments, user=None, through=()):
    """Runs one command of the program to its end, as a user of that uid; behind
    the words of `through` in its command."""
    identity = {} if user is None else {"user": user, "group": user,
                                        "extra_groups": []}
    return subprocess.run([*through, str(PROGRAM), *map(str, arguments)],
                          stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, errors="surrogateescape",
                          timeout=PATIENCE_SECONDS, check=False, **identity)


class Daemon:
    """A process in the foreground that ends with its test."""

    def __init__(self, *command, environment=None):
        self.log = tempfile.TemporaryFile()
        self.process = subprocess.Popen(list(map(str, command)),
                                        stdin=subprocess.DEVNULL,
                                        stdout=self.log, stderr=self.log,
                                        env=environment)

    def output(self):
        return os.pread(self.log.fileno(), 1 << 24, 0).decode(errors="replace")

    def is_up(self, condition):
        """For wait_for: `condition()`, or an error once the process is gone."""
        if self.process.poll() is not None:
            raise AssertionError(
                f"{self.process.args} ended with {self.process.returncode}:\n"
                f"{self.output()}")
        return condition()

    def end(self, with_signal=signal.SIGTERM):
        """Returns the exit status; below zero: killed by that signal."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        try:
            return self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        self.log.close()


@dataclasses.dataclass
class Response:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    @property
    def text(self):
        return self.body.decode()


class HttpDaemon(Daemon):
    """A daemon that serves HTTP on 127.0.0.1, ready when created."""

    def __init__(self, port, ready_path, *command, environment=None):
        super().__init__(*command, environment=environment)
        self.port = port
        try:
            wait_for(f"{ready_path} of {command[0]}",
                     lambda: self.is_up(lambda: self._answers(ready_path)))
        except BaseException:
            self.process.kill()
            self.__exit__()
            raise

    def _answers(self, path):
        try:
            return self.request(path).status == 200
        except (OSError, http.client.HTTPException):
            return False

    def request(self, path, method="GET", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port,
                                                timeout=PATIENCE_SECONDS)
        try:
            connection.request(method, path, headers=headers or {})
            response = connection.getresponse()
            return Response(response.status, response.headers, response.read())
        finally:
            connection.close()


class Exporter(HttpDaemon):
    """The program under test, serving."""

    def __init__(self, *arguments, port=None):
        port = port or free_port()
        super().__init__(port, "/-/ready", PROGRAM, "serve",
                         f"--web.listen-address=127.0.0.1:{port}", *arguments)

    def scrape(self, *collect):
        query = urllib.parse.urlencode([("collect[]", name)
                                        for name in collect])
        response = self.request("/metrics" + (f"?{query}" if query else ""))
        if response.status != 200:
            raise AssertionError(f"{response.status}: {response.text}")
        return Exposition(response.text)


SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)")
LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"(?:,|$)')


class Exposition:
    """Metrics in Prometheus' text format. Equal series are an error."""

    def __init__(self, text):
        self.text = text
        self.types = {}
        self.samples = {}  # (name, sorted labels) → value
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                if name in self.types:
                    raise AssertionError(f"two families {name}")
                self.types[name] = kind
            elif not line.startswith("#"):
                self._add(line)

    def _add(self, line):
        match = SAMPLE.fullmatch(line)
        if match is None:
            raise AssertionError(f"no sample: {line!r}")
        labels = LABEL.findall(match[2] or "")
        key = match[1], tuple(sorted(labels))
        if key in self.samples:
            raise AssertionError(f"two series {line!r}")
        self.samples[key] = float(match[3])

    def series(self, name, **labels):
        """The values of all series with that name and these labels, by labels."""
        wanted = set(labels.items())
        return {key[1]: value for key, value in self.samples.items()
                if key[0] == name and wanted <= set(key[1])}

    def value(self, name, **labels):
        """The value of the one series with that name and these labels."""
        found = self.series(name, **labels)
        if len(found) != 1:
            raise AssertionError(f"{name} {labels}: {found or 'no series'}")
        return next(iter(found.values()))


class Scratch(unittest.TestCase):
    """A test with a folder of its own, `self.folder`."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="ssh_keepalive_"))
        self.addCleanup(shutil.rmtree, self.folder)

    def write(self, name, text):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def write_kernel_defaults(self, root):
        """Linux's, of a host whose root is that folder of this one."""
        for name, value in (("keepalive_time", 7200), ("keepalive_intvl", 75),
                            ("keepalive_probes", 9), ("retries2", 15)):
            self.write(f"{root}/proc/sys/net/ipv4/tcp_{name}", f"{value}\n")


def lint(exposition):
    """What promtool has to say against it: empty when nothing."""
    checked = subprocess.run([daemon("usr/bin/promtool"), "check", "metrics"],
                             input=exposition, capture_output=True, text=True,
                             timeout=PATIENCE_SECONDS, check=False)
    return checked.stdout + checked.stderr


def sysctl(name):
    path = pathlib.Path("/proc/sys/net/ipv4", name)
    return int(path.read_text()) if path.exists() else None


def main():
    """unittest.main, but a test that did not run is reported to CTest."""
    result = unittest.main(exit=False, verbosity=2).result
    for test, reason in result.skipped:
        print(f"NOT RUN: {test}: {reason}", file=sys.stderr)
    if not result.wasSuccessful():
        sys.exit(1)
    sys.exit(SKIPPED if result.skipped else 0)
