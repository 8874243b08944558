"""Evaluating sshd_config, beside spawning sshd -T for the same answer."""

import os
import pathlib
import subprocess
import tempfile

import bench
import support

ROUNDS = 50
CONNECTION = ("user=alice,host=client.example.com,addr=192.0.2.7,"
              "laddr=192.0.2.1,lport=22")
NOBODY = 65534  # sshd -T wants no account of its own then


def write_default_with_drop_ins(folder):
    """Debian 12's sshd_config, and 20 files in its drop-in folder."""
    debian = support.FIXTURE_HOSTS / "plain/etc/ssh/sshd_config"
    drop_ins = folder / "sshd_config.d"
    drop_ins.mkdir()
    for number in range(20):
        (drop_ins / f"{number:02}.conf").write_text(
            f"# drop-in {number}\nX11Forwarding no\nMaxSessions {number + 5}\n"
            f"ClientAliveInterval {number + 60}\nAcceptEnv LANG LC_*\n")
    main = folder / "sshd_config"
    main.write_text(debian.read_text().replace("/etc/ssh/sshd_config.d",
                                               str(drop_ins)))
    return main


def write_many_blocks(folder):
    """10,000 lines, of which 2,000 are Match."""
    main = folder / "many_blocks"
    main.write_text("".join(
        f"Match User user{number} Address 10.{number // 250}.{number % 250}.0/24\n"
        f"  ClientAliveInterval {number % 600 + 1}\n  MaxSessions 4\n"
        f"  # {number}\n  AllowTcpForwarding no\n" for number in range(2000)))
    return main


def measure(what, main, key):
    helper = pathlib.Path(os.environ["SSH_KEEPALIVE_BENCHMARKS"],
                          "evaluate_sshd_config")
    def ours():
        done = subprocess.run([helper, main, str(ROUNDS)], check=True,
                              capture_output=True, text=True)
        return [float(word) / 1e3 for word in done.stdout.split()]
    evaluation, unchanged = ours()
    sshd = [support.daemon("usr/sbin/sshd"), "-T", "-o", f"HostKey={key}",
            "-f", main, "-C", CONNECTION]
    explain = [support.PROGRAM, "explain", "sshd", "--format=openssh",
               "--file", main, "-C", CONNECTION]
    as_nobody = {} if os.geteuid() else {
        "user": NOBODY, "group": NOBODY, "extra_groups": []}
    run = lambda command, **kwargs: bench.milliseconds(
        lambda: subprocess.run(command, stdout=subprocess.DEVNULL, check=True,
                               cwd="/", **kwargs))
    medians = bench.alternating_medians(ROUNDS, {
        "sshd": lambda: run(sshd, **as_nobody), "explain": lambda: run(explain)})
    return [
        bench.Row(what, medians["sshd"], "ms", "sshd -T -C, a process"),
        bench.Row(what, medians["explain"], "ms", "explain sshd -C, a process"),
        bench.Row(what, evaluation, "ms", "read, parse and evaluate"),
        bench.Row(what, unchanged, "ms", "a scrape, nothing changed"),
    ]


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        folder.chmod(0o755)
        key = folder / "key"
        subprocess.run([support.daemon("usr/bin/ssh-keygen"), "-q", "-t",
                        "ed25519", "-N", "", "-f", key], check=True)
        if os.geteuid() == 0:
            os.chown(key, NOBODY, NOBODY)
        rows = measure("Debian's and 20 drop-ins",
                       write_default_with_drop_ins(folder), key)
        rows += measure("10,000 lines, 2,000 Match",
                        write_many_blocks(folder), key)
    bench.print_table(f"sshd_config, medians of {ROUNDS} runs", rows)


if __name__ == "__main__":
    main()
