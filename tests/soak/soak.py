"""Runs soak in namespaces of its own, on a live host and a recorded one.

    soak.py --scrapes N
"""

import argparse
import os
import subprocess
import sys
import tempfile

import namespaces
import support

PROGRAM = os.environ.get("SSH_KEEPALIVE_SOAK",
                         support.REPOSITORY / "build/test/tests/soak/soak")
# sshd and ssh, processes, silent peers.
RECORDED = support.FIXTURE_HOSTS / "sshd_debian13"


def run(scrapes, leak="none", **kwargs):
    with tempfile.TemporaryDirectory(prefix="ssh_keepalive_") as folder:
        return subprocess.run(
            [PROGRAM, "--scrapes", str(scrapes), "--leak", leak, folder, "/",
             RECORDED], check=False, **kwargs)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scrapes", type=int, required=True)
    options = parser.parse_args()
    if not namespaces.enter():
        sys.exit("needs root, for namespaces")
    sys.exit(run(options.scrapes).returncode)


if __name__ == "__main__":
    main()
