"""dashboards/*.json are what dashboards/src generates, and it is well typed;
and the files for Grafana's provisioning are well formed. This needs node, and
packages of npm the first time.
"""

import json
import pathlib
import subprocess
import tempfile
import unittest

import dashboards
import support


PROVISIONING = dashboards.ROOT / "packaging/grafana/provisioning"
TO_JSON = """
const { parse } = require("./node_modules/yaml");
const text = require("fs").readFileSync(0, "utf8");
console.log(JSON.stringify(parse(text, { strict: true, uniqueKeys: true })));
"""


def parsed(path):
    """A file of YAML, read by a library of the same packages."""
    run = subprocess.run(["node", "-e", TO_JSON], text=True, check=True,
                         cwd=dashboards.ROOT / "build/dashboards",
                         input=path.read_text(), stdout=subprocess.PIPE)
    return json.loads(run.stdout)


class Generated(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.folder = cls.enterClassContext(
            tempfile.TemporaryDirectory(prefix="ssh_keepalive_"))
        run = subprocess.run(
            [dashboards.ROOT / "tools/generate_dashboards", cls.folder],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            check=False)
        if run.returncode != 0:
            raise AssertionError(run.stdout)

    def test_the_committed_ones_are_those_of_the_source(self):
        for name in dashboards.NAMES:
            with self.subTest(name):
                self.assertEqual(
                    (pathlib.Path(self.folder) / f"{name}.json").read_text(),
                    (dashboards.FOLDER / f"{name}.json").read_text(),
                    "run tools/generate_dashboards")

    def test_provisioning_of_the_data_source(self):
        document = parsed(PROVISIONING / "datasources/ssh_keepalive.yaml")
        self.assertEqual(set(document), {"apiVersion", "datasources"})
        self.assertEqual(document["apiVersion"], 1)
        source, = document["datasources"]
        self.assertEqual(source["type"], "prometheus")
        self.assertEqual(source["access"], "proxy")
        self.assertTrue(source["url"].startswith("http://"))
        self.assertEqual(source["jsonData"]["timeInterval"], "60s")

    def test_provisioning_of_the_dashboards(self):
        document = parsed(PROVISIONING / "dashboards/ssh_keepalive.yaml")
        self.assertEqual(set(document), {"apiVersion", "providers"})
        self.assertEqual(document["apiVersion"], 1)
        provider, = document["providers"]
        self.assertEqual(provider["type"], "file")
        self.assertIs(provider["allowUiUpdates"], False)
        page = (dashboards.ROOT / "docs/dashboards.md").read_text()
        self.assertIn(f"`{provider['options']['path']}/`", page)

    def test_versions_are_exact_and_the_lock_names_no_host(self):
        for folder in (dashboards.FOLDER, dashboards.FOLDER / "preview"):
            package = folder / "package.json"
            with self.subTest(folder):
                for version in dashboards.read(
                        package)["devDependencies"].values():
                    self.assertRegex(version, r"^\d+\.\d+\.\d+$")
                lock = package.with_name("package-lock.json").read_text()
                self.assertNotIn('"resolved"', lock)
                self.assertIn('"integrity": "sha512-', lock)


if __name__ == "__main__":
    support.main()
