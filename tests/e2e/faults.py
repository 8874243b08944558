"""Faults that tests give the program: each needs root, or namespaces."""

import contextlib
import ctypes
import errno
import os
import pathlib
import socket
import struct
import sys
import time

import support

_LIBC = ctypes.CDLL(None, use_errno=True)
_PATH_FROM_HERE = -100  # AT_FDCWD


def _call(function, *arguments):
    result = function(*arguments)
    if result < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


class Stall:
    """Whoever opens that file waits until this goes, as for a dead NFS server:
    fanotify asks a listener (this one) for permission, which never answers."""

    OPEN_PERM, ADD, CLASS_CONTENT, CLOEXEC = 0x00010000, 1, 4, 1

    def __init__(self, path):
        self.fd = _call(_LIBC.fanotify_init, self.CLASS_CONTENT | self.CLOEXEC,
                        os.O_RDONLY)
        _call(_LIBC.fanotify_mark, self.fd, self.ADD,
              ctypes.c_uint64(self.OPEN_PERM), _PATH_FROM_HERE,
              os.fsencode(path))

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)  # lets all that wait go on


# Where a seccomp program looks, and what it returns (linux/seccomp.h).
_NUMBER_OFFSET, _FIRST_ARGUMENT_OFFSET = 0, 16
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
# System calls of x86-64 and arm64.
_NUMBERS = {"x86_64": {"socket": 41, "recvmsg": 47},
            "aarch64": {"socket": 198, "recvmsg": 212}}[os.uname().machine]

# Runs what follows with a system call that fails: argv is the program in hex.
_RESTRICTED = """
import ctypes, os, sys
code = bytes.fromhex(sys.argv[1])
libc = ctypes.CDLL(None, use_errno=True)
class Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]
program = Program(len(code) // 8, code)
assert libc.prctl(38, 1, 0, 0, 0) == 0
assert libc.prctl(22, 2, ctypes.byref(program), 0, 0) == 0
os.execv(sys.argv[2], sys.argv[2:])
"""


def failing_call(name, errno_value, first_argument=None):
    """A command in front of a program's path, in which that system call fails
    (with that first argument, or always)."""
    load = lambda offset: struct.pack("=HBBI", 0x20, 0, 0, offset)
    unless = lambda value, skip: struct.pack("=HBBI", 0x15, 0, skip, value)
    give = lambda value: struct.pack("=HBBI", 0x06, 0, 0, value)
    code = load(_NUMBER_OFFSET)
    if first_argument is None:
        code += unless(_NUMBERS[name], 1)
    else:
        code += (unless(_NUMBERS[name], 3) + load(_FIRST_ARGUMENT_OFFSET) +
                 unless(first_argument, 1))
    code += give(_ERRNO | errno_value) + give(_ALLOW)
    return [sys.executable, "-S", "-E", "-c", _RESTRICTED, code.hex()]


def processor_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1]
    user, system = fields.split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def status_kibibytes(pid, name):
    """VmRSS, VmHWM and so on."""
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1])
    raise KeyError(name)


class MemoryLimit:
    """A control group in which processes may take so much, kernel's included.

    The kernel ends a process that wants more."""

    def __init__(self, limit_bytes):
        for folder, limit, swap in (
                ("/sys/fs/cgroup/memory", "memory.limit_in_bytes", None),
                ("/sys/fs/cgroup", "memory.max", "memory.swap.max")):
            self.folder = pathlib.Path(folder, f"ssh_keepalive_{os.getpid()}")
            with contextlib.suppress(OSError):
                self.folder.mkdir()
                (self.folder / limit).write_text(str(limit_bytes))
                if swap:
                    (self.folder / swap).write_text("0")
                return
            with contextlib.suppress(OSError):
                self.folder.rmdir()
        raise OSError(errno.ENOTSUP, "no memory controller that may be used")

    def command(self):
        """In front of a program's path: runs it in there."""
        return ["/bin/sh", "-c",
                f'echo $$ > {self.folder}/cgroup.procs && exec "$@"', "sh"]

    def peak_bytes(self):
        for name in ("memory.max_usage_in_bytes", "memory.peak"):
            with contextlib.suppress(OSError):
                return int((self.folder / name).read_text())
        return None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for _ in range(100):  # it is busy until its last process is gone
            with contextlib.suppress(OSError):
                self.folder.rmdir()
                return
            time.sleep(0.02)


class Exporter(support.HttpDaemon):
    """The program, serving; behind the words of `through` in its command."""

    def __init__(self, *arguments, through=(), environment=None):
        port = support.free_port()
        super().__init__(port, "/-/ready", *through, support.PROGRAM, "serve",
                         f"--web.listen-address=127.0.0.1:{port}", *arguments,
                         environment=environment)

    scrape = support.Exporter.scrape

    @property
    def pid(self):
        return self.process.pid

    def successes(self):
        """Which collectors succeed in one scrape, and which do not."""
        series = self.scrape().series("ssh_keepalive_scrape_collector_success")
        return {dict(labels)["collector"]: value == 1
                for labels, value in series.items()}


def connect_pair(listener):
    """Both ends of a connection that have exchanged something. When it ends,
    that is the end of one session: the server's end may not have logged in."""
    client = socket.create_connection(listener.getsockname())
    server, _ = listener.accept()
    for end, other in ((client, server), (server, client)):
        end.sendall(b"SSH-2.0")
        other.recv(7)
    return client, server
