"""Remedies of `check`, applied: the findings go, no new ones come, and the real
sshd -T and ssh -G say what the remedy promised."""

import json
import pathlib
import re
import shutil
import subprocess
import unittest

import namespaces
import support

POLICY = "[policy]\npath_idle_timeout = 300\n"


def write_remedy(root, remedy):
    path = root / remedy["file"].lstrip("/")
    lines = path.read_text().splitlines() if path.exists() else []
    at = (remedy["line"] or 1) - 1
    if remedy["action"] == "add":
        lines.insert(at, remedy["text"])
    elif remedy["action"] == "change":
        lines[at] = remedy["text"]
    else:
        del lines[at]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n")


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Remedies(support.Scratch):

    def setUp(self):
        super().setUp()
        self.root = self.folder / "root"
        shutil.copytree(support.FIXTURE_HOSTS / "busy", self.root,
                        symlinks=True)
        self.ini = self.write("exporter.ini", POLICY)

    def findings(self):
        run = support.run_program("check", "--format=json", "--root",
                                  self.root, "--config.file", self.ini)
        return {(finding["check"], finding["subject"]): finding["remedy"]
                for finding in json.loads(run.stdout)["findings"]}

    def test_remedies_of_a_debian_host(self):
        before = self.findings()
        self.assertIn(("refresh_too_late", "sshd ssh.service"), before)
        self.assertIn(("refresh_too_late", "ssh to any host"), before)
        for (check, _), remedy in before.items():
            if check == "refresh_too_late":
                write_remedy(self.root, remedy)
        after = self.findings()
        self.assertFalse([check for check, _ in after
                          if check == "refresh_too_late"])
        self.assertLessEqual(set(after), set(before))
        self.assertEqual(self.sshd_says("clientaliveinterval"), "60")
        self.assertEqual(self.ssh_says("serveraliveinterval"), "60")

    def test_remedy_of_a_line(self):
        config = self.root / "etc/ssh/sshd_config"
        config.write_text(config.read_text() + "ClientAliveInterval 400\n")
        remedy = self.findings()["refresh_too_late", "sshd ssh.service"]
        self.assertEqual(remedy["action"], "change")
        write_remedy(self.root, remedy)
        self.assertEqual(self.sshd_says("clientaliveinterval"), "60")

    def mounted(self, *command):
        """With the host's /etc/ssh in place of this one's."""
        script = 'mount --bind "$1" /etc/ssh; shift; exec "$@"'
        return subprocess.run(
            ["unshare", "--mount", "sh", "-ec", script, "sh",
             self.root / "etc/ssh", *command],
            check=True, capture_output=True, text=True).stdout

    @staticmethod
    def value(text, keyword):
        return re.search(rf"^{keyword} (.*)$", text, re.M | re.I)[1]

    def sshd_says(self, keyword):
        key = self.folder / "key"
        if not key.exists():
            subprocess.run([support.daemon("usr/bin/ssh-keygen"), "-q", "-t",
                            "ed25519", "-N", "", "-f", key], check=True)
        pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        return self.value(self.mounted(
            support.daemon("usr/sbin/sshd"), "-T", "-o", f"HostKey={key}",
            "-C", "user=root,host=h,addr=192.0.2.1"), keyword)

    def ssh_says(self, keyword):
        return self.value(self.mounted(
            support.daemon("usr/bin/ssh"), "-G", "db.example.org"), keyword)


if __name__ == "__main__":
    namespaces.enter()
    support.main()
