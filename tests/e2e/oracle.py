"""Another release's OpenSSH, in a root of its own, for tests in namespaces.

tools/unpack_openssh unpacks it into build/oracles.
"""

import os
import pathlib
import shutil
import subprocess
import sys

import support

UNPACKED = support.REPOSITORY / "build/oracles"
ROOT = pathlib.Path("/run/oracle")


def taken_from_arguments():
    """NAME of `--oracle NAME`, which unittest is not to see; or None."""
    if "--oracle" not in sys.argv:
        return os.environ.get("SSH_KEEPALIVE_ORACLE")
    at = sys.argv.index("--oracle")
    name = sys.argv[at + 1]
    os.environ["SSH_KEEPALIVE_ORACLE"] = name
    del sys.argv[at:at + 2]
    return name


def set_up(name):
    """What its programs take for `/`: nothing of it is deleted file by file."""
    if not (UNPACKED / name / "usr/bin/dash").exists():
        sys.exit(f"no {name} in {UNPACKED}: tools/unpack_openssh unpacks it")
    ROOT.mkdir()
    for folder in ("usr", "dev", "proc", "run"):
        (ROOT / folder).mkdir()
    for link in ("bin", "sbin", "lib", "lib64"):
        (ROOT / link).symlink_to(f"usr/{link}")
    (ROOT / "etc").mkdir()
    for file in ("passwd", "shadow"):
        shutil.copy(f"/etc/{file}", ROOT / "etc" / file)
    for source, folder in ((UNPACKED / name / "usr", "usr"), ("/dev", "dev"),
                           ("/dev/pts", "dev/pts"), ("/run", "run")):
        subprocess.run(["mount", "--bind", source, ROOT / folder], check=True)
    version = (UNPACKED / name / ".openssh_version").read_text().strip()
    status = ROOT / "var/lib/dpkg/status"
    status.parent.mkdir(parents=True)
    status.write_text("".join(
        f"Package: {package}\nStatus: install ok installed\n"
        f"Version: {version}\n\n"
        for package in ("openssh-client", "openssh-server")))
