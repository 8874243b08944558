"""Files that mean harm, through `explain`: any user may have written them.

Each gets one clear line of error, or OpenSSH's own answer, in bounded memory;
nothing of a file is shown but keywords and values that the program knows.
"""

import json
import os
import resource
import subprocess
import sys
import threading
import unittest

import support

KIBI = 1024
MEBI = 1024 * KIBI
GIBI = 1024 * MEBI
# More than the program takes to tell its version. AddressSanitizer surrounds
# every allocation, and would keep freed ones: it is told to keep little.
MAX_MORE_RESIDENT_KIBIBYTES = 64 * KIBI
SANITIZER = {"ASAN_OPTIONS": "quarantine_size_mb=4:" +
             os.environ.get("ASAN_OPTIONS", "")}
SECRET = "xyzzy-secret"
FAILED, REFUSED, NO_INPUT, DENIED = 1, 65, 66, 77
SIDES = ("sshd", "ssh")
GLOB_FILES = 100_000
MANY_EDITS = 300


# A process starts with the peak of the one that it was started by, and this one
# grows: a small one starts the program and says what it took.
STARTER = """
import json, os, subprocess, sys, time
identity = json.loads(sys.argv[1])
started = time.monotonic()
process = subprocess.Popen(sys.argv[2:], stdin=subprocess.DEVNULL, **identity)
_, status, used = os.wait4(process.pid, 0)
print(json.dumps([os.waitstatus_to_exitcode(status), used.ru_maxrss,
                  used.ru_utime + used.ru_stime, time.monotonic() - started]),
      file=sys.stderr)
"""


def explain_command(side, file):
    return ["explain", side, *(["some.host"] if side == "ssh" else []),
            "--file", file]


class Run:
    """One run of the program, and what it took."""

    def __init__(self, arguments, **identity):
        command = [sys.executable, "-S", "-E", "-c", STARTER,
                   json.dumps(identity), support.PROGRAM, *arguments]
        done = subprocess.run(command, capture_output=True, check=True,
                              env=os.environ | SANITIZER,
                              timeout=support.PATIENCE_SECONDS)
        self.out = done.stdout.decode(errors="replace")
        self.err, _, figures = done.stderr.decode(
            errors="replace")[:-1].rpartition("\n")
        self.err += "\n" if self.err else ""
        (self.status, self.resident_kibibytes, self.processor_seconds,
         self.elapsed_seconds) = json.loads(figures)


class HostileFiles(support.Scratch):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.least_kibibytes = Run(["--version"]).resident_kibibytes

    def explain(self, side, name="config", **kwargs):
        run = Run(explain_command(side, self.folder / name), **kwargs)
        self.assertLess(run.resident_kibibytes - self.least_kibibytes,
                        MAX_MORE_RESIDENT_KIBIBYTES)
        self.assertNotIn(SECRET, run.out + run.err)
        if run.status != 0:
            self.assertEqual(run.out, "")
            self.assertRegex(run.err, r"\Assh_keepalive_exporter: [^\n]+\n\Z")
        print(f"{self._testMethodName} {side}: exit {run.status}, "
              f"{run.elapsed_seconds * 1e3:.0f} ms ("
              f"{run.processor_seconds * 1e3:.0f} of a processor), "
              f"{run.resident_kibibytes / KIBI:.0f} MiB")
        return run

    def check(self, status, message="", **kwargs):
        """Both parsers end with that status and say that."""
        for side in SIDES:
            with self.subTest(side):
                run = self.explain(side, **kwargs)
                self.assertEqual(run.status, status, run.err)
                self.assertIn(message, run.err)

    def include(self, what):
        """A file that includes `what`, which lies in the same folder."""
        return self.write("config", f"Include {self.folder}/{what}\n")

    def value(self, run, side):
        keyword = {"sshd": "clientaliveinterval",
                   "ssh": "serveraliveinterval"}[side]
        return next(line.split()[1] for line in run.out.splitlines()
                    if line.split()[:1] == [keyword])

    def test_fifo(self):
        os.mkfifo(self.folder / "config")
        self.check(FAILED, "config")

    def test_included_fifo(self):
        os.mkfifo(self.folder / "fifo")
        self.include("fifo")
        self.check(FAILED, "fifo")

    def test_device(self):
        (self.folder / "config").symlink_to("/dev/zero")
        self.check(FAILED, "config")

    def test_directory(self):
        (self.folder / "config").mkdir()
        run = self.explain("sshd")
        self.assertEqual(run.status, FAILED)

    def test_symlink_loop(self):
        (self.folder / "config").symlink_to("other")
        (self.folder / "other").symlink_to("config")
        self.check(FAILED, "config")

    def test_missing(self):
        self.check(NO_INPUT, "config")

    def test_one_gibibyte(self):
        with open(self.folder / "config", "wb") as file:
            file.write(b"# " + SECRET.encode() + b"\n")
            file.truncate(GIBI)
        self.check(FAILED, "config")

    def test_line_of_ten_mebibytes(self):
        self.write("config", f"Banner {SECRET}" + "a" * (10 * MEBI))
        self.check(FAILED, "config")

    def test_line_as_long_as_a_file_may_be(self):
        self.write("config", "Nonsense " + SECRET + "a" * (MEBI - KIBI))
        self.check(REFUSED, "config:1: ")

    def test_as_many_words_as_fit(self):
        self.write("config", "Nonsense " + "a " * (MEBI // 2 - KIBI))
        self.check(REFUSED, "config:1: ")

    def test_as_many_lines_as_fit(self):
        self.write("config", "a\n" * (MEBI // 2 - 1))
        self.assertEqual(self.explain("sshd").status, REFUSED)
        self.assertEqual(self.explain("ssh").status, FAILED)

    def test_as_many_good_lines_as_fit(self):
        for side, line in (("sshd", "Port 1\n"), ("ssh", "User a\n")):
            self.write("config", line * (MEBI // len(line)))
            self.assertIn(self.explain(side).status, (FAILED, REFUSED))

    def test_nul_bytes(self):
        (self.folder / "config").write_bytes(b"\0" * 1000 + b"\nNonsense\0\n")
        for side in SIDES:
            self.assertIn(self.explain(side).status, (0, REFUSED))

    def test_invalid_utf_8(self):
        (self.folder / "config").write_bytes(b"Nonsense\xff\xfe \xc3\x28\n")
        self.check(REFUSED, "config:1: ")

    def test_control_characters(self):
        self.write("config", f"\x1b]0;{SECRET}\x07 \x1b[2J\n")
        for side in SIDES:
            run = self.explain(side)
            self.assertEqual(run.status, REFUSED)
            self.assertTrue(run.err[:-1].isprintable(), run.err)

    def test_word_that_is_no_keyword_is_not_shown(self):
        self.write("config", f"{SECRET} yes\n")
        self.check(REFUSED, "config:1: ")

    def test_loop(self):
        self.include("config")
        self.check(REFUSED, "config:1: Include")

    def test_loop_of_two(self):
        self.include("other")
        self.write("other", f"Include {self.folder}/config\n")
        self.check(REFUSED, "Include")

    def test_deep_includes(self):
        """OpenSSH follows 16."""
        for depth in range(18):
            self.write(f"{depth}", f"Include {self.folder}/{depth + 1}\n"
                       f"ClientAliveInterval {depth}\n")
        self.write("18", "")
        run = self.explain("sshd", "0")
        self.assertEqual(run.status, REFUSED)
        run = self.explain("sshd", "2")
        self.assertEqual(run.status, 0, run.err)

    def test_includes_that_multiply(self):
        """Each file includes the next one many times: 30^15 in all."""
        for depth in range(15):
            self.write(f"{depth}",
                       f"Include {self.folder}/{depth + 1}\n" * 30)
        self.write("15", "")
        for side in SIDES:
            self.assertEqual(self.explain(side, "0").status, FAILED)

    def test_glob_that_matches_very_many_files(self):
        (self.folder / "d").mkdir()
        for number in range(GLOB_FILES):
            os.close(os.open(self.folder / "d" / f"{number}.conf",
                             os.O_CREAT | os.O_WRONLY))
        self.include("d/*.conf")
        self.check(FAILED, "d")

    def test_globs_below_globs(self):
        for outer in range(40):
            for inner in range(40):
                self.write(f"d/{outer}/{inner}", "")
        self.include("d/*/*/../*/../*/*")
        for side in SIDES:
            self.assertIn(self.explain(side).status, (0, FAILED))

    def test_as_many_words_as_fit_in_many_files(self):
        for side, keyword in (("sshd", "AllowUsers"), ("ssh", "Host")):
            for number in range(40):
                self.write(f"{side}/{number}", f"{keyword} " + "a " * 500_000)
            self.include(f"{side}/*")
            self.assertEqual(self.explain(side).status, FAILED)

    def test_as_many_comments_as_fit_in_many_files(self):
        for number in range(100):
            self.write(f"d/{number}", "#\n" * (MEBI // 2 - KIBI))
        self.include("d/*")
        self.check(FAILED, "d/")

    def test_more_patterns_than_can_be_searched(self):
        """Each has to look at all entries of a folder."""
        for number in range(2000):
            self.write(f"d/{number}", "")
        self.write("config", "Include" + "".join(
            f" {self.folder}/d/*{number}x" for number in range(20_000)))
        self.check(FAILED, "Include")

    def test_pattern_of_very_many_folders(self):
        self.write("config", "Include /*/" + "./" * 400_000 + "x\n")
        self.check(FAILED, "Include")

    def test_links_that_multiply(self):
        for number in range(300):
            self.write(f"d/{number}", "")
        for number in range(300):
            (self.folder / f"d/link{number}").symlink_to(".")
        self.include("d/l*/l*/*x")
        self.check(FAILED, "Include")

    def test_pattern_that_explodes(self):
        pattern = "*a" * 400 + "b"
        self.write("config", f"Match Host {pattern}\nNonsense 1\n")
        self.check(REFUSED, "config:2: ")

    def test_long_list_of_patterns(self):
        self.write("config", "Match Host " + "a*b," * 200_000 + "c\n")
        for side in SIDES:
            self.assertIn(self.explain(side).status, (0, REFUSED))

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to be somebody else")
    def test_unreadable_file(self):
        self.folder.chmod(0o755)
        self.write("config", f"Banner {SECRET}\n").chmod(0)
        nobody = {"user": 65534, "group": 65534, "extra_groups": []}
        self.check(DENIED, "config", **nobody)
        self.write("main", f"Include {self.folder}/config\n")
        for side in SIDES:
            run = self.explain(side, "main", **nobody)
            if side == "sshd":
                self.assertEqual(run.status, DENIED)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to be somebody else")
    def test_folder_of_included_files_that_may_not_be_listed(self):
        """sshd runs as root and would see the files: nothing can be said."""
        self.folder.chmod(0o755)
        self.write("d/a.conf", "ClientAliveInterval 5\n")
        self.include("d/*.conf")
        (self.folder / "d").chmod(0)
        run = self.explain("sshd", user=65534, group=65534, extra_groups=[])
        self.assertEqual(run.status, DENIED)

    def test_file_that_changes_all_the_time(self):
        """Each answer is that of one of the two contents, or an error."""
        path = self.folder / "config"
        contents = {
            side: ["# x\n" * 9000 + f"{keyword} 5\n", f"{keyword} 6\n" * 9000]
            for side, keyword in (("sshd", "ClientAliveInterval"),
                                  ("ssh", "ServerAliveInterval"))}
        for side in SIDES:
            path.write_text(contents[side][0])
            done = threading.Event()

            def edit(texts=contents[side], done=done):
                for number in range(MANY_EDITS):
                    path.write_text(texts[number % 2])
                done.set()

            thread = threading.Thread(target=edit)
            thread.start()
            while not done.is_set():
                run = Run(explain_command(side, path))
                # A writer that pauses halfway leaves half a line.
                self.assertIn(run.status, (0, FAILED, REFUSED), run.err)
                if run.status == 0:
                    self.assertIn(self.value(run, side), ("0", "5", "6"))
            thread.join()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    support.main()
