"""How far the unit and its drop-ins expose the system, by systemd-analyze."""

import re
import shutil
import subprocess

import support

UNITS = support.REPOSITORY / "packaging/systemd"
UNIT = "ssh-keepalive-exporter.service"
# What it is ordered with; empty, since nobody starts it here.
OTHERS = ("basic.target", "multi-user.target", "network.target",
          "shutdown.target", "sysinit.target", "system.slice", "-.slice")
PROGRAMS = ("usr/bin/ssh_keepalive_exporter", "bin/kill")


class Exposure(support.Scratch):

    def setUp(self):
        super().setUp()
        for name in OTHERS:
            self.write(f"usr/lib/systemd/system/{name}", "[Unit]\n")
        for name in PROGRAMS:
            self.write(name, "").chmod(0o755)
        shutil.copy(UNITS / UNIT, self.folder / "usr/lib/systemd/system")
        self.drop_ins = self.folder / f"etc/systemd/system/{UNIT}.d"
        self.drop_ins.mkdir(parents=True)

    def analyze(self, *arguments):
        return subprocess.run(
            [support.daemon("usr/bin/systemd-analyze"), *arguments,
             f"--root={self.folder}", "--no-pager", UNIT],
            capture_output=True, text=True, check=False,
            env=support.with_libraries(), timeout=support.PATIENCE_SECONDS)

    def exposure(self, *drop_ins):
        for name in drop_ins:
            shutil.copy(UNITS / f"{name}.conf", self.drop_ins)
        run = self.analyze("security", "--offline=true")
        self.assertEqual((run.returncode, run.stderr), (0, ""))
        return float(re.search(r"Overall exposure level.*: ([\d.]+) ",
                               run.stdout)[1])

    def test_base(self):
        self.assertLessEqual(self.exposure(), 1.3)

    def test_each_drop_in(self):
        names = {path.stem for path in UNITS.glob("*.conf")} - {"sysusers"}
        self.assertEqual(names, {"owners", "users-files", "netns"})
        for name in sorted(names):
            with self.subTest(name):
                self.assertLessEqual(self.exposure(name), 2.0)
            (self.drop_ins / f"{name}.conf").unlink()

    def test_every_setting_is_known(self):
        """As systemd warns of others and passes over them."""
        for name in UNITS.glob("*.conf"):
            if name.stem != "sysusers":
                shutil.copy(name, self.drop_ins)
        run = self.analyze("verify", "--man=false")
        self.assertEqual((run.returncode, run.stderr), (0, ""))

    def test_rights_are_given_with_their_reason(self):
        for path in UNITS.glob("*.conf"):
            text = path.read_text()
            comments = "\n".join(re.findall("^#.*", text, re.MULTILINE))
            for right in re.findall(r"CAP_\w+", text):
                self.assertIn(f"{right}", comments, path)


if __name__ == "__main__":
    support.main()
