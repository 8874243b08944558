"""A collector that hangs, as on a dead NFS server: the others' values are still
served in time, and nothing piles up."""

import concurrent.futures
import os
import shutil
import time
import unittest

import faults
import support

TIMEOUT = {"X-Prometheus-Scrape-Timeout-Seconds": "1.5"}


@unittest.skipUnless(os.geteuid() == 0, "needs root, for fanotify")
class Hang(support.Scratch):
    """A recorded host of which one file cannot be opened: ssh_config waits."""

    def setUp(self):
        super().setUp()
        self.root = self.folder / "host"
        shutil.copytree(support.FIXTURE_HOSTS / "busy", self.root,
                        symlinks=True)
        self.stalled = self.root / "etc/ssh/ssh_config"

    def stall(self):
        """The file is another one, or it would not be read again."""
        with open(self.stalled, "a", encoding="utf-8") as file:
            file.write("# more\n")
        return faults.Stall(self.stalled)

    def serve(self, *arguments):
        return self.enterContext(
            faults.Exporter("--root", self.root, *arguments))

    def test_a_scrape_has_what_the_others_give(self):
        exporter = self.serve()
        whole = exporter.scrape()
        with self.stall():
            for _ in range(3):
                began = time.monotonic()
                response = exporter.request("/metrics", headers=TIMEOUT)
                took = time.monotonic() - began
                # Half a second less than Prometheus waits.
                self.assertTrue(0.9 < took < 1.5, took)
                exposition = support.Exposition(response.text)
                success = "ssh_keepalive_scrape_collector_success"
                self.assertEqual(
                    exposition.value(success, collector="ssh_config"), 0)
                for collector in ("sysctl", "sshd_config", "sessions"):
                    self.assertEqual(
                        exposition.value(success, collector=collector), 1)
                sessions = "ssh_keepalive_sessions"
                self.assertEqual(exposition.series(sessions),
                                 whole.series(sessions))
                print(f"a collector hangs: answered after {took:.2f} s of "
                      "Prometheus' 1.5 s", flush=True)
            self.assertIn("did not finish within the deadline",
                          exporter.output())
        support.wait_for("its values again",
                         lambda: exporter.successes()["ssh_config"])

    def test_it_is_not_started_again_until_it_ends(self):
        exporter = self.serve()
        exporter.scrape()
        before = len(os.listdir(f"/proc/{exporter.pid}/task"))
        with self.stall():
            for _ in range(20):
                exporter.request("/metrics", headers={
                    "X-Prometheus-Scrape-Timeout-Seconds": "0.02"})
            during = len(os.listdir(f"/proc/{exporter.pid}/task"))
        self.assertLessEqual(during, before + 4, "threads pile up")

    def test_scrapes_beyond_the_limit_are_refused(self):
        exporter = self.serve("--web.max-requests=2")
        exporter.scrape()
        with self.stall(), \
                concurrent.futures.ThreadPoolExecutor(12) as pool:
            scrapes = [pool.submit(exporter.request, "/metrics", "GET",
                                   {"X-Prometheus-Scrape-Timeout-Seconds": "3"})
                       for _ in range(12)]
            statuses = [scrape.result().status for scrape in scrapes]
            self.assertEqual(sorted(statuses), [200] * 2 + [503] * 10)
            self.assertEqual(exporter.request("/-/healthy").status, 200)
        self.assertEqual(exporter.request("/metrics").status, 200)

    def test_it_ends_when_asked(self):
        exporter = self.serve()
        exporter.scrape()
        with self.stall():
            exporter.request("/metrics", headers=TIMEOUT)
            began = time.monotonic()
            self.assertEqual(exporter.end(), 0)
            print("SIGTERM while a collector hangs: ended after "
                  f"{time.monotonic() - began:.2f} s", flush=True)

    def test_one_look_ends_too(self):
        """`metrics` has the deadline of [collectors] timeout."""
        configuration = self.write("c.ini", "[collectors]\ntimeout = 1\n")
        with self.stall():
            run = support.run_program("metrics", "--root", self.root,
                                      "--config.file", configuration)
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn('_success{collector="ssh_config"} 0\n', run.stdout)
        self.assertIn('_success{collector="sessions"} 1\n', run.stdout)


class Fifo(support.Scratch):
    """A FIFO in place of any file that is read would stall its reader: only
    regular files are opened."""

    def test_in_place_of_every_file_of_a_host(self):
        for scenario in ("busy", "sshd_debian13"):
            root = self.folder / scenario
            shutil.copytree(support.FIXTURE_HOSTS / scenario, root,
                            symlinks=True)
            files = [path for path in sorted(root.rglob("*"))
                     if path.is_file() and not path.is_symlink()]
            self.assertGreater(len(files), 20)
            for path in files:
                path.unlink()
                os.mkfifo(path)
            began = time.monotonic()
            run = support.run_program("metrics", "--root", root)
            print(f"{scenario}: {len(files)} FIFOs in place of its files: "
                  f"{time.monotonic() - began:.2f} s", flush=True)
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertIn("not a regular file", run.stderr)
            self.assertNotIn("deadline", run.stderr)

    def test_devices(self):
        root = self.folder / "host"
        shutil.copytree(support.FIXTURE_HOSTS / "busy", root, symlinks=True)
        for name in ("proc/sys/net/ipv4/tcp_keepalive_time",
                     "etc/ssh/sshd_config"):
            path = root / name
            path.unlink()
            os.symlink("/dev/zero", path)
        run = support.run_program("metrics", "--root", root)
        self.assertEqual(run.returncode, 0, run.stderr)


if __name__ == "__main__":
    support.main()
