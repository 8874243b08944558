"""Sessions on a host with very many TCP sockets, beside ss and node_exporter."""

import contextlib
import os
import pathlib
import shlex
import statistics
import subprocess

import bench
import namespaces
import support

SOCKETS = 441_000
SSH_SOCKETS = 1000
ROUNDS = 7
OTHER_PORT = 9000
SSH_PORT = 22
TOOLS = pathlib.Path(os.environ["SSH_KEEPALIVE_BENCHMARKS"])


@contextlib.contextmanager
def connections(pairs, port):
    """That many connections over loopback, both ends, until the end."""
    command = [TOOLS / "hold_connections", str(pairs), str(port)]
    with subprocess.Popen(command, stdin=subprocess.PIPE,
                          stdout=subprocess.PIPE, text=True) as holder:
        if holder.stdout.readline() != "ready\n":
            raise AssertionError(f"{command} failed")
        try:
            yield
        finally:
            holder.stdin.close()


def servers():
    """Commands by their ports."""
    ours, theirs = support.free_port(), support.free_port()
    return {
        ours: [support.PROGRAM, f"--web.listen-address=127.0.0.1:{ours}",
               "--collector.disable-defaults", "--collector.sessions"],
        theirs: [support.daemon("usr/bin/prometheus-node-exporter"),
                 f"--web.listen-address=127.0.0.1:{theirs}",
                 "--collector.disable-defaults", "--collector.tcpstat"]}


def scraping(stack, commands):
    """A daemon for each command, by its port, and how to scrape it."""
    daemons = {}
    for port, command in commands.items():
        daemons[port] = stack.enter_context(
            support.HttpDaemon(port, "/metrics", *command))
    return daemons


def bare_walks(rounds):
    """Medians: the kernel's walk with the same filter, and with decoding."""
    command = [TOOLS / "walk_sockets", str(SSH_PORT), str(rounds)]
    printed = subprocess.run(command, capture_output=True, text=True,
                             check=True).stdout
    lines = [list(map(float, line.split())) for line in printed.splitlines()]
    return statistics.median(line[0] for line in lines)


def ss():
    subprocess.run(["ss", "-Htnoi", f"( sport = :{SSH_PORT} or "
                    f"dport = :{SSH_PORT} )"], stdout=subprocess.DEVNULL,
                   check=True)


def measure(commands):
    """Rows in which all take turns, and the resident memory of the servers."""
    ours, theirs = commands
    with contextlib.ExitStack() as stack:
        daemons = scraping(stack, commands)
        scrape = lambda port: bench.milliseconds(
            lambda: daemons[port].request("/metrics"))
        times = bench.alternating_medians(ROUNDS, {
            "ours": lambda: scrape(ours),
            "walk": lambda: bare_walks(1),
            "ss": lambda: bench.milliseconds(ss),
            "tcpstat": lambda: scrape(theirs)})
        found = support.Exposition(daemons[ours].request("/metrics").text)
        sessions = sum(found.series("ssh_keepalive_sessions").values())
        resident = {port: bench.resident_mebibytes(daemon.process.pid)
                    for port, daemon in daemons.items()}
    if sessions != SSH_SOCKETS:
        raise AssertionError(f"{sessions} sessions, not {SSH_SOCKETS}")
    shown = {port: shlex.join(map(str, command))
             for port, command in commands.items()}
    walk = f"walk_sockets {SSH_PORT}: the kernel's walk, nothing decoded"
    filtered = f"ss -Htnoi ( sport = :{SSH_PORT} or dport = :{SSH_PORT} )"
    return [bench.Row("collected and served", times["ours"], "ms", shown[ours]),
            bench.Row("collected and served", times["walk"], "ms", walk),
            bench.Row("collected and served", times["ss"], "ms", filtered),
            bench.Row("collected and served", times["tcpstat"], "ms",
                      shown[theirs]),
            bench.Row("resident memory", resident[ours], "MiB", shown[ours]),
            bench.Row("resident memory", resident[theirs], "MiB",
                      shown[theirs])]


def main():
    if not namespaces.enter():
        raise SystemExit("needs root, for a network namespace of its own")
    with connections(SSH_SOCKETS // 2, SSH_PORT):
        few = measure(servers())
        bench.print_table(f"{SSH_SOCKETS} SSH sockets alone", few)
        print()
        with connections((SOCKETS - SSH_SOCKETS) // 2, OTHER_PORT):
            bench.print_table(
                f"{SSH_SOCKETS} SSH sockets among {SOCKETS}",
                measure(servers()))


if __name__ == "__main__":
    main()
