"""Runs scenarios at the same time, each a process with namespaces of its own.

    batch.py [--all] [--predicted] [NAME...]

Without a name: the quick ones, with --all every one. --predicted: an end of
which the program predicts nothing is a failure too.
"""

import argparse
import concurrent.futures
import dataclasses
import json
import pathlib
import subprocess
import sys
import threading

import scenarios

HERE = pathlib.Path(__file__).resolve().parent
# Logins at the same time: they compute, and what is measured only waits.
STARTING = threading.Semaphore(2)
HEADINGS = ("scenario", "side", "", "predicted", "measured", "agrees")
AGREES = {True: "yes", False: "NO", None: "unknown"}


@dataclasses.dataclass(frozen=True)
class Outcome:
    scenario: scenarios.Scenario
    rows: list[dict] = ()
    error: str | None = None
    skipped: str | None = None

    def wrong(self, unknown_is_wrong=False):
        """What must not be, in words."""
        return ([self.error] if self.error else []) + [
            f"{row['side']}: {row['what']} {row['predicted']}, measured "
            f"{row['measured']}: {self.scenario.why}"
            for row in self.rows
            if row["agrees"] is False
            or unknown_is_wrong and row["agrees"] is None]


def run(scenario):
    with STARTING:
        process = subprocess.Popen(
            # Its namespaces end with it, and it ends with this program.
            ["setpriv", "--pdeathsig=KILL", sys.executable, "-B",
             HERE / "lab.py", scenario.name],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True)
        started = process.stdout.readline()
    printed, errors = process.communicate()
    last = (started + printed).strip().split("\n")[-1]
    if process.returncode != 0:
        return Outcome(scenario, error=errors.strip() or "killed")
    return Outcome(scenario, **json.loads(last))


def run_all(wanted):
    """The outcomes, in their order."""
    with concurrent.futures.ThreadPoolExecutor(len(wanted)) as pool:
        # The longest first: with them everything ends.
        running = {scenario.name: pool.submit(run, scenario)
                   for scenario in sorted(wanted, reverse=True,
                                          key=scenarios.duration)}
        return [running[scenario.name].result() for scenario in wanted]


def table(outcomes):
    lines = [HEADINGS]
    for outcome in outcomes:
        for row in outcome.rows:
            lines.append((outcome.scenario.name, row["side"], row["what"],
                          row["predicted"], row["measured"],
                          AGREES[row["agrees"]]))
    widths = [max(map(len, column)) for column in zip(*lines)]
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip()
                     for line in lines)


def main():
    parser = argparse.ArgumentParser(prog="tests/lab/run")
    parser.add_argument("--all", action="store_true",
                        help="the slow ones too")
    parser.add_argument("--predicted", action="store_true",
                        help="an unknown prediction is a failure")
    parser.add_argument("name", nargs="*", help=", ".join(
        scenario.name for scenario in scenarios.SCENARIOS))
    arguments = parser.parse_args()
    unknown = set(arguments.name) - {each.name for each in scenarios.SCENARIOS}
    if unknown:
        parser.error("no such scenario: " + ", ".join(sorted(unknown)))
    wanted = [scenario for scenario in scenarios.SCENARIOS
              if (scenario.name in arguments.name if arguments.name
                  else scenario.quick or arguments.all)]
    outcomes = run_all(wanted)
    print(table(outcomes))
    failed = False
    for outcome in outcomes:
        for line in outcome.wrong(arguments.predicted):
            failed = True
            print(f"FAILED {outcome.scenario.name}: {line}")
        if outcome.skipped:
            print(f"NOT RUN {outcome.scenario.name}: {outcome.skipped}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
