"""Holds docs/security.md: each claim names a test, and each such test exists."""

import functools
import os
import pathlib
import re
import unittest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PAGE = REPOSITORY / "docs/security.md"

IN_PYTHON = re.compile(r"(\w+_test\.py) (test_\w+)")
IN_C = re.compile(r"(\w+)\.(\w+)")
FUZZER = re.compile(r"(\w+)_fuzzer")


@functools.cache
def test_files():
    """Path and text of each, but not of the recorded hosts."""
    found = []
    for folder, names, files in os.walk(REPOSITORY / "tests"):
        names[:] = [name for name in names if name != "fixtures"]
        found += [pathlib.Path(folder, name) for name in files
                  if name.endswith(("_test.py", "_test.cc"))]
    return [(path, path.read_text()) for path in found]


def missing(name):
    """Why there is no such test; empty where there is."""
    tests = REPOSITORY / "tests"
    if match := IN_PYTHON.fullmatch(name):
        method = re.compile(rf"^ +def {match[2]}\(self", re.M)
        found = any(path.name == match[1] and method.search(text)
                    for path, text in test_files())
        return "" if found else "no such Python test"
    if match := FUZZER.fullmatch(name):
        is_there = ((tests / f"fuzz/{name}.cc").exists() and
                    (tests / f"fuzz/corpus/{match[1]}").is_dir())
        return "" if is_there else "no such fuzzer with a corpus"
    if match := IN_C.fullmatch(name):
        macro = re.compile(rf"^TEST(_F|_P)?\({match[1]},\s*{match[2]}\)", re.M)
        found = any(macro.search(text) for _, text in test_files())
        return "" if found else "no such unit test"
    return "no name of a test"


def claims():
    """Rows of the tables whose last column says what proves them."""
    is_claim = False
    for line in PAGE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|"):
            is_claim = False
        elif cells[-1] == "proved by":
            is_claim = True
        elif is_claim and not set(line) <= set("|- "):
            yield cells[0], cells[-1]


class Claims(unittest.TestCase):

    def test_each_names_tests_that_exist(self):
        rows = list(claims())
        self.assertGreater(len(rows), 20)
        for claim, proofs in rows:
            names = re.findall(r"`([^`]+)`", proofs)
            self.assertTrue(names, claim)
            self.assertEqual(", ".join(f"`{name}`" for name in names), proofs)
            for name in names:
                self.assertEqual(missing(name), "", f"{name}: {claim}")

    def test_what_does_not_exist_is_found(self):
        for name in ("http_test.py test_nothing", "nothing_test.py test_fifo",
                     "HostRoot.Nothing", "nothing_fuzzer", "nothing"):
            self.assertNotEqual(missing(name), "", name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
