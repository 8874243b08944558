"""All threads at once: scrapes, documents, reloads, ends, alerts, the end.

It is for ThreadSanitizer: .ci/run builds the program with it, and a race that
it finds ends the program.
"""

import contextlib
import http.client
import itertools
import os
import signal
import socket
import threading

import receiver
import support

CLIENTS = 8
REQUESTS = 12  # of each client
RELOADS = 10
PATHS = ("/metrics", "/api/v1/report", "/metrics?collect[]=sessions",
         "/api/v1/sessions", "/")


class Alertmanager(receiver.Receiver):
    """Takes everything."""

    def __init__(self):
        self.messages = 0
        super().__init__()

    def received(self, path, headers, document):
        self.messages += 1


class Threads(support.Scratch):

    def setUp(self):
        super().setUp()
        self.listener = self.enterContext(
            socket.create_server(("127.0.0.1", 0)))
        self.receiver = self.enterContext(Alertmanager())
        self.write("ssh_config", "Host *\n  ServerAliveInterval 0\n")
        self.configure(0)
        self.exporter = self.enterContext(support.Exporter(
            "--config.file", self.folder / "c.ini", "--web.enable-lifecycle"))
        self.failures = []

    def configure(self, number, max_requests=40):
        """Each number differs from the one before in much. There is always a
        finding, of which Alertmanager is told."""
        odd = number % 2
        self.write("c.ini", "\n".join((
            f"[sessions]\nports = {self.listener.getsockname()[1]}",
            f"[policy]\npath_idle_timeout = {300 + odd}s",
            f"[ssh]\nconfig = {self.folder}/ssh_config",
            f"[ends]\nkeep = {100 + odd}",
            f"state_file = {self.folder}/{odd}/ends.json",
            f"[web]\nmax_requests = {max_requests}",
            f"[alertmanager]\nurl = {self.receiver.url}",
            f"interval = {1 + odd}s\nlongest_hold = 1s",
            f"state_file = {self.folder}/{odd}/alerts.json",
            f"[log]\nformat = {'json' if odd else 'logfmt'}", "")))

    def ask(self, first):
        """One client, whose requests begin at one of the paths."""
        paths = itertools.islice(itertools.cycle(PATHS), first,
                                 first + REQUESTS)
        try:
            for path in paths:
                connection = http.client.HTTPConnection(
                    "127.0.0.1", self.exporter.port,
                    timeout=support.PATIENCE_SECONDS)
                with contextlib.closing(connection):
                    connection.request("GET", path)
                    response = connection.getresponse()
                    response.read()
                if response.status != 200:
                    raise AssertionError(f"{path}: {response.status}")
        except Exception as error:  # for the thread of the test
            self.failures.append(error)

    def connect_and_end(self, stop):
        """Sessions come and go."""
        while not stop.wait(0.05):
            client = socket.create_connection(self.listener.getsockname())
            server = self.listener.accept()[0]
            client.send(b"SSH-2.0-test\r\n")
            stop.wait(0.05)
            client.close()
            server.close()

    def run_beside(self, *actions):
        threads = [threading.Thread(target=action) for action in actions]
        for thread in threads:
            thread.start()
        return threads

    def clients(self):
        return self.run_beside(*(lambda first=number: self.ask(first)
                                 for number in range(CLIENTS)))

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.exporter.process.pid}/fd"))

    def test_all_at_once(self):
        stop = threading.Event()
        self.addCleanup(stop.set)
        ending = self.run_beside(lambda: self.connect_and_end(stop))
        clients = self.clients()
        for number in range(1, RELOADS + 1):
            self.configure(number)
            self.assertEqual(
                self.exporter.request("/-/reload", "POST").status, 200)
        support.wait_for("a message to Alertmanager",
                         lambda: self.receiver.messages)
        for thread in clients:
            thread.join()
        self.assertEqual(self.failures, [])
        # The end comes while some are served.
        leaving = self.clients()
        self.assertEqual(self.exporter.end(), 0, self.exporter.output())
        stop.set()
        for thread in leaving + ending:
            thread.join()

    def test_the_server_is_opened_anew(self):
        """Of the clients meanwhile some find none, and none waits in vain."""
        self.ask(0)
        before = self.descriptors()
        for number in range(1, 4):
            clients = self.clients()
            self.configure(number, max_requests=40 + number)
            self.exporter.process.send_signal(signal.SIGHUP)
            support.wait_for("another server", lambda: number <=
                             self.exporter.output().count("server anew"))
            for thread in clients:
                thread.join()
        for failure in self.failures:
            self.assertIsInstance(failure, ConnectionError)
        support.wait_for("as few descriptors as before",
                         lambda: self.descriptors() <= before)
        self.assertEqual(self.exporter.end(), 0, self.exporter.output())


if __name__ == "__main__":
    support.main()
