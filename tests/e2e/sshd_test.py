"""Running sshds: which configuration they have loaded, and what it is."""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import unittest

import namespaces
import support


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class RunningSshd(support.Scratch):

    def setUp(self):
        super().setUp()
        subprocess.run([support.daemon("usr/bin/ssh-keygen"), "-q", "-t",
                        "ed25519", "-N", "", "-f", self.folder / "host_key"],
                       check=True)
        self.configuration = self.folder / "sshd_config"
        self.port = support.free_port()
        self.edit("ClientAliveInterval 30")

    def edit(self, text, pid_file="none"):
        self.write("sshd_config",
                   f"ListenAddress 127.0.0.1\nHostKey {self.folder}/host_key\n"
                   f"PidFile {pid_file}\n{text}\n")

    def start_sshd(self, *options, program=None, port_options=None, **kwargs):
        """In the foreground and listening."""
        if port_options is None:
            port_options = ("-p", self.port)
        sshd = self.enterContext(support.Daemon(
            program or support.daemon("usr/sbin/sshd"), "-D", "-e",
            *port_options, "-f", self.configuration, *options, **kwargs))
        support.wait_for("sshd", lambda: sshd.is_up(
            lambda: "listening on" in sshd.output()))
        return sshd

    def reload(self, sshd):
        before = sshd.output().count("listening on")
        sshd.process.send_signal(signal.SIGHUP)
        support.wait_for("the reload", lambda: sshd.is_up(
            lambda: sshd.output().count("listening on") > before))

    def daemon(self):
        return f"port-{self.port}"

    def value(self, exporter, name, **labels):
        return exporter.scrape().value(
            f"ssh_keepalive_sshd_{name}", daemon=self.daemon(), **labels)

    def explain(self, *options):
        run = support.run_program("explain", "sshd", *options)
        self.assertEqual(run.returncode, 0, run.stderr)
        return run.stdout

    def test_its_own_options_are_honoured(self):
        self.start_sshd("-o", "ClientAliveCountMax=7", "-g", "33")
        with support.Exporter() as exporter:
            self.assertEqual(self.value(exporter, "running"), 1)
            self.assertEqual(self.value(exporter, "config_valid"), 1)
            self.assertEqual(
                self.value(exporter, "client_alive_interval_seconds"), 30)
            self.assertEqual(self.value(exporter, "client_alive_count_max"), 7)
            self.assertEqual(self.value(exporter, "login_grace_seconds"), 33)
        self.assertIn(f"clientaliveinterval 30\nclientalivecountmax 7\n",
                      self.explain("--format=openssh"))
        self.assertIn(f"port {self.port}\n", self.explain("--format=openssh"))

    def test_its_sessions_are_found_where_it_listens(self):
        """Its file names another port by now, which it has not read."""
        self.edit(f"Port {self.port}")
        self.start_sshd(port_options=())
        with socket.create_connection(("127.0.0.1", self.port)) as connection:
            local = "{}:{}".format(*connection.getsockname())
            self.edit(f"Port {support.free_port()}")
            run = support.run_program("sessions", "--format=json")
            self.assertEqual(run.returncode, 0, run.stderr)
            self.assertEqual(
                [session["role"] for session in json.loads(run.stdout)["sessions"]
                 if session["peer"] == local], ["server"])

    def check_stale_after_edits(self, exporter, sshd, pid_file):
        stale = lambda: self.value(exporter, "config_stale")
        loaded_at = lambda: self.value(exporter,
                                       "config_load_timestamp_seconds")
        self.assertEqual(stale(), 0)
        first = loaded_at()
        self.assertAlmostEqual(
            first, os.stat(self.folder / "host_key").st_mtime,
            delta=support.PATIENCE_SECONDS)
        self.edit("# a comment\nclientaliveinterval   30", pid_file)
        self.assertEqual(stale(), 0)
        self.edit("ClientAliveInterval 30\nClientAliveInterval 31", pid_file)
        self.assertEqual(stale(), 0)
        self.edit("ClientAliveInterval 31", pid_file)
        self.assertEqual(stale(), 1)
        self.assertEqual(loaded_at(), first)
        self.assertEqual(self.value(exporter, "client_alive_interval_seconds"),
                         31)
        self.reload(sshd)
        support.wait_for("the exporter to see the reload",
                         lambda: stale() == 0 and loaded_at() > first)

    def test_stale_until_reloaded_by_the_pid_file(self):
        pid_file = self.folder / "pid"
        self.edit("ClientAliveInterval 30", pid_file)
        sshd = self.start_sshd()
        support.wait_for("its pid", pid_file.exists)
        with support.Exporter() as exporter:
            self.check_stale_after_edits(exporter, sshd, pid_file)

    def test_stale_until_reloaded_by_the_sockets(self):
        sshd = self.start_sshd()
        with support.Exporter() as exporter:
            self.check_stale_after_edits(exporter, sshd, "none")

    def test_edit_that_nobody_watched(self):
        self.start_sshd()
        self.assertIn("has loaded what these files say", self.explain())
        self.edit("ClientAliveInterval 60")
        self.assertIn("has not loaded", self.explain())
        with support.Exporter() as exporter:
            self.assertEqual(self.value(exporter, "config_stale"), 1)

    def test_edit_that_breaks_the_file(self):
        self.start_sshd()
        with support.Exporter() as exporter:
            self.assertEqual(self.value(exporter, "config_valid"), 1)
            self.edit("Nonsense 1")
            self.assertEqual(self.value(exporter, "config_valid"), 0)
            self.assertEqual(self.value(exporter, "config_stale"), 1)

    def container_root(self):
        """What a container's sshd takes for `/`."""
        # In our own /run, which goes with the namespace: nothing here is ever
        # deleted file by file, because parts of it are the system's.
        root = pathlib.Path("/run/container")
        for name in ("dev", "run/sshd", "etc/ssh", "usr/sbin", "var/lib/dpkg"):
            (root / name).mkdir(parents=True)
        mounts = [("/dev", "dev")]
        for name in ("usr/lib", "usr/lib64", "lib", "lib64"):
            path = pathlib.Path("/", name)
            if path.is_symlink():
                (root / name).symlink_to(os.readlink(path))
            elif path.exists():
                (root / name).mkdir()
                mounts.append((path, name))
        for source, name in mounts:
            subprocess.run(["mount", "--bind", "-o", "ro", source, root / name],
                           check=True)
        shutil.copy(support.daemon("usr/sbin/sshd"), root / "usr/sbin/sshd")
        shutil.copy(self.folder / "host_key", root / "etc/ssh/key")
        shutil.copy("/etc/passwd", root / "etc/passwd")
        (root / "var/lib/dpkg/status").write_text(
            "Package: openssh-server\nStatus: install ok installed\n"
            "Version: 1:9.6p1-3ubuntu13\n")
        # Links of the container mean its own files.
        (root / "etc/ssh/real").write_text(
            "HostKey /etc/ssh/key\nPidFile none\nListenAddress 127.0.0.1\n"
            "ClientAliveInterval 44\n")
        (root / "etc/ssh/sshd_config").symlink_to("/../../etc/ssh/real")
        return root

    def test_daemon_of_a_container(self):
        root = self.container_root()
        sshd = self.enterContext(support.Daemon(
            "chroot", root, "/usr/sbin/sshd", "-D", "-e", "-p", self.port))
        support.wait_for("sshd", lambda: sshd.is_up(
            lambda: "listening on" in sshd.output()))
        with support.Exporter() as exporter:
            self.assertEqual(
                self.value(exporter, "client_alive_interval_seconds"), 44)
            info = exporter.scrape().series("ssh_keepalive_sshd_info",
                                            daemon=self.daemon())
            self.assertEqual(dict(next(iter(info)))["version"],
                             "1:9.6p1-3ubuntu13")

    def test_program_of_another_user_is_not_believed(self):
        program = self.folder / "sshd"
        shutil.copy(support.daemon("usr/sbin/sshd"), program)
        os.chown(program, 65534, 65534)
        self.start_sshd(program=program)
        with support.Exporter() as exporter:
            scrape = exporter.scrape()
            self.assertEqual(scrape.value("ssh_keepalive_sshd_running"), 1)
            self.assertFalse(
                scrape.series("ssh_keepalive_sshd_config_valid"))

    def test_process_of_another_user_is_no_sshd(self):
        secret = self.write("secret", "ClientAliveInterval 77\n")
        secret.chmod(0o600)
        title = (f"sshd: /usr/sbin/sshd -f {secret} [listener] 0 of 10-100 "
                 "startups")
        fake = self.folder / "sshd"
        shutil.copy("/bin/sleep", fake)
        self.folder.chmod(0o755)
        process = subprocess.Popen(
            ["bash", "-c", 'exec -a "$0" "$1" 1000', title, fake],
            user=65534, group=65534, extra_groups=[])
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        support.wait_for("its title", lambda: title.encode() in pathlib.Path(
            f"/proc/{process.pid}/cmdline").read_bytes())
        with support.Exporter() as exporter:
            scrape = exporter.scrape()
            self.assertNotIn("77", str(scrape.series(
                "ssh_keepalive_sshd_client_alive_interval_seconds")))
            self.assertFalse(scrape.series("ssh_keepalive_sshd_info"))


if __name__ == "__main__":
    namespaces.enter()
    support.main()
