"""Failed scrapes and restarts of the exporter, for every alert.

The tests of alerts/tests are taken as they are, for scrapes of a minute and of
15 seconds; then three scrapes fail where the alert fires and where it must not,
and counters begin anew behind them as they do after a restart. Neither may
change anything.
"""

import concurrent.futures
import json
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

import support
import yaml  # Debian's python3-yaml

ROOT = pathlib.Path(__file__).resolve().parents[2]
TESTS = sorted((ROOT / "alerts" / "tests").glob("SSHKeepalive*.test.yml"))
FAILED_SCRAPES = 3
LONG_MINUTES = 600  # what compares with yesterday takes promtool long
MINUTES_AFTER = 8  # in which a wrong resolution would show


def read(path):
    # All as text: to YAML 1.1 the samples 0x10 are a hexadecimal number.
    return yaml.load(path.read_text(), Loader=yaml.BaseLoader)


def minutes(duration):
    amount, unit = re.fullmatch(r"(\d+)([mh])", duration).groups()
    return int(amount) * {"m": 1, "h": 60}[unit]


def samples(values):
    """One for each minute, of promtool's notation; None where there is none."""
    expanded = []
    for item in values.split():
        if item in ("_", "stale"):
            expanded.append(None)
            continue
        start, step, times = re.fullmatch(
            r"(_|-?[\d.]+)([+-][\d.]+)?(?:x(\d+))?", item).groups()
        if start == "_":
            expanded += [None] * int(times)
        else:
            expanded += [float(start) + i * float(step or 0)
                         for i in range(int(times or 0) + 1)]
    return expanded


def with_failed_scrapes(series, by_minute, after, interval):
    """As scraped each `interval` seconds: by_minute with a gap after the scrape
    at minute `after`."""
    each = 60 // interval
    end = after + MINUTES_AFTER + 1
    by_minute = (by_minute + by_minute[-1:] * end)[:end]
    result = [value for value in by_minute for _ in range(each)]
    first = after * each + 1
    before = result[first - 1]
    if "_total{" in series and before is not None:
        result[first:] = [value if value is None else max(value - before, 0)
                          for value in result[first:]]
    gap = range(first, first + FAILED_SCRAPES)
    return " ".join("stale" if i == first else
                    "_" if i in gap or value is None else repr(value)
                    for i, value in enumerate(result))


def case(alert, test, interval, after, checked, expected):
    inputs = [{"series": one["series"], "values": with_failed_scrapes(
        one["series"], samples(one["values"]), after, interval)}
              for one in test["input_series"]]
    count = f'count(ALERTS{{alertname="{alert}",alertstate="firing"}})'
    return {
        "name": f"{test['name']} / {interval} s, none after {after} min",
        "interval": f"{interval}s",
        "input_series": inputs,
        "promql_expr_test": [
            {"expr": count, "eval_time": f"{minute}m", "exp_samples":
             [{"labels": "{}", "value": expected}] if expected else []}
            for minute in checked]}


def cases(path, interval):
    alert = path.name.removesuffix(".test.yml")
    for test in read(path)["tests"]:
        if "scrapes" in test["name"]:  # has its own
            continue
        expectations = [(minutes(one["eval_time"]), len(one["exp_alerts"]))
                        for one in test["alert_rule_test"]]
        firing = [one for one in expectations if one[1]]
        if firing:
            # The last time it is told to fire would resolve soon by itself.
            at, number = firing[0]
            end = min([at + MINUTES_AFTER] + [
                minute for minute, count in expectations
                if minute > at and count != number])
            yield case(alert, test, interval, at, range(at, end), number)
        else:
            at = expectations[0][0]
            if at > LONG_MINUTES:
                continue
            before = at - (FAILED_SCRAPES + 1) * interval // 60
            yield case(alert, test, interval, before, [at], 0)


def run_promtool(path, generated):
    """Returns what it has to say against it."""
    rules = [str((path.parent / file).resolve())
             for file in read(path)["rule_files"]]
    with tempfile.NamedTemporaryFile("w", suffix=".yml") as file:
        json.dump({"rule_files": rules, "evaluation_interval": "1m",
                   "tests": generated}, file)
        file.flush()
        run = subprocess.run(
            [support.daemon("usr/bin/promtool"), "test", "rules", file.name],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            check=False)
    return run.stdout if run.returncode else ""


class Scrapes(unittest.TestCase):

    def test_each_alert_bridges_failed_scrapes(self):
        every = [(path, interval, list(cases(path, interval)))
                 for path in TESTS for interval in (60, 15)]
        firing = {path for path, _, generated in every
                  if any(one["promql_expr_test"][0]["exp_samples"]
                         for one in generated)}
        self.assertEqual(firing, set(TESTS))
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            results = pool.map(lambda one: run_promtool(one[0], one[2]), every)
            for (path, interval, _), complaint in zip(every, results):
                with self.subTest(path.name, interval=interval):
                    self.assertEqual(complaint, "")


if __name__ == "__main__":
    support.main()
