"""Serves thousands of synthetic hosts on one port: /NUMBER/metrics.

    python3 simulator.py PORT TEMPLATE_FILE...

Host N is made of template N modulo their number. One process, answers without
compression; it says on standard output that it serves.
"""

import asyncio
import pathlib
import sys
import time

from synthetic_host import Template

HEAD = ("HTTP/1.1 200 OK\r\n"
        "Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
        "Content-Length: {}\r\n\r\n")
NOT_FOUND = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"
LONGEST_REQUEST = 8192


class Hosts(asyncio.Protocol):
    """One connection, kept alive for any number of scrapes of any host."""

    def __init__(self, templates, started):
        self.templates = templates
        self.started = started
        self.received = b""

    def connection_made(self, transport):
        self.transport = transport

    def data_received(self, data):
        self.received += data
        while b"\r\n\r\n" in self.received:
            request, self.received = self.received.split(b"\r\n\r\n", 1)
            self.transport.write(self.answer(request))
        if len(self.received) > LONGEST_REQUEST:
            self.transport.close()

    def answer(self, request):
        words = request.split(b" ", 2)
        path = words[1].split(b"/") if len(words) == 3 else []
        if (len(path) != 3 or path[2] != b"metrics" or not path[1].isdigit()):
            return NOT_FOUND
        number = int(path[1])
        template = self.templates[number % len(self.templates)]
        body = template.scrape(number, time.time(), self.started).encode()
        return HEAD.format(len(body)).encode() + body


async def serve(port, templates):
    started = time.time()
    server = await asyncio.get_running_loop().create_server(
        lambda: Hosts(templates, started), "127.0.0.1", port, backlog=1024)
    print("serving", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), [
        Template(pathlib.Path(path).read_text()) for path in sys.argv[2:]]))
