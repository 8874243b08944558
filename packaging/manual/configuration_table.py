"""The table of keys in docs/configuration.md."""

import dataclasses
import re

_ROW = re.compile(r"\| `\[([\w ]+)\]` \| `(\w+)` \| (.*?) \| (.*) \|")


@dataclasses.dataclass(frozen=True)
class Key:
    section: str
    name: str
    default: str  # as on the page: `value`, or a word such as none
    meaning: str

    @property
    def default_value(self):
        """What a file would say; None where there is nothing to say."""
        match = re.fullmatch(r"`([^`]*)`", self.default)
        return match[1] if match else None


def read(page):
    """All keys in their order."""
    keys = [Key(*match) for match in _ROW.findall(page)]
    if not keys:
        raise ValueError("no table of keys")
    return keys
