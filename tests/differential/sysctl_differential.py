#!/usr/bin/env python3
"""Compares `explain tcp` with the real systemd-sysctl.

Random folders of sysctl.d are put in the place of the system's, in namespaces
of their own: systemd-sysctl sets the values of that network namespace, and the
lines that `explain tcp` names must be the ones that did it.
"""

import argparse
import json
import os
import pathlib
import random
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import namespaces  # noqa: E402
import support  # noqa: E402

INITIAL = {"tcp_keepalive_time": 7200, "tcp_keepalive_intvl": 75,
           "tcp_keepalive_probes": 9, "tcp_retries2": 15}
FOLDERS = ("/etc/sysctl.d", "/run/sysctl.d", "/usr/local/lib/sysctl.d",
           "/usr/lib/sysctl.d")
LIVE = pathlib.Path("/proc/sys/net/ipv4")
FILE_NAMES = ("10-a.conf", "20-b.conf", "50-c.conf", "99-z.conf", "z.conf",
              ".hidden.conf", "a.conf~", "README")
VALUES = ("1", "5", "9", "30", "77", "0x10", "017", "12 # x", "40\t", "x", "",
          "5x", "99999999999999999999")


class Folders:
    """A random case."""

    def __init__(self, seed, folders):
        self.random = random.Random(seed)
        for folder in folders:
            for name in FILE_NAMES:
                if self.random.random() < 0.25:
                    self.write(folder / name)

    def write(self, path):
        kind = self.random.random()
        if kind < 0.05:
            path.symlink_to("/dev/null")
        elif kind < 0.1:
            path.symlink_to("nowhere")
        else:
            lines = [self.line() for _ in range(self.random.randrange(5))]
            path.write_text("\n".join(lines) +
                            self.random.choice(["", "\n", "\r\n"]))

    def line(self):
        pick = self.random.choice
        name = pick(list(INITIAL))
        key = pick([f"net.ipv4.{name}"] * 6 + [
            f"net/ipv4/{name}", f"/net/ipv4//{name}", f"net.ipv4/{name}", name,
            "net.ipv4.tcp_keepalive_*", "net.ipv4.tcp_retries?", "net.*." + name,
            f"net.ipv4.{name[:-1]}[{name[-1]}]", "net/*/tcp_keep*"])
        minus = pick(["", "", "", "-", "- "])
        equals = pick(["=", "=", " = ", "\t=", " =  ", "==", " ", ""])
        return pick(["", "", " ", "\t"]) + pick(["", "", "", "", "#", ";"]) + \
            minus + key + equals + pick(VALUES)


def run_systemd_sysctl():
    daemons = pathlib.Path(os.environ["SSH_KEEPALIVE_DAEMONS"])
    libraries = [str(path) for pattern in ("usr/lib/*-linux-gnu/systemd",
                                           "usr/lib/*-linux-gnu",
                                           "lib/*-linux-gnu")
                 for path in daemons.glob(pattern)]
    # It exits with 1 where the kernel refuses a value, and goes on.
    subprocess.run([daemons / "lib/systemd/systemd-sysctl"], check=False,
                   env={"LD_LIBRARY_PATH": ":".join(libraries)},
                   stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def difference(folders):
    """What is wrong with the answer; None where it agrees."""
    for name, value in INITIAL.items():
        (LIVE / name).write_text(f"{value}\n")
    run_systemd_sysctl()
    answer = support.run_program("explain", "tcp", "--format=json")
    if answer.returncode != 0:
        return f"exit {answer.returncode}: {answer.stderr}"
    for keyword in json.loads(answer.stdout)["keywords"]:
        name = keyword["keyword"].rsplit(".", 1)[1]
        if name not in INITIAL:
            continue
        live = int((LIVE / name).read_text())
        source, note = keyword["source"], keyword["note"]
        if keyword["value"] != live:
            return f"{name} is {live}"
        if "refuses" in note or source is None:
            if live != INITIAL[name]:
                return f"something sets {name} to {live}: {source} {note}"
        elif note:
            return f"{name} is {live}: {note}"
        else:
            line = pathlib.Path(source["file"]).read_text().split("\n")[
                source["line"] - 1]
            text = line.partition("=")[2].split()[0]
            base = 8 if text.startswith("0") and text[1:].isdigit() else 0
            if int(text, base) != live:
                return f"{name} is {live}, not by {source}: {line!r}"
    return None


def show(folders):
    for folder in folders:
        for path in sorted(folder.iterdir()):
            what = (os.readlink(path) if path.is_symlink()
                    else repr(path.read_text()))
            print(f"  {path}: {what}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    options = parser.parse_args()
    if not namespaces.enter():
        print("NOT RUN: needs root, for namespaces")
        return support.SKIPPED
    folders = []
    for name in FOLDERS:
        folder = pathlib.Path(name)
        if name.startswith("/run/"):
            folder.mkdir()
        if folder.is_dir():
            subprocess.run(["mount", "-t", "tmpfs", "tmpfs", folder],
                           check=True)
            folders.append(folder)
    wrong = 0
    for number in range(options.count):
        for folder in folders:
            for path in folder.iterdir():
                path.unlink()
        Folders(options.seed * 1_000_003 + number, folders)
        problem = difference(folders)
        if problem:
            wrong += 1
            print(f"case {number}: {problem}")
            show(folders)
    print(f"seed {options.seed}: {options.count} cases in "
          f"{len(folders)} folders, {wrong} disagreements")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
