"""Little memory, few file descriptors, killed again and again."""

import contextlib
import itertools
import json
import os
import random
import socket
import time
import unittest

import faults
import namespaces
import support

MEMORY_LIMIT_BYTES = 32 << 20
SESSIONS = 1000  # both ends of 500 connections
SCRAPES = 200
FEW_FILES = 64
LONG = bool(os.environ.get("SSH_KEEPALIVE_LONG"))
KILLS = 100 if LONG else 10


class Connected(support.Scratch):
    """With connections of our own, on a port that the configuration names."""

    def setUp(self):
        super().setUp()
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=1000)
        self.addCleanup(self.listener.close)
        self.configuration = self.write(
            "c.ini", "[sessions]\nports = "
            f"{self.listener.getsockname()[1]}\n[ends]\nstate_file = "
            f"{self.folder}/state/ends.json\n")

    def serve(self, **kwargs):
        return faults.Exporter("--config.file", self.configuration, **kwargs)

    def connect(self, count):
        pairs = [faults.connect_pair(self.listener) for _ in range(count)]
        for end in itertools.chain.from_iterable(pairs):
            self.addCleanup(end.close)
        return pairs

    def sessions(self, exporter):
        return sum(exporter.scrape().series("ssh_keepalive_sessions").values())


@unittest.skipUnless(namespaces.inside(), "needs root, for a control group")
class Memory(Connected):

    def test_a_thousand_sessions_in_32_mebibytes(self):
        self.connect(SESSIONS // 2)
        limit = MEMORY_LIMIT_BYTES * (16 if support.is_sanitized() else 1)
        with faults.MemoryLimit(limit) as group, \
                self.serve(through=group.command()) as exporter:
            self.assertEqual(self.sessions(exporter), SESSIONS,
                             exporter.output())
            for _ in range(SCRAPES):
                exporter.scrape()
            self.assertEqual(exporter.request("/").status, 200)
            # All threads at work, with as many clients that send nothing.
            with contextlib.ExitStack() as idle:
                for _ in range(160):
                    idle.enter_context(socket.create_connection(
                        ("127.0.0.1", exporter.port)))
                self.assertEqual(self.sessions(exporter), SESSIONS)
            peak = group.peak_bytes()
            resident = faults.status_kibibytes(exporter.pid, "VmHWM")
            print(f"{SESSIONS} sessions, {SCRAPES} scrapes: resident at most "
                  f"{resident / 1024:.1f} MiB; with what the kernel holds for "
                  f"it {(peak or 0) / 2**20:.1f} of 32 MiB", flush=True)
            self.assertTrue(all(exporter.successes().values()))


class FewFiles(Connected):

    def test_no_descriptors_left(self):
        """Clients take them all: it waits, and goes on when they have gone."""
        with self.serve(through=["prlimit", f"--nofile={FEW_FILES}"]
                        ) as exporter:
            self.assertTrue(all(exporter.successes().values()))
            with contextlib.ExitStack() as idle:
                for _ in range(3 * FEW_FILES):
                    idle.enter_context(socket.create_connection(
                        ("127.0.0.1", exporter.port)))
                before = faults.processor_seconds(exporter.pid)
                began = time.monotonic()
                answer = exporter.request("/metrics")
                self.assertEqual(answer.status, 200)
                took = time.monotonic() - began
                used = faults.processor_seconds(exporter.pid) - before
            print(f"no descriptors left: answered after {took:.2f} s, with "
                  f"{used:.2f} s of a processor", flush=True)
            support.wait_for("all values again", lambda: all(
                exporter.successes().values()))

    def test_hardly_any_at_all(self):
        """Too few to serve: one clear line, and no crash."""
        for files in (3, 4, 6, 8, 10, 12):
            run = support.run_program("metrics", through=[
                "prlimit", f"--nofile={files}"])
            self.assertIn(run.returncode, (0, 1, 127), (files, run.stderr))


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Killed(Connected):

    def end_sessions(self, exporter):
        pairs = self.connect(20)
        self.sessions(exporter)
        for client, server in pairs:
            client.close()
            server.close()

    def ends(self):
        """How many the file holds, which must be whole."""
        path = self.folder / "state/ends.json"
        return (len(json.loads(path.read_text())["ends"])
                if path.exists() else 0)

    def test_the_state_file_is_whole_after_each_kill(self):
        """Killed while it saves, or before, or after."""
        choose = random.Random(1)
        known = saved = 0
        for _ in range(KILLS):
            exporter = self.serve()
            self.end_sessions(exporter)
            exporter.process.terminate()
            time.sleep(choose.uniform(0, 0.03))
            exporter.process.kill()
            exporter.end()
            exporter.log.close()
            self.assertGreaterEqual(self.ends(), known)
            saved += self.ends() > known
            known = self.ends()
        run = support.run_program("why", "--format=json", "--config.file",
                                  self.configuration)
        self.assertIn(run.returncode, (0, 66), run.stderr)
        print(f"killed {KILLS} times, {saved} times after it had saved: the "
              "state file was whole each time", flush=True)

    def test_a_restart_loses_nothing(self):
        """Of what the kernel had told, which it does a little later."""
        for round_ in range(1, 4):
            with self.serve() as exporter:
                self.end_sessions(exporter)
                support.wait_for("news of all", lambda: sum(
                    exporter.scrape().series(
                        "ssh_keepalive_session_ends_total").values()) == 20)
                self.assertEqual(exporter.end(), 0)
            self.assertEqual(self.ends(), 20 * round_)

    def test_killed_while_it_writes(self):
        """A file that was left halfway counts for nothing and goes."""
        folder = self.folder / "state"
        folder.mkdir()
        (folder / "ends.json.tmp").write_text('{"version": 1, "ends": [{')
        with self.serve() as exporter:
            self.end_sessions(exporter)
            support.wait_for("the ends in the file", self.ends)
            self.assertFalse((folder / "ends.json.tmp").exists())
            self.assertNotIn("level=warn msg=\"ends", exporter.output())


if __name__ == "__main__":
    namespaces.enter()
    support.main()
