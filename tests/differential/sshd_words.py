"""What random sshd_config trees are made of.

What sshd would look up by name (hosts, routing domains) is left out: the
answers would depend on the machine. Names of services are those of its
/etc/services, for sshd and for `explain`.
"""

import dataclasses

TIMES = [
    "0", "1", "5", "60", "300", "7200", "1h30m", "2M", "1D", "1w", "1w2d3h4m5s",
    "90s", "05", "2147483647", "35791394m", "3550w", "1m1m", "10S",
]
BAD_TIMES = [
    "2147483648", "35791395m", "3551w", "-1", "1x", "1.5", "ten", "5 m", "1h30",
    "none", "unset", "99999999999999999999", "9223372036854775808s", "m", "1mm",
    "+5", "-0", "1h+5m", "0x10", "1e3", "5,6", "=5", "1h 5m", " 7", "5\\ ", "²",
    "1m\t2", "\v3", "2147483647s1", "3550w4d6h28m7s", "3550w4d6h28m8s", "0.5s",
]
COUNTS = ["0", "1", "3", "30", "007", "2147483647", "1000000"]
BAD_COUNTS = [
    "2147483648", "-1", "3s", "3.0", "x", "+3", " 4", "0x3", "1e2", "-0", "3 ",
    "99999999999999999999", "none", "\t5", "+ 3", "--3",
]
FLAGS = ["yes", "no", "YES", "No", "yEs"]
BAD_FLAGS = ["true", "1", "on", "", "yes,no", "y", "none", "false"]
PORTS = ["22", "2222", "1", "65535", "0022", "ssh", "+22", " 22", "http-alt",
         "webcache", "https"]
BAD_PORTS = ["0", "65536", "-1", "x", "22x", "2147483648", "", "SSH", "22 ",
             " ssh", "HTTP-Alt", "syslog", "no-such-service"]
LISTEN = [
    "0.0.0.0", "127.0.0.1", "127.1", "127.0.0.1:2022", "::1", "[::1]",
    "[::1]:2022", "::", "10.0.0.1:ssh", "[127.0.0.1]:9", "2130706433",
    "::ffff:1.2.3.4", "0x7f000001", "[::]:65535", "1.2.3.4/22", "FE80::1",
    "127.0.0.1:", "[::1]:http-alt", "127.0.0.1:webcache", "[::1]:",
]
BAD_LISTEN = [
    "127.0.0.1:0", "127.0.0.1:Webcache", "127.0.0.1:65536", "[::1]:x", "[::1",
    "[::1]x", "", ":22", "256.1.1.1", "1.2.3.4.5", "::1::", "127.0.0.1:22:22",
    "127.0.0.1 22", "127.0.0.1 rdomain", "1:2", "300.1.1.1:22", "[]:22",
]
CHANNELS = [
    "session=5m", "session:*=1h", "*=30", "session:shell=10s", "global=1h",
    "x11-connection=5m", "agent-connection=0", "session:command=1w",
    "direct-tcpip=1h30m", "*=0", "session:subsystem:sftp=7",
]
BAD_CHANNELS = [
    "session", "=5m", "=", "a=b=5", "none", "NONE", "session=", "session=x",
    "session=-1", "none=none", "session=5m=5m", "session=99999999999",
    "session =5m", "session= 5", "global", "*=1.5", "*=+5",
]
# Name, arguments, allowed in Match. Their values are not checked: they are
# good ones, of all releases.
OTHERS = [
    ("PermitRootLogin", ["yes"], True), ("PasswordAuthentication", ["no"], True),
    ("X11Forwarding", ["yes"], True), ("UsePAM", ["yes"], False),
    ("Subsystem", ["sftp", "/usr/lib/openssh/sftp-server"], False),
    ("AcceptEnv", ["LANG", "LC_*"], True), ("PrintMotd", ["no"], False),
    ("MaxSessions", ["10"], True), ("Banner", ["none"], True),
    ("KbdInteractiveAuthentication", ["no"], True), ("UseDNS", ["no"], False),
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
    ("RekeyLimit", ["1G", "1h"], True), ("IPQoS", ["af21", "cs1"], True),
    ("PermitTTY", ["no"], True),
    ("ExposeAuthInfo", ["no"], True), ("PermitListen", ["any"], True),
    ("AuthorizedKeysFile2", ["x"], True), ("PermitTunnel", ["no"], True),
    ("IgnoreRhosts", ["yes"], True), ("DisableForwarding", ["no"], True),
    ("KerberosAuthentication", ["no"], True), ("DenyUsers", ["mallory"], True),
    ("GatewayPorts", ["no"], True), ("Compression", ["no"], False),
]
NEWER_OTHERS = [  # the release first, then as above
    ((8, 7), "ChallengeResponseAuthentication", ["no"], True),
    ((8, 7), "SkeyAuthentication", ["no"], True),
    ((8, 5), "LogVerbose", ["kex.c:*:1000"], True),
    ((9, 1), "RequiredRSASize", ["2048"], True),
    ((9, 8), "PAMServiceName", ["sshd"], True),
    ((9, 9), "RefuseConnection", ["no"], True),
]
# With the release that introduced them.
UNKNOWN = {name: (1000, 0) for name in [
    "ServerAliveInterval", "Host", "KeepAlives", "Portt", "IgnoreUnknown",
    "ConnectTimeout", "ClientAlive", "Tag", "SendEnv", "ServerAliveCountMax",
    "ProtocolKeepAlives", "SetupTimeOut", "Exec", "Final",
    "GSSAPIDelegateCredentials"]} | {
    "RefuseConnection": (9, 9), "PerSourcePenalties": (9, 8),
    "PAMServiceName": (9, 8), "RequiredRSASize": (9, 1),
    "UnusedConnectionTimeout": (9, 2), "LogVerbose": (8, 5)}


@dataclasses.dataclass
class Keyword:
    """One that the comparison is about."""

    name: str
    good: list[str]
    bad: list[str]
    in_match: bool
    weight: int
    since: tuple[int, int] = (0, 0)


KEYWORDS = [
    Keyword("ClientAliveInterval", TIMES, BAD_TIMES, True, 8),
    Keyword("ClientAliveCountMax", COUNTS, BAD_COUNTS, True, 6),
    Keyword("UnusedConnectionTimeout", [*TIMES, "none", "None"], BAD_TIMES,
            True, 4, (9, 2)),
    Keyword("LoginGraceTime", TIMES, BAD_TIMES, False, 3),
    Keyword("TCPKeepAlive", FLAGS, BAD_FLAGS, False, 3),
    Keyword("KeepAlive", FLAGS, BAD_FLAGS, False, 1),
    Keyword("Port", PORTS, BAD_PORTS, False, 3),
    Keyword("ListenAddress", LISTEN, BAD_LISTEN, False, 3),
    Keyword("AddressFamily", ["any", "inet", "inet6", "INET"],
            ["both", "4", ""], False, 1),
    Keyword("ChannelTimeout", CHANNELS, BAD_CHANNELS, True, 4, (9, 2)),
]
USERS = ["root", "bob", "alice", "daemon", "nobody", "games", "www-data", ""]
GROUPS = ["root", "daemon", "wheel", "nogroup", "adm", "users", "tty"]
HOSTS = ["a.example.com", "b.example.org", "localhost", "HOST.example.com"]
ADDRESSES = ["10.1.2.3", "192.168.0.7", "2001:db8::1", "::1", "127.0.0.1",
             "::ffff:10.1.2.3", "fe80::1", "bogus", "10.1.2.3.4"]
NETWORKS = [
    "10.0.0.0/8", "10.1.2.3", "192.168.0.0/16", "::/0", "0.0.0.0/0",
    "2001:db8::/32", "127.0.0.1/32", "::1", "10.*", "192.168.?.7",
    "2001:db8::1/128", "*", "10.1.2.2/31", "::ffff:10.1.2.3", "fe80::/10",
    "10.1.2.0/23", "2001:db8::/127", "::ffff:0:0/96", "10.1", "fe80::*",
]
BAD_NETWORKS = [
    "10.1.2.3/8", "10.0.0.0/33", "", "!", "::1/64", "10.0.0.0/x", "10.0.0.0/-1",
    "10.0.0.0/129", "x/8", "2001:db8::/129", "/8", "10.0.0.0/", "10.0.0.0/+8",
    "10.0.0.0/08", "10.0.0.0/ 8", "fe80::1%lo", "!!10.0.0.0/8", "::1%1/128",
]
