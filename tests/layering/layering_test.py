"""Holds the one way of the data: collectors -> diagnosis -> exporter.

It reads the #include lines of every source file, so that an arrow that points
back is found where it is written and not where it hurts. The rules themselves
are tested on small trees that break them.
"""

import pathlib
import re
import tempfile
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("collectors", "diagnosis", "exporter")

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')

# Written at build time, so it is no file of the repository.
GENERATED = {"build_revision.h"}

# A collector knows its own folder, base/, its settings, and these folders,
# which are shared on purpose. What one collector needs of another's facts
# (sessions: the ports of sshd_config) is handed over by registry.h.
SHARED_BY_COLLECTORS = ("collectors/base/", "collectors/netns/",
                        "collectors/openssh_syntax/", "collectors/processes/",
                        "collectors/settings.h")

# Diagnosis computes: it has no I/O, no clock, no threads, no logging. Any
# header outside the C++ standard library is foreign to it, and these inside.
STANDARD_HEADER = re.compile(r"[a-z_]+")
IMPURE_HEADERS = {
    "atomic", "condition_variable", "csignal", "cstdio", "ctime", "filesystem",
    "fstream", "future", "iostream", "istream", "mutex", "ostream", "random",
    "semaphore", "shared_mutex", "stop_token", "syncstream", "thread",
}
IMPURE_CALLS = re.compile(
    r"::now\s*\(|\b(?:clock_gettime|gettimeofday|getenv|localtime|gmtime"
    r"|printf|fopen|std::time|std::clock|::time)\s*\(")
COMMENT = re.compile(r"//.*")


def collector_may_include(file, header):
    if file.parent == pathlib.PurePath("collectors"):
        # registry.h and settings.h tie the collectors together.
        return header.startswith("collectors/")
    if file.parts[1] == "base":
        return header.startswith("collectors/base/")
    own = "/".join(file.parts[:2]) + "/"
    return header.startswith((own, *SHARED_BY_COLLECTORS))


def may_include(file, header):
    if file.parts[0] == "collectors":
        return collector_may_include(file, header)
    if file.parts[0] == "diagnosis":
        return header.startswith(("diagnosis/", "collectors/"))
    return header.startswith(tuple(f"{name}/" for name in FOLDERS))


def is_pure(header):
    return (STANDARD_HEADER.fullmatch(header) is not None
            and header not in IMPURE_HEADERS)


def violations_of_line(root, file, line):
    match = INCLUDE.match(line)
    if match is None:
        if file.parts[0] == "diagnosis":
            call = IMPURE_CALLS.search(COMMENT.sub("", line))
            if call:
                yield f"diagnosis does not call {call[0]}"
        return
    header = match[2]
    own = match[1] == '"' or header.startswith(
        tuple(f"{name}/" for name in (*FOLDERS, "tests")))
    if not own:
        if file.parts[0] == "diagnosis" and not is_pure(header):
            yield f"diagnosis does not include <{header}>"
    elif header in GENERATED:
        if file.parts[0] != "exporter":
            yield f"only exporter/ includes {header}"
    elif not (root / header).is_file():
        yield f'"{header}" is no path from the top folder'
    elif not may_include(file, header):
        yield f'it does not include "{header}"'


def violations(root):
    """Lines `file:line: what` for every broken rule below `root`."""
    found = []
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix not in (".h", ".cc"):
                continue
            file = path.relative_to(root)
            lines = path.read_text(encoding="utf-8").splitlines()
            for number, line in enumerate(lines, 1):
                found += [f"{file}:{number}: {what}"
                          for what in violations_of_line(root, file, line)]
    return found


class Repository(unittest.TestCase):

    def test_holds_the_rules(self):
        self.assertEqual(violations(REPOSITORY), [])

    def test_is_not_empty(self):
        for folder in FOLDERS:
            self.assertTrue(list((REPOSITORY / folder).rglob("*.h")), folder)


class Rules(unittest.TestCase):
    """Each on a tree of empty headers, and one file with the line in question."""

    HEADERS = ("collectors/base/file.h", "collectors/openssh_syntax/lexer.h",
               "collectors/registry.h", "collectors/settings.h",
               "collectors/sessions/sessions.h", "collectors/sysctl/sysctl.h",
               "diagnosis/fate.h", "exporter/scrape.h", "tests/support.h")

    def check(self, file, line):
        with tempfile.TemporaryDirectory() as name:
            root = pathlib.Path(name)
            for header in self.HEADERS:
                (root / header).parent.mkdir(parents=True, exist_ok=True)
                (root / header).touch()
            (root / file).write_text(f"// A file.\n{line}\n")
            return violations(root)

    def assert_allowed(self, file, *lines):
        for line in lines:
            self.assertEqual(self.check(file, line), [], f"{file}: {line}")

    def assert_refused(self, file, *lines):
        for line in lines:
            found = self.check(file, line)
            self.assertEqual(len(found), 1, f"{file}: {line}: {found}")
            self.assertTrue(found[0].startswith(f"{file}:2: "), found[0])

    def test_base(self):
        file = "collectors/base/number.cc"
        self.assert_allowed(file, '#include "collectors/base/file.h"',
                            "#include <sys/stat.h>")
        self.assert_refused(file, '#include "collectors/sysctl/sysctl.h"',
                            '#include "collectors/registry.h"',
                            '#include "diagnosis/fate.h"')

    def test_collector(self):
        file = "collectors/sysctl/sysctl.cc"
        self.assert_allowed(file, '#include "collectors/sysctl/sysctl.h"',
                            '#include "collectors/base/file.h"',
                            '#include "collectors/openssh_syntax/lexer.h"',
                            '#include "collectors/settings.h"',
                            "#include <prometheus/metric_family.h>")
        self.assert_refused(file, '#include "collectors/sessions/sessions.h"',
                            '#include "collectors/registry.h"',
                            '#include "diagnosis/fate.h"',
                            '#include "exporter/scrape.h"',
                            '#  include <exporter/scrape.h>',
                            '#include "build_revision.h"',
                            '#include "tests/support.h"')

    def test_registry(self):
        file = "collectors/registry.h"
        self.assert_allowed(file, '#include "collectors/sessions/sessions.h"')
        self.assert_refused(file, '#include "diagnosis/fate.h"',
                            '#include "exporter/scrape.h"')

    def test_diagnosis(self):
        file = "diagnosis/lifetime.cc"
        self.assert_allowed(file, '#include "diagnosis/fate.h"',
                            '#include "collectors/sysctl/sysctl.h"',
                            "#include <chrono>", "#include <vector>",
                            "const auto end = now + silence;",
                            "// never clock::now() here")
        self.assert_refused(file, '#include "exporter/scrape.h"',
                            "#include <prometheus/metric_family.h>",
                            "#include <spdlog/spdlog.h>",
                            "#include <fmt/format.h>", "#include <unistd.h>",
                            "#include <sys/socket.h>", "#include <ctime>",
                            "#include <fstream>", "#include <iostream>",
                            "#include <thread>", '#include "tests/support.h"',
                            "auto t = std::chrono::system_clock::now();",
                            "std::time(nullptr);",
                            "clock_gettime(CLOCK_REALTIME, &t);")

    def test_exporter(self):
        file = "exporter/main.cc"
        self.assert_allowed(file, '#include "exporter/scrape.h"',
                            '#include "diagnosis/fate.h"',
                            '#include "collectors/registry.h"',
                            '#include "build_revision.h"',
                            "#include <iostream>")
        self.assert_refused(file, '#include "tests/support.h"')

    def test_paths_start_at_the_top_folder(self):
        self.assert_refused("collectors/sysctl/sysctl.cc",
                            '#include "sysctl.h"',
                            '#include "../base/file.h"')


if __name__ == "__main__":
    unittest.main()
