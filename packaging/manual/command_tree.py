"""The command line as describe_command_line tells it."""

import dataclasses
import json
import pathlib
import re
import subprocess

PROGRAM = "ssh_keepalive_exporter"

# "debug, info, warn or error [info]"
_CHOICES = re.compile(r"((?:\w+, )*\w+ or \w+) \[\w+\]")


@dataclasses.dataclass(frozen=True)
class Option:
    names: list  # empty: an argument by its place
    argument: str  # such as FILE; empty: none
    argument_optional: bool
    required: bool
    group: str
    help: str

    @property
    def choices(self):
        match = _CHOICES.fullmatch(self.help)
        return re.split(", | or ", match[1]) if match else []


@dataclasses.dataclass(frozen=True)
class Command:
    path: tuple  # of words behind the program's name
    help: str
    options: list
    commands: list

    def all(self):
        """This one and all below, the outer ones first."""
        yield self
        for command in self.commands:
            yield from command.all()


def _command(described, path):
    options = []
    for one in described["options"]:
        # serve's flags stand on the program itself too.
        options.append(Option(**one))
    return Command(path, described["help"], options,
                   [_command(one, (*path, one["name"]))
                    for one in described["commands"]])


def read(describe_command_line):
    described = subprocess.run([pathlib.Path(describe_command_line)],
                               check=True, capture_output=True).stdout
    return _command(json.loads(described), ())
