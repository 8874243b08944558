"""The scenarios, as data: what is set, what happens, and when which end ends.

Each expectation is OpenSSH's and the kernel's own arithmetic, not what the
program says. `why` gives the reason.
"""

import dataclasses

from verdict import CONNECTED, DATA, SETTLED, Alive, End


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    why: str
    # What happens once the program was asked: the path is "cut", the client
    # gets a "freeze". Nothing: they idle.
    steps: tuple[str, ...]
    # Of each side that is looked at.
    ends: dict[str, End | Alive]
    judged_by: tuple[str, ...] = ("dead_peer",)  # or "fate", both, neither
    # The other side may end too, through what only this one knows.
    judged_sides: tuple[str, ...] = ("server", "client")
    sshd: tuple[str, ...] = ()  # lines of sshd_config
    ssh: tuple[str, ...] = ()  # options
    sysctls: dict[str | None, dict] = dataclasses.field(default_factory=dict)
    path_forgets_after: int | None = None  # seconds
    # What the exporter is told of the path; without one that forgets: a day.
    policy: str = "[policy]\npath_idle_timeout = 86400\n"
    flags: tuple[str, ...] = ()  # of ssh
    command: tuple[str, ...] = ("echo ready; read line",)
    prompt: str = "ready"  # what ssh prints once the session is there
    shell: str = "/bin/dash"
    profile: str = ""  # /etc/profile
    silent_client: bool = False  # one that connects and says nothing
    # sysctls of both sides that are edited under the live session.
    changed_before_look: dict = dataclasses.field(default_factory=dict)
    scan: str = "off"  # else the program looks from a third namespace
    # How long the program watches before it is believed; 0: one look.
    watch_seconds: int = 0
    # A side is looked at once more when it has sent so many packets in vain.
    dying_after: dict[str, int] = dataclasses.field(default_factory=dict)
    is_used_at_last: bool = False  # and must answer
    # What the exporter tells of each side's end: "CAUSE", "CAUSE by here", or
    # "by first": who sent the first FIN;
    # nothing of a side whose session lives on. None: it does not look there.
    causes: dict[str, str] | None = dataclasses.field(default_factory=dict)
    quick: bool = True


PROBES = 2
MESSAGE = 4  # itself, its tail-loss probe and two retransmissions
FATE = ("fate",)
OF_SERVER = ("server",)
# An SSH budget of half an hour at both ends: the kernel comes first.
LONG_SSHD = ("ClientAliveInterval 2", "ClientAliveCountMax 1000")
LONG_SSH = ("ServerAliveInterval=2", "ServerAliveCountMax=1000")


def keepalive(time, interval, probes):
    return {"ipv4/tcp_keepalive_time": time,
            "ipv4/tcp_keepalive_intvl": interval,
            "ipv4/tcp_keepalive_probes": probes}


GAVE_UP = "ssh_keepalive by here"
LIMIT = "retransmission_limit"
PROBED = "tcp_keepalive"


def both(settings):
    return {"server": settings, "client": settings}


def ends_at_both(end):
    return {"server": end, "client": end}


def retransmission(retries2, earliest, latest, **more):
    """The range is from sending to the end, as the kernel's chain makes it: a
    tail-loss probe, then timeouts that double. What is sent is a message: the
    client's within 1…2 s of the last data, sshd 9.2's within 2…4 s."""
    return Scenario(
        f"retries2_{retries2}",
        "a message of SSH is data: the kernel gives up on it long before "
        "1000 messages are unanswered",
        sshd=LONG_SSHD, ssh=LONG_SSH,
        sysctls=both({"ipv4/tcp_retries2": retries2}), steps=("cut",),
        ends={"client": End(earliest + 1, latest + 2),
              "server": End(earliest + 2, latest + 4)},
        dying_after=both(MESSAGE), causes=both(LIMIT), **more)


def forgetful_path(name, why, ends, judged_by=FATE, **more):
    return Scenario(
        name, why, path_forgets_after=5, steps=(), ends=ends,
        judged_by=judged_by, policy="[policy]\npath_idle_timeout = 5\n"
        "safety_margin = 0\n", **more)


def ended_by(step, why, causes, ends=None, **more):
    return Scenario(step, why, steps=(step,), causes=causes, judged_by=(),
                    ends=ends or ends_at_both(End(0, 9, since=SETTLED)),
                    **more)


SCENARIOS = (
    # sshd's ClientAlive
    Scenario(
        "client_alive_2x3",
        "three unanswered messages and one more interval are 8 s; OpenSSH 9.2 "
        "compares whole seconds and so takes up to twice each interval",
        sshd=("ClientAliveInterval 2", "ClientAliveCountMax 3"),
        steps=("cut",), ends={"server": End(8, 16.5), "client": Alive(12)},
        causes={"server": GAVE_UP}),
    Scenario(
        "client_alive_count_max_1",
        "one unanswered message and one more interval, each up to doubled",
        sshd=("ClientAliveInterval 2", "ClientAliveCountMax 1"),
        steps=("cut",), ends={"server": End(4, 8.5)},
        causes={"server": GAVE_UP}),
    Scenario(
        "client_alive_count_max_0",
        "since 8.2 sshd sends its messages and never ends a session for want "
        "of answers: the kernel does, which cannot deliver them",
        sshd=("ClientAliveInterval 1", "ClientAliveCountMax 0"),
        sysctls={"server": {"ipv4/tcp_retries2": 5}},
        steps=("cut",), ends={"server": End(14.2, 16.6)},
        causes={"server": LIMIT}),
    Scenario(
        "client_alive_starved",
        "OpenSSH 9.2 does not check while there is output each second: the "
        "kernel ends it, long after the messages would have",
        command=("while echo ready; do sleep 1; done",),
        sshd=("ClientAliveInterval 2", "ClientAliveCountMax 3"),
        sysctls={"server": {"ipv4/tcp_retries2": 6}},
        # No prediction: nothing tells that a command will go on printing.
        steps=("cut",), judged_by=(), ends={"server": End(26.6, 29.6)},
        causes={"server": LIMIT}),
    Scenario(
        "frozen_client",
        "a process that is stopped answers no message, while its kernel still "
        "acknowledges them",
        sshd=("ClientAliveInterval 2", "ClientAliveCountMax 3"),
        steps=("freeze",), ends={"server": End(8, 16.5, since=DATA)},
        causes={"server": GAVE_UP}),
    Scenario(
        "frozen_client_without_messages",
        "TCP keepalive asks the kernel, and that of a stopped process answers",
        sysctls=both(keepalive(1, 1, 2)),
        steps=("freeze",), ends={"server": Alive(10, since=DATA)},
        judged_by=FATE),

    # ssh's ServerAlive
    Scenario(
        "server_alive_2x3",
        "three unanswered messages and one more interval, from the whole "
        "second of the last data",
        ssh=("ServerAliveInterval=2", "ServerAliveCountMax=3"),
        steps=("cut",), ends={"client": End(7, 8.5), "server": Alive(12)},
        causes={"client": GAVE_UP}),
    Scenario(
        "server_alive_count_max_0",
        "ssh ends a healthy session after one silent interval",
        ssh=("ServerAliveInterval=6", "ServerAliveCountMax=0"),
        steps=(), ends={"client": End(5, 6.5, since=SETTLED)},
        judged_by=FATE,
        causes={"client": GAVE_UP, "server": "closed by peer"}),

    # The kernel's keepalive
    Scenario(
        "tcp_keepalive_5_2_3",
        "a probe after 5 s of silence and three unanswered ones, 2 s apart: "
        "11 s and what the timer wheel adds",
        sysctls=both(keepalive(5, 2, 3)), steps=("cut",),
        ends=ends_at_both(End(11, 11.7)), dying_after=both(PROBES),
        causes=both(PROBED)),
    Scenario(
        "tcp_keepalive_3_8_2",
        "after an answered probe the next is due after the longer of both "
        "times: 8 s, and two intervals",
        sysctls=both(keepalive(3, 8, 2)), watch_seconds=5, steps=("cut",),
        ends=ends_at_both(End(24, 25.5)),
        causes=both(PROBED)),
    Scenario(
        "tcp_keepalive_before_server_alive",
        "the kernel's keepalive has ended before the first message is due",
        ssh=("ServerAliveInterval=12", "ServerAliveCountMax=3"),
        sysctls=both(keepalive(5, 2, 3)), steps=("cut",),
        ends={"client": End(11, 11.7)},
        causes=both(PROBED)),
    Scenario(
        "tcp_keepalive_hidden",
        "unacknowledged messages keep the client's keepalive from probing: it "
        "would have ended after 11 s, as the server without messages does",
        ssh=LONG_SSH,
        sysctls=both(keepalive(5, 2, 3) | {"ipv4/tcp_retries2": 6}),
        steps=("cut",),
        ends={"client": End(27.6, 30.1), "server": End(11, 11.7)},
        dying_after={"client": MESSAGE, "server": PROBES},
        causes={"client": LIMIT, "server": PROBED}),
    Scenario(
        "sysctl_lowered_20_to_5",
        "the timer that the connection started keeps its 20 s, which the "
        "timer wheel makes up to 22 s; the login is then older than 5 s, and "
        "2 s and three probes follow",
        sysctls=both(keepalive(20, 2, 3)),
        changed_before_look=keepalive(5, 2, 3), steps=("cut",),
        ends=ends_at_both(End(26, 28.9, since=CONNECTED)), dying_after=both(PROBES),
        causes=both(PROBED)),
    Scenario(
        "sysctl_lowered_7200_to_5",
        "a session from before the edit is not probed after 5 s",
        changed_before_look=keepalive(5, 2, 3), steps=("cut",),
        ends=ends_at_both(Alive(16))),
    Scenario(
        "namespaces_with_other_sysctls",
        "a session follows its own namespace's sysctls, not the host's",
        sysctls={None: {"ipv4/tcp_keepalive_time": 7100},
                 "server": keepalive(5, 2, 3),
                 "client": keepalive(8, 2, 3)},
        scan="auto", steps=("cut",),
        ends={"server": End(11, 11.7), "client": End(14, 14.7)},
        causes=None),

    # The limit of retransmissions
    retransmission(5, 13.2, 14.3),
    retransmission(6, 26.6, 28.4),
    retransmission(8, 108, 114, quick=False),

    # A path that forgets after 5 s
    forgetful_path(
        "path_refreshed_by_server_alive", "a message each 3 s is in time",
        ends=ends_at_both(Alive(25, since=SETTLED)), watch_seconds=18,
        is_used_at_last=True,
        ssh=("ServerAliveInterval=3", "ServerAliveCountMax=3")),
    forgetful_path(
        "path_refreshed_by_tcp_keepalive", "a probe each 3 s is in time",
        ends=ends_at_both(Alive(25, since=SETTLED)), watch_seconds=8,
        is_used_at_last=True, sysctls=both(keepalive(3, 3, 9))),
    forgetful_path(
        "path_lost_with_tcp_keepalive",
        "the first probe is in time and answered, the next is due after the "
        "longer of both times, and two intervals later it is over",
        ends=ends_at_both(End(24, 25.5)), sysctls=both(keepalive(3, 8, 2)),
        causes=both(PROBED)),
    forgetful_path(
        "path_lost_with_server_alive",
        "messages each 8 s come too late: none is answered, four intervals "
        "later the client ends, and the server never learns of it",
        ends={"client": End(31, 32.5), "server": Alive(34)},
        judged_by=("fate", "dead_peer"),
        ssh=("ServerAliveInterval=8", "ServerAliveCountMax=3"),
        causes={"client": GAVE_UP}),
    forgetful_path(
        "path_lost_with_client_alive",
        "messages each 6…12 s come too late: after two such steps the server "
        "ends, and the client never learns of it",
        ends={"server": End(12, 24.5), "client": Alive(20)},
        judged_by=("fate", "dead_peer"),
        sshd=("ClientAliveInterval 6", "ClientAliveCountMax 1"),
        causes={"server": GAVE_UP}),

    # Those that end healthy sessions
    Scenario(
        "channel_timeout",
        "messages that keep alive are no data of the channel; it counts from "
        "the whole second of the last data; then either end may close first",
        sshd=("ChannelTimeout session:*=5s",),
        ssh=("ServerAliveInterval=1",), steps=(), judged_by=FATE,
        judged_sides=OF_SERVER,
        ends=ends_at_both(End(3.9, 5.5, since=SETTLED)),
        causes={"server": "channel_timeout by first",
                "client": "closed by first"}),
    Scenario(
        "channel_timeout_inert",
        "a channel is a session:command, which the pattern does not match",
        sshd=("ChannelTimeout session=5s",), steps=(), judged_by=FATE,
        ends=ends_at_both(Alive(12, since=SETTLED))),
    Scenario(
        "unused_connection_timeout", "without a command there is no channel",
        sshd=("UnusedConnectionTimeout 5",), flags=("-N",), command=(),
        prompt="", steps=(), judged_by=FATE, judged_sides=OF_SERVER,
        ends=ends_at_both(End(4.5, 6.5, since=SETTLED)),
        causes={"server": "channel_timeout by here",
                "client": "closed by peer"}),
    Scenario(
        "shell_timeout", "bash waits 5 s for a command and then "
        "logs out; as after a logout either end may close first",
        shell="/bin/bash", profile="TMOUT=5\n", flags=("-tt",), command=(),
        prompt="$ ", steps=(), judged_by=FATE, judged_sides=OF_SERVER,
        ends=ends_at_both(End(4.5, 5.8, since=SETTLED)),
        causes={"server": "idle_kill by first",
                "client": "closed by first"}),
    Scenario(
        "login_grace_time", "a client that says nothing does not log in",
        sshd=("LoginGraceTime 5",), silent_client=True, steps=(),
        judged_by=FATE, ends={"server": End(4.5, 5.8, since=SETTLED)}),

    # What people and machines do
    ended_by(
        "logout", "the command ends; which end closes first is a matter of "
        "milliseconds", both("closed by first")),
    ended_by(
        "escape", "ssh's ~. tells the server to disconnect, and closes; as "
        "after a logout either may be first", both("closed by first"),
        flags=("-tt",), command=("echo ready; exec sleep 100",)),
    ended_by(
        "kill_client", "the kernel closes what a killed ssh has open",
        {"server": "closed by peer", "client": "closed by here"}),
    ended_by(
        "kill_server", "the kernel closes what a killed sshd has open",
        {"server": "closed by here", "client": "closed by peer"}),
    ended_by(
        "reboot", "a kernel that knows nothing of it answers with a RST",
        both("reset"),
        sshd=("ClientAliveInterval 1",), ssh=("ServerAliveInterval=1",)),
    ended_by(
        "lid", "a laptop sleeps until sshd has given up: what its ssh asks "
        "then is answered with a RST",
        {"server": GAVE_UP, "client": "reset"},
        ends={"server": End(4, 9.5, since=SETTLED),
              "client": End(12, 16, since=SETTLED)},
        sshd=("ClientAliveInterval 2", "ClientAliveCountMax 1"),
        ssh=("ServerAliveInterval=1",)),
    ended_by(
        "short_lid", "a laptop wakes when sshd has just given up: what its ssh "
        "asks comes before sshd's FIN could be sent, and a RST answers",
        {"server": GAVE_UP, "client": "reset"},
        ends=ends_at_both(End(4, 9.5, since=SETTLED)),
        sshd=("ClientAliveInterval 2", "ClientAliveCountMax 1"),
        ssh=("ServerAliveInterval=1",)),
    ended_by(
        "sshd_restart", "sessions outlive the sshd that accepted them",
        {}, ends=ends_at_both(Alive(6))),
)


def find(name):
    return next(scenario for scenario in SCENARIOS if scenario.name == name)


def duration(scenario):
    """About how long it takes at most, once logged in. Seconds."""
    return max(end.latest if isinstance(end, End) else end.seconds
               for end in scenario.ends.values())
