"""Random sshd_config trees and connections, valid and broken.

What sshd would look up by name (hosts, routing domains) is left out: the
answers would depend on the machine. Keywords outside the contract's list get
valid values only, because their values are not checked.
"""

import dataclasses
import pathlib
import random

TIMES = [
    "0", "1", "5", "60", "300", "7200", "1h30m", "2M", "1D", "1w", "1w2d3h4m5s",
    "90s", "05", "2147483647", "35791394m", "3550w", "1m1m", "10S",
]
BAD_TIMES = [
    "2147483648", "35791395m", "3551w", "-1", "1x", "1.5", "ten", "5 m", "1h30",
    "none", "unset", "99999999999999999999", "9223372036854775808s", "m", "1mm",
    "+5", "-0", "1h+5m", "0x10", "1e3", "5,6", "=5", "1h 5m", " 7", "5\\ ", "²",
]
COUNTS = ["0", "1", "3", "30", "007", "2147483647", "1000000"]
BAD_COUNTS = [
    "2147483648", "-1", "3s", "3.0", "x", "+3", " 4", "0x3", "1e2", "-0", "3 ",
    "99999999999999999999", "none",
]
FLAGS = ["yes", "no", "YES", "No", "yEs"]
BAD_FLAGS = ["true", "1", "on", "", "yes,no", "y", "none"]
PORTS = ["22", "2222", "1", "65535", "0022", "ssh", "+22", " 22"]
BAD_PORTS = ["0", "65536", "-1", "x", "22x", "2147483648", "", "SSH", "22 "]
LISTEN = [
    "0.0.0.0", "127.0.0.1", "127.1", "127.0.0.1:2022", "::1", "[::1]",
    "[::1]:2022", "::", "10.0.0.1:ssh", "[127.0.0.1]:9", "2130706433",
    "::ffff:1.2.3.4", "0x7f000001", "[::]:65535", "1.2.3.4/22", "FE80::1",
    "127.0.0.1:",
]
BAD_LISTEN = [
    "127.0.0.1:0", "127.0.0.1:65536", "[::1]:x", "[::1", "[::1]x", "", ":22",
    "256.1.1.1", "1.2.3.4.5", "::1::", "127.0.0.1:22:22", "127.0.0.1 22",
    "127.0.0.1 rdomain", "1:2", "300.1.1.1:22", "[]:22",
]
CHANNELS = [
    "session=5m", "session:*=1h", "*=30", "session:shell=10s", "global=1h",
    "x11-connection=5m", "agent-connection=0", "session:command=1w",
    "direct-tcpip=1h30m", "*=0", "session:subsystem:sftp=7",
]
BAD_CHANNELS = [
    "session", "=5m", "=", "a=b=5", "none", "NONE", "session=", "session=x", "session=-1", "none=none",
    "session=5m=5m", "session=99999999999", "session =5m", "session= 5",
]
OTHERS = [
    ("PermitRootLogin", ["yes"], True), ("PasswordAuthentication", ["no"], True),
    ("X11Forwarding", ["yes"], True), ("UsePAM", ["yes"], False),
    ("Subsystem", ["sftp", "/usr/lib/openssh/sftp-server"], False),
    ("AcceptEnv", ["LANG", "LC_*"], True), ("PrintMotd", ["no"], False),
    ("MaxSessions", ["10"], True), ("Banner", ["none"], True),
    ("KbdInteractiveAuthentication", ["no"], True), ("UseDNS", ["no"], False),
    ("ChallengeResponseAuthentication", ["no"], True),
    ("AllowUsers", ["alice", "bob@10.0.0.0/8"], True),
    ("AllowGroups", ["wheel"], True), ("LogLevel", ["VERBOSE"], True),
    ("GSSAPIAuthentication", ["no"], True), ("DebianBanner", ["no"], False),
    ("GSSAPIKeyExchange", ["no"], False), ("StrictModes", ["yes"], False),
    ("ForceCommand", ["/bin/true"], True), ("PermitOpen", ["any"], True),
    ("ChrootDirectory", ["none"], True), ("Protocol", ["2"], False),
    ("KeyRegenerationInterval", ["1h"], False), ("UseLogin", ["no"], False),
    ("RSAAuthentication", ["yes"], True), ("AFSTokenPassing", ["x"], False),
    ("AuthorizedKeysFile", [".ssh/authorized_keys"], True),
    ("VersionAddendum", ["none"], False),
    ("PidFile", ["none"], False), ("MaxStartups", ["10:30:100"], False),
    ("RekeyLimit", ["default", "none"], True), ("IPQoS", ["af21", "cs1"], True),
    ("PermitTTY", ["no"], True),
    ("ExposeAuthInfo", ["no"], True), ("PermitListen", ["any"], True),
    ("AuthorizedKeysFile2", ["x"], True), ("PermitTunnel", ["no"], True),
    ("IgnoreRhosts", ["yes"], True), ("DisableForwarding", ["no"], True),
    ("KerberosAuthentication", ["no"], True), ("DenyUsers", ["mallory"], True),
    ("GatewayPorts", ["no"], True), ("Compression", ["no"], False),
    ("LogVerbose", ["kex.c:*:1000"], True), ("RequiredRSASize", ["2048"], True),
]
UNKNOWN = ["ServerAliveInterval", "Host", "KeepAlives", "Portt", "IgnoreUnknown",
           "ConnectTimeout", "ClientAlive", "Tag", "SendEnv", "RefuseConnection",
           "PerSourcePenalties", "PAMServiceName", "ServerAliveCountMax"]
# Of the keywords that the comparison is about: allowed in Match?
KEYWORDS = [
    ("ClientAliveInterval", TIMES, BAD_TIMES, True, 8),
    ("ClientAliveCountMax", COUNTS, BAD_COUNTS, True, 6),
    ("UnusedConnectionTimeout", [*TIMES, "none", "None"], BAD_TIMES, True, 4),
    ("LoginGraceTime", TIMES, BAD_TIMES, False, 3),
    ("TCPKeepAlive", FLAGS, BAD_FLAGS, False, 3),
    ("KeepAlive", FLAGS, BAD_FLAGS, False, 1),
    ("Port", PORTS, BAD_PORTS, False, 3),
    ("ListenAddress", LISTEN, BAD_LISTEN, False, 3),
    ("AddressFamily", ["any", "inet", "inet6", "INET"], ["both", "4", ""],
     False, 1),
    ("ChannelTimeout", CHANNELS, BAD_CHANNELS, True, 4),
]
USERS = ["root", "bob", "alice", "daemon", "nobody", "games", "www-data", ""]
GROUPS = ["root", "daemon", "wheel", "nogroup", "adm", "users", "tty"]
HOSTS = ["a.example.com", "b.example.org", "localhost", "HOST.example.com"]
ADDRESSES = ["10.1.2.3", "192.168.0.7", "2001:db8::1", "::1", "127.0.0.1",
             "::ffff:10.1.2.3", "bogus", "10.1.2.3.4"]


@dataclasses.dataclass
class Case:
    main: pathlib.Path
    connection: str | None  # for -C; None: without


class Trees:
    """Writes one tree per call into an empty folder."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.mistakes = 0.0

    def write(self, folder: pathlib.Path) -> Case:
        pick = self.random
        # Most trees are valid: else nothing but the first error is compared.
        self.mistakes = pick.choice([0, 0, 0, 0, 0.01, 0.03, 0.1, 0.3])
        self.folder = folder
        self.names = [f"{n:02d}{pick.choice(['.conf', '', '.conf~'])}"
                      for n in range(pick.choice([0, 0, 1, 2, 4]))]
        drop_ins = folder / "conf.d"
        drop_ins.mkdir()
        for depth, name in enumerate(self.names):
            self.write_file(drop_ins / name, depth + 1)
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

    def write_file(self, path: pathlib.Path, depth: int) -> None:
        pick = self.random
        in_match = False
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
        ending = pick.choice(["\n"] * 12 + ["\r\n", "\n\n", " \n", "\t\r\n"])
        raw = [line.encode() + ending.encode() for line in lines]
        # Values of other keywords are not checked: they stay whole.
        ours = [n for n, line in enumerate(lines) if self.is_compared(line)]
        if ours and self.chance(0.03):
            n = pick.choice(ours)
            spot = pick.randrange(len(raw[n]))
            byte = pick.choice([b"\0", b"\xff", b"\f", b"\v", b"\r", b"\x80"])
            raw[n] = raw[n][:spot] + byte + raw[n][spot:]
        if ours and self.mistakes and self.chance(0.05):
            n = pick.choice(ours)
            spot = pick.randrange(len(raw[n]))
            raw[n] = raw[n][:spot] + raw[n][spot + pick.randrange(1, 4):]
        content = b"".join(raw)
        if self.chance(0.1):
            content = content.removesuffix(ending.encode())
        path.write_bytes(content)

    def is_compared(self, line: str) -> bool:
        names = [row[0].lower() for row in KEYWORDS] + ["match", "include"]
        return any(name in line.lower() for name in names)

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
        if self.chance(0.03):
            name = f'"{name}"'
        separator = pick.choices(
            [" ", "  ", "\t", "=", " = ", " =", "= ", "\t=\t", " \t "],
            [30, 3, 3, 3, 3, 1, 1, 1, 1])[0]
        if self.mistake():
            separator = pick.choice(["==", " = = ", "", ":", " == "])
        line = pick.choice(["", "", "", " ", "    ", "\t", "= "
                            if self.mistakes else ""]) + name
        if arguments or self.chance(0.5):
            line += separator
        line += pick.choice([" ", " ", "  ", "\t"]).join(
            self.quote(argument) for argument in arguments)
        if self.chance(0.06):
            line += pick.choice([" # comment", " #", "\t#x y", " # it's \""])
        if (arguments or checked) and self.mistake():
            line += pick.choice([" extra", ' ""', '"', "'", " \\", " =", " '' x",
                                 *(["#x", "\\", "="] if checked else [])])
        if self.chance(0.05):
            line += pick.choice([" ", "\t", "  \t", "\f", "\r", " \f "])
        return line

    def quote(self, argument: str) -> str:
        pick = self.random
        if any(c in argument for c in " \t#"):
            return pick.choice(['"{}"', "'{}'"]).format(argument)
        if argument == "" or self.chance(0.05):
            return pick.choice(['"{}"', "'{}'", '"{}"']).format(argument)
        if self.chance(0.01) and len(argument) > 1:
            middle = pick.randrange(1, len(argument))
            return f'{argument[:middle]}"{argument[middle:]}"'
        return argument

    def keyword(self, in_match: bool) -> str:
        pick = self.random
        while True:
            name, good, bad, match_too, _ = pick.choices(
                KEYWORDS, [row[-1] for row in KEYWORDS])[0]
            if match_too or not in_match or self.mistake():
                break
        count = 1
        if name == "ChannelTimeout":
            if self.chance(0.15):
                return self.statement(name, ["none"])
            count = pick.choice([1, 1, 2, 3])
        if self.mistake():
            count = pick.choice([0, 2, 3])
        return self.statement(name, [
            pick.choice(bad if self.mistake() else good)
            for _ in range(count)])

    def other(self, in_match: bool) -> str:
        pick = self.random
        if self.mistake():
            return self.statement(pick.choice(UNKNOWN), ["5"])
        choices = [row for row in OTHERS
                   if row[2] or not in_match or self.mistake()]
        name, arguments, _ = pick.choice(choices)
        if self.mistake():
            arguments = pick.choice([[], [""], [*arguments, "extra"],
                                     arguments[:-1]])
        return self.statement(name, arguments, checked=False)

    def include(self, depth: int) -> list[str]:
        pick = self.random
        here = f"{self.folder}/conf.d"
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
                        f"{here}/\\0*", f"{here}/*.conf~"] * 3
        if self.mistake():
            choices = [f"{here}/*", "", f"{self.folder}/sshd_config",
                       f"{here}/[", f"{here}/*["]
        return [pick.choice(choices) for _ in range(pick.choice([1, 1, 1, 2]))]

    def pattern_list(self, words: list[str]) -> str:
        pick = self.random
        members = []
        for _ in range(pick.choice([1, 1, 1, 2, 3])):
            word = pick.choice(words) or "*"
            shape = pick.random()
            if shape < 0.2:
                word = word[:pick.randrange(len(word) + 1)] + "*"
            elif shape < 0.3:
                word = "*" + word[pick.randrange(len(word)):]
            elif shape < 0.4:
                spot = pick.randrange(len(word))
                word = word[:spot] + "?" + word[spot + 1:]
            if self.chance(0.2):
                word = "!" + word
            members.append(word)
        return ",".join(members)

    def address_list(self) -> str:
        pick = self.random
        good = ["10.0.0.0/8", "10.1.2.3", "192.168.0.0/16", "::/0", "0.0.0.0/0",
                "2001:db8::/32", "127.0.0.1/32", "::1", "10.*", "192.168.?.7",
                "2001:db8::1/128", "*", "10.1.2.2/31", "::ffff:10.1.2.3"]
        bad = ["10.1.2.3/8", "10.0.0.0/33", "", "!", "::1/64", "10.0.0.0/x",
               "10.0.0.0/-1", "10.0.0.0/129", "x/8", "2001:db8::/129", "/8"]
        members = [pick.choice(["", "", "", "!"]) +
                   pick.choice(bad if self.mistake() else good)
                   for _ in range(pick.choice([1, 1, 2, 3]))]
        return ",".join(members)

    def criteria(self) -> list[str]:
        pick = self.random
        if self.chance(0.12):
            words = [pick.choice(["all", "All", "ALL"])]
            return words + (["user", "x"] if self.mistake() else [])
        words = []
        for _ in range(pick.choice([1, 1, 1, 2, 3])):
            name, value = pick.choice([
                ("User", lambda: self.pattern_list(USERS)),
                ("User", lambda: self.pattern_list(USERS)),
                ("Group", lambda: self.pattern_list(GROUPS)),
                ("Host", lambda: self.pattern_list(HOSTS)),
                ("Address", self.address_list),
                ("Address", self.address_list),
                ("LocalAddress", self.address_list),
                ("LocalPort", lambda: pick.choice(PORTS[:5] + ["0"])),
                ("RDomain", lambda: self.pattern_list(["vrf1", "vrf2"])),
            ])
            if self.chance(0.2):
                name = pick.choice([str.lower, str.upper])(name)
            words += [name, value()]
        if self.mistake():
            words = pick.choice([
                [], words[:-1], [*words, "all"], ["Exec", "true"], [*words, "x"],
                ["invalid-user"], ["Version", "*"], ["LocalPort", "x"],
                ["User", ""], ["final"], ["originalhost", "x"], ["all", "all"],
                [words[0] + "=" + words[1]], ["#", "x"], [*words, "#", "y"],
            ])
        return words

    def connection(self) -> str | None:
        pick = self.random
        if self.chance(0.1):
            return None
        fields = [
            ("user", USERS), ("host", HOSTS), ("addr", ADDRESSES),
            ("laddr", ADDRESSES), ("lport", ["22", "2222", "1", "0"]),
            ("rdomain", ["vrf1", "x"]),
        ]
        chosen = [f"{name}={pick.choice(values)}" for name, values in fields
                  if self.chance(0.97 if name == "lport" else 0.7)]
        pick.shuffle(chosen)
        if self.mistake():
            chosen.append(pick.choice(["bad=1", "user", "lport=x", "", "=",
                                       "lport=70000", "Addr=1.2.3.4"]))
        return ",".join(chosen)
