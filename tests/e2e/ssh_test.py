"""Real sessions of real sshd and ssh, in namespaces of their own.

There the sessions are the only ones and the sysctls are ours to set.
"""

import json
import subprocess
import unittest

import namespaces
import support

KEEPALIVE_TIME = 1000  # seconds; no default, so that it must have been read


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class RealSsh(support.Scratch):

    def setUp(self):
        super().setUp()
        for name in ("host_key", "user_key"):
            subprocess.run([support.daemon("usr/bin/ssh-keygen"), "-q",
                            "-t", "ed25519", "-N", "", "-f",
                            self.folder / name], check=True)
        self.daemons = 0

    def start_sshd(self, keepalive):
        """An sshd on a port of its own, and a configuration that names it."""
        self.daemons += 1
        port = support.free_port()
        configuration = self.write(f"sshd_config.{self.daemons}", f"""\
Port {port}
ListenAddress 127.0.0.1
HostKey {self.folder}/host_key
AuthorizedKeysFile {self.folder}/user_key.pub
PidFile none
StrictModes no
UsePAM no
TCPKeepAlive {keepalive}
""")
        sshd = self.enterContext(support.Daemon(
            support.daemon("usr/sbin/sshd"), "-D", "-e", "-f", configuration))
        support.wait_for("sshd", lambda: sshd.is_up(
            lambda: "listening on" in sshd.output()))
        return port, configuration

    def start_ssh(self, port, keepalive, *options):
        """A session that runs `cat`, which ends with it; ready when returned."""
        key = (self.folder / "host_key.pub").read_text()
        known_hosts = self.write("known_hosts", f"[127.0.0.1]:{port} {key}")
        ssh = subprocess.Popen(
            [support.daemon("usr/bin/ssh"), "-F", "none", "-p", str(port),
             "-i", self.folder / "user_key", "-o", "IdentityAgent=none",
             "-o", f"UserKnownHostsFile={known_hosts}",
             "-o", f"TCPKeepAlive={keepalive}", *options,
             "root@127.0.0.1", "cat"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.addCleanup(ssh.stdout.close)
        self.addCleanup(ssh.wait, support.PATIENCE_SECONDS)
        self.addCleanup(ssh.stdin.close)
        ssh.stdin.write(b"here\n")
        ssh.stdin.flush()
        self.assertEqual(ssh.stdout.readline(), b"here\n")
        return ssh

    def exporter_ini(self, *sshd_configs):
        files = ", ".join(map(str, sshd_configs))
        return self.write("exporter.ini", f"[sshd]\nconfig = {files}\n")

    def sessions(self, configuration):
        run = support.run_program("sessions", "--format=json",
                                  "--config.file", configuration)
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)["sessions"]

    def settled_sessions(self, configuration, kind):
        """By role, once the last data is acknowledged and timers are idle."""
        def settled():
            found = {session["role"]: session
                     for session in self.sessions(configuration)}
            kinds = {session["timer"]["kind"] for session in found.values()}
            return found if set(found) == {"server", "client"} and \
                kinds == {kind} else None
        return support.wait_for(f"two sessions with timer {kind}", settled)

    def test_keepalive_on(self):
        port, sshd_config = self.start_sshd("yes")
        self.start_ssh(port, "yes")
        sessions = self.settled_sessions(self.exporter_ini(sshd_config),
                                         "keepalive")
        self.assertTrue(sessions["server"]["local"].endswith(f":{port}"))
        self.assertTrue(sessions["client"]["peer"].endswith(f":{port}"))
        for session in sessions.values():
            self.assertEqual(session["keepalive"], "on")
            self.assertEqual(session["timer"]["unanswered"], 0)
            self.assertLessEqual(session["timer"]["expires_seconds"],
                                 KEEPALIVE_TIME)
            self.assertGreater(session["timer"]["expires_seconds"],
                               KEEPALIVE_TIME - support.PATIENCE_SECONDS)
            self.assertLess(session["wire_silence_at_most_seconds"],
                            support.PATIENCE_SECONDS)

    def test_keepalive_off(self):
        port, sshd_config = self.start_sshd("no")
        self.start_ssh(port, "no")
        sessions = self.settled_sessions(self.exporter_ini(sshd_config),
                                         "none")
        for session in sessions.values():
            self.assertEqual(session["keepalive"], "off")

    def test_metrics(self):
        ports_and_configs = [self.start_sshd(keepalive)
                             for keepalive in ("yes", "no")]
        for (port, _), keepalive in zip(ports_and_configs, ("yes", "no")):
            self.start_ssh(port, keepalive)
        self.start_ssh(ports_and_configs[0][0], "no")
        configuration = self.exporter_ini(
            *(sshd_config for _, sshd_config in ports_and_configs))
        with support.Exporter("--config.file", configuration) as exporter:
            def refreshes():
                series = exporter.scrape().series(
                    "ssh_keepalive_sessions_by_refresh", netns="host")
                return {(dict(labels)["role"], dict(labels)["refresh"]): value
                        for labels, value in series.items() if value}
            support.wait_for("all timers to be idle", lambda: refreshes() == {
                ("server", "tcp"): 2, ("server", "none"): 1,
                ("client", "tcp"): 1, ("client", "none"): 2})
            exposition = exporter.scrape()
            self.assertEqual(exposition.value(
                "ssh_keepalive_sysctl_tcp_keepalive_time_seconds",
                netns="host"), KEEPALIVE_TIME)
            for role in ("server", "client"):
                self.assertEqual(
                    exposition.value("ssh_keepalive_sessions", role=role,
                                     netns="host", phase="unknown"), 3)

    def test_end_of_a_session(self):
        port, sshd_config = self.start_sshd("yes")
        configuration = self.exporter_ini(sshd_config)
        ssh = self.start_ssh(port, "yes")
        self.assertEqual(len(self.sessions(configuration)), 2)
        ssh.stdin.close()
        ssh.wait(support.PATIENCE_SECONDS)
        support.wait_for("its end",
                         lambda: not self.sessions(configuration))


if __name__ == "__main__":
    if namespaces.enter():
        sysctl = "/proc/sys/net/ipv4/tcp_keepalive_time"
        with open(sysctl, "w", encoding="ascii") as file:
            file.write(f"{KEEPALIVE_TIME}\n")
    support.main()
