"""docs/metrics.md lists every metric of the goldens, and no other.

Write the page anew after a change that is meant:
    tests/e2e/metrics_page_test.py --update
"""

import re
import sys
import unittest

import support

PAGE = support.REPOSITORY / "docs/metrics.md"
START = "<!-- The table below is written by tests/e2e/metrics_page_test.py --update. -->\n"
UPDATE = False

SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? ")
LABEL = re.compile(r'(\w+)="(?:[^"\\]|\\.)*"')


def metrics_of_goldens():
    """{name: (type, labels, help)} over all fixture hosts."""
    found = {}
    for golden in sorted(support.GOLDENS.glob("*/metrics.txt")):
        helps, types = {}, {}
        for line in golden.read_text().splitlines():
            if line.startswith("# HELP "):
                _, _, name, text = line.split(" ", 3)
                helps[name] = text
            elif line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ", 3)
                types[name] = kind
            else:
                match = SAMPLE.match(line)
                name = match[1]
                labels = tuple(LABEL.findall(match[2] or ""))
                entry = (types[name], labels, helps[name])
                if found.setdefault(name, entry) != entry:
                    raise AssertionError(f"{name} differs between hosts")
    return found


def table():
    rows = ["| metric | type | labels | meaning |", "|---|---|---|---|"]
    for name, (kind, labels, text) in sorted(metrics_of_goldens().items()):
        names = ", ".join(f"`{label}`" for label in labels)
        rows.append(f"| `{name}` | {kind} | {names} | {text} |")
    return "\n".join(rows) + "\n"


class MetricsPage(unittest.TestCase):

    def test_table_equals_the_goldens(self):
        text = PAGE.read_text()
        self.assertIn(START, text)
        before, _ = text.split(START)
        if UPDATE:
            PAGE.write_text(before + START + "\n" + table())
            text = PAGE.read_text()
        self.assertEqual(text.split(START)[1].strip(), table().strip(),
                         "if this is meant: metrics_page_test.py --update")

    def test_goldens_are_not_empty(self):
        self.assertIn("ssh_keepalive_sessions", metrics_of_goldens())


if __name__ == "__main__":
    if "--update" in sys.argv:
        sys.argv.remove("--update")
        UPDATE = True
    support.main()
