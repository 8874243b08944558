"""The Kubernetes example as far as it goes without a cluster: generated rules,
the image's packages, and the DaemonSet's command line in a container made by
hand. tests/examples/check holds it against schemas."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import unittest

import support

FOLDER = support.REPOSITORY / "packaging" / "kubernetes"
NOBODY = 65534
# Of what every Debian image has.
ESSENTIAL = {"libc6", "libgcc-s1"}


def output_of(*command):
    return subprocess.run([str(word) for word in command], check=True, text=True,
                          capture_output=True,
                          timeout=support.PATIENCE_SECONDS).stdout


class Files(unittest.TestCase):

    def test_the_rules_are_as_generated(self):
        self.assertEqual((FOLDER / "prometheusrule.yaml").read_text(),
                         output_of(FOLDER / "generate"),
                         "run packaging/kubernetes/generate")

    def test_prometheus_reads_the_rules(self):
        text = (FOLDER / "prometheusrule.yaml").read_text()
        groups = "\n".join(line[2:] for line in
                           text.partition("\nspec:\n")[2].splitlines())
        checked = subprocess.run(
            [support.daemon("usr/bin/promtool"), "check", "rules", "--lint=all",
             "--lint-fatal", "/dev/stdin"], input=groups + "\n", text=True,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        self.assertEqual(checked.returncode, 0, checked.stdout)

    def test_the_image_has_the_libraries(self):
        """Those of the packages that the program at hand is linked with."""
        needed = {"libcurl4"}  # opened once an Alertmanager is configured
        for name in re.findall(r"\(NEEDED\).*\[(.*)\]",
                               output_of("readelf", "-d", support.PROGRAM)):
            if not re.match(r"(lib(asan|ubsan|m|c)|ld-linux.*)\.", name):
                found = output_of("dpkg-query", "-S",
                                  f"*/lib/*-linux-gnu/{name}")
                needed.add(found.partition(":")[0])
        wanted = re.search(
            r"(?s)FROM debian:12-slim\n.*?--no-install-recommends \\\n(.*?)\s+&&",
            (FOLDER / "Dockerfile").read_text())[1]
        self.assertEqual(set(re.findall(r"[\w.+-]+", wanted)),
                         needed - ESSENTIAL)


class Container(support.HttpDaemon):
    """The DaemonSet's only container: its arguments and configuration, no
    capability, another user, a process namespace of its own, and the node's
    files below one folder; the node's network."""

    def __init__(self, folder, more_configuration):
        text = (FOLDER / "daemonset.yaml").read_text()
        arguments = re.findall(r"(?m)^ {12}- (\S+)$",
                               text[text.index("args:"):text.index("env:")])
        configuration = re.search(
            r"(?s)ssh_keepalive_exporter\.ini: \|\n(.*?)\n---", text)[1]
        (folder / "exporter.ini").write_text("".join(
            line[4:] for line in configuration.splitlines(keepends=True))
            + "\n" + more_configuration)
        port = support.free_port()
        placed = {"--root=/host": f"--root={folder}/host",
                  "$(NODE_ADDRESS):10722": f"127.0.0.1:{port}",
                  "/etc/ssh_keepalive_exporter/ssh_keepalive_exporter.ini":
                  f"{folder}/exporter.ini"}
        for old, new in placed.items():
            changed = [word.replace(old, new) for word in arguments]
            if changed == arguments:
                raise AssertionError(f"{old} is not in the DaemonSet")
            arguments = changed
        (folder / "host").mkdir()
        script = f"""\
mount --rbind / {folder}/host && mount --make-rslave {folder}/host &&
mount -o remount,bind,ro {folder}/host && mount -t proc proc /proc &&
exec setpriv --reuid={NOBODY} --regid={NOBODY} --clear-groups --no-new-privs \
  --inh-caps=-all --ambient-caps=-all --bounding-set=-all -- "$@"
"""
        super().__init__(port, "/-/ready", "unshare", "--mount", "--pid",
                         "--fork", "--kill-child", "sh", "-c", script, "sh",
                         support.PROGRAM, *arguments)

    def end(self, with_signal=signal.SIGKILL):  # unshare waits for its child
        return super().end(with_signal)

    def scrape(self):
        return support.Exposition(self.request("/metrics").text)


@unittest.skipUnless(os.geteuid() == 0, "needs root, for namespaces")
class DaemonSet(support.Scratch):

    def setUp(self):
        super().setUp()
        self.folder.chmod(0o755)
        listener = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        for _ in range(3):
            self.enterContext(socket.create_connection(listener.getsockname()))
            self.enterContext(listener.accept()[0])
        self.container = self.enterContext(Container(
            self.folder, f"[sessions]\nports = {listener.getsockname()[1]}\n"))

    def test_it_sees_the_node(self):
        exposition = self.container.scrape()
        for collector in ("sysctl", "sessions"):
            self.assertEqual(exposition.value(
                "ssh_keepalive_scrape_collector_success",
                collector=collector), 1)
        for name in ("time", "intvl", "probes"):
            metric = f"tcp_keepalive_{name}"
            unit = "" if name == "probes" else "_seconds"
            self.assertEqual(
                exposition.value(f"ssh_keepalive_sysctl_{metric}{unit}"),
                support.sysctl(metric))
        self.assertGreaterEqual(sum(exposition.series(
            "ssh_keepalive_sessions", role="server").values()), 3)
        # For this its sysctl.d has been read.
        self.assertEqual(exposition.value(
            "ssh_keepalive_check_evaluated", check="sysctl_not_persistent"), 1)

    def test_it_lacks_what_it_should_lack(self):
        unshare = self.container.process.pid
        pid, = pathlib.Path(
            f"/proc/{unshare}/task/{unshare}/children").read_text().split()
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
        self.assertIn("ssh_keepalive", status)
        self.assertRegex(status, rf"Uid:\s+{NOBODY}\s")
        for name in ("CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertRegex(status, rf"{name}:\s+0+\n")
        self.assertRegex(status, r"NoNewPrivs:\s+1\n")


if __name__ == "__main__":
    support.main()
