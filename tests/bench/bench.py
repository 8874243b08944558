"""What the benchmarks share: taking medians, and one kind of table."""

import dataclasses
import os
import pathlib
import platform
import statistics
import time

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


@dataclasses.dataclass
class Row:
    what: str
    value: float
    unit: str
    command: str


def milliseconds(action):
    start = time.perf_counter()
    action()
    return (time.perf_counter() - start) * 1e3


def alternating_medians(rounds, measurements):
    """The median of each measurement, by its name.

    They take turns, so that what else goes on on the machine meets them all
    alike. The first round does not count.
    """
    values = {name: [] for name in measurements}
    for number in range(rounds + 1):
        for name, measure in measurements.items():
            value = measure()
            if number:
                values[name].append(value)
    return {name: statistics.median(found) for name, found in values.items()}


def resident_mebibytes(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise AssertionError(f"process {pid} has no VmRSS")


def print_table(title, rows):
    """Each row's ratio is to the first row of the same quantity, `what`."""
    machine = f"{os.cpu_count()} processors, Linux {platform.release()}"
    print(f"{title} ({machine})\n")
    first = {}
    for row in rows:
        base = first.setdefault(row.what, row.value)
        command = row.command.replace(f"{REPOSITORY}/", "")
        print(f"{row.what:<28}{row.value:>10.2f} {row.unit:<4}"
              f"{row.value / base:>8.2f}x  {command}")
