"""Connections that come and go while the kernel's table is walked.

Those that stay are found in every look, once each. The numbers are bounded: nothing here runs until a time is up.
"""

import collections
import json
import multiprocessing
import socket
import struct
import unittest

import namespaces
import support

STAYING = 200
CHURNING = 10_000  # by each of two processes
OPEN_AT_A_TIME = 50
LEAST_LOOKS = 10
RESET_AT_ONCE = struct.pack("ii", 1, 0)  # leaves no TIME_WAIT behind


def churn(port, count):
    """That many connections; some are open at a time."""
    opened = collections.deque()
    for _ in range(count):
        client = socket.create_connection(("127.0.0.1", port))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
        opened.append(client)
        if len(opened) > OPEN_AT_A_TIME:
            opened.popleft().close()
    for client in opened:
        client.close()


def accept(listener):
    """Until it is ended; it closes nothing before the other end has."""
    accepted = collections.deque()
    while True:
        accepted.append(listener.accept()[0])
        if len(accepted) > 4 * OPEN_AT_A_TIME:
            accepted.popleft().close()


def text_of(address):
    return "{}:{}".format(*address)


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Churn(support.Scratch):

    def setUp(self):
        super().setUp()
        listener = self.enterContext(
            socket.create_server(("127.0.0.1", 0), backlog=128))
        self.port = listener.getsockname()[1]
        self.staying = set()
        for _ in range(STAYING):
            client = self.enterContext(
                socket.create_connection(listener.getsockname()))
            server = self.enterContext(listener.accept()[0])
            for end in (client, server):
                self.staying.add((text_of(end.getsockname()),
                                  text_of(end.getpeername())))
        acceptor = multiprocessing.Process(target=accept, args=(listener,))
        acceptor.start()
        self.addCleanup(acceptor.join)
        self.addCleanup(acceptor.terminate)
        self.configuration = self.write("exporter.ini",
                                        f"[sessions]\nports = {self.port}\n")

    def look(self):
        run = support.run_program("sessions", "--format=json",
                                  "--config.file", self.configuration)
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)["sessions"]

    def test_what_stays_is_found_once(self):
        churners = [multiprocessing.Process(target=churn,
                                            args=(self.port, CHURNING))
                    for _ in range(2)]
        for churner in churners:
            churner.start()
            self.addCleanup(churner.join)
        looks, passing = 0, 0
        while any(churner.is_alive() for churner in churners):
            sessions = self.look()
            ends = [(session["local"], session["peer"]) for session in sessions]
            self.assertEqual(len(ends), len(set(ends)), "one is there twice")
            self.assertEqual(self.staying - set(ends), set(), "one is missing")
            self.assertEqual(len({session["id"] for session in sessions}),
                             len(sessions))
            passing += len(ends) - len(self.staying)
            looks += 1
        self.assertGreaterEqual(looks, LEAST_LOOKS)
        self.assertGreater(passing, 0, "nothing came and went")
        print(f"{looks} looks, {passing} passing sessions seen")
        for churner in churners:
            churner.join()
            self.assertEqual(churner.exitcode, 0)


if __name__ == "__main__":
    namespaces.enter()
    support.main()
