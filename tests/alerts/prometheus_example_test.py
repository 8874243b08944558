"""The example configuration for Prometheus: promtool's checks of it, and the
targets that it makes of its own example."""

import json
import pathlib
import shutil
import subprocess

import support

ROOT = pathlib.Path(__file__).resolve().parents[2]


class Example(support.Scratch):

    def setUp(self):
        super().setUp()
        shutil.copytree(ROOT / "packaging" / "prometheus", self.folder,
                        dirs_exist_ok=True)
        shutil.copytree(ROOT / "alerts" / "rules", self.folder / "rules")

    def promtool(self, *arguments):
        return subprocess.run(
            [support.daemon("usr/bin/promtool"), *map(str, arguments)],
            text=True, capture_output=True, timeout=support.PATIENCE_SECONDS,
            check=False)

    def test_check_config(self):
        run = self.promtool("check", "config", "--lint=all", "--lint-fatal",
                            self.folder / "prometheus.yml")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        rules = len(list((ROOT / "alerts" / "rules").glob("*.rules.yml")))
        self.assertIn(f"{rules} rule files found", run.stdout)

    def test_targets(self):
        run = self.promtool("check", "service-discovery", "--timeout=5s",
                            self.folder / "prometheus.yml", "ssh_keepalive")
        self.assertEqual(run.returncode, 0, run.stdout + run.stderr)
        targets = {tuple(one["labels"][label] for label in
                         ("cluster", "instance", "__address__"))
                   for one in json.loads(run.stdout)}
        self.assertEqual(targets, {
            ("a", "bastion.example.org", "bastion.example.org:10722"),
            ("a", "build1.example.org", "build1.example.org:10722"),
            ("b", "[2001:db8::10]", "[2001:db8::10]:10722"),
            ("b", "jump.example.net", "jump.example.net:9100")})


if __name__ == "__main__":
    support.main()
