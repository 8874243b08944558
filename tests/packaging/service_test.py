"""Usage: service_test.py RELEASE PACKAGE

The service under a real systemd, beside a real sshd, with all restrictions of
its unit and each of its drop-ins. A system call that the filter refuses ends it
here, where the unit has EPERM: so what is not refused suffices.
"""

import json
import pathlib
import shutil
import sys
import time
import unittest

import machine
import roots

RELEASE, PACKAGE = sys.argv[1], pathlib.Path(sys.argv[2])
UNIT = "ssh-keepalive-exporter.service"
CONFIGURATION = "etc/ssh_keepalive_exporter/ssh_keepalive_exporter.ini"
DROP_INS = f"etc/systemd/system/{UNIT}.d"
TOKEN = "a-token-of-this-test-alone"
BASE = f"""\
[web]
private_token_file = /etc/ssh_keepalive_exporter/token
"""
# With owners.conf alone it finds users' clients and tries to read their files:
# that is refused as it would be without the right.
TRIES = "SystemCallErrorNumber=EPERM\n"
SUCCESS = "ssh_keepalive_scrape_collector_success"
RELOADED = "ssh_keepalive_config_last_reload_successful"


class Service(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        root = cls.enterClassContext(roots.Root(RELEASE, "service"))
        shutil.copy(PACKAGE, root.path / "new.deb")
        root.apt("install", "systemd-sysv", "openssh-server", "openssh-client",
                 "iproute2", "curl", "/new.deb")
        for user in ("alice", "bob"):
            root.run("useradd", "--create-home", user)
            root.run("install", "-d", "-o", user, "-g", user, "-m", "700",
                     f"/home/{user}/.ssh")
        root.run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f",
                 "/home/alice/.ssh/id_ed25519")
        root.run("sh", "-c", "chown -R alice: /home/alice/.ssh; install -o bob "
                 "-g bob -m 600 /home/alice/.ssh/id_ed25519.pub "
                 "/home/bob/.ssh/authorized_keys")
        root.write("etc/ssh_keepalive_exporter/token", TOKEN + "\n", 0o640)
        root.run("chgrp", "_ssh-keepalive-exporter",
                 "/etc/ssh_keepalive_exporter/token")
        root.write(CONFIGURATION, BASE)
        root.write(f"{DROP_INS}/90-test.conf",
                   "[Service]\nRestartSec=100ms\n")
        cls.machine = cls.enterClassContext(machine.Machine(root))

    def setUp(self):
        self.addCleanup(self.tell_on_failure)

    def tell_on_failure(self):
        outcome = self._outcome.result
        if any(test is self for test, _ in outcome.failures + outcome.errors):
            print(self.machine.output("journalctl", "--no-pager", "-n", "30",
                                      "-u", UNIT), file=sys.stderr)

    def restart(self, *drop_ins, configuration=BASE, more="",
                refused="SystemCallErrorNumber=kill\n"):
        """As an administrator enables drop-ins: by a copy."""
        self.machine.run("sh", "-c", f"rm -f /{DROP_INS}/[0-8]*")
        for name in drop_ins:
            self.machine.run("cp",
                             f"/usr/share/ssh-keepalive-exporter/systemd/{name}.conf",
                             f"/{DROP_INS}/10-{name}.conf")
        self.machine.write(f"{DROP_INS}/80-more.conf", "[Service]\n" + refused + more)
        self.machine.write(CONFIGURATION, configuration)
        self.machine.run("systemctl", "daemon-reload")
        self.machine.run("systemctl", "reset-failed", UNIT)
        self.machine.run("systemctl", "restart", UNIT)
        self.assertEqual(self.property("ActiveState"), "active")

    def property(self, name):
        return self.machine.property(UNIT, name)

    def get(self, path, host="127.0.0.1"):
        return self.machine.output(
            "curl", "--silent", "--show-error", "--fail", "--header",
            f"Authorization: Bearer {TOKEN}", f"http://{host}:10722{path}")

    def series(self, name):
        """Those of that name, by their text in front of the value."""
        return {line.rsplit(" ", 1)[0]: float(line.rsplit(" ", 1)[1])
                for line in self.get("/metrics").splitlines()
                if line.startswith(name)}

    def sessions(self, role):
        return [one for one in json.loads(self.get("/api/v1/sessions"))
                ["sessions"] if one["role"] == role]

    def connect(self, *options):
        """A session of alice's to bob, which ends with its standard input."""
        ssh = self.machine.start(
            "setpriv", "--reuid=alice", "--regid=alice", "--clear-groups",
            "env", "HOME=/home/alice", "ssh", "-o", "StrictHostKeyChecking=no",
            *options, "bob@127.0.0.1", "cat")
        self.addCleanup(ssh.communicate)
        ssh.stdin.write("here\n")
        ssh.stdin.flush()
        self.assertEqual(ssh.stdout.readline(), "here\n")
        return ssh

    def all_is_well(self):
        self.assertEqual(set(self.series(SUCCESS).values()), {1.0},
                         self.series(SUCCESS))
        self.assertEqual(self.property("NRestarts"), "0")
        self.assertEqual(self.property("ActiveState"), "active")

    def process_status(self):
        status = self.machine.output(
            "cat", f"/proc/{self.property('MainPID')}/status")
        return dict(line.split(":\t", 1) for line in status.splitlines())

    def test_as_installed(self):
        self.restart()
        self.assertEqual(self.property("StatusText"),
                         "Serving http://localhost:10722/metrics")
        self.assertEqual(self.property("UnitFileState"), "enabled")
        status = self.process_status()
        self.assertEqual(int(status["CapEff"], 16), 0)
        self.assertEqual(int(status["CapBnd"], 16), 0)
        self.assertEqual(status["NoNewPrivs"], "1")
        self.assertEqual(status["Seccomp"], "2")
        self.assertNotEqual(status["Uid"].split()[0], "0")
        self.all_is_well()
        self.assertIn(1.0, self.series("ssh_keepalive_sshd_running").values())

    def test_exposure(self):
        """As docs/install.md says it, by the systemd of this release."""
        for figure, *drop_ins in (
                (1.3,), (2.0, "owners"), (2.0, "users-files"), (2.0, "netns"),
                (2.8, "owners", "users-files", "netns")):
            with self.subTest(drop_ins):
                self.restart(*drop_ins, refused=TRIES)
                said = self.machine.output("systemd-analyze", "security",
                                           "--no-pager", UNIT)
                self.assertIn(f": {figure} OK", said)
                self.assertEqual(self.machine.run(
                    "systemd-analyze", "verify", "--man=false", UNIT,
                    stderr=-1).stderr, "")

    @unittest.skipIf(RELEASE == "12", "its CivetWeb has no IPv6: tls.md")
    def test_ipv6(self):
        self.restart(configuration=BASE + "listen_address = "
                     "127.0.0.1:10722, [::1]:10722\n")
        self.assertEqual(self.property("StatusText"),
                         "Serving http://127.0.0.1:10722/metrics "
                         "http://[::1]:10722/metrics")
        self.assertIn(SUCCESS, self.get("/metrics", "[::1]"))
        self.all_is_well()

    def total(self, series):
        return sum(self.series(f"ssh_keepalive_{series}").values())

    def test_sessions_and_news_of_their_ends(self):
        """Without a look at processes short ones pass for scanners: ends.md."""
        self.restart()
        ssh = self.connect()
        server, = machine.wait_for("the session",
                                   lambda: self.sessions("server"))
        self.assertEqual(server["user"], None)
        ssh.communicate()
        machine.wait_for("its end", lambda: self.total(
            "session_ends_uncounted_total") > 0)
        for path in ("/", "/api/v1/report", "/-/healthy"):
            self.get(path)
        self.all_is_well()

    def test_what_ended_sessions(self):
        self.restart("owners", "users-files")
        ssh = self.connect()
        machine.wait_for("the session", lambda: any(
            one["phase"] == "authenticated"
            for one in self.sessions("server")))
        ssh.communicate()
        machine.wait_for("its end",
                         lambda: self.total("session_ends_total") > 0)
        why = machine.wait_for("the file of ends", lambda: self.machine.run(
            "ssh_keepalive_exporter", "why", check=False,
            stdout=-1, stderr=-1).stdout)
        self.assertIn("closed", why)
        state = self.machine.output("stat", "-c", "%U %a",
                                    "/var/lib/ssh_keepalive_exporter").strip()
        self.assertEqual(state, "_ssh-keepalive-exporter 700")
        self.all_is_well()

    def test_reload(self):
        self.restart()
        self.machine.write(CONFIGURATION, BASE + "[policy]\nminimum_idle=2h\n")
        self.machine.run("systemctl", "reload", UNIT)
        idle = "ssh_keepalive_policy_minimum_idle_seconds"
        machine.wait_for("the reload",
                         lambda: self.series(idle) == {idle: 7200.0})
        self.machine.write(CONFIGURATION, "nonsense\n")
        self.machine.run("systemctl", "reload", UNIT)
        machine.wait_for("the failed reload", lambda: self.series(RELOADED) ==
                         {RELOADED: 0.0})
        machine.wait_for("its status", lambda: "the last reload failed" in
                         self.property("StatusText"))
        self.all_is_well()

    def test_bad_configuration_at_the_start(self):
        self.machine.write(CONFIGURATION, "nonsense\n")
        self.machine.run("systemctl", "restart", UNIT, check=False,
                         stderr=-1)
        self.assertEqual(self.property("ExecMainStatus"), "78")
        log = self.machine.output("journalctl", "--no-pager", "-u", UNIT)
        self.assertIn("ssh_keepalive_exporter.ini:1", log)

    def test_watchdog(self):
        self.restart(more="WatchdogSec=1\n")
        self.machine.run("kill", "-STOP", self.property("MainPID"))
        machine.wait_for("another one",
                         lambda: self.property("NRestarts") == "1")
        machine.wait_for("it to be ready",
                         lambda: self.property("ActiveState") == "active")
        self.assertEqual(set(self.series(SUCCESS).values()), {1.0})

    def test_signs_of_life_keep_it_running(self):
        self.restart(more="WatchdogSec=1\n")
        time.sleep(3)  # three times what would end it
        self.all_is_well()

    def test_owners(self):
        self.machine.run("chmod", "600", "/etc/ssh/sshd_config")
        self.addCleanup(self.machine.run, "chmod", "644",
                        "/etc/ssh/sshd_config")
        self.restart()
        self.assertEqual(self.series(SUCCESS)
                         [SUCCESS + '{collector="sshd_config"}'], 0)
        self.restart("owners", refused=TRIES)
        self.connect()
        server, = machine.wait_for("the server",
                                   lambda: self.sessions("server"))
        client, = self.sessions("client")
        self.assertEqual((server["user"], client["user"]), ("bob", "alice"))
        self.all_is_well()

    def test_users_files(self):
        self.machine.write("home/alice/.ssh/config",
                           "ServerAliveInterval 77\n", 0o600)
        self.machine.run("chown", "alice:", "/home/alice/.ssh/config")
        self.addCleanup(self.machine.run, "rm", "/home/alice/.ssh/config")
        for drop_ins, seen in ((("owners",), False),
                               (("owners", "users-files"), True)):
            self.restart(*drop_ins, **({} if seen else {"refused": TRIES}))
            self.connect()
            client = machine.wait_for("the client",
                                      lambda: self.sessions("client"))[0]
            with self.subTest(drop_ins):
                self.assertEqual(client["refresh"]["by"] == "server_alive",
                                 seen, client)
                self.assertEqual("/home/alice/.ssh/config" in
                                 str(client["refresh"]["source"]), seen)
                self.all_is_well()

    def test_network_namespaces(self):
        self.machine.run("ip", "netns", "add", "web")
        self.addCleanup(self.machine.run, "ip", "netns", "delete", "web")
        self.machine.run("ip", "-n", "web", "link", "set", "lo", "up")
        self.machine.run("ip", "netns", "exec", "web", "/usr/sbin/sshd",
                         "-o", "PidFile=/run/web.pid")
        self.addCleanup(self.machine.run, "sh", "-c",
                        "kill $(cat /run/web.pid)")
        self.restart("owners", "netns",
                     configuration=BASE + "[netns]\nscan = auto\n")
        machine.wait_for("the namespace", lambda: any(
            'netns="web"' in one
            for one in self.series("ssh_keepalive_sshd_running")))
        self.assertTrue(any('netns="web"' in one for one in self.series(
            "ssh_keepalive_sysctl_tcp_keepalive_time_seconds")))
        self.all_is_well()

    def test_everything_at_once(self):
        self.restart("owners", "users-files", "netns",
                     configuration=BASE + "[netns]\nscan = all\n")
        self.connect()
        machine.wait_for("the user", lambda: any(
            one["user"] == "bob" for one in self.sessions("server")))
        self.all_is_well()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
