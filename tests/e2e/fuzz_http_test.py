"""Mutated requests over the socket, to the program itself: whatever comes, the
next client is served. CI runs this under the sanitizers as well.
SSH_KEEPALIVE_LONG=1 searches for ten minutes, from another seed each time.
"""

import contextlib
import os
import random
import socket
import struct
import time
import unittest

import faults
import support

LONG = bool(os.environ.get("SSH_KEEPALIVE_LONG"))
SECONDS = 600 if LONG else 8
ALIVE_EACH = 200
# AddressSanitizer keeps what was freed for a while: 256 MiB, and a MiB of each
# thread, if nobody says otherwise; and its heap of each thread has gaps.
ENVIRONMENT = os.environ | {
    "ASAN_OPTIONS": "quarantine_size_mb=16:thread_local_quarantine_size_kb=64:"
                    + os.environ.get("ASAN_OPTIONS", "")}
MAX_GROWTH_KIBIBYTES = (256 if support.is_sanitized() else 16) << 10
TOKEN = "0123456789abcdefTOKEN"
SEEDS = [path.read_bytes() for path in sorted(
    (support.REPOSITORY / "tests/fixtures/http_requests").iterdir())]
WORDS = [b"\r\n", b"\r\n\r\n", b"\n", b"\0", b" ", b"\t", b"%00", b"%", b"..",
         b"/", b"?", b"&", b"=", b"+", b"collect[]=", b"exclude[]=", b"private",
         b"sysctl", b"HTTP/1.1", b"HTTP/2.0", b"PRI * HTTP/2.0\r\n\r\nSM\r\n",
         b"Content-Length: 18446744073709551616", b"Content-Length: 0",
         b"Transfer-Encoding: chunked", b"Expect: 100-continue",
         b"Connection: keep-alive", b"Upgrade: websocket", b"Range: bytes=0-",
         b"Accept-Encoding: gzip;q=", b"Authorization: Basic ",
         b"Authorization: Bearer ", b"Authorization: Digest username=\"",
         b"X-Prometheus-Scrape-Timeout-Seconds: 1e-9", b"Host:", b"\xff\xfe",
         b"a" * 1000, b"A: b\r\n" * 100, b"../" * 50]


def mutated(choose):
    request = bytearray(choose.choice(SEEDS))
    for _ in range(choose.choice((1, 2, 4, 16))):
        place = choose.randrange(len(request) + 1)
        what = choose.randrange(5)
        if what == 0:
            request[place:place] = choose.choice(WORDS)
        elif what == 1 and request:
            request[place - 1] = choose.randrange(256)
        elif what == 2:
            del request[place:place + choose.choice((1, 8, 64))]
        elif what == 3:
            other = choose.choice(SEEDS)
            request[place:] = other[choose.randrange(len(other)):]
        else:
            request[place:place] = request[:choose.choice((4, 64))]
    return bytes(request)


class Mutations(support.Scratch):

    def send(self, request, choose):
        """All that comes back; now and then not waited for."""
        with socket.create_connection(("127.0.0.1", self.exporter.port),
                                      support.PATIENCE_SECONDS) as client:
            # Reset at the end: no port waits for late packets.
            client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER,
                              struct.pack("ii", 1, 0))
            answer = b""
            with contextlib.suppress(OSError):  # it may have closed already
                cut = choose.randrange(len(request) + 1)
                client.sendall(request[:cut])
                client.sendall(request[cut:])
                if choose.randrange(10) == 0:
                    return answer
                client.shutdown(socket.SHUT_WR)
                while received := client.recv(65536):
                    answer += received
            return answer

    def test_mutated_requests(self):
        token = self.write("token", TOKEN + "\n")
        configuration = self.write(
            "c.ini", f"[web]\nprivate_token_file = {token}\n"
            "[ends]\nstate_file = none\n")
        self.exporter = self.enterContext(faults.Exporter(
            "--root", support.FIXTURE_HOSTS / "busy", "--config.file",
            configuration, environment=ENVIRONMENT))
        seed = random.randrange(1 << 32) if LONG else 9
        choose = random.Random(seed)
        end = time.monotonic() + SECONDS
        statuses, first = {}, None
        count = 0
        while time.monotonic() < end:
            request = mutated(choose)
            answer = self.send(request, choose)
            count += 1
            self.assertNotIn(TOKEN.encode(), answer)
            # CivetWeb repeats a malformed version, or has no head at all.
            status = answer[9:12].decode() if answer.startswith(
                b"HTTP/1.1 ") else "other"
            statuses[status] = statuses.get(status, 0) + 1
            if count % ALIVE_EACH == 0:
                self.assertEqual(
                    self.exporter.request("/-/healthy").status, 200)
                resident = faults.status_kibibytes(self.exporter.pid, "VmRSS")
                first = first or resident
                self.assertLess(resident - first, MAX_GROWTH_KIBIBYTES)
        self.assertEqual(self.exporter.request("/metrics").status, 200)
        self.assertEqual(self.exporter.end(), 0)
        print(f"seed {seed}: {count} requests, answers "
              f"{dict(sorted(statuses.items()))}", flush=True)


class Pipelined(unittest.TestCase):

    def answer(self, request):
        with support.Exporter() as exporter, socket.create_connection(
                ("127.0.0.1", exporter.port)) as client:
            answer = b""
            with contextlib.suppress(ConnectionError):
                client.sendall(request)
                while received := client.recv(65536):
                    answer += received
            self.assertEqual(exporter.request("/-/healthy").status, 200)
            return answer

    def test_one_answer_for_one_connection(self):
        """What a proxy might take for the next request is never answered."""
        for first in (b"GET /-/healthy HTTP/1.1\r\n\r\n",
                      b"POST /-/reload HTTP/1.1\r\nContent-Length: 5\r\n\r\n",
                      b"POST /-/reload HTTP/1.1\r\nContent-Length: 5\r\n"
                      b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"):
            answer = self.answer(first + b"GET /metrics HTTP/1.1\r\n\r\n" * 50)
            self.assertEqual(answer.count(b"HTTP/1.1 "), 1)
            self.assertNotIn(b"ssh_keepalive", answer)

    def test_header_floods_are_refused(self):
        for flood in (b"A: b\r\n" * 5000, b"A: b\r\n" * 100_000,
                      b"A: " + b"b" * 20_000 + b"\r\n"):
            answer = self.answer(b"GET /metrics HTTP/1.1\r\n" + flood +
                                 b"\r\n")
            self.assertNotIn(b" 200 ", answer[:20])

    def test_oversized_requests_are_refused(self):
        for length in (20_000, 1_000_000):
            answer = self.answer(b"GET /" + b"a" * length +
                                 b" HTTP/1.1\r\n\r\n")
            self.assertNotIn(b" 200 ", answer[:20])


if __name__ == "__main__":
    support.main()
