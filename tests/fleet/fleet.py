"""A fleet of synthetic hosts, and a real Prometheus with the rules before it."""

import contextlib
import json
import pathlib
import re
import statistics
import sys
import time
import urllib.parse

import support

from queries import RULES

HERE = pathlib.Path(__file__).resolve().parent
# Hosts of the fleet are made of these, alike in number.
TEMPLATES = ("plain", "busy", "article", "cis_debian12", "cloud_aws",
             "cloud_azure", "cloud_gcp", "clients_only", "sshd_debian12",
             "sshd_debian13")
JOB = "ssh_keepalive"
# On a busy machine some scrape may fail meanwhile.
EVER_SCRAPED = "count(max_over_time(up[1h]) == 1)"


def host_name(number):
    return f"host{number:05}"


def record_templates(folder):
    """One scrape of the real exporter for each recorded host, as files.

    What only `serve` tells, since a recorded host has no kernel to tell of
    ends, comes from one on this host.
    """
    with support.Exporter() as exporter:
        served = support.wait_for("counters of ends", lambda: [
            line + "\n"
            for line in exporter.request("/metrics").text.splitlines()
            if re.match(r"ssh_keepalive_(session_e|alertmanager_)", line)])
    files = []
    for host in TEMPLATES:
        run = support.run_program("metrics", "--root",
                                  support.FIXTURE_HOSTS / host)
        if run.returncode != 0:
            raise AssertionError(run.stderr)
        files.append(pathlib.Path(folder, f"{host}.txt"))
        files[-1].write_text(run.stdout + "".join(served))
    return files


class Simulator(support.Daemon):

    def __init__(self, templates):
        self.port = support.free_port()
        super().__init__(sys.executable, "-B", HERE / "simulator.py",
                         self.port, *templates)
        support.wait_for("the simulator", lambda: self.is_up(
            lambda: "serving" in self.output()))


class Prometheus(support.HttpDaemon):
    """Scrapes targets that it finds by file, and judges them by the project's
    rules. `extra` is more of its configuration."""

    def __init__(self, folder, targets, interval_seconds, extra=None):
        folder = pathlib.Path(folder)
        (folder / "targets.json").write_text(json.dumps(targets))
        configuration = folder / "prometheus.yml"  # JSON is YAML
        configuration.write_text(json.dumps({
            "global": {"scrape_interval": f"{interval_seconds}s",
                       "scrape_timeout": f"{min(10, interval_seconds)}s",
                       "evaluation_interval": f"{interval_seconds}s"},
            "rule_files": [str(path) for path in RULES],
            "scrape_configs": [{
                "job_name": JOB,
                "file_sd_configs": [{"files": [str(folder / "targets.json")]}],
            }]} | (extra or {})))
        port = support.free_port()
        super().__init__(
            port, "/-/ready", support.daemon("usr/bin/prometheus"),
            f"--config.file={configuration}",
            f"--storage.tsdb.path={folder / 'data'}",
            f"--web.listen-address=127.0.0.1:{port}")

    def data(self, path, **parameters):
        """What an API call answers, and after how many seconds."""
        start = time.perf_counter()
        response = self.request(f"{path}?{urllib.parse.urlencode(parameters)}")
        seconds = time.perf_counter() - start
        if response.status != 200:
            raise AssertionError(f"{parameters}: {response.text}")
        return json.loads(response.text)["data"], seconds

    def query(self, expression):
        return self.data("/api/v1/query", query=expression)[0]["result"]

    def value(self, expression):
        """The one value of a query that has at most one, or None."""
        found = self.query(expression)
        if len(found) > 1:
            raise AssertionError(f"{expression}: {len(found)} series")
        return float(found[0]["value"][1]) if found else None

    def own(self, name):
        """A metric of this server itself, by what its labels say."""
        return support.Exposition(self.request("/metrics").text).series(name)


def synthetic_targets(port, instances):
    return [{"targets": [f"127.0.0.1:{port}"],
             "labels": {"__metrics_path__": f"/{number}/metrics",
                        "instance": host_name(number),
                        "cluster": f"cluster{number % 4}"}}
            for number in range(instances)]


@contextlib.contextmanager
def simulated(folder, instances, interval_seconds):
    """The server, once each host has been scraped."""
    with Simulator(record_templates(folder)) as simulator:
        with Prometheus(folder, synthetic_targets(simulator.port, instances),
                        interval_seconds) as prometheus:
            try:
                deadline = time.monotonic() + 5 * interval_seconds + 120
                while (scraped := prometheus.value(EVER_SCRAPED) or 0) < instances:
                    if time.monotonic() > deadline:
                        raise AssertionError(f"only {scraped:.0f} are scraped")
                    time.sleep(interval_seconds / 10)
                yield simulator, prometheus
            finally:  # writing its head to disk would take long
                prometheus.process.kill()


def watch_groups(prometheus, seconds):
    """How long evaluations took meanwhile, by the name of the group."""
    durations, seen = {}, set()
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            text = prometheus.request("/metrics").text
        except TimeoutError:  # a server that is overloaded; told by the result
            continue
        exposition = support.Exposition(text)
        at = exposition.series(
            "prometheus_rule_group_last_evaluation_timestamp_seconds")
        for labels, value in exposition.series(
                "prometheus_rule_group_last_duration_seconds").items():
            group = dict(labels)["rule_group"].rpartition(";")[2]
            if at.get(labels) and (labels, at[labels]) not in seen:
                seen.add((labels, at[labels]))
                durations.setdefault(group, []).append(value)
        time.sleep(min(2, seconds / 10))
    return durations


def median_seconds(prometheus, rounds, path, **parameters):
    """The median time of a query, and how many series it answered; of one that
    the server refuses or gives up, its time and None."""
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        try:
            data, seconds = prometheus.data(path, **parameters)
        except (AssertionError, TimeoutError) as error:
            print(f"{parameters['query']}: {error}", file=sys.stderr)
            return time.perf_counter() - start, None
        times.append(seconds)
    return statistics.median(times), len(data["result"])
