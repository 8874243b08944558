#!/usr/bin/env python3
"""Compares `explain tcp` with the real systemd-sysctl.

Random sysctl.d trees are applied by systemd-sysctl in a network namespace of
its own, where nothing but that namespace's settings can be reached. Then every
setting must have the value that `explain tcp` took from the files; changing the
line that it names must change the setting, and removing a line that it calls
shadowed must not. That needs root.
"""

import argparse
import dataclasses
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "e2e"))
import namespaces  # noqa: E402
import support  # noqa: E402

PROC_NET = pathlib.Path("/proc/sys/net")
DIRECTORIES = ("etc/sysctl.d", "run/sysctl.d", "usr/local/lib/sysctl.d",
               "usr/lib/sysctl.d")
NAMES = ("10-a.conf", "20-b.conf", "60-keepalive.conf", "99-sysctl.conf",
         "9.conf", "z.conf", ".hidden.conf", "readme.txt", "a.conf~")


@dataclasses.dataclass
class Setting:
    path: str  # below /proc/sys/net
    base: int  # before systemd-sysctl runs
    sentinel: int  # a value that no tree has

    def read(self):
        return int((PROC_NET / self.path).read_text())

    @property
    def name(self):
        return "net." + self.path.replace("/", ".")


SETTINGS = (Setting("ipv4/tcp_keepalive_time", 7200, 1234),
            Setting("ipv4/tcp_keepalive_intvl", 75, 1234),
            Setting("ipv4/tcp_keepalive_probes", 9, 123),
            Setting("ipv4/tcp_retries2", 15, 123),
            Setting("ipv4/tcp_rto_min_us", 200_000, 1234),
            Setting("ipv4/tcp_rto_max_ms", 120_000, 12_345))

VALUES = ("600", "60", "5", "7", "8", "255", "256", "0", "-1", "1000", "30000",
          "0x10", "010", "09", "7 8", "7s", "abc", "", "=5", "+5",
          "2147483648", "99999999999999999999")
# They mean settings of a network namespace only.
GLOBS = ("net.ipv4.tcp_keepalive_*", "net/ipv4/tcp_keepalive_t*",
         "net.ipv4.tcp_keep*", "net.*.tcp_keepalive_[ip]*",
         "n?t.ipv4.tcp_r[et][to]*_m*", "net.ipv4.tcp_{keepalive_,retri}*",
         "net.ipv4.tcp_{keepalive_time,rto_min_us}[", "net.ipv4.tcp_retries[2]",
         "net.ipv4.{tcp_{keepalive_p,x},tcp_retrie}*", "net.ipv4.tcp_keepalive",
         "net.ipv4.tcp_keep[!a]live_*", "net.ipv4.tcp_{keepalive_*")


class Trees:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def key(self):
        choice = self.random.choice
        if self.random.random() < 0.3:
            return choice(GLOBS)
        path = "net/" + choice(SETTINGS).path
        return choice((path, path, path.replace("/", "."),
                       path.replace("/", "."), "/" + path, "net/./" + path[4:],
                       "net//" + path[4:], path.replace("/", ".", 1),
                       "." + path.replace("/", "."), path.upper(), path + "/",
                       path.replace("ipv4", "ipv4/../ipv4")))

    def line(self):
        choice, chance = self.random.choice, self.random.random()
        if chance < 0.08:
            return choice(("", "# net.ipv4.tcp_keepalive_time = 3",
                           ";net.ipv4.tcp_keepalive_time=3", "garbage", "=",
                           "-", " \t", "\x80\xff", "net.ipv4.tcp_retries2"))
        key = choice(("", "", " ", "\t")) + self.key()
        if chance < 0.2:
            return "-" + choice(("", " ")) + key
        return (choice(("", "", "", "-", "- ")) + key +
                choice(("=", " = ", "\t= ")) + choice(VALUES) +
                choice(("", "", " ", "\t")))

    def content(self):
        ending = "\n" if self.random.random() < 0.8 else \
            self.random.choice(("\r\n", "\n\n", "\n\0"))
        text = ending.join(self.line()
                           for _ in range(self.random.randint(0, 8)))
        return text + self.random.choice((ending, ""))

    def write(self, root):
        for directory in DIRECTORIES:
            folder = root / directory
            for name in NAMES:
                if self.random.random() < 0.65:
                    continue
                path, chance = folder / name, self.random.random()
                if chance < 0.05:
                    path.symlink_to("/dev/null")
                elif chance < 0.1:
                    path.symlink_to("/nowhere")
                elif chance < 0.15:
                    path.symlink_to("../sysctl.conf")
                elif chance < 0.18:
                    path.mkdir()
                else:
                    path.write_bytes(self.content().encode("latin-1"))
        (root / "etc/sysctl.conf").write_bytes(
            self.content().encode("latin-1"))


def make_root():
    """A tree for chroot(1) in which only the network's settings are there."""
    root = pathlib.Path(tempfile.mkdtemp(prefix="ssh_keepalive_"))
    mount = lambda *what: subprocess.run(["mount", *map(str, what)], check=True)
    mount("-t", "tmpfs", "tmpfs", root)
    for name in ("etc/sysctl.d", "run/sysctl.d", "proc/sys/net", "dev", "usr",
                 "daemons"):
        (root / name).mkdir(parents=True)
    (root / "dev/null").touch()
    mount("--bind", "/dev/null", root / "dev/null")
    mount("--rbind", "/usr", root / "usr")
    mount("--bind", support.DAEMONS, root / "daemons")
    mount("--bind", PROC_NET, root / "proc/sys/net")
    for name in ("bin", "lib", "lib64"):
        link = pathlib.Path("/", name)
        if link.is_symlink():
            (root / name).symlink_to(os.readlink(link))
    mount("-t", "tmpfs", "tmpfs", root / "usr/lib/sysctl.d")
    mount("-t", "tmpfs", "tmpfs", root / "usr/local/lib")
    (root / "usr/local/lib/sysctl.d").mkdir()
    return root


def empty(root):
    for directory in DIRECTORIES:
        for path in (root / directory).iterdir():
            if path.is_dir() and not path.is_symlink():
                path.rmdir()
            else:
                path.unlink()


class Differential:
    def __init__(self):
        self.deciding = 0  # lines that were found to decide
        self.shadowed = 0  # lines that were found not to act
        self.root = make_root()
        libraries = [
            "/" + str(path.relative_to(self.root))
            for path in sorted((self.root / "daemons").glob("*lib/*-linux-*"))
            + sorted((self.root / "daemons").glob("usr/lib/*-linux-*"))]
        libraries += [path + "/systemd" for path in libraries]
        self.environment = {"PATH": os.environ["PATH"],
                            "LD_LIBRARY_PATH": ":".join(libraries)}

    def apply(self):
        """What systemd-sysctl makes of the tree, by setting."""
        for setting in SETTINGS:
            if (PROC_NET / setting.path).exists():
                (PROC_NET / setting.path).write_text(f"{setting.base}\n")
        # It fails where the kernel refuses a value, which is no failure here.
        done = subprocess.run(
            ["chroot", self.root, "/daemons/lib/systemd/systemd-sysctl"],
            env=self.environment, capture_output=True, check=False,
            stdin=subprocess.DEVNULL, timeout=support.PATIENCE_SECONDS)
        if done.returncode not in (0, 1):
            raise RuntimeError(f"systemd-sysctl: {done.stderr}")
        return {setting.name: setting.read() for setting in SETTINGS
                if (PROC_NET / setting.path).exists()}

    def explain(self):
        done = support.run_program("explain", "tcp", "--format=json",
                                   "--root", self.root)
        if done.returncode != 0:
            raise RuntimeError(f"explain tcp: {done.stderr}")
        return json.loads(done.stdout)

    def edit(self, place, change):
        """Runs `change` on one line, applies, and puts the line back."""
        path = self.path(place)
        if path.is_symlink():
            path = self.root / "etc/sysctl.conf"
        before = path.read_bytes()
        lines = before.split(b"\n")
        lines[place["line"] - 1] = change(lines[place["line"] - 1])
        path.write_bytes(b"\n".join(lines))
        try:
            return self.apply()
        finally:
            path.write_bytes(before)

    def disagreements(self):
        applied = self.apply()
        answer = self.explain()
        rows = {row["keyword"]: row for row in answer["keywords"]}
        for setting in SETTINGS:
            if setting.name not in applied:
                continue
            row = rows[setting.name]
            decides = row["source"] and "refuses" not in row["note"]
            expected = row["file_value"] if decides else setting.base
            if applied[setting.name] != expected:
                yield (f"{setting.name}: {applied[setting.name]}, not "
                       f"{expected} of {row}")
            elif row["source"]:
                yield from self.check_source(setting, row["source"])
        yield from self.check_shadowed(answer["shadowed"], applied)

    def check_source(self, setting, source):
        def set_sentinel(line):
            return line.split(b"=")[0] + b"=%d" % setting.sentinel
        self.deciding += 1
        changed = self.edit(source, set_sentinel)
        if changed[setting.name] != setting.sentinel:
            yield f"{setting.name}: {source} does not decide"

    def check_shadowed(self, shadowed, applied):
        for line in shadowed:
            if self.path(line).is_symlink():
                continue  # several links may lead to the one file
            if line["by"]["line"] == 0:
                without = self.edit(line, lambda text: b"")
            else:
                # Between globs a line may matter by its place alone, and a
                # glob means several settings.
                texts = self.text(line["by"]) + self.text(line)
                if any(c in texts for c in b"*?["):
                    continue
                without = self.edit(line, lambda text: b"")
            self.shadowed += 1
            name = line["text_keyword"]
            if name in applied and without[name] != applied[name]:
                yield f"{line} acts: {applied[name]} → {without[name]}"

    def path(self, place):
        return self.root / place["file"].lstrip("/")

    def text(self, place):
        return self.path(place).read_bytes().split(b"\n")[place["line"] - 1]

    def keep(self, folder):
        for directory in ("etc", *DIRECTORIES[1:]):
            shutil.copytree(self.root / directory, folder / directory,
                            symlinks=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=300)
    options = parser.parse_args()
    if not namespaces.enter():
        print("NOT RUN: needs root, for namespaces", file=sys.stderr)
        sys.exit(support.SKIPPED)
    differential = Differential()
    for seed in range(options.seed, options.seed + options.count):
        empty(differential.root)
        Trees(seed).write(differential.root)
        found = list(differential.disagreements())
        if found:
            kept = pathlib.Path(tempfile.mkdtemp(prefix="ssh_keepalive_tree_"))
            differential.keep(kept)
            print(f"seed {seed}, kept in {kept}:", *found, sep="\n  ")
            sys.exit(1)
    print(f"{options.count} trees, {differential.deciding} deciding and "
          f"{differential.shadowed} shadowed lines, no disagreement")


if __name__ == "__main__":
    main()
