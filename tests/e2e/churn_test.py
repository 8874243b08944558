"""Connections that come and go while the kernel's table is walked.

Those that stay are found in every look, once each. As many looks and as many
connections as are wanted, however fast the machine does either.
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
LOOKS = 40
LEAST_CHURNING = 5_000  # connections during the looks
MOST_CHURNING = 1_000_000  # by each of two processes
OPEN_AT_A_TIME = 50
RESET_AT_ONCE = struct.pack("ii", 1, 0)  # leaves no TIME_WAIT behind


def churn(port, churned, enough):
    """Connections, until there are enough; some are open at a time."""
    opened = collections.deque()
    for _ in range(MOST_CHURNING):
        if enough.is_set():
            break
        client = socket.create_connection(("127.0.0.1", port))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
        opened.append(client)
        if len(opened) > OPEN_AT_A_TIME:
            opened.popleft().close()
        with churned.get_lock():
            churned.value += 1
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

    def start_churning(self):
        """The number of connections so far, and what ends it."""
        churned, enough = multiprocessing.Value("l", 0), multiprocessing.Event()
        churners = [multiprocessing.Process(target=churn,
                                            args=(self.port, churned, enough))
                    for _ in range(2)]
        for churner in churners:
            churner.start()
            self.addCleanup(churner.join)
            self.addCleanup(enough.set)
        return churners, churned, enough

    def test_what_stays_is_found_once(self):
        churners, churned, enough = self.start_churning()
        looks, passing = 0, 0
        while looks < LOOKS or churned.value < LEAST_CHURNING:
            for churner in churners:
                self.assertTrue(churner.is_alive(), "it ended by itself")
            sessions = self.look()
            ends = collections.Counter((session["local"], session["peer"])
                                       for session in sessions)
            self.assertEqual({end: ends[end] for end in self.staying},
                             dict.fromkeys(self.staying, 1))
            self.assertEqual(len({session["id"] for session in sessions}),
                             len(sessions))
            passing += len(sessions) - len(self.staying)
            looks += 1
        enough.set()
        for churner in churners:
            churner.join()
            self.assertEqual(churner.exitcode, 0)
        self.assertGreater(passing, 0, "nothing came and went")
        print(f"{looks} looks during {churned.value} connections, of which "
              f"{passing} were seen")


if __name__ == "__main__":
    namespaces.enter()
    support.main()
