"""Whose rights count when files are read that somebody else has named."""

import json
import os
import unittest

import support

NOBODY = 65534
OTHER = 65533
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

    def explain(self, *options, **identity):
        return support.run_program("explain", "ssh", "some.host", "--root",
                                   self.folder, *options, **identity)

    def test_own_file_of_the_user_is_read(self):
        self.config("ServerAliveInterval 5\n")
        run = self.explain("--as-user", "alice", "--format=openssh")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("serveraliveinterval 5\n", run.stdout)

    def test_include_of_a_file_of_root(self):
        """ssh would end: it cannot open the file."""
        for pattern in ("/root/secret", "/root/s*", "../../../root/secret"):
            self.config(f"Include {pattern}\nServerAliveInterval 5\n")
            run = self.explain("--as-user", "alice", "--format=openssh")
            self.assertEqual(run.returncode, 77, run.stderr)
            self.assertEqual(run.stdout, "")
            self.assertRegex(run.stderr, r"\A[^\n]*root/secret: "
                             r"Permission denied\n\Z")

    def test_link_to_a_file_of_root(self):
        """ssh passes over a file of the user that it cannot open."""
        os.symlink("/root/secret", self.home / ".ssh/config")
        run = self.explain("--as-user", "alice", "--format=json")
        self.assertEqual(run.returncode, 0, run.stderr)
        answer = json.loads(run.stdout)
        self.assertIn("open /home/alice/.ssh/config: Permission denied: ssh "
                      "passes over it.", answer["notes"])
        values = {row["keyword"]: row["value"] for row in answer["keywords"]}
        self.assertEqual(values["serveraliveinterval"], 0)

    def test_included_link_to_a_file_of_root(self):
        os.symlink("/root/secret", self.home / ".ssh/more")
        self.config("Include more\n")
        run = self.explain("--as-user", "alice")
        self.assertEqual(run.returncode, 77, run.stderr)
        self.assertEqual(run.stdout, "")

    def test_folder_of_root(self):
        (self.folder / "root").chmod(0o700)
        self.config("Include /root/*\nInclude /root/secret\n")
        run = self.explain("--as-user", "alice", "--format=openssh")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("serveraliveinterval 0\n", run.stdout)

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

    def test_somebody_else_without_privilege(self):
        self.config("ServerAliveInterval 5\n")
        (self.home / ".ssh/config").chmod(0o644)
        run = self.explain("--as-user", "alice", user=OTHER)
        self.assertEqual(run.returncode, 77, run.stderr)
        self.assertEqual(run.stdout, "")
        self.assertEqual(len(run.stderr.splitlines()), 1, run.stderr)

    def test_oneself_without_privilege(self):
        self.config("ServerAliveInterval 5\n")
        run = self.explain("--as-user", "alice", "--format=openssh",
                           user=NOBODY)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn("serveraliveinterval 5\n", run.stdout)

    def metrics(self, **identity):
        ini = self.write("exporter.ini", "[ssh]\nusers = alice\n")
        return support.run_program("metrics", "--root", self.folder,
                                   "--config.file", ini, **identity)

    def test_collector_reads_with_the_users_rights(self):
        """What is a user's fault is no failure, and no name is published."""
        self.config("Include /root/secret\nNonsense 1\n")
        run = self.metrics()
        self.assertEqual(support.Exposition(run.stdout).value(
            "ssh_keepalive_scrape_collector_success", collector="ssh_config"),
            1)
        self.assertNotIn("alice", run.stdout)

    def test_check_judges_the_users_file(self):
        """It names the line; who asks the exporter without the token sees
        that there is something, and not whose."""
        (self.folder / "etc/ssh/ssh_config").write_text(
            "ServerAliveInterval 60\n")
        self.write_kernel_defaults(".")
        self.config("Host *\n  ServerAliveInterval 0\n")
        ini = self.write("exporter.ini", "[ssh]\nusers = alice\n"
                         "[policy]\npath_idle_timeout = 300\n")
        run = support.run_program("check", "--root", self.folder,
                                  "--config.file", ini)
        self.assertEqual(run.returncode, 1, run.stderr)
        self.assertIn("ssh to any host with /home/alice/.ssh/config",
                      run.stdout)
        self.assertIn("/home/alice/.ssh/config:2", run.stdout)
        with support.Exporter("--root", self.folder,
                              "--config.file", ini) as exporter:
            for path in ("/", "/api/v1/report", "/metrics"):
                text = exporter.request(path).text
                self.assertIn("refresh_too_late", text)
                self.assertNotIn("alice", text)

    def test_collector_without_privilege_fails_for_users_only(self):
        self.config("ServerAliveInterval 5\n")
        run = self.metrics(user=OTHER)
        exposition = support.Exposition(run.stdout)
        self.assertEqual(exposition.value(
            "ssh_keepalive_scrape_collector_success", collector="ssh_config"),
            0)
        self.assertEqual(exposition.value(
            "ssh_keepalive_ssh_server_alive_interval_seconds",
            profile="default"), 0)
        self.assertIn("Operation not permitted", run.stderr)
        self.assertNotIn("alice", run.stdout)


class Links(support.Scratch):
    """A container's root: absolute links and `..` mean its own files."""

    KEYWORDS = {"ssh": "ServerAliveInterval", "sshd": "ClientAliveInterval"}

    def setUp(self):
        super().setUp()
        self.tree = self.folder / "tree"
        (self.tree / "etc/ssh/drop-ins").mkdir(parents=True)
        self.write_both("outside", 66)
        self.write_both("tree/outside", 5)

    def write_both(self, name, seconds):
        """The same path outside and inside of the tree: two values."""
        for side, keyword in self.KEYWORDS.items():
            self.write(f"{name}.{side}", f"{keyword} {seconds}\n")

    def check(self, side):
        """The value is that of the file inside."""
        host = ["some.host"] if side == "ssh" else []
        run = support.run_program("explain", side, *host, "--root", self.tree,
                                  "--format=openssh")
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(f"{self.KEYWORDS[side].lower()} 5\n", run.stdout)

    def test_links(self):
        for side in self.KEYWORDS:
            main = self.tree / f"etc/ssh/{side}_config"
            for target in (f"/outside.{side}", f"../../outside.{side}",
                           f"../../../../outside.{side}",
                           f"/../../outside.{side}"):
                with self.subTest(side, main=target):
                    main.symlink_to(target)
                    self.check(side)
                    main.unlink()
                link = self.tree / "etc/ssh/drop-ins/x.conf"
                link.symlink_to(target if target.startswith("/")
                                else "../" + target)
                for pattern in ("drop-ins/x.conf", "/etc/ssh/drop-ins/*.conf",
                                "/etc/s*/../ssh/drop-in?/x.conf"):
                    with self.subTest(side, pattern=pattern, link=target):
                        main.write_text(f"Include {pattern}\n")
                        self.check(side)
                        main.unlink()
                link.unlink()

    def test_includes_that_climb(self):
        for side in self.KEYWORDS:
            for pattern in (f"/../../outside.{side}",
                            f"../../../../../outside.{side}",
                            f"/etc/../../*/../../outside.{side}",
                            f"../../../o*.{side}"):
                with self.subTest(side, pattern=pattern):
                    self.write(f"tree/etc/ssh/{side}_config",
                               f"Include {pattern}\n")
                    self.check(side)

    def test_linked_folder(self):
        for side in self.KEYWORDS:
            folder = self.tree / "etc/ssh/folder"
            for target in ("/", "../../..", "/../.."):
                with self.subTest(side, target=target):
                    folder.symlink_to(target)
                    self.write(f"tree/etc/ssh/{side}_config",
                               f"Include folder/outsid?.{side}\n")
                    self.check(side)
                    folder.unlink()


if __name__ == "__main__":
    support.main()
