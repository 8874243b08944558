"""Whose a session is, told of real sshds and sshs.

Debian 12's OpenSSH, or with `--oracle debian11` or `debian13` what
tools/unpack_openssh has unpacked into build/oracles: OpenSSH 8.4 and 10.0, in
a root directory of their own.
"""

import json
import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import sys
import unittest

import namespaces
import support

SSHD, ALICE, NOBODY = 100, 1000, 65534
HOME = pathlib.Path("/run/alice")
ORACLE = None  # "debian13"
ORACLES = support.REPOSITORY / "build/oracles"
ORACLE_ROOT = pathlib.Path("/run/oracle")


def set_up_users():
    """In the files that namespaces.py has put over the machine's."""
    for path, line in (
            ("/etc/passwd", f"alice:x:{ALICE}:{ALICE}::{HOME}:/bin/dash"),
            ("/etc/shadow", "alice:*:19000:0:99999:7:::")):
        with open(path, "a", encoding="ascii") as file:
            file.write(line + "\n")
    HOME.mkdir()


def set_up_oracle():
    """What its sshd takes for `/`: nothing of it is deleted file by file."""
    if not (ORACLES / ORACLE / "usr/bin/dash").exists():
        sys.exit(f"no {ORACLE} in {ORACLES}: tools/unpack_openssh unpacks it")
    ORACLE_ROOT.mkdir()
    for name in ("usr", "dev", "proc", "run"):
        (ORACLE_ROOT / name).mkdir()
    for name in ("bin", "sbin", "lib", "lib64"):
        (ORACLE_ROOT / name).symlink_to(f"usr/{name}")
    (ORACLE_ROOT / "etc").mkdir()
    for name in ("passwd", "shadow"):
        shutil.copy(f"/etc/{name}", ORACLE_ROOT / "etc" / name)
    for source, name in ((ORACLES / ORACLE / "usr", "usr"), ("/dev", "dev"),
                         ("/dev/pts", "dev/pts"), ("/run", "run")):
        subprocess.run(["mount", "--bind", source, ORACLE_ROOT / name],
                       check=True)


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Owners(support.Scratch):

    # What serves a connection, and what asks who it is.
    SERVES = ASKS = "sshd"

    def setUp(self):
        super().setUp()
        # Under /run, which the roots of all releases share.
        self.place = pathlib.Path("/run", self.folder.name)
        self.place.mkdir(0o755)
        self.key = self.place / "key"
        subprocess.run([support.daemon("usr/bin/ssh-keygen"), "-q", "-t",
                        "ed25519", "-N", "", "-f", self.key], check=True)
        shutil.copy(f"{self.key}.pub", self.place / "authorized_keys")
        (self.place / "sshd_config").write_text(
            f"ListenAddress 127.0.0.1\nHostKey {self.key}\nPidFile none\n"
            f"AuthorizedKeysFile {self.place}/authorized_keys\n"
            "StrictModes no\nSubsystem sftp internal-sftp\n")
        self.ports = []
        self.port, self.sshd = self.start_sshd()

    def start_sshd(self):
        port = support.free_port()
        command = [support.daemon("usr/sbin/sshd")]
        if ORACLE:
            command = ["chroot", ORACLE_ROOT, "/usr/sbin/sshd"]
        sshd = self.enterContext(support.Daemon(
            *command, "-D", "-e", "-p", port, "-f", self.place / "sshd_config"))
        support.wait_for("sshd", lambda: sshd.is_up(
            lambda: "listening on" in sshd.output()))
        self.ports.append(port)
        return port, sshd

    def ssh_words(self, *options, host="127.0.0.1", port=None, user="alice"):
        return list(map(str, [
            support.daemon("usr/bin/ssh"), "-F", "none", "-i", self.key, "-o",
            "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null",
            "-o", "LogLevel=ERROR", "-p", port or self.port, "-l", user,
            *options, host]))

    def spawn(self, *words):
        process = subprocess.Popen(words, stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE)
        self.addCleanup(process.wait)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stdin.close)
        self.addCleanup(process.kill)
        return process

    def start_ssh(self, *options, command="echo ready; read line", **where):
        """Has printed `ready`, by a command that stays."""
        process = self.spawn(*self.ssh_words(*options, **where), command)
        self.assertIn(b"ready", process.stdout.readline())
        return process

    def sessions(self, *options, wrap=(), **identity):
        ini = self.write("exporter.ini", "[sessions]\nports = "
                         f"{', '.join(map(str, self.ports))}\n")
        self.folder.chmod(0o755)
        command = [*wrap, support.PROGRAM, "sessions", "--format=json",
                   f"--config.file={ini}", *options]
        run = subprocess.run(list(map(str, command)), capture_output=True,
                             text=True, check=False,
                             timeout=support.PATIENCE_SECONDS, **identity)
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return json.loads(run.stdout)["sessions"]

    def servers(self, port=None):
        suffix = f":{port or self.port}"
        return [session for session in self.sessions()
                if session["local"].endswith(suffix)]

    def wait_for_server(self, what, condition, port=None):
        """The one session of that server, once `condition(session)`."""
        def found():
            sessions = self.servers(port)
            return sessions if (len(sessions) == 1
                                and condition(sessions[0])) else None
        try:
            return support.wait_for(what, found)[0]
        except AssertionError:
            raise AssertionError(f"{what}: {self.sessions()}") from None

    def with_tty(self, tty):
        return lambda session: session["tty"] == tty

    def comm(self, pid):
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()

    def uid(self, pid):
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        return int(re.search(r"^Uid:\t(\d+)", status, re.MULTILINE)[1])

    def ends(self):
        """Both ends of the one connection: by role."""
        sessions = self.sessions()
        self.assertEqual(len(sessions), 2, sessions)
        return {session["role"]: session for session in sessions}

    def check(self, session, **expected):
        self.assertEqual({key: session[key] for key in expected}, expected,
                         session)

    def test_login_with_a_terminal(self):
        ssh = self.start_ssh("-tt", command="echo ready; echo $SSH_TTY; read x")
        tty = ssh.stdout.readline().decode().strip().removeprefix("/dev/")
        session = self.wait_for_server("its terminal", self.with_tty(tty))
        self.check(session, role="server", phase="authenticated", user="alice",
                   process=self.SERVES, implementation="openssh")
        self.assertEqual(self.comm(session["pid"]), self.SERVES)
        self.assertEqual(self.uid(session["pid"]), ALICE)
        self.assertLess(session["age_seconds"], support.PATIENCE_SECONDS)
        self.check(self.ends()["client"], phase="unknown", user="root",
                   process="ssh", implementation="openssh", pid=ssh.pid)

    def test_command_without_a_terminal(self):
        self.start_ssh()
        self.check(self.ends()["server"], phase="authenticated", user="alice",
                   tty=None, process=self.SERVES)

    def test_no_command_at_all(self):
        self.spawn(*self.ssh_words("-N"))
        session = self.wait_for_server(
            "the login", lambda session: session["user"] == "alice")
        self.check(session, phase="authenticated", tty=None)

    def test_sftp(self):
        ssh = self.spawn(*self.ssh_words("-s"), "sftp")
        ssh.stdin.write(b"\0\0\0\5\1\0\0\0\3")  # SSH_FXP_INIT, version 3
        ssh.stdin.flush()
        self.assertEqual(ssh.stdout.read(5)[4:], b"\2")
        session = self.wait_for_server(
            "the login", lambda session: session["user"] == "alice")
        self.check(session, phase="authenticated", tty=None)

    def test_root_has_no_monitor(self):
        self.start_ssh(user="root")
        self.check(self.ends()["server"], phase="authenticated", user="root",
                   process=self.SERVES)

    def test_preauth(self):
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            client.sendall(b"SSH-2.0-nobody\r\n")
            session = self.wait_for_server(
                "the process without privileges",
                lambda session: self.uid(session["pid"]) == SSHD)
            self.assertEqual(session["process"], self.ASKS)
            self.check(session, role="server", phase="preauth", user=None,
                       tty=None, implementation="openssh")
            other = [end for end in self.sessions()
                     if end["peer"].endswith(f":{self.port}")]
            self.check(other[0], role="client", process="other",
                       implementation="other", user="root", pid=os.getpid())

    def test_multiplexed_sessions_are_one(self):
        master = self.start_ssh("-tt", "-M", "-S", self.place / "ctl")
        self.start_ssh("-tt", "-S", self.place / "ctl")
        session = self.wait_for_server(
            "two terminals", lambda session: "," in (session["tty"] or ""))
        self.assertRegex(session["tty"], r"\Apts/\d+,pts/\d+\Z")
        self.check(self.ends()["client"], pid=master.pid)

    def test_master_in_the_background(self):
        ctl = self.place / "ctl"
        first = self.start_ssh("-M", "-S", ctl, "-o", "ControlPersist=60",
                               command="echo ready")
        first.wait(support.PATIENCE_SECONDS)
        self.addCleanup(subprocess.run, [
            support.daemon("usr/bin/ssh"), "-F", "none", "-S", ctl, "-O",
            "exit", "x"], capture_output=True, check=True)
        client = self.ends()["client"]
        self.check(client, process="ssh", user="root", phase="authenticated")
        self.assertNotEqual(client["pid"], first.pid)

    def test_jump(self):
        target, _ = self.start_sshd()
        # What -J does, with a key for the jump.
        jump = shlex.join(self.ssh_words("-W", f"[127.0.0.1]:{target}"))
        self.start_ssh("-o", f"ProxyCommand={jump}", port=target)
        self.check_forwarded(target)

    def check_forwarded(self, target):
        self.check(self.wait_for_server("the login", lambda session: session[
            "user"] == "alice", target), role="server", phase="authenticated")
        outgoing = [session for session in self.sessions()
                    if session["peer"].endswith(f":{target}")]
        self.assertEqual(len(outgoing), 1, outgoing)
        self.check(outgoing[0], role="forwarded", process=self.SERVES,
                   user="alice", tty=None, phase="unknown", age_seconds=None,
                   implementation="openssh", keepalive="off")

    def test_local_forwarding_to_an_ssh_port(self):
        target, _ = self.start_sshd()
        local = support.free_port()
        self.start_ssh("-L", f"{local}:127.0.0.1:{target}")
        self.start_ssh(port=local)
        self.check_forwarded(target)

    def test_accepted_for_a_forwarding(self):
        """ssh's -L and sshd's -R listen on ports that are watched."""
        near, far = support.free_port(), support.free_port()
        self.ports += [near, far]
        self.start_ssh("-L", f"{near}:127.0.0.1:{self.port}",
                       "-R", f"{far}:127.0.0.1:{self.port}")
        for port, process, user in ((near, "ssh", "root"),
                                    (far, self.SERVES, "alice")):
            self.start_ssh(port=port)
            accepted = self.servers(port)
            self.assertEqual(len(accepted), 1, accepted)
            self.check(accepted[0], role="forwarded", process=process,
                       user=user)

    def test_another_implementation(self):
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            self.ports.append(port)
            with socket.create_connection(("127.0.0.1", port)):
                accepted, _ = listener.accept()
                with accepted:
                    session, = self.servers(port)
        self.check(session, role="server", phase="unknown", user=None,
                   process="other", implementation="other", pid=os.getpid())

    UNKNOWN = {"phase": "unknown", "user": None, "tty": None, "pid": None,
               "process": None, "implementation": None, "age_seconds": None}

    def test_unprivileged(self):
        self.start_ssh()
        sessions = self.sessions(user=NOBODY, group=NOBODY, extra_groups=[])
        self.assertEqual({session["role"] for session in sessions},
                         {"server", "client"})
        for session in sessions:
            self.check(session, **self.UNKNOWN)
        run = support.run_program("metrics", user=NOBODY)
        self.assertEqual(support.Exposition(run.stdout).value(
            "ssh_keepalive_scrape_collector_success", collector="sessions"),
            1)

    def test_root_without_the_right_to_look(self):
        """As a container's root: a monitor that it may see is no evidence."""
        self.start_ssh()
        for session in self.sessions(wrap=["setpriv",
                                           "--bounding-set=-sys_ptrace",
                                           "--inh-caps=-sys_ptrace"]):
            self.check(session, **self.UNKNOWN)

    def count(self, exporter, **labels):
        series = exporter.scrape("sessions").series("ssh_keepalive_sessions",
                                                    **labels)
        return sum(series.values())

    def test_from_one_look_to_the_next(self):
        with support.Exporter() as exporter:
            def wait(number, **labels):
                support.wait_for(
                    f"{number} {labels}",
                    lambda: self.count(exporter, **labels) == number)
            wait(0, role="server")
            with socket.create_connection(("127.0.0.1", self.port)):
                wait(1, role="server", phase="preauth")
                first = self.start_ssh()
                wait(1, role="server", phase="authenticated")
                self.assertEqual(self.count(exporter, phase="preauth"), 1)
                self.start_ssh("-tt")
                wait(2, role="server", phase="authenticated")
            wait(0, phase="preauth")
            first.kill()
            wait(1, role="server", phase="authenticated")
            self.assertEqual(self.count(exporter, role="server"), 1)
            text = exporter.scrape().text
        self.assertNotIn("alice", text)


if __name__ == "__main__":
    if "--oracle" in sys.argv:
        at = sys.argv.index("--oracle")
        ORACLE = sys.argv[at + 1]
        if namespaces.inside():
            del sys.argv[at:at + 2]
    if ORACLE == "debian13":
        Owners.SERVES, Owners.ASKS = "sshd-session", "sshd-auth"
    if namespaces.enter():
        set_up_users()
        if ORACLE:
            set_up_oracle()
    support.main()
