"""The scenarios, as data: what is set, what happens, and when which end ends.

Each expectation is OpenSSH's and the kernel's own arithmetic, not what the
program says. `why` gives the reason.
"""

import dataclasses

from verdict import DATA, SETTLED, Alive, End


@dataclasses.dataclass(frozen=True)
class Scenario:
    name: str
    why: str
    # What happens once the program was asked: "cut" the path, "freeze" the
    # client, or sysctls that change at both sides. None: they idle.
    steps: tuple
    # Of each side that is looked at.
    ends: dict[str, End | Alive]
    judged_by: tuple[str, ...] = ("dead_peer",)  # and "fate"
    sshd: tuple[str, ...] = ()  # lines of sshd_config
    ssh: tuple[str, ...] = ()  # options
    sysctls: dict[str | None, dict] = dataclasses.field(default_factory=dict)
    path_forgets_after: int | None = None  # seconds
    policy: str = ""  # of the exporter's configuration
    flags: tuple[str, ...] = ()  # of ssh
    command: tuple[str, ...] = ("echo ready; read line",)
    prompt: str = "ready"  # what ssh prints once the session is there
    shell: str = "/bin/dash"
    profile: str = ""  # /etc/profile
    silent_client: bool = False  # one that connects and says nothing
    scan: str = "off"  # else the program looks from a third namespace
    look_at_dying: bool = False  # once more, when answers are missing
    quick: bool = True


SCENARIOS = (
    Scenario(
        "client_alive_2x3",
        "three unanswered messages and one more interval are 8 s; OpenSSH 9.2 "
        "compares whole seconds and so takes up to twice each interval",
        sshd=("ClientAliveInterval 2", "ClientAliveCountMax 3"),
        steps=("cut",), ends={"server": End(8, 16.5), "client": Alive(12)}),
    Scenario(
        "server_alive_2x3",
        "three unanswered messages and one more interval, from the whole "
        "second of the last data",
        ssh=("ServerAliveInterval=2", "ServerAliveCountMax=3"),
        steps=("cut",), ends={"client": End(7, 8.5), "server": Alive(12)}),
)


def find(name):
    return next(scenario for scenario in SCENARIOS if scenario.name == name)


def duration(scenario):
    """About how long it takes at most, once logged in. Seconds."""
    return max(end.latest if isinstance(end, End) else end.seconds
               for end in scenario.ends.values())
