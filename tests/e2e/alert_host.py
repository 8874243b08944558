"""A host that tells Alertmanagers of its one finding that alerts, and such
servers, which answer as they are told to. alerting_test.py has the real one."""

import signal
import socket
import time

import receiver
import support

ALERT = "SSHKeepaliveRefreshTooLate"
COUNTS = "ssh_keepalive_alertmanager_notifications_{}_total"
INTERVAL = 1  # s
# Far longer than a scrape takes, far shorter than a server here may hang.
PROMPT_SECONDS = 10
TIMEOUT = 120  # s, of messages to servers that hang


class Alertmanager(receiver.Receiver):
    """Keeps the alerts of each message, and answers as it is told to."""

    def __init__(self, status=200, port=0, tls=None):
        self.messages = []  # lists of alerts, whatever was answered
        self.headers = []
        self.status = status
        self.answer = None  # in place of the usual one: called with the handler
        super().__init__(port, tls)

    def received(self, path, headers, document):
        self.headers.append((path, headers))
        self.messages.append(document)

    def respond(self, handler):
        if self.answer:
            self.answer(handler)
            return
        handler.send_response(self.status)
        if self.status in (301, 307):
            handler.send_header("Location", f"{self.url}/api/v2/alerts")
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def wait_for_message(self, more=1):
        wanted = len(self.messages) + more
        support.wait_for("a message", lambda: len(self.messages) >= wanted)
        return self.messages[-1]


class Hanging:
    """Takes connections and never answers."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"


class Host(support.Scratch):
    """Sends nothing over a path that forgets after 300 s."""

    def setUp(self):
        super().setUp()
        self.write("root/proc/.keep", "")
        self.write("root/proc/net/tcp", "  sl  local_address rem_address   st "
                   "tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n")
        self.write_kernel_defaults("root")
        self.write("root/etc/ssh/ssh_config", "ServerAliveInterval 60\n")
        self.break_it()

    def break_it(self):
        self.write("root/etc/ssh/sshd_config", "ClientAliveInterval 0\n")

    def fix_it(self):
        self.write("root/etc/ssh/sshd_config", "ClientAliveInterval 60\n")

    def configuration(self, *urls, **keys):
        keys = {"interval": INTERVAL, "longest_hold": 1, "state_file": "none",
                "labels": "job=ssh_keepalive, instance=host1:10722",
                "timeout": TIMEOUT} | keys
        return self.write("exporter.ini", "\n".join((
            "[policy]", "path_idle_timeout = 300", "[alertmanager]",
            *([f"url = {', '.join(urls)}"] if urls else []),
            *(f"{key} = {value}" for key, value in keys.items()), "")))

    def start(self, *urls, **keys):
        return self.enterContext(support.Exporter(
            "--config.file", self.configuration(*urls, **keys),
            "--root", self.folder / "root"))

    def reload(self, exporter, *urls, **keys):
        reloads = exporter.output().count("configuration reloaded")
        self.configuration(*urls, **keys)
        exporter.process.send_signal(signal.SIGHUP)
        support.wait_for("the reload", lambda: exporter.output().count(
            "configuration reloaded") > reloads)

    def count(self, exporter, what, url=0):
        return exporter.scrape().value(COUNTS.format(what), url=str(url))

    def wait_for_count(self, exporter, what, at_least=1, url=0):
        support.wait_for(what, lambda: self.count(exporter, what, url)
                         >= at_least)

    def wait_for_log(self, exporter, *words):
        return support.wait_for(f"{words} in the log", lambda: [
            line for line in exporter.output().splitlines()
            if all(word in line for word in words)])

    def check_end(self, exporter):
        """A server that hangs delays nothing."""
        before = time.monotonic()
        self.assertEqual(exporter.end(), 0)
        self.assertLess(time.monotonic() - before, PROMPT_SECONDS)
