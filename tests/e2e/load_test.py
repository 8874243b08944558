"""Many clients at once, slow ones among them: a normal scrape is still quick.

SSH_KEEPALIVE_LONG=1 makes each storm ten times as long.
"""

import contextlib
import os
import selectors
import socket
import threading
import time
import unittest

import support

SLOW_CLIENTS = 100
SCRAPES_AT_ONCE = 1000
MAX_SCRAPE_SECONDS = 1  # what the requirement says
STORM_SECONDS = 6 * (10 if os.environ.get("SSH_KEEPALIVE_LONG") else 1)
REQUEST = (b"GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
           b"Accept-Encoding: gzip\r\n\r\n")


class Drip:
    """Clients that send a byte of a request's head now and then, and never an
    end of it. Whom the server turns out comes back at once."""

    STEP_SECONDS = 0.05

    def __init__(self, port, count):
        self.port = port
        self.count = count
        self.stop = threading.Event()
        self.opened = 0
        self.thread = threading.Thread(target=self.run)

    def connect(self):
        client = socket.create_connection(("127.0.0.1", self.port))
        client.setblocking(False)
        self.opened += 1
        client.send(b"GET /metrics HTTP/1.1\r\nX-Drip: ")
        return client

    def run(self):
        with contextlib.ExitStack() as stack:
            clients = [self.connect() for _ in range(self.count)]
            stack.callback(lambda: [client.close() for client in clients])
            while not self.stop.wait(self.STEP_SECONDS):
                for place, client in enumerate(clients):
                    try:
                        client.send(b"a")
                        if client.recv(4096):
                            continue
                    except BlockingIOError:
                        continue
                    except ConnectionError:
                        pass
                    client.close()
                    clients[place] = self.connect()

    def __enter__(self):
        self.thread.start()
        support.wait_for("all slow clients", lambda: self.opened >= self.count)
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()


class Load(unittest.TestCase):

    def setUp(self):
        self.exporter = self.enterContext(support.Exporter())

    def scrape(self):
        """How long it takes."""
        began = time.monotonic()
        self.exporter.scrape()
        return time.monotonic() - began

    def scrape_for(self, seconds):
        """Scrapes now and then; the longest one."""
        longest, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            longest = max(longest, self.scrape())
            time.sleep(0.1)
        return longest

    def tell(self, what, longest):
        print(f"{what}: the longest scrape took {longest * 1e3:.0f} ms",
              flush=True)
        self.assertLessEqual(longest, MAX_SCRAPE_SECONDS)

    def test_drip_feeding_clients(self):
        with Drip(self.exporter.port, SLOW_CLIENTS) as drip:
            longest = self.scrape_for(STORM_SECONDS)
        self.tell(f"{SLOW_CLIENTS} drip-feeding clients, {drip.opened} "
                  "connections", longest)

    def test_clients_that_do_not_read(self):
        """With windows so small that no answer fits."""
        with contextlib.ExitStack() as stack:
            for _ in range(SLOW_CLIENTS):
                client = stack.enter_context(socket.socket())
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_MAXSEG, 88)
                client.connect(("127.0.0.1", self.exporter.port))
                client.send(b"GET /metrics HTTP/1.1\r\n\r\n")
            self.tell(f"{SLOW_CLIENTS} clients that do not read",
                      self.scrape_for(STORM_SECONDS))

    def storm(self, count):
        """That many requests at once; the statuses of the answers."""
        selector = selectors.DefaultSelector()
        clients = []
        for _ in range(count):
            client = socket.socket()
            client.setblocking(False)
            client.connect_ex(("127.0.0.1", self.exporter.port))
            selector.register(client, selectors.EVENT_WRITE, bytearray())
            clients.append(client)
        statuses = []
        while selector.get_map():
            for key, events in selector.select(support.PATIENCE_SECONDS):
                client, answer = key.fileobj, key.data
                try:
                    if events & selectors.EVENT_WRITE:
                        client.send(REQUEST)
                        selector.modify(client, selectors.EVENT_READ, answer)
                        continue
                    received = client.recv(65536)
                except ConnectionError:
                    received = b""
                if received:
                    answer += received
                    continue
                statuses.append(bytes(answer[9:12]))
                selector.unregister(client)
                client.close()
        return statuses

    def test_a_thousand_scrapes_at_once(self):
        statuses = []
        began = time.monotonic()
        thread = threading.Thread(
            target=lambda: statuses.extend(self.storm(SCRAPES_AT_ONCE)))
        thread.start()
        longest = 0
        while thread.is_alive():
            longest = max(longest, self.scrape())
        took = time.monotonic() - began
        counts = {status: statuses.count(status) for status in set(statuses)}
        print(f"{SCRAPES_AT_ONCE} scrapes at once: {counts} in {took:.2f} s")
        self.tell("beside them", longest)


if __name__ == "__main__":
    support.main()
