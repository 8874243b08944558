"""What watching for ends takes while other connections come and go."""

import pathlib
import socket
import statistics
import tempfile
import threading
import time

import support

PER_SECOND = 5_000
SECONDS = 10
ROUNDS = 3


class Storm:
    """Connections on a port that is nothing to SSH, opened and closed."""

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.stop = threading.Event()
        self.count = 0
        self.thread = threading.Thread(target=self.run)

    def run(self):
        began = time.monotonic()
        while not self.stop.is_set():
            ahead = self.count / PER_SECOND - (time.monotonic() - began)
            if ahead > 0.005:
                time.sleep(ahead)
            client = socket.create_connection(self.listener.getsockname())
            server, _ = self.listener.accept()
            client.close()
            server.close()
            self.count += 1

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        self.thread.join()
        self.listener.close()


def processor_seconds(pid):
    """Finer than the clock ticks of /proc/PID/stat: of all its threads."""
    spent = 0
    for path in pathlib.Path(f"/proc/{pid}/task").glob("*/schedstat"):
        spent += int(path.read_text().split()[0])
    return spent / 1e9


def share(exporter):
    """Of one processor, in percent, over some seconds."""
    before = processor_seconds(exporter.process.pid)
    began = time.monotonic()
    time.sleep(SECONDS)
    spent = processor_seconds(exporter.process.pid) - before
    return 100 * spent / (time.monotonic() - began)


def main():
    with tempfile.TemporaryDirectory() as folder:
        ini = pathlib.Path(folder, "exporter.ini")
        ini.write_text("[sessions]\nports = 22\n", encoding="ascii")
        calm, stormy, rates = [], [], []
        with support.Exporter(f"--config.file={ini}") as exporter:
            exporter.scrape()
            for _ in range(ROUNDS):
                calm.append(share(exporter))
                with Storm() as storm:
                    stormy.append(share(exporter))
                    rates.append(storm.count / SECONDS)
            lost = exporter.scrape().value(
                "ssh_keepalive_session_events_lost_total")
    print(f"{'other connections a second':<30} {0:>8} "
          f"{statistics.median(rates):>8.0f}")
    print(f"{'percent of one processor':<30} {statistics.median(calm):>8.2f} "
          f"{statistics.median(stormy):>8.2f}")
    print(f"{'events lost':<30} {'':>8} {lost:>8.0f}")


if __name__ == "__main__":
    main()
