"""The kernel refuses, overruns or stays silent; /proc hides; clocks jump."""

import errno
import json
import os
import signal
import socket
import threading
import time
import unittest

import faults
import namespaces
import support

NOBODY = 65534
AF_NETLINK = 16
SUCCESS = "ssh_keepalive_scrape_collector_success"
YEAR_SECONDS = 365 * 86400


class Connected(support.Scratch):
    """With one connection, on a port that the configuration names."""

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)
        listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(listener.close)
        self.client, self.server = faults.connect_pair(listener)
        self.addCleanup(self.client.close)
        self.addCleanup(self.server.close)
        self.configuration = self.write(
            "c.ini", f"[sessions]\nports = {listener.getsockname()[1]}\n"
            f"[ends]\nstate_file = {self.folder}/ends.json\n")

    def metrics(self, **kwargs):
        run = support.run_program("metrics", "--config.file",
                                  self.configuration, **kwargs)
        self.assertEqual(run.returncode, 0, run.stderr)
        return support.Exposition(run.stdout), run.stderr

    def serve(self, **kwargs):
        return self.enterContext(faults.Exporter(
            "--config.file", self.configuration, **kwargs))

    def sessions(self, exposition):
        return sum(exposition.series("ssh_keepalive_sessions",
                                     netns="host").values())


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Netlink(Connected):
    """By seccomp, as a container's runtime or a unit would refuse it."""

    def through(self, call, errno_value, first_argument=None):
        return faults.failing_call(call, errno_value, first_argument)

    def test_no_such_family(self):
        """RestrictAddressFamilies= of systemd: /proc/net/tcp tells then."""
        exposition, _ = self.metrics(through=self.through(
            "socket", errno.EAFNOSUPPORT, AF_NETLINK))
        self.assertEqual(exposition.value(SUCCESS, collector="sysctl"), 1)
        self.assertEqual(self.sessions(exposition), 2)

    def check_failure(self, text, exposition, told):
        self.assertIn(text, told)
        self.assertEqual(exposition.value(SUCCESS, collector="sessions"), 0)
        for collector in ("sysctl", "ssh_config"):
            self.assertEqual(exposition.value(SUCCESS, collector=collector), 1)

    def test_refused(self):
        exposition, told = self.metrics(through=self.through(
            "socket", errno.EPERM, AF_NETLINK))
        self.assertEqual(exposition.value(SUCCESS, collector="sysctl"), 1)
        if exposition.value(SUCCESS, collector="sessions"):
            self.assertEqual(self.sessions(exposition), 2)
        else:
            self.assertIn("Operation not permitted", told)

    def test_overrun(self):
        """Each attempt: what is there is incomplete, and said to be."""
        self.check_failure("overran", *self.metrics(
            through=self.through("recvmsg", errno.ENOBUFS)))

    def test_silent(self):
        self.check_failure("no answer", *self.metrics(
            through=self.through("recvmsg", errno.EAGAIN)))

    def test_table_changes_during_the_dump(self):
        """Asked again; what changes each time is told, and said to be so."""
        changed = self.write("changed", "2")
        through = ["env", "LD_PRELOAD=" + os.environ["OTHER_KERNEL"],
                   f"OTHER_KERNEL_CHANGED={changed}"]
        exposition, told = self.metrics(through=through)
        self.assertEqual(exposition.value(SUCCESS, collector="sessions"), 1,
                         told)
        self.assertEqual(self.sessions(exposition), 2)
        self.assertEqual(changed.read_text(), "0")
        changed.write_text("9")
        exposition, told = self.metrics(through=through)
        self.check_failure("the table changed", exposition, told)

    def test_serves_without_it(self):
        """Ends are found by looks then, and nothing is tried in a circle."""
        exporter = self.serve(through=self.through(
            "socket", errno.EAFNOSUPPORT, AF_NETLINK))
        before = faults.processor_seconds(exporter.pid)
        for _ in range(10):
            self.assertEqual(self.sessions(exporter.scrape()), 2)
        time.sleep(1)
        used = faults.processor_seconds(exporter.pid) - before
        self.assertLess(used, 1)
        self.assertIn("found by looks alone", exporter.output())


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Proc(Connected):

    def run_as_nobody(self, options):
        script = (f"mount -t proc -o {options} proc /proc && exec setpriv "
                  f"--reuid {NOBODY} --regid {NOBODY} --clear-groups "
                  '--bounding-set=-all "$@"')
        return self.metrics(through=["unshare", "--mount", "--", "sh", "-c",
                                     script, "sh"])

    def test_hidepid(self):
        """Of other users' processes not even the numbers are seen."""
        for options in ("hidepid=invisible", "hidepid=noaccess"):
            exposition, told = self.run_as_nobody(options)
            self.assertEqual(exposition.value(SUCCESS, collector="sysctl"), 1,
                             told)
            self.assertEqual(exposition.value(SUCCESS, collector="sessions"),
                             1, told)
            self.assertEqual(self.sessions(exposition), 2)

    def test_processes_alone(self):
        """subset=pid: /proc/sys and /proc/net are not there."""
        exposition, told = self.run_as_nobody("subset=pid")
        self.assertEqual(exposition.value(SUCCESS, collector="sysctl"), 0)
        self.assertIn("collector=sysctl", told)

    def test_no_proc_at_all(self):
        run = support.run_program("metrics", through=[
            "unshare", "--mount", "--", "sh", "-c",
            'mount -t tmpfs tmpfs /proc && exec "$@"', "sh"])
        self.assertEqual(run.returncode, 0, run.stderr)
        self.assertIn(SUCCESS + '{collector="sysctl"} 0', run.stdout)
        self.assertIn("/proc", run.stderr)


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Clocks(Connected):

    def test_another_time_since_boot(self):
        """A time namespace: the clocks that count are the kernel's own."""
        plain, _ = self.metrics()
        for offset in (-60, 10 * YEAR_SECONDS):
            shifted, told = self.metrics(through=[
                "unshare", "--time", "--fork", f"--monotonic={offset}",
                f"--boottime={offset}"])
            self.assertEqual(shifted.series(SUCCESS), plain.series(SUCCESS),
                             told)
            name = "ssh_keepalive_sessions_silent"
            self.assertEqual(shifted.series(name), plain.series(name))
            name = "process_start_time_seconds"
            self.assertAlmostEqual(shifted.value(name), plain.value(name),
                                   delta=support.PATIENCE_SECONDS)

    def jumping(self):
        """An environment in which the time of day is what a file says."""
        library = next(support.DAEMONS.glob("usr/lib/*/faketime/"
                                            "libfaketimeMT.so.1"))
        self.clock = self.write("clock", "+0\n")
        # The sanitizers' libraries may come after another one.
        return os.environ | {
            "LD_PRELOAD": str(library), "FAKETIME_NO_CACHE": "1",
            "FAKETIME_TIMESTAMP_FILE": str(self.clock),
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "ASAN_OPTIONS": "verify_asan_link_order=0:" +
            os.environ.get("ASAN_OPTIONS", "")}

    def test_time_of_day_jumps(self):
        exporter = self.serve(environment=self.jumping())
        stamp = "ssh_keepalive_scrape_collector_last_success_timestamp_seconds"
        for shift in (YEAR_SECONDS, -2 * YEAR_SECONDS, 3600, 0):
            self.clock.write_text(f"{shift:+}\n")
            began = time.monotonic()
            exposition = exporter.scrape()
            took = time.monotonic() - began
            self.assertLess(took, 10)
            self.assertEqual(exposition.value(SUCCESS, collector="sessions"),
                             1)
            self.assertAlmostEqual(
                exposition.value(stamp, collector="sysctl"),
                time.time() + shift, delta=support.PATIENCE_SECONDS)
            print(f"time of day {shift:+} s: scraped in {took * 1e3:.0f} ms",
                  flush=True)
        self.assertEqual(exporter.end(), 0)

    def end_session(self, exporter):
        self.client.close()
        self.server.close()
        total = lambda: sum(exporter.scrape().series(
            "ssh_keepalive_session_ends_total").values())
        support.wait_for("its end", total)
        self.assertEqual(total(), 1)

    def test_ends_while_it_jumps(self):
        exporter = self.serve(environment=self.jumping())
        self.assertEqual(self.sessions(exporter.scrape()), 2)
        self.clock.write_text(f"{-2 * YEAR_SECONDS}\n")
        self.end_session(exporter)
        self.clock.write_text("+0\n")
        self.assertEqual(exporter.end(), 0)
        ends = json.loads((self.folder / "ends.json").read_text())["ends"]
        self.assertEqual(len(ends), 1)

    def test_suspended(self):
        """The clocks go on while the machine sleeps, but the one that TCP
        goes by."""
        slept = self.write("slept", "0")
        exporter = self.serve(environment=os.environ | {
            "LD_PRELOAD": os.environ["OTHER_KERNEL"],
            "OTHER_KERNEL_SLEPT": str(slept)})
        before = exporter.scrape()
        self.assertEqual(self.sessions(before), 2)
        night = 8 * 3600
        slept.write_text(str(night))
        after = exporter.scrape()
        self.assertEqual(after.series(SUCCESS), before.series(SUCCESS))
        name = "ssh_keepalive_sessions_silent"
        self.assertEqual(after.series(name), before.series(name))
        name = "process_start_time_seconds"
        self.assertAlmostEqual(after.value(name), before.value(name), delta=2)
        stamp = "ssh_keepalive_scrape_collector_last_success_timestamp_seconds"
        self.assertAlmostEqual(after.value(stamp, collector="sysctl"),
                               time.time() + night,
                               delta=support.PATIENCE_SECONDS)
        self.assertFalse(sum(after.series(
            "ssh_keepalive_session_ends_total").values()))
        self.end_session(exporter)
        self.assertEqual(exporter.end(), 0)

    def test_stopped_and_continued(self):
        """As a machine under a debugger: it goes on, and counts nothing
        twice."""
        exporter = self.serve()
        self.assertEqual(self.sessions(exporter.scrape()), 2)
        os.kill(exporter.pid, signal.SIGSTOP)
        threading.Timer(2, os.kill, (exporter.pid, signal.SIGCONT)).start()
        self.end_session(exporter)
        self.assertEqual(self.sessions(exporter.scrape()), 0)
        time.sleep(6)  # another look
        self.end_session(exporter)


if __name__ == "__main__":
    namespaces.enter()
    support.main()
