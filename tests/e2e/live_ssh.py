"""Real SSH servers and clients, and what `sessions` tells of them.

For tests in namespaces of their own (namespaces.py), with a user alice.
"""

import json
import pathlib
import shutil
import subprocess

import support

ALICE = 1000
HOME = pathlib.Path("/run/alice")


def set_up_users():
    """In the files that namespaces.py has put over the machine's."""
    for path, line in (
            ("/etc/passwd", f"alice:x:{ALICE}:{ALICE}::{HOME}:/bin/dash"),
            ("/etc/shadow", "alice:*:19000:0:99999:7:::")):
        with open(path, "a", encoding="ascii") as file:
            file.write(line + "\n")
    HOME.mkdir()


class Sessions(support.Scratch):

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

    def sshd_words(self):
        return [support.daemon("usr/sbin/sshd")]

    def start_sshd(self):
        port = support.free_port()
        sshd = self.enterContext(support.Daemon(
            *self.sshd_words(), "-D", "-e", "-p", port, "-f",
            self.place / "sshd_config"))
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

    def spawn(self, *words, **options):
        process = subprocess.Popen(list(map(str, words)), **{
            "stdin": subprocess.PIPE, "stdout": subprocess.PIPE} | options)
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

    def ends(self):
        """Both ends of the one connection: by role."""
        sessions = self.sessions()
        self.assertEqual(len(sessions), 2, sessions)
        return {session["role"]: session for session in sessions}

    def check(self, session, **expected):
        self.assertEqual({key: session[key] for key in expected}, expected,
                         session)
