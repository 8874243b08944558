"""Finding whose 10 to 5000 SSH sessions are, at the first and at later looks."""

import os
import pathlib
import subprocess

import bench

PROGRAM = pathlib.Path(os.environ["SSH_KEEPALIVE_BENCHMARKS"],
                       "look_for_owners")
SESSIONS = (1000, 10, 100, 5000)  # each compares to the first one
LOOKS = 50


def main():
    rows = []
    for sessions in SESSIONS:
        command = ["unshare", "--pid", "--fork", "--mount-proc", str(PROGRAM),
                   str(sessions), str(LOOKS)]
        printed = subprocess.run(command, capture_output=True, check=True,
                                 text=True).stdout
        first, later, longest = (float(word) / 1e3 for word in printed.split())
        shown = " ".join(command)
        rows += [bench.Row("first look", first, "ms", shown),
                 bench.Row("later looks, median", later, "ms", shown),
                 bench.Row("later looks, longest", longest, "ms", shown)]
    rows.sort(key=lambda row: row.what)
    bench.print_table(f"Owners of N sessions among 3 N processes, {LOOKS} looks",
                      rows)


if __name__ == "__main__":
    main()
