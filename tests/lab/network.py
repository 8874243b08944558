"""Two hosts and the path between them, as network namespaces, and clocks.

    server 10.0.1.2 ── path 10.0.1.1, 10.0.2.1 ── 10.0.2.2 client

To be called inside namespaces.py's namespaces, which are the scenario's own.
"""

import contextlib
import ctypes
import json
import os
import pathlib
import socket
import struct
import subprocess
import time

ADDRESSES = {"server": "10.0.1.2", "client": "10.0.2.2"}
PORT = 22
LIBC = ctypes.CDLL(None, use_errno=True)
SO_TIMESTAMPNS = 35  # asm-generic/socket.h
FIN = 0x01  # of the flags of a TCP header
ETH_P_ALL, ETH_P_IP = 0x0003, 0x0800  # linux/if_ether.h
# The chain in which a rule is what happens on the way.
RULES = """\
table ip lab {
  counter lost {
  }
  chain forward {
    type filter hook forward priority 0; policy accept;
  }
}
"""


def run(*words, **options):
    return subprocess.run(list(map(str, words)), check=True, **options)


def now():
    """Seconds, by the clock that the kernel's timers and sshd's deadlines
    follow and that nobody sets."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


def words_in(name):
    """In front of a command: what runs it in that namespace."""
    return ["nsenter", f"--net=/run/netns/{name}"]


def _enter(descriptor):
    if LIBC.setns(descriptor, 0) != 0:
        raise OSError(ctypes.get_errno(), "setns")


@contextlib.contextmanager
def inside(name):
    """This thread is there: sockets that it makes stay there."""
    own = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{name}", os.O_RDONLY)
    try:
        _enter(there)
        yield
    finally:
        _enter(own)
        os.close(own)
        os.close(there)


def set_sysctls(name, values):
    """By names below /proc/sys/net; None: this namespace."""
    with inside(name) if name else contextlib.nullcontext():
        for key, value in values.items():
            # It is the thread's namespace that is shown here.
            pathlib.Path("/proc/sys/net", key).write_text(f"{value}\n",
                                                          encoding="ascii")


def has_connection_tracking():
    return pathlib.Path("/proc/sys/net/netfilter/nf_conntrack_tcp_loose"
                        ).exists()


class Network:

    def __init__(self):
        os.mkdir("/run/netns")
        for name in ("server", "path", "client"):
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        for name, address in ADDRESSES.items():
            gateway = address.rsplit(".", 1)[0] + ".1"
            run("ip", "-n", "path", "link", "add", "name", name, "type",
                "veth", "peer", "name", "eth0", "netns", name)
            for where, device, own in (("path", name, gateway),
                                       (name, "eth0", address)):
                run("ip", "-n", where, "address", "add", own + "/24", "dev",
                    device)
                run("ip", "-n", where, "link", "set", device, "up")
            run("ip", "-n", name, "route", "add", "default", "via", gateway)
            # BBR paces, and so sends later than what is measured here.
            set_sysctls(name, {"ipv4/tcp_congestion_control": "reno"})
        set_sysctls("path", {"ipv4/ip_forward": 1})
        self._nft("-f", "-", input=RULES)

    def _nft(self, *words, **options):
        return run(*words_in("path"), "nft", *words, text=True, **options)

    def cut(self):
        """From now on nothing arrives, in either direction."""
        self._nft("insert", "rule", "ip", "lab", "forward", "counter", "name",
                  "lost", "drop")

    def mend(self):
        """Undoes cut()."""
        self._nft("flush", "chain", "ip", "lab", "forward")

    def reset(self):
        """What arrives from now on is answered with a RST, as by a host that
        was started anew."""
        self._nft("insert", "rule", "ip", "lab", "forward", "meta",
                  "l4proto", "tcp", "reject", "with", "tcp", "reset")

    def forget_after(self, seconds):
        """The path's connection tracking forgets what is silent that long and
        does not pick up what it has not seen from its start."""
        set_sysctls("path", {
            "netfilter/nf_conntrack_tcp_timeout_established": seconds,
            "netfilter/nf_conntrack_tcp_loose": 0})
        self._nft("add", "rule", "ip", "lab", "forward", "ct", "state",
                  "invalid", "counter", "name", "lost", "drop")

    def lost(self):
        """How many packets have been dropped on the way."""
        listed = json.loads(self._nft("-j", "list", "counter", "ip", "lab",
                                      "lost", capture_output=True).stdout)
        return next(entry["counter"]["packets"] for entry in listed["nftables"]
                    if "counter" in entry)


class Tap:
    """When TCP packets reach and leave one end, as the kernel stamps them."""

    def __init__(self, name):
        with inside(name):
            # Those that leave are shown to sockets for all protocols only.
            self.socket = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM,
                                        socket.htons(ETH_P_ALL))
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.setblocking(False)
        self.first = self.last = self.last_data = None
        self.last_received = self.last_data_received = None
        self.first_fin = None  # whose it was: "here" or "peer"
        self.unanswered = 0  # packets sent since the last one received

    def fileno(self):
        return self.socket.fileno()

    def read(self):
        """All packets that have come meanwhile."""
        offset = time.clock_gettime(time.CLOCK_REALTIME) - now()
        with contextlib.suppress(BlockingIOError):
            while True:
                packet, ancillary, _, source = self.socket.recvmsg(128, 64)
                seconds, nanoseconds = struct.unpack("=qq", ancillary[0][2])
                if (source[0] == "eth0" and source[1] == ETH_P_IP
                        and packet[9] == socket.IPPROTO_TCP):
                    self._take(packet, source[2] == socket.PACKET_OUTGOING,
                               seconds + nanoseconds / 1e9 - offset)

    def _take(self, packet, outgoing, when):
        length, = struct.unpack_from("!H", packet, 2)
        ip_header = 4 * (packet[0] & 15)
        has_data = length > ip_header + 4 * (packet[ip_header + 12] >> 4)
        self.first = self.first or when
        if packet[ip_header + 13] & FIN:
            self.first_fin = self.first_fin or ("here" if outgoing else "peer")
        self.last = when
        if has_data:
            self.last_data = when
        if outgoing:
            self.unanswered += 1
            return
        self.unanswered = 0
        self.last_received = when
        if has_data:
            self.last_data_received = when
