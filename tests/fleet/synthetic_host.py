"""Hosts that do not exist, made from scrapes of the real exporter.

A template is one real scrape. Host number N has the series of one template, in
which sessions come and go, sessions end, and time passes; what belongs to the
configuration of the recorded host stays as it was recorded.
"""

import dataclasses
import math
import re

SAMPLE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(\{.*\})? (\S+)")
SESSIONS_CHANGE_EVERY = 300  # s
MOST_SESSIONS = 12  # times those of the template

# Ends per second of one session, by cause. Logouts are the rule; the rest is
# what laptops and trains make of it.
ENDS_PER_SECOND = {"closed": 1 / 3600, "reset": 1 / 40000,
                   "retransmission_limit": 1 / 60000,
                   "tcp_keepalive": 1 / 60000, "ssh_keepalive": 1 / 40000}
CAUSE = re.compile(r'cause="(\w+)"')


def fraction(*numbers):
    """Between 0 and 1, the same for the same numbers (Knuth's hash)."""
    value = 0x9E3779B9
    for number in numbers:
        value = (value ^ number) * 2654435761 & 0xFFFFFFFF
        value ^= value >> 15
    return value / 2**32


class Moment:
    """What all samples of one scrape of one host have in common."""

    def __init__(self, number, now, started):
        self.number = number
        self.now = now
        self.started = started
        self.uptime = now - started
        self.jitter = fraction(number, int(now * 1000) & 0xFFFFFFFF)
        phase = fraction(number) * SESSIONS_CHANGE_EVERY
        period = int((now + phase) / SESSIONS_CHANGE_EVERY)
        self.sessions = 1 + int(MOST_SESSIONS * fraction(number, period))


def ends(moment, prefix, _):
    """Whole ends since the exporter's start, never fewer than before."""
    rate = ENDS_PER_SECOND.get(CAUSE.search(prefix)[1], 0)
    mean = MOST_SESSIONS / 2 * (0.5 + fraction(moment.number, 1))
    return math.floor(rate * mean * moment.uptime + fraction(moment.number, 2))


# How the samples of a metric vary; the first row that matches, and a metric
# without a row is the same in each scrape.
VARIATIONS = (
    (r"process_cpu_seconds_total",
     lambda moment, _, value: value + round(moment.uptime * 2e-4, 2)),
    (r"process_resident_memory_bytes",
     lambda moment, _, value: value + 4096 * int(256 * moment.jitter)),
    (r"process_start_time_seconds",
     lambda moment, _, value: moment.started - fraction(moment.number) * 3e6),
    (r"ssh_keepalive_scrape_collector_duration_seconds",
     lambda moment, _, value: value * (0.7 + 0.6 * moment.jitter)),
    (r"ssh_keepalive_scrape_collector_last_success_timestamp_seconds",
     lambda moment, _, value: moment.now),
    (r"ssh_keepalive_next_session_end_timestamp_seconds",
     lambda moment, _, value: moment.now + 7200 * moment.jitter),
    (r"ssh_keepalive_session_ends_total", ends),
    # One factor for all keeps the sums that belong together equal.
    (r"ssh_keepalive_sessions(_by_\w+|_silent|_probing|_retransmitting)?",
     lambda moment, _, value: int(value) * moment.sessions),
)


@dataclasses.dataclass
class Varying:
    prefix: str  # name and labels
    vary: object
    value: float

    def line(self, moment):
        return f"{self.prefix} {self.vary(moment, self.prefix, self.value)}\n"


class Template:
    """One scrape, cut into constant text and samples that vary."""

    def __init__(self, exposition):
        self.pieces = []
        self.samples = 0
        constant = []
        for line in exposition.splitlines(keepends=True):
            varying = None
            if not line.startswith("#"):
                self.samples += 1
                varying = self._varying(line)
            if varying is None:
                constant.append(line)
            else:
                self.pieces += ["".join(constant), varying]
                constant = []
        self.pieces.append("".join(constant))

    @staticmethod
    def _varying(line):
        name, labels, value = SAMPLE.fullmatch(line.rstrip("\n")).groups()
        for pattern, vary in VARIATIONS:
            if re.fullmatch(pattern, name):
                return Varying(name + (labels or ""), vary, float(value))
        return None

    def scrape(self, number, now, started):
        moment = Moment(number, now, started)
        return "".join(piece if isinstance(piece, str) else piece.line(moment)
                       for piece in self.pieces)
