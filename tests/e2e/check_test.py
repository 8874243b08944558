"""`check` as a monitoring system and a person run it, on fixture hosts."""

import json
import unittest

import support

ARTICLE = ("--root", support.FIXTURE_HOSTS / "article")
BUSY = ("--root", support.FIXTURE_HOSTS / "busy")


def check(*arguments):
    return support.run_program("check", *map(str, arguments))


class Check(support.Scratch):

    def ini(self, text):
        return self.write("exporter.ini", text)

    def test_settings_of_the_article_end_after_18_minutes(self):
        run = check(*ARTICLE)
        self.assertEqual(run.returncode, 0, run.stdout)
        self.assertIn("1057 to 1068 s  retransmission_limit ends it",
                      run.stdout)
        self.assertIn("1058 to 1188 s  retransmission_limit ends it",
                      run.stdout)
        self.assertIn("120 to 240 s  client_alive refreshes it", run.stdout)
        self.assertNotIn("675", run.stdout)

    def test_guess_of_the_path_is_no_warning(self):
        self.assertEqual(check(*BUSY).returncode, 0)

    def test_path_that_forgets_is_critical_once_sessions_are_lost(self):
        run = check(*BUSY, "--config.file",
                    self.ini("[policy]\npath_idle_timeout = 300\n"))
        self.assertEqual(run.returncode, 2)
        self.assertTrue(run.stdout.startswith("CRITICAL: "))

    def test_verdicts_that_an_operator_would_sign(self):
        compliant = self.ini("[policy]\ncompliance = cis-debian-12\n")
        for host, exit_code, found, *more in (
                ("plain", 0, "INFO  refresh_too_late"),
                ("cis_debian12", 0, "INFO  idle_kill_short",
                 "--config.file", compliant),
                ("cis_debian12", 1, "WARNING  idle_kill_short"),
                ("cloud_aws", 1, "after 350 s (detected)"),
                ("cloud_gcp", 1, "after 600 s (detected)"),
                ("cloud_azure", 1, "refreshed after 180 to 360 s")):
            with self.subTest(host, more=more):
                run = check("--root", support.FIXTURE_HOSTS / host, *more)
                self.assertEqual(run.returncode, exit_code, run.stdout)
                self.assertIn(found, run.stdout)

    def test_finding_names_the_line_to_write(self):
        run = check(*BUSY, "--format=json", "--config.file",
                    self.ini("[policy]\npath_idle_timeout = 300\n"))
        document = json.loads(run.stdout)
        remedies = {finding["subject"]: finding["remedy"]
                    for finding in document["findings"]
                    if finding["check"] == "refresh_too_late"}
        self.assertEqual(remedies["sshd ssh.service"], {
            "file": "/etc/ssh/sshd_config.d/00-keepalive.conf", "line": None,
            "action": "add", "text": "ClientAliveInterval 60",
            "command": "systemctl reload ssh.service", "managed_by": None})
        self.assertEqual(remedies["ssh to any host"]["text"],
                         "ServerAliveInterval 60")

    def test_what_if_applies_the_remedy_to_nothing(self):
        arguments = (*BUSY, "--config.file",
                     self.ini("[policy]\npath_idle_timeout = 300\n"))
        run = check(*arguments, "--format=json", "--what-if",
                    "ClientAliveInterval 60")
        document = json.loads(run.stdout)
        self.assertEqual(document["verdict_before"], "critical")
        self.assertEqual(document["verdict"], "warning")
        self.assertEqual(run.returncode, 1)
        self.assertEqual([finding["subject"] for finding
                          in document["findings_gone"]],
                         ["sshd ssh.service", "live server sessions"])
        self.assertEqual({session["after"]["kind"] for session
                          in document["sessions_changed"]}, {"intact"})
        self.assertEqual(check(*arguments).returncode, 2)

    def test_what_if_of_a_line_that_says_nothing(self):
        for line in ("Foo bar", "ClientAliveInterval soon", "#"):
            run = check(*BUSY, "--what-if", line)
            self.assertEqual(run.returncode, 3, line)
            self.assertEqual(run.stdout, "")
            self.assertIn("--what-if: ", run.stderr)

    def test_nobody_could_look(self):
        for arguments in (("--bogus",), ("--root", "/nonexistent"),
                          ("--config.file", "/nonexistent"),
                          ("--format", "openssh")):
            run = check(*arguments)
            self.assertEqual(run.returncode, 3, arguments)
            self.assertEqual(run.stderr.count("\n"), 1)

    def test_host_without_anything_is_unknown(self):
        (self.folder / "root").mkdir()
        run = check("--root", self.folder / "root")
        self.assertEqual(run.returncode, 3)
        self.assertTrue(run.stdout.startswith("UNKNOWN: "))

    def test_colours_only_on_a_terminal(self):
        self.assertNotIn("\033", check(*BUSY).stdout)


if __name__ == "__main__":
    support.main()
