#!/usr/bin/env python3
"""Compares our reading of ssh's command line with the real `ssh -G`.

Each case is a random command line, valid or broken: options before and behind
the host, in clusters, with `--`; and with -F a random configuration file, or
none. Both must agree on refusing it and on the value of every reported keyword,
in the same order. `ssh -G` connects to nothing and runs nothing.

Exit: 0 when all cases agree, 1 with the first disagreements printed.
"""

import argparse
import concurrent.futures
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import oracles
import ssh_words as words
from ssh_differential import REPORTED, SKIPPED, run
from ssh_trees import Generator

REFUSED = 65
# Without a name that ssh would ask the DNS for, or a service.
USERS = ["bob", "carol", "root", "e;ve", "-x", "", "b ob", "a\\", "alice"]
PORTS = ["22", "2222", "0", "65536", "http-alt", "x", "", "022", " 22"]
# Not -4 and -6: an address of the other family stays as it is written, which
# only a Match would see. Not -f, which wants a command even of ssh -G.
FLAGS = "AaCgkKMNnqTtvXxYys"
# -w and the likes of it need what is not here.
ARGUMENTS = {"b": ["10.0.0.1"], "B": ["lo"], "c": ["aes128-ctr"],
             "D": ["1080"], "e": ["none", "^A", "x", "ab", "^", "^\x01"],
             "i": ["/nonexistent"], "L": ["1000:h:22"], "m": ["hmac-sha2-256"],
             "R": ["1000:h:22"], "S": ["none", "/tmp/x"], "W": ["h:22"],
             "O": ["check", "stop", "x"]}
UNCHECKED = ["RequestTTY", "ForwardAgent", "PermitLocalCommand"]
VALUES = {"ServerAliveInterval": words.TIMES, "ConnectTimeout": words.TIMES,
          "ServerAliveCountMax": words.COUNTS, "TCPKeepAlive": words.FLAGS,
          "BatchMode": words.FLAGS, "ControlMaster": words.MASTERS,
          "ControlPersist": words.PERSISTS, "ProxyJump": words.JUMPS,
          "ProxyCommand": words.COMMANDS, "User": USERS, "Port": PORTS,
          "HostName": ["%h.example.com", "renamed", "%x", "127.0.0.1", ""],
          "IgnoreUnknown": words.IGNORES, "Bogus": ["yes"],
          "SessionType": ["none", "subsystem", "default", "x"],
          "RemoteCommand": ["none"], "RequestTTY": ["no", "force"],
          "Host": ["*", ""], "Match": ["all", "host alpha", "exec false"],
          "Include": ["/etc/hostname", ""], "ChannelTimeout": words.CHANNELS,
          "ForwardAgent": ["no"], "PermitLocalCommand": ["no"],
          "ClientAliveInterval": ["5"], "Tag": ["work"]}


class CommandLine:
    """A random one, for one release."""

    def __init__(self, seed: str, folder: pathlib.Path,
                 release: tuple[int, int]):
        self.random = random.Random(seed)
        self.release = release
        self.broken = self.chance(0.25)
        self.file = self.configuration(seed, folder)

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def configuration(self, seed: str, folder: pathlib.Path) -> str:
        """Mostly nothing that a command line would not reach."""
        if self.chance(0.3):
            return self.pick(["none", "NONE", "None"])
        generator = Generator(seed, folder, self.release)
        generator.broken = False
        generator.open_allowed = False
        return str(generator.write())

    def good(self, items):
        """One of the first few, which are good ones; else any."""
        return self.pick(items if self.broken else items[:3])

    def option_line(self) -> str:
        keywords = list(VALUES)
        keyword = self.pick(keywords if self.broken else keywords[:11])
        separator = self.pick(["=", " ", " = ", "  ", "\t", "= "])
        if self.broken and keyword not in UNCHECKED:
            separator = self.pick([separator, "", "==", "\n", "\f"])
        value = self.good(VALUES[keyword])
        if self.chance(0.3):
            keyword = keyword.lower()
        extra = self.pick(["", " x", " # x", "\n", " \"", " ", "\r"]) \
            if self.broken and self.chance(0.3) else ""
        line = keyword + separator + value + extra
        return self.pick(["", " ", "#", "\"", line]) \
            if self.broken and self.chance(0.1) else line

    def option(self) -> list[str]:
        kind = self.random.random()
        if kind < 0.5:
            letter, argument = "o", self.option_line()
        elif kind < 0.6:
            letter, argument = "l", self.good(USERS)
        elif kind < 0.7:
            letter, argument = "p", self.good(PORTS)
        elif kind < 0.78:
            letter = "J"
            argument = self.pick(words.JUMPS if self.chance(0.5) else ["a,b"])
        elif kind < 0.85 and (self.broken or self.chance(0.3)):
            letter = self.pick(sorted(ARGUMENTS))
            argument = self.good(ARGUMENTS[letter])
        else:
            return ["-" + self.cluster()]
        cluster = self.cluster() if self.chance(0.2) else ""
        if self.chance(0.4) and argument:
            return [f"-{cluster}{letter}{argument}"]
        if self.broken and letter in "olpJ" and self.chance(0.03):
            return [f"-{cluster}{letter}"]
        return [f"-{cluster}{letter}", argument]

    def cluster(self) -> str:
        letters = FLAGS if self.broken else "AaCgkMqTtxv"
        text = "".join(self.random.choices(letters, k=self.pick([1, 1, 2, 3])))
        if self.broken and self.chance(0.15):
            text += self.pick(["-", "--", ":", "u", "h", "1", "P", "Z", "j"])
        return text

    def options(self, most: int) -> list[str]:
        return [word for _ in range(self.random.randint(0, most))
                for word in self.option()]

    def arguments(self) -> list[str]:
        host = self.pick(words.HOSTS + words.BAD_HOSTS) if self.broken \
            else self.pick(words.HOSTS[:12])
        line = [f"-F{self.file}"] if self.chance(0.3) else ["-F", self.file]
        line += self.options(5)
        if self.chance(0.1):
            line.append("--")
        if self.broken and self.chance(0.05):
            line += self.pick([["-"], ["--"], ["-v-"], ["-F", "--"]])
        line.append(host)
        line += self.options(3) if self.chance(0.5) else []
        if self.chance(0.4):
            line += self.pick([["ls"], ["ls", "-l"], ["--", "-p", "0"], ["-"],
                               ["sftp"], [""]])
        return line


def ask(command: list[str]) -> tuple[int, list[str], str]:
    result = run(command)
    lines = [line for line in result.stdout.decode("latin-1").split("\n")
             if line.partition(" ")[0].lower() in REPORTED]
    return result.returncode, lines, result.stderr.decode("latin-1")


def compare(number: int, options: argparse.Namespace,
            openssh: oracles.OpenSsh) -> str | None:
    """What to print, None where both agree; and whether ssh refuses."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        os.symlink("nowhere", folder / "dangling")
        line = CommandLine(f"{options.seed}/{number}", folder, openssh.release)
        arguments = line.arguments()
        code, expected, errors = ask([*openssh.ssh, "-G", *arguments])
        own_code, actual, own_errors = ask(
            [options.program, openssh.version, "ssh", "-G", *arguments])
        agreed = own_code == (REFUSED if code else 0) and \
            (code != 0 or actual == expected)
        if agreed:
            return None, code != 0
        parts = [f"case {number}: {arguments!r}",
                 f"ssh: {code} {expected!r} {errors!r}",
                 f"we:  {own_code} {actual!r} {own_errors!r}"]
        for path in sorted(folder.iterdir()):
            if path.is_file():
                parts.append(f"--- {path.name}\n{path.read_bytes()!r}")
        return "\n".join(parts), code != 0


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--program", default=os.environ.get("EVALUATE_SSH_COMMAND"))
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
    refused = sum(1 for _, is_refused in results if is_refused)
    print(f"ssh {openssh.version}, seed {options.seed}: {len(results)} command "
          f"lines, {refused} refused, {len(reports)} disagreements")
    return 1 if reports else 0


if __name__ == "__main__":
    sys.exit(main())
