"""`metrics` and `sessions` on every fixture host against tests/golden/HOST.

Rewrite the goldens after a change that is meant:
    tests/e2e/golden_test.py --update      (or UPDATE_GOLDENS=1 ./test -R golden)
"""

import difflib
import json
import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

import support

# What differs from run to run, or from release to release, is 0 in a golden.
VOLATILE = re.compile(
    r"^((?:process_\w+"
    r"|ssh_keepalive_scrape_collector_duration_seconds"
    r"|ssh_keepalive_scrape_collector_last_success_timestamp_seconds"
    r"|ssh_keepalive_config_last_reload_success_timestamp_seconds"
    r"|ssh_keepalive_next_session_end_timestamp_seconds"
    r")(?:\{.*\})?) \S+$", re.MULTILINE)
BUILD = re.compile(r'\b(version|revision)="[^"]*"')
BUILD_INFO = re.compile(r"^ssh_keepalive_exporter_build_info\{.*$",
                        re.MULTILINE)

IDENTITY = ("id", "local", "peer", "state", "role", "phase", "user", "tty",
            "pid", "process", "implementation", "age_seconds", "keepalive")

UPDATE = bool(os.environ.get("UPDATE_GOLDENS"))
HOSTS = sorted(path.name for path in support.FIXTURE_HOSTS.iterdir()
               if path.is_dir())


def normalised(text):
    text = VOLATILE.sub(r"\1 0", text)
    return BUILD_INFO.sub(lambda line: BUILD.sub(r'\1=""', line[0]), text)


class FixtureHosts(unittest.TestCase):

    def test_there_are_some(self):
        self.assertTrue(HOSTS)

    def test_each_is_described(self):
        for host in HOSTS:
            names = os.listdir(support.FIXTURE_HOSTS / host)
            self.assertTrue([n for n in names if n.startswith("README")], host)

    def test_goldens_have_a_host(self):
        self.assertLessEqual(set(os.listdir(support.GOLDENS)), set(HOSTS))

    def output(self, host, *command):
        run = support.run_program(*command, "--root",
                                  support.FIXTURE_HOSTS / host)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def metrics(self, host):
        return self.output(host, "metrics")

    def check(self, host, name, actual):
        golden = support.GOLDENS / host / name
        if UPDATE:
            golden.parent.mkdir(parents=True, exist_ok=True)
            golden.write_text(actual)
        expected = golden.read_text() if golden.exists() else ""
        difference = difflib.unified_diff(
            expected.splitlines(), actual.splitlines(), str(golden),
            f"--root {host}", lineterm="")
        self.assertEqual("\n".join(difference), "",
                         "if this is meant: golden_test.py --update")

    def test_verdicts_equal_the_golden(self):
        for host in HOSTS:
            with self.subTest(host):
                run = support.run_program("check", "--root",
                                          support.FIXTURE_HOSTS / host)
                self.assertIn(run.returncode, (0, 1, 2, 3))
                self.check(host, "check.txt",
                           f"{run.stdout}exit code {run.returncode}\n")

    def test_verdicts_in_json_say_the_same(self):
        exits = {"ok": 0, "warning": 1, "critical": 2, "unknown": 3}
        for host in HOSTS:
            with self.subTest(host):
                run = support.run_program("check", "--format=json", "--root",
                                          support.FIXTURE_HOSTS / host)
                document = json.loads(run.stdout)
                self.assertEqual(run.returncode, exits[document["verdict"]])
                self.assertEqual(list(document), [
                    "version", "verdict", "layers", "findings",
                    "not_evaluated", "sessions", "policy"])
                golden = (support.GOLDENS / host / "check.txt").read_text()
                for finding in document["findings"]:
                    self.assertIn(finding["observed"], golden)
                    self.assertEqual(finding["runbook"], finding["check"])

    def test_metrics_equal_the_golden(self):
        for host in HOSTS:
            with self.subTest(host):
                self.check(host, "metrics.txt", normalised(self.metrics(host)))

    def test_sessions_equal_the_golden(self):
        for host in HOSTS:
            if host == "garbage":
                continue
            with self.subTest(host):
                self.check(host, "sessions.json",
                           self.output(host, "sessions", "--format", "json"))

    def test_garbage_is_no_table_of_sessions(self):
        run = support.run_program("sessions", "--format", "json", "--root",
                                  support.FIXTURE_HOSTS / "garbage")
        self.assertEqual(run.returncode, 1)
        self.assertIn("/proc/net/tcp:1", run.stderr)

    def test_proc_alone_tells_the_same_sessions(self):
        """Without netlink; but for what only tcp_info tells."""
        for host in HOSTS:
            recorded = support.FIXTURE_HOSTS / host
            if not (recorded / "netlink").exists() or host == "garbage":
                continue
            with self.subTest(host), tempfile.TemporaryDirectory() as folder:
                copy = pathlib.Path(folder, "host")
                shutil.copytree(recorded, copy, symlinks=True)
                shutil.rmtree(copy / "netlink")
                self.assertEqual(self.identities(copy),
                                 self.identities(recorded))

    def identities(self, host):
        sessions = json.loads(
            self.output(host, "sessions", "--format", "json"))["sessions"]
        return sorted(str([session[key] for key in IDENTITY])
                      for session in sessions)

    def test_promtool_has_nothing_against_it(self):
        for host in HOSTS:
            with self.subTest(host):
                self.assertEqual(support.lint(self.metrics(host)), "")

    def test_no_series_appears_twice(self):
        for host in HOSTS:
            with self.subTest(host):
                support.Exposition(self.metrics(host))


if __name__ == "__main__":
    if "--update" in sys.argv:
        sys.argv.remove("--update")
        UPDATE = True
    support.main()
