#!/usr/bin/env python3
"""Compares `explain ssh` with the real `ssh -G` on random configurations.

Each case is a small tree of configuration files, valid or broken, and a host.
`ssh -G -F FILE HOST` and `explain ssh HOST --file FILE --format openssh` must
agree on refusing it and on the value of every reported keyword, in the same
order. `Match exec` appears only with `true` and `false`; there the outcomes
that we call possible must contain ssh's.

Exit: 0 when all cases agree, 1 with the first disagreements printed.
"""

import argparse
import json
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

REPORTED = [
    "batchmode", "controlmaster", "tcpkeepalive", "serveralivecountmax",
    "serveraliveinterval", "channeltimeout", "connecttimeout",
    "controlpersist", "proxycommand", "proxyjump",
]
USAGE = 64
REFUSED = 65

HOSTS = [
    "alpha", "beta", "ALPHA", "Beta.Example.com", "beta.example.com",
    "gamma.internal.example.com", "10.0.0.1", "127.1", "0x7f.1", "192.168.7.300",
    "::1", "fe80::A", "2001:DB8:0::1", "host-1", "host_2", "alpha beta",
    "x", "alpha%1", "bob@alpha", "bob@carol@beta", "ssh://alpha",
    "ssh://dave@beta:2222", "ssh://dave;x=y@alpha.example.com", "*", "ho?t",
]
PATTERNS = [
    "*", "alpha", "beta", "ALPHA", "*.example.com", "beta*", "*a", "?eta",
    "!alpha", "!beta.example.com", "!*", "10.0.0.*", "127.0.0.1", "127.*",
    "*:*", "::1", "fe80::a", "2001:db8::1", "host-?", "host_2", "a,b", "*,*",
    "al*a", "a*p*a", "**", "", "gamma*", "x", "!x", "alpha beta", "bob",
]
LIST_PATTERNS = [
    "*", "alpha", "beta", "alpha,beta", "*,!alpha", "!alpha", "!alpha,*",
    "*.example.com", "ALPHA", "127.0.0.1", "10.*,127.*", "::1", "?eta,x", "x",
    "alpha,,beta", ",", "bob", "root", "r*,!root", "carol,bob", "renamed*",
    "*.renamed", "2001:db8::1",
]
TIMES = [
    "0", "1", "15", "30s", "5m", "1h30m", "2d", "1w", "1H5M", "none", "NONE",
    "60", "2147483647", "2147483648", "35791394m", "35791395m", "-1", "+5",
    "1.5", "5x", "m", "1m1", "1 m", " 7", "7 ", "1h 5m", "0x10", "",
    "99999999999999999999", "1s1s", "007",
]
COUNTS = ["0", "1", "3", "30", "2147483647", "2147483648", "-1", "+2", "x", "",
          "3s", " 4", "1e3", "99999999999999999999"]
FLAGS = ["yes", "no", "true", "false", "YES", "No", "TRUE", "maybe", "1", "",
         "on", "yesno"]
MASTERS = ["yes", "no", "auto", "ask", "autoask", "true", "false", "AUTO",
           "maybe", ""]
PERSISTS = ["yes", "no", "true", "false", "Yes", "0", "10", "5m", "none", "",
            "-1", "1h1h", "x"]
# No list with a comment, and no host name with a comma: updates of Debian's
# 9.2 read them in another way than its first version did.
JUMPS = [
    "none", "NONE", "jump", "a@jump", "a@jump:22", "jump:2200", "a,b", "a,b,c",
    "x@a:1,y@b:2", "[::1]:22", "::1", "10.0.0.9", "ssh://jump", "jump:ssh",
    "ssh://u@jump:2222", "ssh://u@jump:2222/path", "ssh://", "@jump", "jump:",
    "jump:0", "jump:65536", "jump:x", ",", "a,", ",a", "", "jump # comment",
    "'a b'", "alpha", "alpha:22", "root@alpha",
    "bob@alpha", "u@@jump", "[jump", "[jump]", "[jump]x", "ssh://a..b",
    "ssh://u+v%41@jump", "ssh://u%zz@jump", "jump/path", "a b", "ssh://-x",
    "ssh://u;p=q@jump", "1.2.3.4:22", "jump.",
    "jump x", "a, b", "a ,b", "jump\tx,y", "jump \xff", "jump\v,x",
]
COMMANDS = [
    "none", "NONE", "nc %h %p", "\"nc\" %h", "=x", "'unbalanced", "\"open",
    "nc # not a comment", "# all of it", "a\\ b", "a=b", "", "= nc", "x\\",
]
HOSTNAMES = ["%h.example.com", "renamed", "%h", "%%h", "127.0.0.1", "127.1",
             "Renamed.Example", "%x", "x%", "", "%h.renamed", "::1"]
OTHERS = [
    "ForwardAgent no", "LogLevel INFO", "SendEnv LANG LC_*", "IdentityFile x",
    "Compression yes", "RekeyLimit 1G 1h", "RekeyLimit default none",
    "UserKnownHostsFile a b", "GlobalKnownHostsFile /a /b", "Protocol 2",
    "Cipher x y z", "RSAAuthentication yes", "KerberosAuthentication a b",
    "LocalForward 1000 h:22", "RemoteForward 1000", "DynamicForward 1080",
    "HashKnownHosts yes", "GSSAPIAuthentication no", "GSSAPITrustDNS yes",
    "VisualHostKey no", "EscapeChar none", "SetEnv A=b C=d", "IPQoS lowdelay",
    "IPQoS lowdelay throughput", "AddKeysToAgent confirm 5m", "Tunnel no",
    "PermitRemoteOpen any", "StrictHostKeyChecking accept-new", "RequestTTY no",
    "LocalCommand echo 'x", "KnownHostsCommand none", "LogVerbose none",
    "CanonicalizeHostname no", "CanonicalizeMaxDots 2", "AddressFamily any",
    "CanonicalizeFallbackLocal yes", "StdinNull no", "SessionType default",
    "UseRoaming no", "FingerprintHash md5", "PKCS11Provider none",
]
BROKEN = [
    "Bogus yes", "ClientAliveInterval 5", "ForwardAgent", "IdentityFile a b",
    "LogLevel", "ChannelTimeout session=5m", "Tag x", "LocalForward 1000",
    "UserKnownHostsFile a \"\"", "SendEnv \"\"", "Compression no no",
    "RekeyLimit 1G 1h x", "=", "= =", "\"", "\"Host", "'Host' *", "Host",
    "Match", "Include", "User", "User a b", "Port 22 23", "HostName a b",
    "CanonicalDomains a none", "\f", "IgnoreUnknown a b", "IgnoreUnknown",
    "Ciphers", "X", "Protocol", "Bogus", "HostNam e", "ServerAliveInterval",
]
IGNORES = ["bogus", "Bog*", "*", "client*,bogus", "!bogus,*", "x*,bog?s", "tag"]


class Generator:
    def __init__(self, seed, folder):
        self.random = random.Random(seed)
        self.folder = folder
        self.broken = self.random.random() < 0.35
        self.exec_used = False
        self.exec_allowed = self.random.random() < 0.3
        self.files = 0

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, probability):
        return self.random.random() < probability

    def value(self, good, everything):
        return self.pick(everything if self.broken and self.chance(0.3) else good)

    def case(self, word):
        return "".join(c.upper() if self.chance(0.3) else c for c in word)

    def quote(self, word):
        if word == "" or " " in word:
            return self.pick(['"%s"', "'%s'"]) % word
        roll = self.random.random()
        if roll < 0.06:
            return '"%s"' % word
        if roll < 0.09:
            return "'%s'" % word
        if roll < 0.11 and len(word) > 1:
            return '%s"%s"' % (word[0], word[1:])
        return word

    def line(self, keyword, arguments, raw=False):
        separator = self.pick([" "] * 8 + ["  ", "\t", "=", " = ", "= ", " ="])
        if self.broken and self.chance(0.03):
            separator = self.pick(["==", " == ", " =  = ", "\v", "\f", ""])
        text = arguments if raw else " ".join(self.quote(a) for a in arguments)
        text = self.case(keyword) + separator + text
        if not raw and self.chance(0.08):
            text += self.pick([" # comment", " #", "\t# a \"b", " # it's"])
        if self.broken and self.chance(0.04):
            text += self.pick([" x", "\"", "'", " \"x", "\\", "#x", "\0 y",
                               "\r", " \r\r", "\f", " \xff", "\x0b", " = "])
        return self.pick(["", "", "", "  ", "\t", " \t"]) + text

    def setting(self):
        kind = self.random.randrange(14)
        good_times = ["0", "15", "30s", "5m", "1h30m", "none", "60", "+5",
                      "1H5M", "2d", "7"]
        if kind <= 2:
            name = self.pick(["ServerAliveInterval"] * 6 +
                             ["ProtocolKeepAlives", "SetupTimeOut"])
            return self.line(name, [self.value(good_times, TIMES)])
        if kind == 3:
            return self.line("ServerAliveCountMax",
                             [self.value(["0", "1", "3", "9"], COUNTS)])
        if kind == 4:
            name = self.pick(["TCPKeepAlive", "TCPKeepAlive", "KeepAlive"])
            return self.line(name, [self.value(FLAGS[:7], FLAGS)])
        if kind == 5:
            return self.line("ConnectTimeout", [self.value(good_times, TIMES)])
        if kind == 6:
            return self.line("ControlMaster",
                             [self.value(MASTERS[:8], MASTERS)])
        if kind == 7:
            return self.line("ControlPersist",
                             [self.value(["yes", "no", "0", "10", "5m", "true",
                                          "false"], PERSISTS)])
        if kind == 8:
            return self.line("BatchMode", [self.value(FLAGS[:7], FLAGS)])
        if kind == 9:
            good = ["none", "jump", "a@jump:22", "a,b", "10.0.0.9", "[::1]:22",
                    "ssh://u@j:22", "NONE", "jump # comment"]
            return self.line("ProxyJump", self.value(good, JUMPS), raw=True)
        if kind == 10:
            return self.line("ProxyCommand",
                             self.value(COMMANDS[:4], COMMANDS), raw=True)
        if kind == 11:
            hostnames = HOSTNAMES if not self.exec_allowed else HOSTNAMES[:7]
            return self.line("HostName",
                             [self.value(HOSTNAMES[:7], hostnames)])
        if kind == 12:
            return self.line("User", [self.pick(["bob", "root", "carol"])])
        return self.pick(OTHERS)

    def criterion(self):
        roll = self.random.randrange(12)
        negation = "!" if self.chance(0.2) else ""
        if roll <= 2:
            return [negation + "host", self.pick(LIST_PATTERNS)]
        if roll == 3:
            return [negation + "originalhost", self.pick(LIST_PATTERNS)]
        if roll <= 5:
            return [negation + "user", self.pick(LIST_PATTERNS)]
        if roll == 6:
            return [negation + "localuser", self.pick(["root", "*", "bob",
                                                       "!root", "*,!root"])]
        if roll == 7:
            return [negation + "canonical"]
        if roll == 8:
            return [negation + "final"]
        if roll <= 10 and self.exec_allowed:
            self.exec_used = True
            return [negation + "exec",
                    self.pick(["true", "false", "true %h", "false %n %%"])]
        if self.broken and self.chance(0.2):
            return self.pick([["bogus", "x"], ["host"], ["user", ""], ["exec"],
                              ["tagged", "x"], ["localnetwork", "10.0.0.0/8"],
                              ["#"], ["host", "#x"], [""], ["exec", "%z"],
                              ["host=alpha"], ["all"], ["host", "=", "alpha"]])
        return [negation + "host", self.pick(LIST_PATTERNS)]

    def block(self):
        if self.chance(0.5):
            count = self.random.choice([1, 1, 1, 2, 3])
            patterns = [self.pick(PATTERNS if self.broken else
                                  [p for p in PATTERNS if p])
                        for _ in range(count)]
            return self.line("Host", patterns)
        if self.chance(0.15):
            words = [self.pick(["all", "!all", "ALL"])]
            if self.chance(0.3):
                words.insert(0, self.pick(["canonical", "final", "!final"]))
        else:
            words = []
            for _ in range(self.random.choice([1, 1, 2, 3])):
                words += self.criterion()
            words = [self.case(w) if i % 2 == 0 and self.chance(0.2) else w
                     for i, w in enumerate(words)]
        if self.broken and self.chance(0.05):
            words += self.pick([["all"], ["x"], ["\"", "y"], ["#", "z"]])
        return self.line("Match", words)

    def include(self, depth):
        if depth > 3 or self.files > 8:
            return "# no include"
        names = []
        for _ in range(self.random.choice([1, 1, 2])):
            names.append(self.write(depth + 1))
        if self.chance(0.3):
            path = "%s/%s*" % (self.folder, names[0].name[:2])
        else:
            path = " ".join(str(name) for name in names)
        if self.chance(0.1):
            path = "%s/absent*" % self.folder
        if self.broken and self.chance(0.1):
            path = self.pick([str(self.folder), '""', "%s/dangling" % self.folder,
                              "%s/config" % self.folder, "~nobody-at-all/x"])
        return self.line("Include", path, raw=True)

    def statement(self, depth):
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
            return self.pick(BROKEN)
        if self.chance(0.15):
            return self.line("Port", [self.pick(["22", "2222", "ssh"])])
        if not self.exec_allowed and self.chance(0.3):
            return self.line("IgnoreUnknown", [self.pick(IGNORES)])
        if self.chance(0.2):
            return self.line("CanonicalizeHostname",
                             [self.pick(["yes", "always", "no"])])
        return self.pick(OTHERS)

    def write(self, depth=0):
        name = "config" if depth == 0 else "%d%d.conf" % (
            self.random.randrange(10), self.files)
        path = self.folder / name
        self.files += 1
        ending = self.pick(["\n"] * 9 + ["\r\n"])
        lines = [self.statement(depth)
                 for _ in range(self.random.randrange(1, 12))]
        if self.broken and self.chance(0.02) and self.exec_allowed is False:
            lines.insert(0, "IgnoreUnknown " + self.pick(IGNORES))
        text = ending.join(lines)
        if self.chance(0.9):
            text += ending
        path.write_bytes(text.encode("latin-1"))
        path.chmod(0o644)
        return path


def run(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          timeout=30, check=False)


def oracle(ssh, config, host, user):
    command = [ssh, "-G", "-F", str(config)] + (["-l", user] if user else [])
    result = run(command + [host])
    if result.returncode != 0:
        return None, result.stderr
    pairs = []
    for line in result.stdout.decode("latin-1").split("\n"):
        keyword, _, value = line.partition(" ")
        if keyword.lower() in REPORTED:
            pairs.append((keyword.lower(), value))
    return pairs, result.stderr


def ours(exporter, config, host, user, form):
    command = [exporter, "explain", "ssh", "--file", str(config), "--format",
               form] + (["--user", user] if user else [])
    result = run(command + [host])
    return result.returncode, result.stdout.decode("latin-1"), result.stderr


def compare(arguments, config, host, user, exec_used):
    """None when both agree, else what differs."""
    expected, ssh_errors = oracle(arguments.ssh, config, host, user)
    code, text, errors = ours(arguments.exporter, config, host, user, "openssh")
    if expected is None and code == USAGE and \
            b"contains invalid characters" in ssh_errors:
        return None
    if code not in (0, REFUSED):
        return "exit code %d: %r" % (code, errors)
    if expected is None and code == 0 and exec_used and \
            b"jumphost loop" in ssh_errors:
        return None
    if (expected is None) != (code == REFUSED):
        return "ssh: %r, we: %d %r" % (ssh_errors, code, errors)
    if expected is None:
        return None
    if not exec_used:
        actual = [tuple(line.split(" ", 1)) if " " in line else (line, "")
                  for line in text.split("\n") if line]
        return None if actual == expected else \
            "ssh: %r\nwe:  %r" % (expected, actual)
    code, text, errors = ours(arguments.exporter, config, host, user, "json")
    document = json.loads(text.encode("latin-1").decode())
    possible = {}
    for entry in document["keywords"]:
        possible[entry["keyword"]] = {str(entry["value"])}
    for entry in document["undecided"]:
        possible[entry["keyword"]] |= {entry["if_true"], entry["if_false"]}
    values = {keyword: value.encode("latin-1").decode("utf-8", "replace")
              for keyword, value in expected}
    for keyword, texts in possible.items():
        value = values.get(keyword, "none")
        if value not in texts:
            return "%s: ssh %r, we %r" % (keyword, value, sorted(texts))
    return None


def show(folder):
    for path in sorted(folder.iterdir()):
        if path.is_file():
            print("--- %s\n%r" % (path.name, path.read_bytes()))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--exporter", default=os.environ.get("SSH_KEEPALIVE_EXPORTER"))
    parser.add_argument("--ssh", default=os.path.join(
        os.environ.get("SSH_KEEPALIVE_DAEMONS", ""), "usr/bin/ssh"))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--show", type=int, default=5,
                        help="disagreements to print before giving up")
    arguments = parser.parse_args()
    disagreements = refusals = undecided = 0
    for case in range(arguments.count):
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            folder.chmod(0o755)
            generator = Generator("%d/%d" % (arguments.seed, case), folder)
            os.symlink("nowhere", folder / "dangling")
            config = generator.write()
            host = generator.pick(HOSTS)
            user = generator.pick([None, None, None, "bob", "dave"])
            difference = compare(arguments, config, host, user,
                                 generator.exec_used)
            refusals += oracle(arguments.ssh, config, host, user)[0] is None \
                if arguments.count <= 500 else 0
            undecided += generator.exec_used
            if difference:
                disagreements += 1
                print("case %d/%d, host %r, user %r\n%s" % (
                    arguments.seed, case, host, user, difference))
                show(folder)
                if disagreements >= arguments.show:
                    break
    print("%d cases, %d disagreements, %d with Match exec" % (
        case + 1, disagreements, undecided))
    return 1 if disagreements else 0


if __name__ == "__main__":
    sys.exit(main())
