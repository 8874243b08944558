"""Every query of every panel, against a real Prometheus with the rules loaded
that has scraped the real exporter on recorded hosts and a live one.

A panel that is empty where it should not be is a failure, and so is one that
has something where EMPTY says that it is empty.
"""

import math
import re
import time
import unittest

import asking
import dashboards
import hosts
import live_ssh
import namespaces
import support

RANGE_SECONDS = 60
STEP_SECONDS = 5

ALL = (hosts.LIVE, *hosts.RECORDED, hosts.WITH_PACKAGES)
RECORDED = ALL[1:]
# All that is empty on the host dashboard: (panel, refId) → hosts, and why.
EMPTY = {
    # No session of it is doomed, and the exporter of the others may say so.
    ("Next session ends in", "A"): {hosts.LIVE},
    # Good: no mechanism is shorter than the policy; cis_debian12 has TMOUT.
    ("Pause that ends a session", "B"): {*ALL} - {"cis_debian12"},
    # Ends are seen on a running host, and not through --root.
    ("Session ends by cause", "A"): {*RECORDED},
    ("News of ends lost", "A"): {*RECORDED},
    ("What sessions have shown of the path", "A"): {*RECORDED},
    ("What sessions have shown of the path", "B"): {*RECORDED},
    # What a daemon has loaded is known of one that runs.
    ("SSH daemons", "C"): {*RECORDED} - {"proc_net_only"},
    # No daemon there.
    ("SSH daemons", "A"): {"clients_only"},
    # No connection tracking in their kernels.
    ("Kernel", "E"): {*RECORDED} - {"busy"},
    # Only /proc/net/tcp could be read: silence is unknown.
    ("Wire silence", "A"): {"proc_net_only"},
    # Good: all could be evaluated.
    ("Checks that could not be evaluated", "A"):
        {hosts.LIVE, "clients_only", "proc_net_only"},
    # Their path is assumed, and nothing else is wrong: no alert.
    ("Alerts over time", "A"): {*RECORDED} - {"cis_debian12", "cloud_aws"},
    ("Open findings", "C"): {*RECORDED} - {"cis_debian12", "cloud_aws"},
}
# Of a host whose exporter is down, these say something, and nothing else.
OF_A_DOWN_HOST = {("Verdict", "A"), ("Alerts over time", "A")}


def numbers(series):
    for _, value in series.get("values") or [series["value"]]:
        yield float(value)


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Queries(hosts.Hosts):

    def setUp(self):
        super().setUp()
        self.start_prometheus()
        self.live_through_sessions()
        self.end = time.time()

    def answers(self, dashboard, **variables):
        """(panel, target, series) of all that a dashboard asks."""
        return [(panel, target, asking.ask(
            self.prometheus, target, self.end - RANGE_SECONDS, self.end,
            STEP_SECONDS, **variables))
            for panel, target in dashboards.targets(dashboard)]

    def check_each(self, answers):
        for panel, target, found in answers:
            with self.subTest(panel["title"], refId=target["refId"]):
                labels = set().union(*(series["metric"] for series in found))
                if found:
                    self.assertLessEqual(
                        asking.expected_labels(panel, target), labels)
                self.assertFalse(any(math.isnan(value) for series in found
                                     for value in numbers(series)))

    def check_empty(self, instance, without):
        for key in without | set(EMPTY):
            with self.subTest(instance, key=key):
                self.assertEqual(key in without,
                                 instance in EMPTY.get(key, ()))

    def test_all(self):
        """One after the other: what they look at takes seconds to make."""
        fleet, host = dashboards.load_all().values()
        answers = self.answers(fleet)
        self.check_each(answers)
        self.assertEqual(empty(answers), set())
        for instance in ALL:
            answers = self.answers(host, instance=instance)
            self.check_each(answers)
            self.check_empty(instance, empty(answers))
        answers = self.answers(host, instance=hosts.DOWN)
        self.assertEqual({key_of(*answer) for answer in answers}
                         - empty(answers), OF_A_DOWN_HOST)
        # Several at once: each panel has something of one of them.
        answers = self.answers(host)
        self.check_each(answers)
        self.assertEqual(empty(answers), set())
        self.check_verdicts(host)
        self.check_variables(fleet)

    def check_verdicts(self, host):
        """What the panel says, beside what `check` does."""
        verdict = next(target for panel, target in dashboards.targets(host)
                       if panel["title"] == "Verdict")
        found = {series["metric"]["instance"]: float(series["value"][1])
                 for series in asking.ask(self.prometheus, verdict, 0,
                                          self.end, 1)}
        self.assertEqual(set(found), {*ALL, hosts.DOWN})
        self.assertEqual(found[hosts.DOWN], 4)
        self.assertIn(found["cis_debian12"], (2, 3))
        self.assertEqual(found["plain"], 1)

    def check_variables(self, dashboard):
        """label_values(selector, label), as Grafana resolves it."""
        for variable in dashboard["templating"]["list"][1:]:
            selector, label = re.fullmatch(
                r"label_values\((.*), (\w+)\)", variable["query"]).groups()
            values = self.prometheus.get(
                f"label/{label}/values",
                **{"match[]": dashboards.interpolated(selector)})
            self.assertEqual(set(values), {"ssh_keepalive"}
                             if label == "job" else set(ALL))


def key_of(panel, target, _):
    return panel["title"], target["refId"]


def empty(answers):
    return {key_of(*answer) for answer in answers if not answer[2]}


if __name__ == "__main__":
    if namespaces.enter():
        live_ssh.set_up_users()
    support.main()
