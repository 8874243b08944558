"""Usage: role_test.py RELEASE PACKAGE

The Ansible role, over a real ssh, on a machine with a real systemd: what it
does at first, that it does nothing when nothing has changed, and what it takes
back. Ansible is that of tests/examples/environment.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import machine
import roots

RELEASE, PACKAGE = sys.argv[1], pathlib.Path(sys.argv[2]).resolve()
ANSIBLE = roots.REPOSITORY / "packaging/ansible"
UNIT = "ssh-keepalive-exporter.service"
DROP_INS = f"/etc/systemd/system/{UNIT}.d"
CONFIGURATION = "/etc/ssh_keepalive_exporter/ssh_keepalive_exporter.ini"
HOST = "127.0.0.1"
TOKEN = "a-token-of-this-test-alone"
PORT = 10722


class Role(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.programs = pathlib.Path(
            roots.output(roots.REPOSITORY / "tests/examples/environment")
            .strip())
        root = cls.enterClassContext(roots.Root(RELEASE, "role"))
        shutil.copy(PACKAGE, root.path / "new.deb")
        # The machine has no network to fetch what the package depends on.
        root.apt("install", "systemd-sysv", "openssh-server", "curl", "python3",
                 "python3-apt", "/new.deb")
        root.apt("purge", "ssh-keepalive-exporter")
        cls.key = roots.FOLDER / f"role-{RELEASE}.key"
        cls.key.unlink(missing_ok=True)
        roots.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", cls.key)
        root.write("root/.ssh/authorized_keys",
                   cls.key.with_suffix(".key.pub").read_text(), 0o600)
        cls.machine = cls.enterClassContext(machine.Machine(root))
        machine.wait_for("sshd", lambda: "active" == cls.machine.property(
            "ssh.service", "ActiveState"))

    def play(self, **variables):
        """How the play ended, and the numbers of its summary."""
        variables = {f"ssh_keepalive_exporter_{name}": value
                     for name, value in variables.items()} | {
                         "ssh_keepalive_exporter_package_file": str(PACKAGE)}
        done = subprocess.run(
            ["nsenter", f"--net=/proc/{self.machine.first}/ns/net", "--",
             self.programs / "ansible-playbook", "--inventory", f"{HOST},",
             "--user", "root", "--private-key", self.key,
             "--extra-vars", json.dumps(variables), self.playbook],
            cwd=ANSIBLE, stdin=subprocess.DEVNULL, text=True, check=False,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            env=roots.ENVIRONMENT | {
                "PATH": f"{self.programs}:{os.environ['PATH']}",
                # With connections that outlive a task, of this machine alone.
                "ANSIBLE_HOME": str(roots.FOLDER / f"ansible-{RELEASE}"),
                "ANSIBLE_HOST_KEY_CHECKING": "False",
                "ANSIBLE_ROLES_PATH": str(ANSIBLE / "roles"),
                "ANSIBLE_NOCOLOR": "1"})
        summary = dict(word.split("=") for line in done.stdout.splitlines()
                       if line.startswith(HOST) for word in line.split()
                       if "=" in word)
        return done.returncode, {name: int(number) for name, number
                                 in summary.items()}, done.stdout

    def setUp(self):
        # The example's, for the one host here.
        text = (ANSIBLE / "playbook.yml").read_text()
        self.assertIn("hosts: ssh_keepalive\n", text)
        self.playbook = roots.FOLDER / f"role-{RELEASE}.yml"
        self.playbook.write_text(text.replace("hosts: ssh_keepalive\n",
                                              "hosts: all\n"))

    def succeeds(self, **variables):
        code, summary, told = self.play(**variables)
        self.assertEqual(code, 0, told)
        self.assertEqual(self.machine.property(UNIT, "ActiveState"), "active")
        return summary["changed"]

    def metrics(self, port):
        return self.machine.output("curl", "--silent", "--show-error", "--fail",
                                   f"http://127.0.0.1:{port}/metrics")

    def capabilities(self):
        return self.machine.property(UNIT, "AmbientCapabilities").split()

    def test_from_nothing_and_on(self):
        wanted = {
            "token": TOKEN, "drop_ins": ["owners", "users-files"],
            "configuration": {"web": {"listen_address": f"127.0.0.1:{PORT}"}}}
        self.assertGreater(self.succeeds(**wanted), 4)
        self.assertIn("ssh_keepalive_exporter_build_info", self.metrics(PORT))
        self.assertIn("cap_sys_ptrace", self.capabilities())
        self.assertEqual(
            self.machine.property(UNIT, "UnitFileState"), "enabled")
        sessions = json.loads(self.machine.output(
            "curl", "--silent", "--show-error", "--fail", "--header",
            f"Authorization: Bearer {TOKEN}",
            f"http://127.0.0.1:{PORT}/api/v1/sessions"))["sessions"]
        # Ansible's own, with the name that only the token shows.
        self.assertIn("root", [one["user"] for one in sessions])
        self.assertEqual(self.machine.output(
            "stat", "--format=%U:%G %a", "/etc/ssh_keepalive_exporter/token"),
            "root:_ssh-keepalive-exporter 640\n")

        started = self.machine.property(UNIT, "ExecMainStartTimestampMonotonic")
        self.assertEqual(self.succeeds(**wanted), 0)
        self.assertEqual(started, self.machine.property(
            UNIT, "ExecMainStartTimestampMonotonic"))

        wanted |= {"drop_ins": [], "configuration": {
            "web": {"listen_address": f"127.0.0.1:{PORT + 1}"}}}
        self.assertGreater(self.succeeds(**wanted), 0)
        self.assertIn("ssh_keepalive_exporter_build_info",
                      self.metrics(PORT + 1))
        self.assertEqual(self.capabilities(), [])
        self.assertEqual(self.machine.output("ls", DROP_INS), "")

        before = self.machine.output("cat", CONFIGURATION)
        code, _, told = self.play(**wanted | {"configuration": {
            "web": {"no_such_key": "1"}}})
        self.assertNotEqual(code, 0)
        self.assertIn("no_such_key", told)
        self.assertEqual(self.machine.output("cat", CONFIGURATION), before)
        self.metrics(PORT + 1)

    def test_what_is_no_variable_of_it(self):
        code, _, told = self.play(drop_ins=["everything"])
        self.assertNotEqual(code, 0)
        self.assertIn("everything", told)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
