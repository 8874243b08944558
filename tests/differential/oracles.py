"""The OpenSSH that the comparisons ask.

Either the programs that ./test has unpacked, or with `--oracle` those of one
Debian release from tools/unpack_openssh, which run through their own ld.so.
"""

import argparse
import dataclasses
import os
import pathlib
import re
import subprocess

RELEASES = ["debian11", "debian12", "debian13"]


@dataclasses.dataclass
class OpenSsh:
    ssh: list[str]  # how to start it
    sshd: list[str]
    keygen: list[str]
    version: str  # as a package's version: "1:9.2p1-2+deb12u10"

    @property
    def release(self) -> tuple[int, int]:
        major, minor = re.findall(r"\d+", self.version.split(":")[-1])[:2]
        return int(major), int(minor)


class NoOracle(Exception):
    """There is nothing to compare with."""


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--oracle", choices=RELEASES,
        help="compare with that Debian release (tools/unpack_openssh)")
    parser.add_argument(
        "--oracles", type=pathlib.Path, help="where those are unpacked",
        default=pathlib.Path(__file__).parents[2] / "build" / "oracles")
    parser.add_argument(
        "--daemons", type=pathlib.Path,
        help="without --oracle: the root of the OpenSSH to compare with",
        default=pathlib.Path(os.environ.get("SSH_KEEPALIVE_DAEMONS", "/")))


def find(options: argparse.Namespace) -> OpenSsh:
    start = []
    root = options.daemons.resolve()
    if options.oracle:
        root = options.oracles.resolve() / options.oracle
        loaders = list(root.glob("usr/lib/*/ld-linux*.so.*"))
        if not loaders:
            raise NoOracle(f"no OpenSSH in {root}: run tools/unpack_openssh")
        start = [str(loaders[0]), "--library-path", str(loaders[0].parent)]
    ssh, sshd = root / "usr/bin/ssh", root / "usr/sbin/sshd"
    if not os.access(ssh, os.X_OK) or not os.access(sshd, os.X_OK):
        raise NoOracle(f"no OpenSSH in {root}")
    return OpenSsh([*start, str(ssh)], [*start, str(sshd)],
                   [*start, str(root / "usr/bin/ssh-keygen")],
                   version_of([*start, str(ssh)]))


def version_of(ssh: list[str]) -> str:
    """ "OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL ..." of `ssh -V`."""
    answer = subprocess.run([*ssh, "-V"], capture_output=True, text=True,
                            check=True).stderr
    found = re.match(r"OpenSSH_([^ ,]+)(?: Debian-([^ ,]+))?", answer)
    if not found:
        raise NoOracle("ssh -V does not say its version")
    release, revision = found.groups()
    return f"1:{release}-{revision}" if revision else release
