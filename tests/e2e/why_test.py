"""`why`: what ended the last sessions, from state files of all kinds."""

import json
import os
import pty
import subprocess
import time
import unittest

import support

# Nothing here serves: the default place counts, below the root of each test.
os.environ.pop("STATE_DIRECTORY", None)

OK, FAILED, USAGE, NO_INPUT, DENIED = 0, 1, 64, 66, 77
NOBODY = 65534
DEFAULT = "var/lib/ssh_keepalive_exporter/ends.json"
KEYS = ["ended_at", "role", "netns", "local", "peer", "user", "tty", "pid",
        "lasted_seconds", "cause", "closed_by", "evidence", "advice"]


def end(seconds_ago, **members):
    return {"ended_at": round(time.time() - seconds_ago, 3), "role": "server",
            "netns": "host", "local": "192.0.2.1:22",
            "peer": "198.51.100.7:50000", "user": "alice", "tty": "pts/3",
            "pid": 2041, "lasted_seconds": 7300, "cause": "closed",
            "closed_by": "peer", "evidence": [], "advice": None, **members}


class Why(support.Scratch):

    def keep(self, *ends, path=DEFAULT, **members):
        return self.write(path, json.dumps(
            {"version": 1, "ends": ends, "paths": {}, **members}))

    def why(self, *arguments, code=OK):
        run = support.run_program("why", "--root", self.folder, *arguments)
        self.assertEqual(run.returncode, code, run.stdout + run.stderr)
        if code == OK:
            self.assertEqual(run.stderr, "")
        else:
            self.assertEqual(run.stdout, "")
            self.assertEqual(len(run.stderr.splitlines()), 1, run.stderr)
        return run.stdout or run.stderr

    def keep_three(self):
        self.keep(end(7200, user="bob", peer="[2001:db8::1]:4711"),
                  end(600, cause="reset"),
                  end(65, cause="retransmission_limit", closed_by="here",
                      evidence=["data was sent again 15 times"],
                      advice="ClientAliveInterval 60", later={"x": 1}))

    def test_text(self):
        self.keep_three()
        summary, *blocks = self.why().split("\n\n")
        self.assertRegex(summary, r"\A3 ends since \w{3} \d\d:\d\d: "
                         r"1 closed, 1 reset, 1 retransmission_limit\Z")
        self.assertEqual(len(blocks), 3)
        self.assertRegex(
            blocks[0],
            r"\A\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \(1m\d\ds ago\)  server  alice  "
            r"198\.51\.100\.7:50000  lasted 2h01m\n"
            r"  retransmission_limit, by this end\n"
            r"    data was sent again 15 times\n"
            r"  would have been prevented by: ClientAliveInterval 60\Z")
        self.assertIn("\n  reset, by the peer", blocks[1])
        self.assertIn("(2h00m ago)  server  bob  [2001:db8::1]:4711",
                      blocks[2])

    def test_times_are_those_of_the_local_clock(self):
        self.keep(end(0, ended_at=1_769_904_000.125))
        for zone, shown in (("UTC", "2026-02-01 00:00:00"),
                            ("IST-5:30", "2026-02-01 05:30:00")):
            run = subprocess.run(
                [support.PROGRAM, "why", "--root", self.folder],
                capture_output=True, text=True, check=True,
                env=os.environ | {"TZ": zone},
                timeout=support.PATIENCE_SECONDS)
            self.assertIn(f"\n{shown} (", run.stdout)

    def test_json(self):
        self.keep_three()
        document = json.loads(self.why("--format=json", "--last=1"))
        self.assertEqual(document["version"], 1)
        self.assertEqual([one["cause"] for one in document["ends"]],
                         ["retransmission_limit", "reset", "closed"])
        for one in document["ends"]:
            self.assertEqual(list(one), KEYS)
        self.assertIsNone(document["ends"][1]["advice"])
        self.assertEqual(
            json.loads(self.why("nobody", "--format=json"))["ends"], [])

    def test_selection(self):
        self.keep_three()
        for of, count in (("alice", 2), ("bob", 1), ("198.51.100.7", 2),
                          ("198.51.100.7:50000", 2), ("2001:db8::1", 1),
                          ("[2001:db8::1]", 1), ("[2001:db8::1]:4711", 1),
                          ("2001:DB8:0:0::1", 1)):
            with self.subTest(of):
                document = json.loads(self.why(of, "--format=json"))
                self.assertEqual(len(document["ends"]), count)
                self.assertRegex(self.why(of), rf"\A{count} ends? since ")
        for of in ("carol", "198.51.100.8", "198.51.100.7:22", "[::1]"):
            self.assertEqual(self.why(of), f"no end of {of} among the last 3\n")

    def test_last(self):
        self.keep(*(end(100 - i, peer=f"192.0.2.1:{1000 + i}")
                    for i in range(50)))
        self.assertEqual(self.why().count(" ago)"), 20)
        self.assertIn("\n... and 30 earlier (--last 0 shows all)\n", self.why())
        self.assertTrue(self.why().startswith("50 ends since "))
        self.assertEqual(self.why("--last", "3").count(" ago)"), 3)
        self.assertEqual(self.why("--last=0").count(" ago)"), 50)
        for wrong in (["--last=-1"], ["--last=x"], ["--nonsense"], ["a", "b"],
                      [""], ["--format=xml"]):
            self.why(*wrong, code=USAGE)

    def test_nothing_has_ended(self):
        self.keep(since=time.time() - 60)
        self.assertRegex(self.why(),
                         r"\Ano session has ended since \w{3} \d\d:\d\d\n\Z")
        self.keep()
        self.assertEqual(self.why(), "no session has ended yet\n")

    def test_other_places_of_the_file(self):
        path = self.keep(end(5), path="elsewhere/ends.json")
        config = self.write("exporter.ini",
                            "[ends]\nstate_file = /elsewhere/ends.json\n")
        self.assertIn("1 end since", self.why("--config.file", config))
        self.write("exporter.ini", f"[ends]\nstate_file = {path}\n")
        run = support.run_program("why", "--config.file", config)
        self.assertIn("1 end since", run.stdout, "without --root")
        self.write("exporter.ini", "[ends]\nstate_file = none\n")
        self.assertIn("none", self.why("--config.file", config, code=NO_INPUT))
        self.write("exporter.ini", "[ends]\nstate_file = ends.json\n")
        self.assertIn(f"{config}:2", self.why("--config.file", config, code=78))

    def test_no_file(self):
        message = self.why(code=NO_INPUT)
        self.assertIn(f"{self.folder}/{DEFAULT}: ", message)
        self.assertIn("serve", message)

    def test_broken_file(self):
        for text in ("", "{", "[]", '{"version":2,"ends":[]}', "[" * 100_000,
                     '{"version":1,"ends":[{"pid":1e400}]}'):
            with self.subTest(text[:30]):
                self.write(DEFAULT, text)
                self.assertIn(f"{self.folder}/{DEFAULT}: ",
                              self.why(code=FAILED))
        (self.folder / DEFAULT).write_bytes(b"\xff\xfe\x00")
        self.why(code=FAILED)
        with open(self.folder / DEFAULT, "wb") as large:
            large.truncate((16 << 20) + 1)
        self.assertIn("larger than", self.why(code=FAILED))

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to be somebody else")
    def test_file_of_somebody_else(self):
        self.keep(end(5)).chmod(0o600)
        for folder in ("var/lib/ssh_keepalive_exporter", "var/lib", "var", ""):
            (self.folder / folder).chmod(0o755)
        run = support.run_program("why", "--root", self.folder, user=NOBODY)
        self.assertEqual(run.returncode, DENIED)
        self.assertIn(f"{self.folder}/{DEFAULT}: Permission denied",
                      run.stderr)

    def test_hostile_names(self):
        hostile = "\x1b[2J\r\n\x9b31m\u202eeve\x7f"
        self.keep(end(5, user=hostile, peer=hostile, netns=hostile,
                      evidence=[hostile], advice=hostile))
        text = self.why()
        self.assertRegex(text, r"\A[\n -~]+\Z")
        self.assertIn("eve", text)
        found = json.loads(self.why(hostile, "--format=json"))["ends"]
        self.assertEqual(found[0]["user"], hostile)

    def on_a_terminal(self, **environment):
        master, slave = pty.openpty()
        try:
            subprocess.run([support.PROGRAM, "why", "--root", self.folder],
                           stdin=slave, stdout=slave, stderr=slave, check=True,
                           env={"TERM": "xterm", **environment},
                           timeout=support.PATIENCE_SECONDS)
            return os.read(master, 1 << 16).decode()
        finally:
            os.close(slave)
            os.close(master)

    def test_colours(self):
        self.keep_three()
        red = "\x1b[31mretransmission_limit\x1b[0m"
        self.assertIn(red, self.on_a_terminal())
        self.assertNotIn("\x1b", self.on_a_terminal(NO_COLOR="1"))
        self.assertNotIn("\x1b", self.on_a_terminal(TERM="dumb"))
        self.assertNotIn("\x1b", self.why())

    def test_full_disk_is_a_failure(self):
        self.keep(end(5))
        with open("/dev/full", "wb") as full:
            ended = subprocess.run(
                [support.PROGRAM, "why", "--root", self.folder], stdout=full,
                stderr=subprocess.PIPE, check=False,
                timeout=support.PATIENCE_SECONDS)
        self.assertEqual(ended.returncode, FAILED)


if __name__ == "__main__":
    support.main()
