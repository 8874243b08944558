"""Usage: package_test.py RELEASE PACKAGE

Installs the package in a bare root of that Debian release, uses it, upgrades
from an older one with and without a changed conffile, removes and purges it.
"""

import pathlib
import re
import shutil
import subprocess
import sys
import unittest

import roots

NAME = "ssh-keepalive-exporter"
PROGRAM = "ssh_keepalive_exporter"
CONFIGURATION = f"etc/{PROGRAM}/{PROGRAM}.ini"
USER = f"_{NAME}"
RELEASE, PACKAGE = sys.argv[1], pathlib.Path(sys.argv[2])


ROOT = roots.Root(RELEASE, "install")


def setUpModule():
    """One root for all, since apt takes a while."""
    unittest.enterModuleContext(ROOT)
    depends = roots.output("dpkg-deb", "--field", PACKAGE, "Depends")
    ROOT.apt("satisfy", depends.strip())
    ROOT.apt("install", "man-db", "bash-completion")
    shutil.copy(PACKAGE, ROOT.path / "new.deb")
    make_older()


def make_older():
    """The same with an older version, another default and one file more."""
    tree = ROOT.path / "older"
    roots.run("dpkg-deb", "--raw-extract", PACKAGE, tree)
    control = tree / "DEBIAN/control"
    control.write_text(re.sub(r"^Version: .*$", "Version: 0.0.1-1",
                              control.read_text(), flags=re.MULTILINE))
    with open(tree / CONFIGURATION, "a", encoding="utf-8") as file:
        file.write("# an older default\n")
    (tree / f"usr/share/{NAME}/gone").write_text("")
    roots.run("dpkg-deb", "--root-owner-group", "--build", tree,
              ROOT.path / "old.deb", stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)


def this_version():
    return roots.output("dpkg-deb", "--field", PACKAGE, "Version").strip()


class Installed(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        ROOT.apt("install", "/new.deb")
        cls.addClassCleanup(ROOT.quietly, "dpkg", "--purge", NAME)

    def as_service_user(self, *command, codes=(0,)):
        done = ROOT.run("setpriv", "--reuid", USER, "--regid", USER,
                        "--clear-groups", *command, check=False,
                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertIn(done.returncode, codes, done.stderr)
        return done.stdout

    def test_everything_is_there(self):
        listed = set(ROOT.output("dpkg-query", "-L", NAME).split())
        for path in (
                f"/usr/bin/{PROGRAM}",
                f"/usr/lib/systemd/system/{NAME}.service",
                f"/usr/lib/sysusers.d/{NAME}.conf",
                f"/{CONFIGURATION}",
                f"/usr/share/{NAME}/alerts/host.rules.yml",
                f"/usr/share/{NAME}/systemd/owners.conf",
                f"/usr/share/doc/{NAME}/configuration.md",
                f"/usr/share/doc/{NAME}/runbooks/"
                "SSHKeepaliveRefreshTooLate.md",
                f"/usr/share/doc/{NAME}/copyright",
                f"/usr/share/doc/{NAME}/changelog.Debian.gz",
                f"/usr/share/bash-completion/completions/{PROGRAM}",
                f"/usr/share/zsh/vendor-completions/_{PROGRAM}",
                f"/usr/share/fish/vendor_completions.d/{PROGRAM}.fish"):
            self.assertIn(path, listed)
        dashboards = list((roots.REPOSITORY / "dashboards").glob("*.json"))
        for dashboard in dashboards:
            self.assertIn(f"/usr/share/{NAME}/dashboards/{dashboard.name}",
                          listed)

    def test_what_it_recommends_is_to_be_had(self):
        recommends = roots.output("dpkg-deb", "--field", PACKAGE, "Recommends")
        self.assertIn("libcurl4", recommends)
        ROOT.apt("--simulate", "satisfy", recommends.strip())

    def test_runs_as_the_service_user(self):
        passwd = ROOT.output("getent", "passwd", USER)
        self.assertRegex(passwd, r":/usr/sbin/nologin$")
        metrics = self.as_service_user(PROGRAM, "metrics")
        self.assertIn("ssh_keepalive_sysctl_tcp_keepalive_time_seconds{",
                      metrics)
        # What it finds is up to the machine's kernel.
        self.assertIn("checks", self.as_service_user(PROGRAM, "check",
                                                     codes=(0, 1, 2)))
        self.assertIn("--config.file",
                      self.as_service_user(PROGRAM, "--help"))
        self.assertIn(this_version().split("-")[0],
                      self.as_service_user(PROGRAM, "--version"))
        self.as_service_user(PROGRAM, "--config.file", f"/{CONFIGURATION}",
                             "--config.check")

    def test_manual_pages(self):
        for page, section, texts in (
                (PROGRAM, "1", ("--web.listen-address HOST:PORT",
                                "EXPLAIN SSHD", "--what-if LINE",
                                "EXIT STATUS", "the port is in use")),
                (f"{PROGRAM}.ini", "5", ("listen_address = :10722",
                                         "[policy]", "cisco-asa"))):
            done = ROOT.run("man", "--warnings", section, page,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                            env=roots.ENVIRONMENT | {"MANWIDTH": "200"})
            self.assertEqual(done.stderr, "")
            for text in texts:
                self.assertIn(text, done.stdout)
        self.assertIn("idle SSH sessions", ROOT.output("whatis", "--long",
                                                      PROGRAM))

    def test_completion_is_loaded(self):
        answer = ROOT.output("bash", "-c", f"""
            . /usr/share/bash-completion/bash_completion
            _completion_loader {PROGRAM}; complete -p {PROGRAM}""")
        self.assertEqual(answer.strip(), f"complete -F _{PROGRAM} {PROGRAM}")


class Changes(unittest.TestCase):
    """What each of dpkg's actions does and leaves."""

    def setUp(self):
        self.configuration = ROOT.path / CONFIGURATION
        self.bare = ROOT.files()
        self.addCleanup(ROOT.quietly, "dpkg", "--purge", NAME)

    def install(self, which="new"):
        # As apt calls dpkg where nobody answers; a changed conffile stays.
        ROOT.quietly("dpkg", "--force-confold", "--install", f"/{which}.deb")

    def test_upgrade(self):
        self.install("old")
        link = (ROOT.path / "etc/systemd/system/multi-user.target.wants"
                / f"{NAME}.service")
        self.assertTrue(link.is_symlink())
        link.unlink()  # systemctl disable
        self.assertIn("an older default", self.configuration.read_text())
        self.install()
        self.assertNotIn("an older default", self.configuration.read_text())
        self.assertFalse((ROOT.path / f"usr/share/{NAME}/gone").exists())
        self.assertFalse(link.is_symlink())

    def test_upgrade_keeps_a_changed_conffile(self):
        self.install("old")
        own = "[log]\nlevel = debug\n"
        self.configuration.write_text(own)
        self.install()
        self.assertEqual(self.configuration.read_text(), own)
        self.assertEqual(ROOT.output("dpkg-query", "-W", "-f=${Version}", NAME),
                         this_version())

    def test_remove_and_purge(self):
        self.install()
        state = ROOT.write(f"var/lib/{PROGRAM}/ends.json", "")
        self.configuration.write_text("[log]\nlevel = debug\n")
        ROOT.quietly("dpkg", "--remove", NAME)
        self.assertTrue(self.configuration.exists())
        self.assertTrue(state.exists())
        self.assertFalse((ROOT.path / f"usr/bin/{PROGRAM}").exists())
        self.assertFalse((ROOT.path / f"usr/share/{NAME}").exists())
        ROOT.quietly("dpkg", "--purge", NAME)
        self.assertEqual(ROOT.files(), self.bare)
        self.assertIn(USER, ROOT.output("getent", "passwd"))


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
