"""One scrape of a host with 50 SSH sessions, beside node_exporter and ss."""

import contextlib
import pathlib
import resource
import shlex
import socket
import subprocess
import time

import bench
import support

SESSIONS = 50
SCRAPES = 500
STARTS = 20
COMMANDS = 100


def open_sessions():
    """Both ends of a connection are on this host: two sessions each."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=SESSIONS)
    opened = [listener]
    for _ in range(SESSIONS // 2):
        client = socket.create_connection(listener.getsockname())
        server, _ = listener.accept()
        for end in (client, server):
            end.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
        opened += [client, server]
    return listener.getsockname()[1], opened


def get(port, path="/metrics"):
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n"
                       "Connection: close\r\n\r\n".encode())
        head = client.recv(65536)
        if not head.startswith(b"HTTP/1.1 200 "):
            raise AssertionError(head)
        while client.recv(65536):
            pass


def start_and_scrape(command, port):
    """Milliseconds from the start of the process to its first answer."""
    start = time.perf_counter()
    with support.Daemon(*command) as daemon:
        while True:
            try:
                get(port)
                return (time.perf_counter() - start) * 1e3
            except ConnectionRefusedError:
                daemon.is_up(lambda: True)
                time.sleep(0.0002)


def measure_servers(servers):
    """`servers`: commands by their ports."""
    shown = {port: shlex.join(map(str, command))
             for port, command in servers.items()}
    starts = bench.alternating_medians(STARTS, {
        port: lambda c=command, p=port: start_and_scrape(c, p)
        for port, command in servers.items()})
    with contextlib.ExitStack() as stack:
        daemons = {port: stack.enter_context(
            support.HttpDaemon(port, "/metrics", *command))
                   for port, command in servers.items()}
        requests = bench.alternating_medians(SCRAPES, {
            port: lambda p=port: bench.milliseconds(lambda: get(p))
            for port in servers})
        resident = {port: bench.resident_mebibytes(daemon.process.pid)
                    for port, daemon in daemons.items()}
    return [bench.Row(what, values[port], unit, shown[port])
            for what, unit, values in (
                ("one /metrics request", "ms", requests),
                ("resident memory", "MiB", resident),
                ("start to first scrape", "ms", starts))
            for port in servers]


def measure_commands(commands):
    shown = [shlex.join(map(str, command)) for command in commands]
    medians = bench.alternating_medians(COMMANDS, {
        name: lambda c=command: bench.milliseconds(lambda: subprocess.run(
            c, stdout=subprocess.DEVNULL, check=True))
        for name, command in zip(shown, commands)})
    return [bench.Row("one command, start to end", medians[name], "ms", name)
            for name in shown]


def main():
    resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
    ssh_port, opened = open_sessions()
    configuration = bench.REPOSITORY / "build/bench.ini"
    configuration.write_text(f"[sessions]\nports = {ssh_port}\n")
    ours, theirs = support.free_port(), support.free_port()
    rows = measure_servers({
        ours: [support.PROGRAM, f"--web.listen-address=127.0.0.1:{ours}",
               f"--config.file={configuration}"],
        theirs: [support.daemon("usr/bin/prometheus-node-exporter"),
                 f"--web.listen-address=127.0.0.1:{theirs}",
                 "--collector.disable-defaults", "--collector.tcpstat"]})
    rows += measure_commands([
        [support.PROGRAM, "metrics", f"--config.file={configuration}"],
        ["ss", "-Htnoi"],
        ["ss", "-Htnoi", f"( sport = :{ssh_port} or dport = :{ssh_port} )"]])
    sockets = len(pathlib.Path("/proc/net/tcp").read_text().splitlines()) - 1
    bench.print_table(f"{SESSIONS} SSH sessions among {sockets} TCP sockets",
                      rows)
    for end in opened:
        end.close()


if __name__ == "__main__":
    main()
