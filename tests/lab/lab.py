"""One scenario: real sshd and ssh in namespaces of their own, what the program
predicts for each end of their session, and when each end really ends.

    python3 -B lab.py NAME      as root; batch.py runs many at once

prints the line `settled` when the login is over, and at last a line of JSON:
{"rows"} as in verdict.py, or {"skipped"}.
"""

import contextlib
import dataclasses
import json
import os
import pathlib
import re
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request

sys.path.insert(
    0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import live_ssh
import namespaces
import network
import scenarios
import support
import verdict

SIDES = ("server", "client")
PLACE = pathlib.Path("/run/lab")
KEY = PLACE / "key"
# The silence after which a login counts as done: more than a delayed ACK.
SETTLED_SECONDS = 0.3
# How long after its time an end is still waited for.
LATE_SECONDS = 5
# How long the exporter may take to tell of an end: a busy machine makes its
# looks rare.
TOLD_SECONDS = 25
# Longer than any end that a closed lid leads to at the other side.
LID_SECONDS = 12
EXPORTER = "127.0.0.1:10722"


class Skipped(Exception):
    """What this machine lacks."""


def set_up_files(scenario):
    live_ssh.set_up_users()
    passwd = pathlib.Path("/etc/passwd")
    passwd.write_text(passwd.read_text(encoding="ascii").replace(
        "/bin/dash", scenario.shell), encoding="ascii")
    PLACE.mkdir(0o755)
    (PLACE / "profile").write_text(scenario.profile, encoding="ascii")
    network.run("mount", "--bind", PLACE / "profile", "/etc/profile")
    # Where sshd records logins on a terminal.
    network.run("mount", "-t", "tmpfs", "tmpfs", "/var/log")
    network.run(support.daemon("usr/bin/ssh-keygen"), "-q", "-t", "ed25519",
                "-N", "", "-f", KEY)
    (PLACE / "sshd_config").write_text("\n".join((
        f"Port {network.PORT}", f"HostKey {KEY}", "PidFile none",
        f"AuthorizedKeysFile {KEY}.pub", "StrictModes no", "UsePAM no",
        "PrintMotd no", "PrintLastLog no", *scenario.sshd, "")),
        encoding="ascii")
    (PLACE / "exporter.ini").write_text(
        f"[netns]\nscan = {scenario.scan}\n{scenario.policy}",
        encoding="ascii")
    for side in SIDES:
        (PLACE / f"{side}.ini").write_text(
            f"[netns]\nscan = off\n{scenario.policy}"
            f"[ends]\nstate_file = {PLACE}/{side}.json\n", encoding="ascii")


def ssh_words(scenario):
    options = [word for option in scenario.ssh for word in ("-o", option)]
    return [*network.words_in("client"), support.daemon("usr/bin/ssh"), "-F",
            "none", "-i", str(KEY), "-o", "StrictHostKeyChecking=no", "-o",
            "UserKnownHostsFile=/dev/null", "-o", "LogLevel=ERROR", *options,
            *scenario.flags, f"alice@{network.ADDRESSES['server']}",
            *scenario.command]


def processes_of_alice():
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError):
            if folder.stat().st_uid == live_ssh.ALICE:
                yield folder


class Lab:

    def __init__(self, scenario, stack):
        self.scenario = scenario
        self.stack = stack
        self.network = network.Network()
        self.taps = {side: network.Tap(side) for side in SIDES}
        self.selector = selectors.DefaultSelector()
        for tap in self.taps.values():
            self.selector.register(tap, selectors.EVENT_READ, tap)
        self.client = None
        self.server_pid = None
        self.sshd = None
        self.ended = {}  # side → time of its process's exit
        self.settled = None
        self.acted = None

    # Time -------------------------------------------------------------------

    def pass_time(self, until):
        """Until then or the first event."""
        for key, _ in self.selector.select(max(0, until - network.now())):
            if isinstance(key.data, network.Tap):
                key.data.read()
            else:
                self.ended[key.data] = network.now()
                self.selector.unregister(key.fileobj)

    def wait_for(self, what, condition):
        def after_events():
            self.pass_time(network.now())
            return condition()
        support.wait_for(what, after_events)

    def observe(self, side, pid):
        descriptor = os.pidfd_open(pid)
        self.stack.callback(os.close, descriptor)
        self.selector.register(descriptor, selectors.EVENT_READ, side)

    # The session ------------------------------------------------------------

    def start(self):
        for side, values in self.scenario.sysctls.items():
            network.set_sysctls(side, values)
        if self.scenario.path_forgets_after:
            if not network.has_connection_tracking():
                raise Skipped("the kernel has no connection tracking")
            self.network.forget_after(self.scenario.path_forgets_after)
        self._start_exporters()
        self._start_sshd()
        if self.scenario.silent_client:
            with network.inside("client"):
                self.stack.enter_context(socket.create_connection(
                    (network.ADDRESSES["server"], network.PORT)))
        else:
            self._start_ssh()
        self.wait_for("silence after the login", lambda: all(
            tap.last and network.now() - tap.last > SETTLED_SECONDS
            for tap in self.taps.values()))
        self.settled = max(tap.last_data for tap in self.taps.values())
        for side in SIDES:
            network.set_sysctls(side, self.scenario.changed_before_look)

    def _start_sshd(self):
        sshd = self.stack.enter_context(support.Daemon(
            *network.words_in("server"), support.daemon("usr/sbin/sshd"), "-D",
            "-e", "-f", PLACE / "sshd_config"))
        support.wait_for("sshd", lambda: sshd.is_up(
            lambda: "listening on" in sshd.output()))
        self.sshd = sshd

    def _start_ssh(self):
        client = subprocess.Popen(
            ssh_words(self.scenario), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.client = self.stack.enter_context(client)
        self.stack.callback(client.kill)
        self.observe("client", client.pid)
        os.set_blocking(client.stdout.fileno(), False)
        output = bytearray()

        def is_ready():
            output.extend(client.stdout.read() or b"")
            if client.poll() is not None:
                raise AssertionError(f"ssh ended: {client.stderr.read()}")
            return (self.scenario.prompt.encode() in output
                    and any(processes_of_alice()))

        self.wait_for("the login", is_ready)

    # The prediction ---------------------------------------------------------

    def look(self, sides):
        """Of each side the session as the program tells it, and between which
        times it was asked."""
        words = [support.PROGRAM, "sessions", "--format=json",
                 f"--config.file={PLACE}/exporter.ini"]
        if self.scenario.watch_seconds:
            words = ["timeout", "--foreground", "--signal=INT",
                     "--preserve-status",
                     self.scenario.watch_seconds, *words, "--watch=0.5"]
        before = network.now()
        looks = {side: self.stack.enter_context(subprocess.Popen(
            list(map(str, [*self._there(side), *words])),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True))
            for side in sides}
        return {side: (self._session(side, look), (before, network.now()))
                for side, look in looks.items()}

    def _there(self, side):
        """The program's place: a host of its own, or one with containers."""
        return network.words_in(side) if self.scenario.scan == "off" else []

    def _session(self, side, look):
        printed, _ = look.communicate(timeout=support.PATIENCE_SECONDS)
        if look.returncode != 0:
            raise AssertionError(f"{look.args} ended with {look.returncode}")
        # A watcher's documents are lines.
        document = (printed.strip().split("\n")[-1]
                    if self.scenario.watch_seconds else printed)
        found = [session for session in json.loads(document)["sessions"]
                 if session["role"] == side]
        if len(found) != 1:
            raise AssertionError(f"{side}'s session: {printed}")
        return found[0]

    # What is told of ends ---------------------------------------------------

    def _start_exporters(self):
        if self.scenario.causes is None:
            return
        for side in SIDES:
            self.stack.enter_context(support.Daemon(
                *network.words_in(side), support.PROGRAM, "serve",
                f"--config.file={PLACE}/{side}.ini",
                f"--web.listen-address={EXPORTER}"))
            support.wait_for("the exporter", lambda: self._scrape(side))

    def _scrape(self, side):
        """Its metrics; nothing before it listens."""
        with network.inside(side):
            try:
                with urllib.request.urlopen(
                        f"http://{EXPORTER}/metrics",
                        timeout=support.PATIENCE_SECONDS) as answer:
                    return answer.read().decode()
            except OSError:
                return None

    def scrape(self):
        if self.scenario.causes is not None:
            for side in SIDES:
                self._scrape(side)

    def _told(self, side):
        """The causes that it counts, with how often."""
        return {cause: count for cause, count in re.findall(
            r'session_ends_total{role="' + side + r'",cause="(\w+)"} (\d+)',
            self._scrape(side)) if count != "0"}

    def cause_rows(self):
        """What was told, once it is what it should be, or time is up."""
        causes = self.scenario.causes
        if causes is None:
            return []
        until = network.now() + TOLD_SECONDS
        wanted = {side: {causes[side].split()[0]: "1"} if side in causes else {}
                  for side in SIDES}
        while network.now() < until and wanted != {
                side: self._told(side) for side in SIDES}:
            self.pass_time(network.now() + 0.2)
        return [verdict.cause_row(side, causes.get(side), self._kept(side),
                                  self.taps[side].first_fin)
                for side in SIDES]

    def _kept(self, side):
        """The ends in its file."""
        path = PLACE / f"{side}.json"
        wanted = sum(map(int, self._told(side).values()))
        support.wait_for("the file of ends", lambda: not wanted or (
            path.exists() and len(json.loads(path.read_text())["ends"])
            == wanted))
        return json.loads(path.read_text())["ends"] if wanted else []

    # The end ----------------------------------------------------------------

    def act(self):
        for step in self.scenario.steps:
            getattr(self, f"_{step}")()
        self.acted = network.now() if self.scenario.steps else self.settled

    def _cut(self):
        self.network.cut()

    def _freeze(self):
        self.client.send_signal(signal.SIGSTOP)

    def _lid(self):
        """Closed, and opened after the other end has given up."""
        self._sleep(lambda: False)

    def _short_lid(self):
        """Opened as soon as the other end gives up."""
        self._sleep(lambda: "server" in self.ended)

    def _sleep(self, is_over):
        self._cut()
        self._freeze()
        latest = network.now() + LID_SECONDS
        while network.now() < latest and not is_over():
            self.pass_time(latest)
        self.network.mend()
        self.client.send_signal(signal.SIGCONT)

    def _logout(self):
        self._type(b"\n")

    def _escape(self):
        self._type(b"\r~.")

    def _type(self, keys):
        self.client.stdin.write(keys)
        self.client.stdin.flush()

    def _kill_client(self):
        self.client.kill()

    def _kill_server(self):
        os.kill(self.server_pid, signal.SIGKILL)

    def _reboot(self):
        self.network.reset()

    def _sshd_restart(self):
        self.sshd.end()
        self._start_sshd()

    def wait_for_ends(self):
        """Returns what was seen of those sides that were dying meanwhile."""
        awaited = {side for side, end in self.scenario.ends.items()
                   if isinstance(end, verdict.End)}
        latest = max((self.scenario.ends[side].latest for side in awaited),
                     default=0)
        alive = max((end.seconds for end in self.scenario.ends.values()
                     if isinstance(end, verdict.Alive)), default=0)
        dying = {}
        while True:
            now = network.now()
            if awaited <= self.ended.keys() and now >= self.acted + alive:
                return dying
            if now > self.acted + max(latest, alive) + LATE_SECONDS:
                return dying
            dying |= self.look(
                side for side, packets in self.scenario.dying_after.items()
                if side not in dying and side not in self.ended
                and self.taps[side].unanswered >= packets)
            self.pass_time(now + 0.1)

    def use(self):
        """Its user comes back: what is typed ends the command there, unless
        nothing arrives. Returns a row."""
        typed = network.now()
        self.client.stdin.write(b"\n")
        self.client.stdin.flush()
        while ("client" not in self.ended
               and network.now() < typed + LATE_SECONDS):
            self.pass_time(typed + LATE_SECONDS)
        return verdict.used_row(self.measured("client", looked=(typed, typed)))

    def measured(self, side, looked):
        tap = self.taps[side]
        return verdict.Measured(
            ended=self.ended.get(side), watched_until=network.now(),
            connected=tap.first, settled=self.settled,
            received=tap.last_received, data=tap.last_data_received,
            looked=looked,
            packets_lost=self.network.lost())


def run(scenario, stack):
    set_up_files(scenario)
    lab = Lab(scenario, stack)
    lab.start()
    print("settled", flush=True)
    looks = lab.look(scenario.ends)
    if "server" in looks:
        lab.server_pid = looks["server"][0]["pid"]
        lab.observe("server", lab.server_pid)
    lab.scrape()
    lab.act()
    dying = lab.wait_for_ends()
    rows = []
    for side, end in scenario.ends.items():
        session, looked = looks[side]
        measured = lab.measured(side, looked)
        rows.append(verdict.expected_row(side, end, measured))
        if side not in scenario.judged_sides:
            continue
        if "dead_peer" in scenario.judged_by:
            rows.append(verdict.dead_peer_row(
                side, session, measured, "freeze" in scenario.steps))
        if "fate" in scenario.judged_by:
            rows.append(verdict.fate_row(side, session, measured))
        if side in dying:
            session, looked = dying[side]
            rows.append(verdict.fate_row(
                side, session, lab.measured(side, looked), "dying"))
    if scenario.is_used_at_last:
        rows.append(lab.use())
    else:
        rows += lab.cause_rows()
    return {"rows": [dataclasses.asdict(row) for row in rows]}


def main():
    if not namespaces.enter():
        sys.exit("The lab needs root, for namespaces.")
    try:
        if not shutil.which("nft"):
            raise Skipped("there is no nft (Debian's package nftables)")
        with contextlib.ExitStack() as stack:
            result = run(scenarios.find(sys.argv[1]), stack)
    except Skipped as reason:
        result = {"skipped": str(reason)}
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
