#!/usr/bin/env python3
"""Compares `explain sshd --format openssh` with the real `sshd -T`.

Random configuration trees and connections; values of the keywords that
`explain` answers for, the exit status, and the line that is blamed must agree.
sshd runs without privileges (as nobody when this is run by root): it needs no
account of its own then, and no /run/sshd.
"""

import argparse
import concurrent.futures
import dataclasses
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import oracles
from sshd_trees import Case, Trees

KEYWORDS = {
    "port", "listenaddress", "tcpkeepalive", "clientaliveinterval",
    "clientalivecountmax", "logingracetime", "channeltimeout",
    "unusedconnectiontimeout",
}
REFUSED = 65
USAGE = 64
NOBODY = 65534
SKIPPED = 77
TIME_LIMIT_SECONDS = 20


@dataclasses.dataclass
class Answer:
    status: int
    values: list[str]
    errors: str

    def lines_blamed(self) -> set[int]:
        """Empty where sshd gives up without naming a line."""
        lines = [line for line in self.errors.splitlines()
                 if not re.search("(Deprecated|Unsupported) option", line)]
        places = [re.findall(r"\bline (\d+)", line) for line in lines
                  if "terminating" not in line]
        if not places or not places[-1]:
            return set()
        return {int(n) for place in places for n in place}


@dataclasses.dataclass
class Oracle:
    openssh: oracles.OpenSsh
    key: pathlib.Path

    def ask(self, case: Case) -> Answer:
        command = [*self.openssh.sshd, "-T", "-o", f"HostKey={self.key}", "-f",
                   str(case.main)]
        if case.connection is not None:
            command += ["-C", case.connection]
        identity = {}
        if os.geteuid() == 0:
            identity = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        return run(command, **identity)


def run(command: list[str], **identity) -> Answer:
    done = subprocess.run(command, capture_output=True, check=False,
                          stdin=subprocess.DEVNULL, cwd="/",
                          timeout=TIME_LIMIT_SECONDS, **identity)
    output = done.stdout.decode("utf-8", "surrogateescape")
    values = [line for line in output.splitlines()
              if line.split(" ", 1)[0].lower() in KEYWORDS]
    return Answer(done.returncode, values,
                  done.stderr.decode("utf-8", "surrogateescape"))


def ask_exporter(exporter: str, version: str, case: Case) -> Answer:
    command = [exporter, "explain", "sshd", "--format", "openssh", "--file",
               str(case.main), "--openssh-version", version]
    if case.connection is not None:
        command += ["-C", case.connection]
    return run(command)


def difference(expected: Answer, found: Answer) -> str | None:
    """What is wrong with `found`; None where both agree."""
    if expected.status == 0:
        if found.status != 0:
            return f"sshd takes it, explain exits {found.status}"
        if found.values != expected.values:
            return "values differ"
        return None
    bad_connection = ("test mode specification" in expected.errors)
    wanted = USAGE if bad_connection else REFUSED
    if found.status != wanted:
        return f"sshd refuses it, explain exits {found.status}, not {wanted}"
    if len(found.errors.strip().splitlines()) != 1:
        return "not one line on standard error"
    blamed = expected.lines_blamed()
    named = re.search(r":(\d+):", found.errors)
    if blamed and not bad_connection and (
            named is None or int(named[1]) not in blamed):
        return f"sshd blames lines {sorted(blamed)}"
    return None


def describe(folder: pathlib.Path, case: Case, problem: str, expected: Answer,
             found: Answer) -> str:
    parts = [f"-C {case.connection!r}: {problem}"]
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            parts.append(f"--- {path}\n{path.read_bytes()!r}".replace(
                "\\n", "\\n\n   "))
    for name, answer in (("sshd", expected), ("explain", found)):
        parts.append(f"--- {name} exits {answer.status}")
        parts += answer.values
        parts.append(answer.errors.rstrip())
    return "\n".join(parts)


def compare(number: int, options: argparse.Namespace, oracle: Oracle,
            work: pathlib.Path) -> tuple[str | None, bool]:
    """The difference, if any, and whether sshd took the tree."""
    folder = work / str(number)
    folder.mkdir(mode=0o755)
    case = Trees(options.seed * 1_000_003 + number,
                 oracle.openssh.release).write(folder)
    expected = oracle.ask(case)
    found = ask_exporter(options.exporter, oracle.openssh.version, case)
    problem = difference(expected, found)
    report = None
    if problem:
        report = f"case {number}, " + describe(folder, case, problem, expected,
                                               found)
    shutil.rmtree(folder)
    return report, expected.status == 0


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--first", type=int, default=0,
                        help="number of the first case")
    parser.add_argument("--show", type=int, default=5,
                        help="differences to print in full")
    parser.add_argument("--exporter",
                        default=os.environ.get("SSH_KEEPALIVE_EXPORTER"))
    oracles.add_options(parser)
    options = parser.parse_args()
    # The programs are started in `/`, where sshd would be.
    if options.exporter:
        options.exporter = os.path.abspath(options.exporter)
    return options


def main() -> int:
    options = parse_options()
    if not options.exporter or not os.access(options.exporter, os.X_OK):
        print("no exporter: give --exporter or SSH_KEEPALIVE_EXPORTER")
        return 2
    try:
        openssh = oracles.find(options)
    except oracles.NoOracle as missing:
        print(f"SKIPPED: {missing}")
        return SKIPPED
    with tempfile.TemporaryDirectory(prefix="sshd_differential_") as scratch:
        work = pathlib.Path(scratch)
        work.chmod(0o755)
        key = work / "key"
        subprocess.run([*openssh.keygen, "-q", "-t", "ed25519", "-N", "", "-f",
                        str(key)], check=True)
        if os.geteuid() == 0:
            os.chown(key, NOBODY, NOBODY)
        oracle = Oracle(openssh, key)
        numbers = range(options.first, options.first + options.count)
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = list(pool.map(
                lambda n: compare(n, options, oracle, work), numbers))
    reports = [report for report, _ in results if report]
    for report in reports[:options.show]:
        print(report, end="\n\n")
    taken = sum(1 for _, valid in results if valid)
    print(f"sshd {openssh.version}, seed {options.seed}: "
          f"{len(results)} cases, {taken} valid, "
          f"{len(reports)} disagreements")
    return 1 if reports else 0


if __name__ == "__main__":
    sys.exit(main())
