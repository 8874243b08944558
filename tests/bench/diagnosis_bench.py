"""the diagnosis of 1,000 sessions with 200 Match blocks"""

import os
import pathlib
import subprocess

PROGRAM = pathlib.Path(os.environ["SSH_KEEPALIVE_BENCHMARKS"],
                       "judge_sessions")

ROUNDS = 25
SIZES = ((100, 20), (1000, 200), (5000, 200))


def main():
    print(f"{'sessions':>9} {'Match':>6} {'diagnosis':>10} "
          f"{'settings, first':>16} {'settings, again':>16}   (ms)")
    for sessions, blocks in SIZES:
        times = subprocess.run(
            [PROGRAM, str(sessions), str(blocks),
             str(ROUNDS)], check=True, capture_output=True,
            text=True).stdout.split()
        print(f"{sessions:>9} {blocks:>6} {times[0]:>10} {times[1]:>16} "
              f"{times[2]:>16}")


if __name__ == "__main__":
    main()
