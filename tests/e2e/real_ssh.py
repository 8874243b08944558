"""An sshd and clients of it, for tests in namespaces of their own."""

import subprocess

import support


class Pairs(support.Scratch):

    def setUp(self):
        super().setUp()
        for name in ("host_key", "user_key"):
            subprocess.run([support.daemon("usr/bin/ssh-keygen"), "-q",
                            "-t", "ed25519", "-N", "", "-f",
                            self.folder / name], check=True)
        self.daemons = 0

    def start_sshd(self, keepalive, settings=""):
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
{settings}
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
