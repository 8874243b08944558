#!/usr/bin/env python3
"""Compares `explain ssh` with the real `ssh -G` on random configurations.

Each case is a small tree of configuration files, valid or broken, and a host.
`ssh -G -F FILE HOST` and `explain ssh HOST --file FILE --format openssh` must
agree on refusing it, on the line that is blamed, and on the value of every
reported keyword, in the same order. Where a tree has `Match exec` (only `true`
and `false`) or `Match localnetwork`, the outcomes that `explain` calls possible
must contain ssh's.

Exit: 0 when all cases agree, 1 with the first disagreements printed.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import oracles
import ssh_words as words
from ssh_trees import Generator

REPORTED = [
    "batchmode", "controlmaster", "tcpkeepalive", "serveralivecountmax",
    "serveraliveinterval", "channeltimeout", "connecttimeout",
    "controlpersist", "proxycommand", "proxyjump",
]
USAGE = 64
REFUSED = 65
SKIPPED = 77
TIME_LIMIT_SECONDS = 30


@dataclasses.dataclass
class Case:
    config: pathlib.Path
    host: str
    user: str | None
    is_open: bool


def run(command: list[str]) -> subprocess.CompletedProcess:
    return subprocess.run(command, stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=TIME_LIMIT_SECONDS,
                          check=False)


def arguments_of(case: Case) -> list[str]:
    return ["--", case.host]


def ask_ssh(openssh: oracles.OpenSsh, case: Case):
    """Keywords with their values, None where ssh refuses; and its errors."""
    login = ["-l", case.user] if case.user else []
    result = run([*openssh.ssh, "-G", "-F", str(case.config), *login,
                  *arguments_of(case)])
    errors = result.stderr.decode("latin-1")
    if result.returncode != 0:
        return None, errors
    pairs = []
    for line in result.stdout.decode("latin-1").split("\n"):
        keyword, _, value = line.partition(" ")
        if keyword.lower() in REPORTED:
            pairs.append((keyword.lower(), value))
    return pairs, errors


def ask_exporter(exporter: str, version: str, case: Case, form: str):
    login = ["--user", case.user] if case.user else []
    result = run([exporter, "explain", "ssh", "--file", str(case.config),
                  "--format", form, "--openssh-version", version, *login,
                  *arguments_of(case)])
    return (result.returncode, result.stdout.decode("latin-1"),
            result.stderr.decode("latin-1"))


def blames_another(ssh_errors: str, our_errors: str) -> bool:
    """Whether ssh names lines of which `explain` names none."""
    if "percent_expand" in ssh_errors:
        return False  # it finds unknown tokens late, and names no line
    errors = [line for line in ssh_errors.replace("//", "/").splitlines()
              if not re.search("(Deprecated|Unsupported) option", line)]
    places = set(re.findall(r"(/\S+?):? line (\d+)", "\n".join(errors)))
    ours = set(re.findall(r"(/\S+?):(\d+):", our_errors.replace("//", "/")))
    return bool(places) and not places & ours


def difference(exporter: str, openssh: oracles.OpenSsh,
               case: Case) -> str | None:
    """None when both agree, else what differs."""
    expected, ssh_errors = ask_ssh(openssh, case)
    code, text, errors = ask_exporter(exporter, openssh.version, case,
                                      "openssh")
    both = f"ssh: {ssh_errors!r}\nwe: {code} {errors!r}"
    if expected is None and re.search(
            "name contains invalid characters|usage: ssh", ssh_errors):
        return None if code == USAGE else both
    if code not in (0, REFUSED):
        return both
    if expected is None and code == 0 and case.is_open and \
            "jumphost loop" in ssh_errors:
        return None
    if (expected is None) != (code == REFUSED):
        return both
    if expected is None:
        return both if blames_another(ssh_errors, errors) else None
    if not case.is_open:
        actual = [tuple(line.split(" ", 1)) if " " in line else (line, "")
                  for line in text.split("\n") if line]
        return None if actual == expected else \
            f"ssh: {expected!r}\nwe:  {actual!r}"
    return impossible(exporter, openssh, case, expected)


def impossible(exporter: str, openssh: oracles.OpenSsh, case: Case,
               expected: list[tuple[str, str]]) -> str | None:
    """A value of ssh's that is none of those which `explain` gives."""
    _, text, _ = ask_exporter(exporter, openssh.version, case, "json")
    document = json.loads(text.encode("latin-1").decode())
    possible = {}
    for entry in document["keywords"]:
        possible[entry["keyword"]] = {str(entry["value"])}
    for entry in document["undecided"]:
        possible[entry["keyword"]] |= {entry["if_true"], entry["if_false"]}
    values = {keyword: value.encode("latin-1").decode("utf-8", "replace")
              for keyword, value in expected}
    for keyword, texts in possible.items():
        value = values.get(keyword, "none")
        if value not in texts:
            return f"{keyword}: ssh {value!r}, we {sorted(texts)!r}"
    return None


def compare(number: int, options: argparse.Namespace,
            openssh: oracles.OpenSsh):
    """What to print, None where both agree; and whether it was left open."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        generator = Generator(f"{options.seed}/{number}", folder,
                              openssh.release)
        os.symlink("nowhere", folder / "dangling")
        case = Case(generator.write(), *generator.destination(),
                    generator.is_open)
        problem = difference(options.exporter, openssh, case)
        if problem is None:
            return None, case.is_open
        parts = [f"case {number}, host {case.host!r}, user {case.user!r}",
                 problem]
        for path in sorted(folder.iterdir()):
            if path.is_file():
                parts.append(f"--- {path.name}\n{path.read_bytes()!r}")
        return "\n".join(parts), case.is_open


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--exporter", default=os.environ.get("SSH_KEEPALIVE_EXPORTER"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--first", type=int, default=0,
                        help="number of the first case")
    parser.add_argument("--show", type=int, default=5,
                        help="disagreements to print in full")
    oracles.add_options(parser)
    options = parser.parse_args()
    try:
        openssh = oracles.find(options)
    except oracles.NoOracle as missing:
        print(f"SKIPPED: {missing}")
        return SKIPPED
    numbers = range(options.first, options.first + options.count)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda n: compare(n, options, openssh),
                                numbers))
    reports = [report for report, _ in results if report]
    for report in reports[:options.show]:
        print(report, end="\n\n")
    left_open = sum(1 for _, is_open in results if is_open)
    print(f"ssh {openssh.version}, seed {options.seed}: {len(results)} cases, "
          f"{left_open} with conditions left open, "
          f"{len(reports)} disagreements")
    return 1 if reports else 0


if __name__ == "__main__":
    sys.exit(main())
