"""What was expected and predicted, against what was measured.

Seconds throughout. An end is the exit of the process whose session it is.
"""

import dataclasses
import math

# What an end is counted from:
RECEIVED = "received"  # the last packet that reached that side
DATA = "data"          # the last packet with data that reached that side
CONNECTED = "connected"  # the first packet
SETTLED = "settled"    # the last packet with data of the login
ASKED = "asked"       # when the program was asked, in the middle


@dataclasses.dataclass(frozen=True)
class End:
    """That side's process exits between these times."""
    earliest: float
    latest: float
    since: str = RECEIVED

    def __str__(self):
        return f"{self.earliest:g}…{self.latest:g}"

    def holds(self, measured):
        return (measured.ended is not None
                and self.earliest <= measured.after(self.since) <= self.latest)


@dataclasses.dataclass(frozen=True)
class Alive:
    """That side's process still runs so long after the path was cut, or after
    the login where nothing happens."""
    seconds: float
    since: str = RECEIVED

    def __str__(self):
        return f"> {self.seconds:g}"

    def holds(self, measured):
        return measured.ended is None


@dataclasses.dataclass(frozen=True)
class Measured:
    """Of one side. Times by CLOCK_BOOTTIME."""
    ended: float | None  # None: still runs
    watched_until: float
    connected: float
    settled: float
    received: float
    data: float
    looked: tuple[float, float]  # from asking until the answer
    packets_lost: int  # on the way

    @property
    def asked(self):
        return sum(self.looked) / 2

    def after(self, since):
        """Until the end, or as long as it was watched."""
        end = self.watched_until if self.ended is None else self.ended
        return end - getattr(self, since)

    def text(self, since):
        return f"{'> ' if self.ended is None else ''}{self.after(since):.2f}"


@dataclasses.dataclass(frozen=True)
class Row:
    """One line of the table. `agrees` None: nothing was predicted."""
    side: str
    what: str
    predicted: str
    measured: str
    agrees: bool | None


def _margin(seconds):
    return max(1, 0.05 * seconds)


def _bounds(time):
    """Of a time in the program's JSON. None: unknown."""
    if "earliest_seconds" in time:
        return [math.inf if seconds is None else seconds for seconds in
                (time["earliest_seconds"], time["latest_seconds"])]
    return [math.inf, math.inf] if time["kind"] == "never" else None


def _text(earliest, latest):
    if latest == math.inf:
        return "never" if earliest == math.inf else f"> {earliest:.2f}"
    if earliest == latest:
        return f"{earliest:.2f}"
    return f"{earliest:.2f}…{latest:.2f}"


def _agrees(bounds, measured, since):
    earliest, latest = bounds
    seconds = measured.after(since)
    # When within its run the program looked is not known.
    half_a_look = ((measured.looked[1] - measured.looked[0]) / 2
                   if since == ASKED else 0)
    in_time = latest == math.inf or (
        seconds - half_a_look <= latest + _margin(latest))
    return in_time and (
        measured.ended is None or earliest != math.inf
        and seconds + half_a_look >= earliest - _margin(earliest))


def expected_row(side, end, measured):
    return Row(side, "expected", f"{end} after {end.since}",
               measured.text(end.since), end.holds(measured))


def used_row(measured):
    return Row("client", "used", "answers", measured.text(ASKED),
               measured.ended is not None)


def dead_peer_row(side, session, measured, frozen):
    since = DATA if frozen else RECEIVED  # a kernel still acknowledges
    predicted = session["dead_peer"]
    bounds = _bounds(predicted)
    return Row(
        side, "dead_peer",
        "unknown" if bounds is None
        else f"{_text(*bounds)} {predicted['by'] or ''}".rstrip(),
        measured.text(since),
        None if bounds is None else _agrees(bounds, measured, since))


def cause_row(side, expected, ends, first_fin):
    """`expected`: "CAUSE" or "CAUSE by here"; None: no end. Who closed it must
    be who sent the first FIN on the wire."""
    if expected and expected.endswith("by first"):
        expected = expected.replace("first", first_fin or "nobody")
    told = [end["cause"] + (f" by {end['closed_by']}" if end["closed_by"]
                            else "") for end in ends]
    return Row(side, "cause", expected or "none", ", ".join(told) or "none",
               told == ([expected] if expected else []))


def fate_row(side, session, measured, what="fate"):
    fate = session["fate"]
    kind = fate["kind"]
    bounds = _bounds(fate)
    if kind == "intact":
        agrees = measured.ended is None and measured.packets_lost == 0
    elif kind == "lost_by_path":
        # Its time is when the path forgets; an end notices that later.
        agrees = measured.packets_lost > 0 and (
            bounds is None or measured.after(ASKED)
            >= bounds[0] - _margin(bounds[0]))
    else:
        agrees = None if bounds is None else _agrees(bounds, measured, ASKED)
    words = [kind, _text(*bounds) if bounds else None, fate["by"]]
    return Row(side, what, " ".join(filter(None, words)),
               measured.text(ASKED), agrees)
