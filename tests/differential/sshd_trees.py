"""Random sshd_config trees and connections, valid and broken."""

import dataclasses
import pathlib
import random

import sshd_words as words


@dataclasses.dataclass
class Case:
    main: pathlib.Path
    connection: str | None  # for -C; None: without


class Trees:
    """Writes one tree per call into an empty folder, for one release."""

    def __init__(self, seed: int, release: tuple[int, int]):
        self.random = random.Random(seed)
        self.release = release
        self.mistakes = 0.0
        self.keywords = [row for row in words.KEYWORDS if release >= row.since]
        self.newer_keywords = [row for row in words.KEYWORDS
                               if release < row.since]
        self.unknown = [name for name, since in words.UNKNOWN.items()
                        if release < since]
        # No Subsystem in Match: there sshd 10.0p2 crashes with -C.
        self.others = words.OTHERS + [
            row[1:] for row in words.NEWER_OTHERS if release >= row[0]]

    def write(self, folder: pathlib.Path) -> Case:
        pick = self.random
        # Most trees are valid: else nothing but the first error is compared.
        self.mistakes = pick.choice([0, 0, 0, 0, 0.01, 0.03, 0.1, 0.3])
        self.folder = folder
        self.names = [f"{n:02d}{pick.choice(['.conf', '', '.conf~', ' x'])}"
                      for n in range(pick.choice([0, 0, 1, 2, 4]))]
        drop_ins = folder / "conf.d"
        drop_ins.mkdir()
        for depth, name in enumerate(self.names):
            # Some are fit to be included by a Match block.
            self.write_file(drop_ins / name, depth + 1, self.chance(0.4))
        if self.names and self.chance(0.1):
            (drop_ins / ".hidden.conf").write_text("ClientAliveInterval 77\n")
        if self.names and self.chance(0.05):
            (drop_ins / "dir.conf").mkdir()
        if self.chance(0.02):
            (drop_ins / "dangling.conf").symlink_to("nowhere")
        main = folder / "sshd_config"
        self.write_file(main, 0)
        return Case(main, self.connection())

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def mistake(self) -> bool:
        return self.chance(self.mistakes)

    def write_file(self, path: pathlib.Path, depth: int,
                   in_match: bool = False) -> None:
        pick = self.random
        lines = []
        for _ in range(pick.choice([0, 1, 2, 4, 8, 12, 20])):
            kind = pick.random()
            if kind < 0.12:
                lines.append(self.noise())
            elif kind < 0.24:
                lines.append(self.statement("Match", self.criteria()))
                in_match = "all" not in lines[-1].lower()
            elif kind < 0.32 and depth < 4:
                lines.append(self.statement("Include", self.include(depth)))
            elif kind < 0.45:
                lines.append(self.other(in_match))
            else:
                lines.append(self.keyword(in_match))
        if not in_match and self.mistake() and self.chance(0.1):
            lines += [self.statement("Port", ["22"])] * 257
        ending = pick.choice(["\n"] * 12 + ["\r\n", "\n\n", " \n", "\t\r\n"])
        raw = [line.encode() + ending.encode() for line in lines]
        self.garble(lines, raw)
        content = b"".join(raw)
        if self.chance(0.1):
            content = content.removesuffix(ending.encode())
        path.write_bytes(content)

    def garble(self, lines: list[str], raw: list[bytes]) -> None:
        pick = self.random
        # Values of other keywords are not checked: they stay whole.
        ours = [n for n, line in enumerate(lines) if self.is_compared(line)]
        if ours and self.chance(0.03):
            n = pick.choice(ours)
            spot = pick.randrange(len(raw[n]))
            byte = pick.choice([b"\0", b"\xff", b"\f", b"\v", b"\r", b"\x80"])
            raw[n] = raw[n][:spot] + byte + raw[n][spot:]
        # Without some of its characters an address may turn into a name.
        ours = [n for n in ours if "listen" not in lines[n].lower()]
        if ours and self.mistakes and self.chance(0.05):
            n = pick.choice(ours)
            spot = pick.randrange(len(raw[n]))
            raw[n] = raw[n][:spot] + raw[n][spot + pick.randrange(1, 4):]

    def is_compared(self, line: str) -> bool:
        names = [row.name.lower() for row in words.KEYWORDS]
        return any(name in line.lower()
                   for name in [*names, "match", "include"])

    def noise(self) -> str:
        return self.random.choice([
            "", " ", "\t", "# comment", "  # Port 1", "#Match user x", " \t ",
            '"', '"Port 1', "# it's", "=", "#",
            *(["\f", '""', "\v"] if self.mistake() else []),
        ])

    def statement(self, name: str, arguments: list[str],
                  checked: bool = True) -> str:
        """`checked`: the arguments may be garbled, their values are checked."""
        pick = self.random
        if self.chance(0.2):
            name = pick.choice([str.lower, str.upper, str.swapcase])(name)
        is_quoted = self.chance(0.03)
        if is_quoted:
            name = f'"{name}"'
        separator = pick.choices(
            [" ", "  ", "\t", "=", " = ", " =", "= ", "\t=\t", " \t "],
            [30, 3, 3, 3, 3, 1, 1, 1, 1])[0]
        # Behind a quoted keyword `:` would belong to a value.
        if self.mistake() and (checked or not is_quoted):
            separator = pick.choice(["==", " = = ", "", ":", " == "])
        line = pick.choice(["", "", "", " ", "    ", "\t", "= "
                            if self.mistakes else ""]) + name
        if arguments or self.chance(0.5):
            line += separator
        line += pick.choice([" ", " ", "  ", "\t"]).join(
            self.quote(argument, checked) for argument in arguments)
        if self.chance(0.06):
            line += pick.choice([" # comment", " #", "\t#x y", " # it's \""])
        if (arguments or checked) and self.mistake():
            # A single quote is part of a value before 8.7, and `=` of a list.
            line += pick.choice([" a:22", ' ""', '"', ' "" x', " \\",
                                 *([" ="] if checked else []),
                                 *(["'", " '' x"] if checked or
                                   self.release >= (8, 7) else []),
                                 *(["#x", "\\", "="] if checked else [])])
        if self.chance(0.05):
            line += pick.choice([" ", "\t", "  \t", "\f", "\r", " \f "])
        return line

    def quote(self, argument: str, checked: bool = True) -> str:
        pick = self.random
        # Before 8.7 single quotes and backslashes meant themselves, and a
        # comment started at any `#`.
        old = self.release < (8, 7) and not (checked and self.mistake())
        styles = ['"{}"'] if old else ['"{}"', "'{}'"]
        if any(c in argument for c in " \t#"):
            if not old and self.chance(0.2):
                return argument.replace(" ", "\\ ")
            return pick.choice(styles).format(argument)
        if argument == "" or self.chance(0.05):
            return pick.choice(styles).format(argument)
        if self.chance(0.01) and len(argument) > 1:
            middle = pick.randrange(1, len(argument))
            mark = pick.choice(styles)[0]
            return f"{argument[:middle]}{mark}{argument[middle:]}{mark}"
        return argument

    def keyword(self, in_match: bool) -> str:
        pick = self.random
        if self.newer_keywords and self.mistake():
            row = pick.choice(self.newer_keywords)
            return self.statement(row.name, [pick.choice(row.good)])
        while True:
            row = pick.choices(self.keywords,
                               [row.weight for row in self.keywords])[0]
            if row.in_match or not in_match or self.mistake():
                break
        count = 1
        if row.name == "ChannelTimeout":
            if self.chance(0.15):
                return self.statement(row.name, ["none"])
            count = pick.choice([1, 1, 2, 3])
        if self.mistake():
            count = pick.choice([0, 2, 3])
        return self.statement(row.name, [
            pick.choice(row.bad if self.mistake() else row.good)
            for _ in range(count)])

    def other(self, in_match: bool) -> str:
        pick = self.random
        if self.mistake():
            return self.statement(pick.choice(self.unknown), ["5"])
        choices = [row for row in self.others
                   if row[2] or not in_match or self.mistake()]
        name, arguments, _ = pick.choice(choices)
        if self.mistake():
            # One more word, which is a good value for any list.
            arguments = pick.choice([[], [""], [*arguments, "a:22"],
                                     arguments[:-1]])
        return self.statement(name, arguments, checked=False)

    def include(self, depth: int) -> list[str]:
        pick = self.random
        here = f"{self.folder}/conf.d"
        if self.chance(0.15):  # relative: below /etc/ssh
            here = f"../..{here}"
        # Only what is deeper, so that most trees end.
        deeper = self.names[depth:]
        choices = [f"{here}/nothing*", f"{here}/*.none", f"{self.folder}/conf.d",
                   "ssh_keepalive_no_such_file", "/dev/null"]
        for name in deeper:
            choices += [f"{here}/{name}", f"{here}//{name}",
                        f"{here}/{name[0]}[{name[1]}]*", f"{here}/?{name[1:]}"]
        if depth == 0:
            choices += [f"{here}/*", f"{here}/*.conf", f"{here}/0[!5]*",
                        f"{here}/[0-9]*", f"{self.folder}/*/*.conf",
                        f"{here}/\\0*", f"{here}/*.conf~", f"{here}/*\\ x",
                        f"{here}/[[:digit:]]*", f"{here}/0[0-1]*"] * 3
        if self.mistake():
            choices = [f"{here}/*", "", f"{self.folder}/sshd_config",
                       f"{here}/[", f"{here}/*["]
        return [pick.choice(choices) for _ in range(pick.choice([1, 1, 1, 2]))]

    def pattern_list(self, among: list[str]) -> str:
        pick = self.random
        members = []
        for _ in range(pick.choice([1, 1, 1, 2, 3])):
            word = pick.choice(among) or "*"
            shape = pick.random()
            if shape < 0.2:
                word = word[:pick.randrange(len(word) + 1)] + "*"
            elif shape < 0.3:
                word = "*" + word[pick.randrange(len(word)):]
            elif shape < 0.4:
                spot = pick.randrange(len(word))
                word = word[:spot] + "?" + word[spot + 1:]
            elif shape < 0.405:
                # 8.4 takes exponential time for asterisks in a row.
                mark = "*" if self.release >= (8, 5) else "a"
                word = pick.choice([word, "*"]) + mark * pick.choice([1000, 1030])
            if self.chance(0.2):
                word = "!" + word
            members.append(word)
        return ",".join(members)

    def address_list(self) -> str:
        pick = self.random
        members = [pick.choice(["", "", "", "!"]) +
                   pick.choice(words.BAD_NETWORKS if self.mistake()
                               else words.NETWORKS)
                   for _ in range(pick.choice([1, 1, 2, 3]))]
        return ",".join(members)

    def criterion(self) -> list[str]:
        """Name and argument, or a name alone."""
        pick = self.random
        choices = [
            ("User", lambda: self.pattern_list(words.USERS)),
            ("User", lambda: self.pattern_list(words.USERS)),
            ("Group", lambda: self.pattern_list(words.GROUPS)),
            ("Host", lambda: self.pattern_list(words.HOSTS)),
            ("Address", self.address_list),
            ("Address", self.address_list),
            ("LocalAddress", self.address_list),
            ("LocalPort", lambda: pick.choice([*words.PORTS, "0"])),
            ("RDomain", lambda: self.pattern_list(["vrf1", "vrf2"])),
        ]
        if self.release >= (9, 9):
            choices.append(("Invalid-User", None))
        if self.release >= (10, 0):
            choices.append(("Version", lambda: self.pattern_list(
                ["OpenSSH_10.0p2 Debian-7", "OpenSSH_10.*", "OpenSSH_9*"])))
        name, value = pick.choice(choices)
        if self.chance(0.2):
            name = pick.choice([str.lower, str.upper])(name)
        if value is None:
            return [name]
        if self.release >= (10, 0) and self.chance(0.15):
            return [f"{name}={value()}"]
        return [name, value()]

    def criteria(self) -> list[str]:
        pick = self.random
        if self.chance(0.12):
            all_words = [pick.choice(["all", "All", "ALL"])]
            return all_words + (["user", "x"] if self.mistake() else [])
        line = []
        for _ in range(pick.choice([1, 1, 1, 2, 3])):
            line += self.criterion()
        if self.mistake():
            line = pick.choice([
                [], line[:-1], [*line, "all"], ["Exec", "true"], [*line, "x"],
                ["invalid-user"], ["Version", "*"], ["LocalPort", "x"],
                ["User", ""], ["final"], ["originalhost", "x"], ["all", "all"],
                ["=".join(line)], ["#", "x"], [*line, "#", "y"], ["user="],
                ["user=a", "host", "b"], ["bogus=x"], ["=", "user", "x"],
                ["invalid-user", "all"], ["all", "#"], ["!user", "x"],
            ])
        return line

    def connection(self) -> str | None:
        pick = self.random
        if self.chance(0.1):
            return None
        fields = [
            ("user", words.USERS), ("host", words.HOSTS),
            ("addr", words.ADDRESSES), ("laddr", words.ADDRESSES),
            ("lport", ["22", "2222", "1", "0", "http-alt", "8080"]),
            ("rdomain", ["vrf1", "x"]),
        ]
        chosen = [f"{name}={pick.choice(values)}" for name, values in fields
                  if self.chance(0.97 if name == "lport" else 0.7)]
        if self.release >= (9, 9) and self.chance(0.3):
            chosen.append("invalid-user")
        pick.shuffle(chosen)
        if self.mistake():
            chosen.append(pick.choice([
                "bad=1", "user", "lport=x", "", "=", "lport=70000",
                "Addr=1.2.3.4", "invalid-user", "invalid-user=yes"]))
        return ",".join(chosen)
