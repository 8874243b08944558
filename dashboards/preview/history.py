"""A day of a fleet for pictures, made of real scrapes: what exporters said of
hosts, set one after the other, with more sessions by day, silences by night,
and an hour in which a link was cut. Tests take what was scraped.
"""

import json
import math
import re
import subprocess

import asking
import support

STEP_SECONDS = 180
DAY_SECONDS = 24 * 3600
# A link is cut for some minutes, this long ago; some hosts are behind it.
CUT_SECONDS_AGO = 3 * 3600
CUT_LASTS_SECONDS = 1500

COUNTED = re.compile(r"ssh_keepalive_sessions(_by_fate|_by_refresh|_silent"
                     r"|_probing|_retransmitting|_outdated)?$")
MOVING = ("ssh_keepalive_next_session_end_timestamp_seconds",
          "ssh_keepalive_scrape_collector_last_success_timestamp_seconds")
ENDS = "ssh_keepalive_session_ends_total"


class Story:
    """What an instance said, from when on (seconds ago), and how busy it is."""

    def __init__(self, *scrapes, busy=1, behind_the_cut=False):
        self.scrapes = sorted(scrapes, key=lambda scrape: -scrape[0])
        self.busy = busy
        self.behind_the_cut = behind_the_cut
        self.ends = {}

    def at(self, ago):
        return [scrape for since, scrape in self.scrapes if since >= ago][-1]

    def factor(self, time):
        by_day = 1 + math.sin((time % DAY_SECONDS / DAY_SECONDS - 0.3)
                              * 2 * math.pi)
        return max(1, round(self.busy * (0.4 + by_day)))

    def cut(self, ago):
        return (self.behind_the_cut
                and 0 <= CUT_SECONDS_AGO - ago < CUT_LASTS_SECONDS)


def add_what_a_running_host_tells(story, live):
    """Ends of sessions and what the path has shown: not through --root."""
    for _, (scrape, _) in story.scrapes:
        for key, value in live.samples.items():
            if key[0] in (ENDS, "ssh_keepalive_session_events_lost_total",
                          "ssh_keepalive_path_observed_idle_seconds"):
                scrape.samples.setdefault(key, value)


def ended(story, labels, factor, ago, step):
    """A counter: logouts all the day, and what the cut ended."""
    cause = dict(labels)["cause"]
    more = 0
    if dict(labels)["role"] == "server":
        if cause == "closed" and step % 4 == 0:
            more = factor
        elif cause == "idle_kill" and step % 40 == 7:
            more = 1
        elif cause == "retransmission_limit" and story.cut(ago):
            more = 2
    story.ends[labels] = story.ends.get(labels, 0) + more
    return story.ends[labels]


def dying(name, labels, value, factor):
    """While the link is cut, sessions are dying that were intact."""
    labels = dict(labels)
    if labels.get("role") != "server" or labels.get("netns") != "host":
        return value
    if name.endswith("_by_fate"):
        return {"intact": 0, "dying": value + factor}.get(labels["fate"], value)
    return value + factor if name.endswith("_retransmitting") else value


def silent(labels, sessions, time):
    """Users are away at night, and some of them at noon."""
    hour = time % DAY_SECONDS / 3600
    away = 0.5 + 0.5 * math.cos((hour - 2) / 12 * math.pi)
    share = away ** (0.4 + math.log10(float(labels["longer_than_seconds"])) / 4)
    return round(sessions * min(1, share * (1.3 if 12 <= hour < 13 else 1)))


def lines(stories, end):
    for step, time in enumerate(range(end - DAY_SECONDS, end + 1,
                                      STEP_SECONDS)):
        for instance, story in stories.items():
            scrape, taken = story.at(end - time)
            factor = story.factor(time)
            yield f'up{{job="ssh_keepalive",instance="{instance}"}} 1 {time}'
            for (name, labels), value in scrape.samples.items():
                if name == ENDS:
                    value = ended(story, labels, factor, end - time, step)
                elif COUNTED.match(name):
                    value *= factor
                    if name.endswith("_silent"):
                        value = silent(dict(labels), factor * sum(
                            scrape.series("ssh_keepalive_sessions", **{
                                key: dict(labels)[key]
                                for key in ("role", "netns")}).values()), time)
                    if story.cut(end - time):
                        value = dying(name, labels, value, factor)
                elif name in MOVING:
                    value += time - taken
                elif name == "process_cpu_seconds_total":
                    value = step * 0.4
                text = "".join(f',{key}="{each}"' for key, each in labels)
                yield (f'{name}{{job="ssh_keepalive",instance="{instance}"'
                       f'{text}}} {value:g} {time}'
                       if name not in MOVING else
                       f'{name}{{job="ssh_keepalive",instance="{instance}"'
                       f'{text}}} {value:.0f} {time}')
    yield "# EOF"


def as_recordings(rules):
    """An alert is a recording of ALERTS here, as if it had always fired at
    once: Prometheus evaluates only recordings for the past."""
    return [{"record": rule["name"], "expr": rule["query"],
             "labels": rule.get("labels", {})}
            if rule["type"] == "recording" else
            {"record": "ALERTS", "expr": f"({rule['query']}) ^ 0",
             "labels": rule["labels"] | {"alertname": rule["name"],
                                         "alertstate": "firing"}}
            for rule in rules]


def promtool(*words):
    subprocess.run([support.daemon("usr/bin/promtool"), "tsdb",
                    "create-blocks-from", *map(str, words)], check=True,
                   stdout=subprocess.DEVNULL)


def fill(folder, stories, end, rule_files):
    """The data folder of a Prometheus that has seen it all."""
    data = folder / "history"
    text = folder / "history.txt"
    with text.open("w") as file:
        file.writelines(line + "\n" for line in lines(stories, end))
    promtool("openmetrics", text, data)
    text.unlink()
    configuration = folder / "history.yml"
    configuration.write_text(json.dumps({"rule_files": rule_files}))
    plain = folder / "plain.yml"
    plain.write_text("{}")
    with asking.Prometheus(configuration, folder / "none") as prometheus:
        groups = prometheus.get("rules")["groups"]
    # Each pass sees what the one before has recorded.
    for number, names in enumerate(("instance", "ALERTS")):
        rules = [rule for rule in as_recordings(
            rule for group in groups for rule in group["rules"])
            if rule["record"].startswith(names)]
        file = folder / f"rules-{number}.json"
        file.write_text(json.dumps({"groups": [
            {"name": "past", "rules": rules}]}))
        with asking.Prometheus(plain, data) as prometheus:
            promtool("rules", f"--start={end - DAY_SECONDS}", f"--end={end}",
                     f"--eval-interval={STEP_SECONDS}s", f"--output-dir={data}",
                     f"--url=http://127.0.0.1:{prometheus.port}", file)
    return data
