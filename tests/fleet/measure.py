"""Measures a server of a large fleet; tests/fleet/run starts it."""

import argparse
import os
import pathlib
import platform
import statistics
import tempfile
import time

import fleet
import queries

ROUNDS = 3
STEPS = 60  # of a range query: a dashboard's hour, minute by minute


def process(pid):
    """Resident MiB now and at most, and the seconds of CPU used."""
    status = dict(line.split(":", 1) for line in
                  pathlib.Path(f"/proc/{pid}/status").read_text().splitlines())
    ticks = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2]
    used = sum(map(int, ticks.split()[11:13])) / os.sysconf("SC_CLK_TCK")
    return (int(status["VmRSS"].split()[0]) / 1024,
            int(status["VmHWM"].split()[0]) / 1024, used)


def print_table(title, header, rows):
    print(f"\n{title}\n\n| {' | '.join(header)} |\n{'|---' * len(header)}|")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def milliseconds(seconds):
    return f"{seconds * 1e3:,.1f}"


def series_of_recordings(prometheus):
    return prometheus.value('count({__name__=~".+:ssh_keepalive_.+:.+"})') or 0


def print_server(arguments, simulator, prometheus, before, seconds):
    resident, peak, used = process(prometheus.process.pid)
    up = prometheus.value("count(up == 1)") or 0
    rows = [
        ("hosts that answer", f"{up:,.0f} of {arguments.instances:,}"),
        ("series of a host",
         f"{prometheus.value('avg(scrape_samples_scraped)'):.0f}"),
        ("series in the head",
         f"{sum(prometheus.own('prometheus_tsdb_head_series').values()):,.0f}"),
        ("of these, of recording rules",
         f"{series_of_recordings(prometheus):,.0f}"),
        ("alerts firing or pending",
         f"{prometheus.value('count(ALERTS)') or 0:,.0f}"),
        ("samples a second",
         f"{(prometheus.value('sum(scrape_samples_scraped)') or 0) / arguments.interval:,.0f}"),
        ("failed evaluations", f"{sum(prometheus.own('prometheus_rule_evaluation_failures_total').values()):.0f}"),
        ("missed evaluations", f"{sum(prometheus.own('prometheus_rule_group_iterations_missed_total').values()):.0f}"),
        ("Prometheus: resident, at most", f"{resident:,.0f} MiB, {peak:,.0f} MiB"),
        ("Prometheus: processors", f"{(used - before[0]) / seconds:.2f}"),
        ("simulator: processors",
         f"{(process(simulator.process.pid)[2] - before[1]) / seconds:.2f}"),
    ]
    print_table("Server", ("what", "value"), rows)


def print_groups(durations):
    print_table("Rule groups, ms", ("group", "median", "longest", "evaluations"), [
        (f"`{group}`", milliseconds(statistics.median(found)),
         milliseconds(max(found)), str(len(found)))
        for group, found in sorted(durations.items())])


def time_of(answer):
    seconds, series = answer
    return milliseconds(seconds) + ("" if series is not None else " (failed)")


def print_queries(prometheus, title, expressions, step):
    """The slowest ranges first."""
    rows = []
    now = time.time()
    for name, expression in expressions.items():
        instant = fleet.median_seconds(prometheus, ROUNDS, "/api/v1/query",
                                       query=expression)
        ranged = fleet.median_seconds(
            prometheus, 1, "/api/v1/query_range", query=expression,
            start=now - STEPS * step, end=now, step=step)
        rows.append((name, instant, ranged))
    rows.sort(key=lambda row: -row[2][0])
    print_table(title, ("query", "series", "instant, ms", f"{STEPS} steps, ms"), [
        (name, f"{instant[1] or 0:,}", time_of(instant), time_of(ranged))
        for name, instant, ranged in rows])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--instances", type=int, default=1000)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--interval", type=int, default=60)
    parser.add_argument("--dashboards", default=queries.DASHBOARDS)
    arguments = parser.parse_args()
    print(f"{arguments.instances:,} hosts, scraped every {arguments.interval} s "
          f"for {arguments.minutes:g} min; {os.cpu_count()} processors, "
          f"Linux {platform.release()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="ssh_keepalive_fleet_") as folder:
        with fleet.simulated(folder, arguments.instances,
                             arguments.interval) as (simulator, prometheus):
            before = [process(daemon.process.pid)[2]
                      for daemon in (prometheus, simulator)]
            seconds = arguments.minutes * 60
            durations = fleet.watch_groups(prometheus, seconds)
            print_server(arguments, simulator, prometheus, before, seconds)
            print_groups(durations)
            step = max(1, seconds / STEPS)
            print_queries(prometheus, "Dashboards' queries",
                          queries.of_dashboards({
                              "instance": fleet.host_name(1), "job": fleet.JOB,
                              "cluster": "cluster1"}, arguments.dashboards),
                          step)
            print_queries(prometheus, "Rules' queries",
                          queries.of_rules(prometheus), step)
            print(f"\nload average {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
