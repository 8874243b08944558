"""Random ssh_config trees, valid and broken."""

import pathlib
import random

import ssh_words as words


class Generator:
    """Writes one tree into an empty folder, for one release."""

    def __init__(self, seed: str, folder: pathlib.Path,
                 release: tuple[int, int]):
        self.random = random.Random(seed)
        self.folder = folder
        self.release = release
        self.broken = self.chance(0.35)
        # Whether something is in it that `explain` leaves open: commands and
        # this machine's networks. Such trees compare what may come out.
        self.open_allowed = self.chance(0.3)
        self.is_open = False
        self.files = 0
        self.others = words.OTHERS + [text for since, text in
                                      words.NEWER_OTHERS if release >= since]

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def value(self, good: list[str], everything: list[str]) -> str:
        return self.pick(everything if self.broken and self.chance(0.3) else good)

    def case(self, word: str) -> str:
        return "".join(c.upper() if self.chance(0.3) else c for c in word)

    def is_old(self) -> bool:
        """No single quotes, backslashes and comments behind arguments."""
        return self.release < (8, 7) and not (self.broken and self.chance(0.1))

    def quote(self, word: str) -> str:
        marks = '"' if self.is_old() else "\"'"
        if word == "" or " " in word:
            if marks != '"' and word and self.chance(0.2):
                return word.replace(" ", "\\ ")
            mark = self.pick(marks)
            return mark + word + mark
        if self.chance(0.09):
            mark = self.pick(marks)
            return mark + word + mark
        if self.chance(0.02) and len(word) > 1:
            mark = self.pick(marks)
            return word[0] + mark + word[1:] + mark
        return word

    def line(self, keyword: str, arguments, raw: bool = False) -> str:
        separator = self.pick([" "] * 8 + ["  ", "\t", "=", " = ", "= ", " ="])
        if self.broken and self.chance(0.03):
            separator = self.pick(["==", " == ", " =  = ", "\v", "\f", ""])
        text = arguments if raw else " ".join(self.quote(a) for a in arguments)
        keyword = self.case(keyword)
        if self.chance(0.03):
            keyword = f'"{keyword}"'
        text = keyword + separator + text
        if not raw and not self.is_old() and self.chance(0.08):
            text += self.pick([" # comment", " #", "\t# a \"b", " # it's"])
        if self.broken and self.chance(0.04):
            text += self.pick([" x", "\"", "'", " \"x", "\\", "#x", "\0 y",
                               "\r", " \r\r", "\f", " \xff", "\x0b", " = ",
                               ' ""', ' "" x', " ''"])
        return self.pick(["", "", "", "  ", "\t", " \t"]) + text

    def setting(self) -> str:
        flags = self.value(words.FLAGS[:7], words.FLAGS)
        times = ["0", "15", "30s", "5m", "1h30m", "none", "60", "1H5M", "2d",
                 "7", "2147483647"]
        if self.release < (9, 8):
            times += ["+5", "1h +5m"]
        time = self.value(times, words.TIMES)
        kind = self.random.randrange(15)
        if kind <= 2:
            name = self.pick(["ServerAliveInterval"] * 6 +
                             ["ProtocolKeepAlives", "SetupTimeOut"])
            return self.line(name, [time])
        if kind == 3:
            return self.line("ServerAliveCountMax", [
                self.value(["0", "1", "3", "9"], words.COUNTS)])
        if kind == 4:
            return self.line(self.pick(["TCPKeepAlive", "TCPKeepAlive",
                                        "KeepAlive"]), [flags])
        if kind == 5:
            return self.line("ConnectTimeout", [time])
        if kind == 6:
            return self.line("ControlMaster", [
                self.value(words.MASTERS[:8], words.MASTERS)])
        if kind == 7:
            return self.line("ControlPersist", [self.value(
                ["yes", "no", "0", "10", "5m", "true", "false"],
                words.PERSISTS)])
        if kind == 8:
            return self.line("BatchMode", [flags])
        if kind == 9:
            good = ["none", "jump", "a@jump:22", "a,b", "10.0.0.9", "[::1]:22",
                    "ssh://u@j:22", "NONE", "jump:http-alt"]
            if self.release >= (8, 7):
                good += ["jump # comment", "a,b # comment"]
            return self.line("ProxyJump", self.value(good, words.JUMPS),
                             raw=True)
        if kind == 10:
            return self.line("ProxyCommand", self.value(
                words.COMMANDS[:4], words.COMMANDS), raw=True)
        if kind == 11:
            good = words.HOSTNAMES[:7]
            return self.line("HostName", [self.value(
                good, good if self.open_allowed else words.HOSTNAMES)])
        if kind == 12:
            # Names are not checked, so no quotes that are part of one.
            name = self.pick(["bob", "root", "carol"])
            if self.release < (8, 7):
                return self.line("User", name, raw=True)
            return self.line("User", [name])
        if kind == 13 and self.release >= (9, 6):
            count = self.pick([1, 1, 2])
            return self.line("ChannelTimeout", [self.value(
                words.CHANNELS, words.CHANNELS + words.BAD_CHANNELS)
                for _ in range(count)])
        return self.pick(self.others)

    def plain_criteria(self) -> list[tuple[str, list[str] | None]]:
        """Names and what they may be given; None: nothing."""
        lists = words.LIST_PATTERNS
        criteria = [
            ("host", lists), ("host", lists), ("host", lists),
            ("originalhost", lists), ("user", lists), ("user", lists),
            ("localuser", ["root", "*", "bob", "!root", "*,!root"]),
            ("canonical", None), ("final", None),
        ]
        if self.release >= (9, 4):
            criteria.append(("tagged", ["work", "w*", "!work", "*,!work", "x"]))
        if self.release >= (10, 0):
            criteria += [
                ("version", ["OpenSSH_10.0*", "*Debian*", "OpenSSH_9*", "*"]),
                ("sessiontype", ["shell", "exec", "*", "none,shell", "!exec"]),
                ("command", ["", "*", "x"]), ("tagged", [""]),
            ]
        return criteria

    def criterion(self) -> list[str]:
        negation = "!" if self.chance(0.2) else ""
        if self.open_allowed and self.chance(0.15):
            self.is_open = True
            if self.release >= (9, 4) and self.chance(0.3):
                return [negation + "localnetwork", self.value(
                    words.NETWORKS, words.BAD_NETWORKS)]
            return [negation + "exec",
                    self.pick(["true", "false", "true %h", "false %n %%"])]
        if self.broken and self.chance(0.1):
            return self.pick([
                ["bogus", "x"], ["host"], ["user", ""], ["exec"],
                ["tagged", "x"], ["#"], ["host", "#x"], [""], ["exec", "%z"],
                ["host=alpha"], ["all"], ["host", "=", "alpha"], ["bogus=x"],
                ["sessiontype=shell"], ["user="], ["final=x"], ["=host", "x"],
                ["exec", "%j"], ["command", ""]])
        name, values = self.pick(self.plain_criteria())
        if values is None:
            return [negation + name]
        if self.chance(0.1) and (self.release < (9, 9) or
                                 (self.release >= (10, 0) and
                                  name != "sessiontype")):
            return [f"{negation}{name}={self.pick(values)}"]
        return [negation + name, self.pick(values)]

    def block(self) -> str:
        if self.chance(0.5):
            count = self.random.choice([1, 1, 1, 2, 3])
            patterns = [self.pick(words.PATTERNS if self.broken else
                                  [p for p in words.PATTERNS if p])
                        for _ in range(count)]
            return self.line("Host", patterns)
        if self.chance(0.15):
            line = [self.pick(["all", "!all", "ALL"])]
            if self.chance(0.3):
                line.insert(0, self.pick(["canonical", "final", "!final"]))
        else:
            line = []
            for _ in range(self.random.choice([1, 1, 2, 3])):
                line += self.criterion()
            line = [self.case(w) if i % 2 == 0 and self.chance(0.2) else w
                    for i, w in enumerate(line)]
        if self.broken and self.chance(0.05):
            line += self.pick([["all"], ["x"], ["\"", "y"], ["#", "z"]])
        return self.line("Match", line)

    def include(self, depth: int) -> str:
        if depth > 3 or self.files > 8:
            return "# no include"
        names = []
        for _ in range(self.random.choice([1, 1, 2])):
            names.append(self.write(depth + 1))
        path = " ".join(str(name) for name in names)
        first = names[0].name
        if self.chance(0.3):
            path = f"{self.folder}/" + self.pick([
                first[:2] + "*", "?" + first[1:], f"[{first[0]}]*",
                f"/{first}", f"\\{first}", "[[:digit:]]*.conf"])
        elif self.chance(0.2):
            roots = ["~/..", "~root/.."]
            if self.release >= (9, 9):
                roots += ["%d/..", "/%%/../"]  # the latter is absent
            path = self.pick(roots) + str(names[0])
        if self.chance(0.1):
            path = f"{self.folder}/absent*"
        if self.broken and self.chance(0.1):
            path = self.pick([str(self.folder), '""', f"{self.folder}/dangling",
                              f"{self.folder}/config", "~nobody-at-all/x"])
        return self.line("Include", path, raw=True)

    def destination(self) -> tuple[str, str | None]:
        """What stands on the command line: a host, and a user or None."""
        # With -l ssh passes over a bad user in front of the host. `explain`
        # does not: that is its own command line, not a configuration.
        if self.chance(0.1):
            return self.pick(words.BAD_HOSTS), None
        return (self.pick(words.HOSTS),
                self.pick([None, None, None, "bob", "dave"]))

    def statement(self, depth: int) -> str:
        roll = self.random.random()
        if roll < 0.62:
            return self.setting()
        if roll < 0.82:
            return self.block()
        if roll < 0.88:
            return self.include(depth)
        if roll < 0.94:
            return self.pick(["", "   ", "# comment", "\t# x", "\r", " \t "])
        if self.broken:
            return self.pick(words.BROKEN)
        if self.chance(0.15):
            return self.line("Port", [self.pick(["22", "2222", "ssh",
                                                 "webcache"])])
        if not self.open_allowed and self.chance(0.3):
            return self.line("IgnoreUnknown", [self.pick(words.IGNORES)])
        if self.chance(0.2):
            return self.line("CanonicalizeHostname",
                             [self.pick(["yes", "always", "no"])])
        return self.pick(self.others)

    def write(self, depth: int = 0) -> pathlib.Path:
        name = "config" if depth == 0 else \
            f"{self.random.randrange(10)}{self.files}.conf"
        path = self.folder / name
        self.files += 1
        ending = self.pick(["\n"] * 9 + ["\r\n"])
        lines = [self.statement(depth)
                 for _ in range(self.random.randrange(1, 12))]
        if self.broken and self.chance(0.02) and not self.open_allowed:
            lines.insert(0, "IgnoreUnknown " + self.pick(words.IGNORES))
        text = ending.join(lines)
        if self.chance(0.9):
            text += ending
        path.write_bytes(text.encode("latin-1"))
        path.chmod(0o644)
        return path
