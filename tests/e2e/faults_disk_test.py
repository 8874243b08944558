"""A full disk, and one that may not be written to: ends are kept in memory, the
file that was there stays whole, and one line says so."""

import errno
import json
import os
import socket
import subprocess
import unittest

import faults
import namespaces
import support

DISK = "64k"
KEEP = 1000
MANY = 500


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Disk(support.Scratch):

    def setUp(self):
        super().setUp()
        self.state = self.folder / "state"
        self.state.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs",
                        self.state], check=True)
        self.addCleanup(subprocess.run, ["umount", self.state], check=True)
        self.path = self.state / "ends.json"
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.addCleanup(self.listener.close)
        self.configuration = self.write(
            "c.ini", "[sessions]\nports = "
            f"{self.listener.getsockname()[1]}\n[ends]\nkeep = {KEEP}\n"
            f"state_file = {self.path}\n")

    def serve(self):
        return self.enterContext(
            faults.Exporter("--config.file", self.configuration))

    def end_sessions(self, exporter, count=5):
        pairs = [faults.connect_pair(self.listener) for _ in range(count)]
        self.total = sum(self.ends_told(exporter).values()) + count
        for client, server in pairs:
            client.close()
            server.close()
        support.wait_for("all ends", lambda: sum(
            self.ends_told(exporter).values()) == self.total)

    def ends_told(self, exporter):
        return exporter.scrape().series("ssh_keepalive_session_ends_total")

    def stored(self):
        return len(json.loads(self.path.read_text())["ends"])

    def wait_for_line(self, exporter, line):
        support.wait_for(line, lambda: line in exporter.output())

    def fill(self):
        """Takes all room that is left."""
        try:
            with open(self.state / "filler", "wb", buffering=0) as file:
                while True:
                    file.write(b"x" * 512)
        except OSError as error:
            self.assertEqual(error.errno, errno.ENOSPC)

    def test_full(self):
        exporter = self.serve()
        self.end_sessions(exporter)
        support.wait_for("the file", self.path.exists)
        before = support.wait_for("its ends", self.stored)
        self.fill()
        self.end_sessions(exporter)
        self.wait_for_line(exporter, "ends of sessions are not saved")
        self.assertIn("No space left on device", exporter.output())
        self.assertEqual(self.stored(), before, "the file of before")
        self.assertEqual(sorted(os.listdir(self.state)),
                         ["ends.json", "filler"])
        (self.state / "filler").unlink()
        self.wait_for_line(exporter, "ends of sessions are saved again")
        self.assertEqual(self.stored(), self.total)
        self.assertEqual(exporter.output().count("are not saved"), 1)

    def test_more_than_the_disk_holds(self):
        exporter = self.serve()
        self.end_sessions(exporter, MANY)
        self.wait_for_line(exporter, "ends of sessions are not saved")
        self.assertEqual(os.listdir(self.state), [])
        document = json.loads(exporter.request("/api/v1/report").text)
        self.assertEqual(len(document["ends"]), MANY)
        self.assertEqual(exporter.request("/metrics").status, 200)

    def test_read_only(self):
        exporter = self.serve()
        self.end_sessions(exporter)
        support.wait_for("the file", self.path.exists)
        remount = lambda how: subprocess.run(
            ["mount", "-o", f"remount,{how}", self.state], check=True)
        remount("ro")
        self.end_sessions(exporter)
        self.wait_for_line(exporter, "Read-only file system")
        remount("rw")
        self.wait_for_line(exporter, "ends of sessions are saved again")
        self.assertEqual(self.stored(), self.total)

    def test_what_is_no_file_is_not_replaced(self):
        self.path.mkdir()
        exporter = self.serve()
        self.end_sessions(exporter)
        self.wait_for_line(exporter, "not a regular file")
        self.assertTrue(self.path.is_dir())

    def test_a_link_to_another_file_is_replaced_not_followed(self):
        victim = self.write("victim", "precious")
        self.path.symlink_to(victim)
        exporter = self.serve()
        self.end_sessions(exporter)
        support.wait_for("the file", lambda: not self.path.is_symlink())
        self.assertEqual(victim.read_text(), "precious")
        self.assertEqual(self.path.stat().st_mode & 0o777, 0o600)


if __name__ == "__main__":
    namespaces.enter()
    support.main()
