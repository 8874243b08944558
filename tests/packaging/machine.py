"""A Debian root with systemd as its first process, in namespaces of its own.

Its units are started by the real service manager, with all that they restrict.
It has a network of its own, in which nothing but loopback is up.
"""

import os
import pathlib
import signal
import subprocess
import tempfile
import time

import roots

PATIENCE_SECONDS = 60

# Run as the first process of the new namespaces, with the root as $1; systemd
# wants a tree of control groups alone, and /dev, /run and /tmp of its own.
BOOT = r"""
set -e
root=$1
mount --make-rprivate /
mount --bind "$root" "$root"
cd "$root"
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=0755 tmpfs dev
for device in null zero full random urandom tty; do
  touch dev/$device
  mount --bind /dev/$device dev/$device
done
mkdir dev/pts dev/shm
mount -t tmpfs -o mode=1777 tmpfs dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=0755 tmpfs run
mount -t tmpfs -o mode=1777 tmpfs tmp
ip link set lo up
mkdir -p old
pivot_root . old
umount --lazy old
exec env -i container=other PATH=/usr/sbin:/usr/bin:/sbin:/bin \
  /lib/systemd/systemd --log-target=journal --show-status=0
"""


def wait_for(what, condition, patience=PATIENCE_SECONDS):
    deadline = time.monotonic() + patience
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"waited in vain for {what}")
        time.sleep(0.05)


class Machine:
    """Booted within the `with` block."""

    def __init__(self, root):
        self.root = root

    def __enter__(self):
        self.groups = pathlib.Path(tempfile.mkdtemp(prefix="ssh_keepalive_"))
        roots.run("mount", "-t", "cgroup2", "cgroup2", self.groups)
        self.group = self.groups / f"ssh_keepalive_{os.getpid()}"
        self.group.mkdir()
        self.boot = subprocess.Popen(
            ["sh", "-c", 'echo $$ > "$0/cgroup.procs"; exec "$@"', self.group,
             "unshare", "--cgroup", "--mount", "--pid", "--ipc", "--uts",
             "--net", "--fork", "--kill-child", "bash", "-c", BOOT, "boot",
             self.root.path],
            stdin=subprocess.DEVNULL)
        children = pathlib.Path(
            f"/proc/{self.boot.pid}/task/{self.boot.pid}/children")
        try:
            self.first = wait_for("the first process",
                                  lambda: children.read_text().split())[0]
            # Before it is systemd, nobody enters.
            wait_for("systemd", lambda: "systemd" in pathlib.Path(
                f"/proc/{self.first}/comm").read_text())
            wait_for("the boot", lambda: self.run(
                "systemctl", "is-system-running", check=False,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            ).stdout.strip() in ("running", "degraded"))
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.boot.send_signal(signal.SIGKILL)
        self.boot.wait()
        wait_for("the end of all its processes", lambda: "populated 0" in
                 (self.group / "cgroup.events").read_text())
        for folder, _, _ in os.walk(self.group, topdown=False):
            os.rmdir(folder)
        roots.run("umount", self.groups)
        self.groups.rmdir()

    def run(self, *command, **how):
        how.setdefault("env", roots.ENVIRONMENT)
        return roots.run("nsenter", "--all", "--target", self.first, "--",
                         *command, **how)

    def output(self, *command, **how):
        return self.run(*command, stdout=subprocess.PIPE, **how).stdout

    def start(self, *command):
        """A process beside; it ends with the machine at the latest."""
        return subprocess.Popen(
            ["nsenter", "--all", "--target", self.first, "--", *command],
            env=roots.ENVIRONMENT, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)

    def write(self, name, text, mode=0o644):
        """Into its root as it sees it, with its own /run."""
        path = pathlib.Path(f"/proc/{self.first}/root", name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)

    def property(self, unit, name):
        return self.output("systemctl", "show", "--value", "-p", name,
                           unit).strip()
