"""Whose rights count when files are read that somebody else has named."""

import os
import unittest

import support

NOBODY = 65534
SECRET = "ServerAliveInterval 77\n"


@unittest.skipUnless(os.geteuid() == 0, "needs root, to have rights to drop")
class Rights(support.Scratch):
    """A host with a user whose files lead to those of root."""

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)
        self.write("etc/passwd",
                   "root:x:0:0:root:/root:/bin/sh\n"
                   f"alice:x:{NOBODY}:{NOBODY}::/home/alice:/bin/sh\n")
        self.write("etc/group", f"nogroup:x:{NOBODY}:\nstaff:x:50:alice\n")
        self.write("etc/ssh/ssh_config", "")
        self.write("root/secret", SECRET).chmod(0o600)
        self.home = self.folder / "home/alice"
        (self.home / ".ssh").mkdir(parents=True)
        for path in (self.folder / "etc", self.folder / "etc/ssh",
                     self.folder / "home", self.home, self.home / ".ssh"):
            path.chmod(0o755)

    def config(self, text):
        path = self.write("home/alice/.ssh/config", text)
        os.chown(path, NOBODY, NOBODY)
        path.chmod(0o600)

    def explain(self, *options):
        return support.run_program("explain", "ssh", "some.host",
                                   "--root", self.folder, *options)

    def test_own_file_of_the_user_is_read(self):
        self.config("ServerAliveInterval 5\n")
        run = self.explain("--as-user", "alice", "--format=openssh")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("serveraliveinterval 5\n", run.stdout)

    def test_include_of_a_file_of_root(self):
        self.config("Include /root/secret\nServerAliveInterval 5\n")
        run = self.explain("--as-user", "alice", "--format=openssh")
        self.assertNotIn("77", run.stdout + run.stderr)

    def test_link_to_a_file_of_root(self):
        os.symlink("/root/secret", self.home / ".ssh/config")
        run = self.explain("--as-user", "alice", "--format=openssh")
        self.assertNotIn("77", run.stdout + run.stderr)

    def test_named_file_of_root(self):
        run = self.explain("--as-user", "alice", "--file", "/root/secret")
        self.assertEqual(run.returncode, 77, run.stderr)
        self.assertNotIn("77\n", run.stdout)

    def test_files_of_the_users_groups_are_read(self):
        self.write("etc/shared", SECRET).chmod(0o640)
        os.chown(self.folder / "etc/shared", 0, 50)
        self.config("Include /etc/shared\n")
        run = self.explain("--as-user", "alice", "--format=openssh")
        self.assertIn("serveraliveinterval 77\n", run.stdout)

    def test_unknown_user(self):
        self.assertEqual(self.explain("--as-user", "bob").returncode, 64)

    def test_collector_reads_with_the_users_rights(self):
        """What is a user's fault is no failure, and no name is published."""
        self.config("Include /root/secret\nNonsense 1\n")
        ini = self.write("exporter.ini", "[ssh]\nusers = alice\n")
        run = support.run_program("metrics", "--root", self.folder,
                                  "--config.file", ini)
        exposition = support.Exposition(run.stdout)
        self.assertEqual(exposition.value(
            "ssh_keepalive_scrape_collector_success", collector="ssh_config"),
            1)
        self.assertNotIn("alice", run.stdout)

    def test_links_stay_inside_the_root(self):
        """Absolute links and `..` mean the tree's own files."""
        outside = self.write("outside", "ServerAliveInterval 66\n"
                             "ClientAliveInterval 66\n")
        tree = self.folder / "tree"
        (tree / "etc/ssh").mkdir(parents=True)
        for name, target in (("a", outside), ("b", "../../../outside"),
                             ("c", "/../../outside")):
            for side in ("ssh", "sshd"):
                file = tree / f"etc/ssh/{side}_config"
                file.unlink(missing_ok=True)
                link = tree / f"etc/ssh/{name}.conf"
                link.unlink(missing_ok=True)
                os.symlink(target, link)
                file.write_text("Include /etc/ssh/*.conf\n"
                                "Include ../../../../outside\n")
                host = ["some.host"] if side == "ssh" else []
                run = support.run_program("explain", side, *host, "--root",
                                          tree, "--format=openssh")
                self.assertNotIn("66", run.stdout + run.stderr)


if __name__ == "__main__":
    support.main()
