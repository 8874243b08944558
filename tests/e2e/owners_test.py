"""Whose a session is, told of real sshds and sshs.

Debian 12's OpenSSH, or with `--oracle debian11` or `debian13` what
tools/unpack_openssh has unpacked into build/oracles: OpenSSH 8.4 and 10.0, in
a root directory of their own.
"""

import os
import pathlib
import re
import shlex
import shutil
import socket
import subprocess
import unittest

import live_ssh
import namespaces
import oracle
import support

SSHD, NOBODY = 100, 65534
ORACLE = None  # "debian13"


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Owners(live_ssh.Sessions):

    # What serves a connection, and what asks who it is.
    SERVES = ASKS = "sshd"

    def setUp(self):
        super().setUp()
        self.port, self.sshd = self.start_sshd()

    def sshd_words(self):
        if ORACLE:
            return ["chroot", oracle.ROOT, "/usr/sbin/sshd"]
        return super().sshd_words()

    def with_tty(self, tty):
        return lambda session: session["tty"] == tty

    def comm(self, pid):
        return pathlib.Path(f"/proc/{pid}/comm").read_text().strip()

    def uid(self, pid):
        """None: nobody holds the socket yet, or the process has ended."""
        try:
            status = pathlib.Path(f"/proc/{pid}/status").read_text()
        except (FileNotFoundError, ProcessLookupError):
            return None
        return int(re.search(r"^Uid:\t(\d+)", status, re.MULTILINE)[1])

    def test_login_with_a_terminal(self):
        ssh = self.start_ssh("-tt", command="echo ready; echo $SSH_TTY; read x")
        tty = ssh.stdout.readline().decode().strip().removeprefix("/dev/")
        session = self.wait_for_server("its terminal", self.with_tty(tty))
        self.check(session, role="server", phase="authenticated", user="alice",
                   process=self.SERVES, implementation="openssh")
        self.assertEqual(self.comm(session["pid"]), self.SERVES)
        self.assertEqual(self.uid(session["pid"]), live_ssh.ALICE)
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

    def test_own_client_needs_no_right(self):
        identity = {"user": live_ssh.ALICE, "group": live_ssh.ALICE,
                    "extra_groups": []}
        key = shutil.copy(self.key, self.place / "alices_key")
        os.chown(key, live_ssh.ALICE, live_ssh.ALICE)
        client = self.spawn(*self.ssh_words("-i", key),
                            "echo ready; read line", **identity)
        self.assertIn(b"ready", client.stdout.readline())
        sessions = {session["role"]: session
                    for session in self.sessions(**identity)}
        self.check(sessions["client"], user="alice", process="ssh",
                   pid=client.pid, implementation="openssh")
        self.check(sessions["server"], **self.UNKNOWN)

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
            wait(1, role="server")  # its socket may outlive the process
            wait(1, role="server", phase="authenticated")
            text = exporter.scrape().text
        self.assertNotIn("alice", text)


if __name__ == "__main__":
    ORACLE = oracle.taken_from_arguments()
    if ORACLE == "debian13":
        Owners.SERVES, Owners.ASKS = "sshd-session", "sshd-auth"
    if namespaces.enter():
        live_ssh.set_up_users()
        if ORACLE:
            oracle.set_up(ORACLE)
    support.main()
