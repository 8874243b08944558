"""Whose a session is, of dropbear and of sshds that systemd starts."""

import os
import shutil
import signal
import socket
import subprocess
import unittest

import live_ssh
import namespaces
import support


class DropbearDaemon(support.Daemon):
    """dropbear looks at the signal it was sent only after select(): one that
    comes just before is forgotten, so that it is asked until it ends."""

    def end(self, with_signal=signal.SIGTERM):
        def asked_to_end():
            if self.process.poll() is None:
                self.process.send_signal(with_signal)
            return self.process.poll() is not None

        support.wait_for("the end of dropbear", asked_to_end)
        return super().end(with_signal)


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Dropbear(live_ssh.Sessions):

    def setUp(self):
        super().setUp()
        keys = live_ssh.HOME / ".ssh"
        keys.mkdir(exist_ok=True)
        shutil.copy(f"{self.key}.pub", keys / "authorized_keys")
        for path in (live_ssh.HOME, keys, keys / "authorized_keys"):
            os.chown(path, live_ssh.ALICE, live_ssh.ALICE)
        self.own_key = self.place / "dropbear_key"
        subprocess.run([support.daemon("usr/bin/dropbearconvert"), "openssh",
                        "dropbear", self.key, self.own_key], check=True,
                       capture_output=True, env=support.with_libraries())
        self.port = support.free_port()
        self.ports.append(self.port)
        self.dropbear = self.enterContext(DropbearDaemon(
            support.daemon("usr/sbin/dropbear"), "-F", "-E", "-p",
            f"127.0.0.1:{self.port}", "-r", self.own_key,
            environment=support.with_libraries()))
        support.wait_for("dropbear", lambda: self.dropbear.is_up(
            lambda: "Not backgrounding" in self.dropbear.output()
            and self.listens()))

    def listens(self):
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", self.port)) == 0

    SERVER = {"role": "server", "process": "dropbear",
              "implementation": "dropbear"}

    def authenticated(self, session):
        return session["phase"] == "authenticated"

    def test_login_with_a_terminal(self):
        ssh = self.start_ssh("-tt", command="echo ready; tty; read line")
        tty = ssh.stdout.readline().decode().strip().removeprefix("/dev/")
        session = self.wait_for_server("the login", self.authenticated)
        self.check(session, **self.SERVER, user="alice", tty=tty)
        self.assertNotEqual(session["pid"], self.dropbear.process.pid)
        self.assertLess(session["age_seconds"], support.PATIENCE_SECONDS)

    def test_command_without_a_terminal(self):
        self.start_ssh()
        session = self.wait_for_server("the login", self.authenticated)
        self.check(session, **self.SERVER, user="alice", tty=None)

    def test_nothing_tells_of_a_session_before_its_shell(self):
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            client.sendall(b"SSH-2.0-nobody\r\n")
            session = self.wait_for_server(
                "a process", lambda session: session["pid"])
            self.check(session, **self.SERVER, phase="unknown", user=None,
                       tty=None)

    def test_client(self):
        client = self.spawn(
            support.daemon("usr/bin/dbclient"), "-y", "-y", "-i", self.own_key,
            "-p", self.port, "alice@127.0.0.1", "echo ready; read line",
            env=support.with_libraries(), stderr=subprocess.DEVNULL)
        self.assertIn(b"ready", client.stdout.readline())
        self.wait_for_server("the login", self.authenticated)
        self.check(self.ends()["client"], process="dbclient", user="root",
                   implementation="dropbear", phase="unknown", pid=client.pid)

    def test_it_runs(self):
        metrics = support.Exposition(support.run_program("metrics").stdout)
        self.assertEqual(list(metrics.series(
            "ssh_keepalive_sshd_info", implementation="dropbear").values()),
            [1])


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class SocketActivation(live_ssh.Sessions):
    """By systemd-socket-activate, which does what pid 1 does for a unit."""

    def activate(self, *words):
        self.port = support.free_port()
        self.ports.append(self.port)
        self.activator = self.enterContext(support.Daemon(
            support.daemon("usr/bin/systemd-socket-activate"), "-l",
            f"127.0.0.1:{self.port}", *words,
            environment=support.with_libraries()))
        support.wait_for("the socket", lambda: self.activator.is_up(
            lambda: "Listening on" in self.activator.output()))

    def sshd(self, *words):
        return [*self.sshd_words(), *words, "-e", "-f",
                self.place / "sshd_config"]

    def check_login(self):
        ssh = self.start_ssh("-tt", command="echo ready; tty; read line")
        tty = ssh.stdout.readline().decode().strip().removeprefix("/dev/")
        session = self.wait_for_server(
            "its terminal", lambda session: session["tty"] == tty)
        self.check(session, role="server", phase="authenticated", user="alice",
                   process="sshd", implementation="openssh")
        self.assertLess(session["age_seconds"], support.PATIENCE_SECONDS)

    def test_an_sshd_for_each_connection(self):
        self.activate("--accept", "--inetd", *self.sshd("-i"))
        self.check_login()

    def test_preauth_of_such_an_sshd(self):
        self.activate("--accept", "--inetd", *self.sshd("-i"))
        with socket.create_connection(("127.0.0.1", self.port)) as client:
            client.sendall(b"SSH-2.0-nobody\r\n")
            session = self.wait_for_server(
                "its process", lambda session: session["phase"] == "preauth")
            self.check(session, role="server", user=None, process="sshd")

    def test_one_sshd_that_is_passed_the_socket(self):
        self.activate(*self.sshd("-D"))
        self.check_login()


if __name__ == "__main__":
    if namespaces.enter():
        live_ssh.set_up_users()
    support.main()
