"""SSH in other network namespaces: real sshds and sshs, as in containers.

The namespaces are the test's own, and so is the one that counts as the host's.
"""

import contextlib
import json
import os
import pathlib
import re
import subprocess
import unittest

import live_ssh
import namespaces
import support

SYSCTL = "ssh_keepalive_sysctl_tcp_keepalive_time_seconds"
SESSIONS = "ssh_keepalive_sessions"
HOST_TIME, BLUE_TIME = 7100, 600


def run(*words):
    subprocess.run(list(map(str, words)), check=True)


def id_of(path):
    return os.stat(path).st_ino


class Namespaces(live_ssh.Sessions):

    def setUp(self):
        super().setUp()
        pathlib.Path("/proc/sys/net/ipv4/tcp_keepalive_time").write_text(
            str(HOST_TIME))
        self.inside = None

    def add(self, name):
        run("ip", "netns", "add", name)
        self.addCleanup(subprocess.run, ["ip", "netns", "delete", name],
                        stderr=subprocess.DEVNULL, check=False)
        run("ip", "-n", name, "link", "set", "lo", "up")
        return name

    def words_in(self, name):
        return ["nsenter", f"--net=/run/netns/{name}"]

    def sshd_words(self):
        words = super().sshd_words()
        return [*self.words_in(self.inside), *words] if self.inside else words

    def ssh_words(self, *options, **where):
        words = super().ssh_words(*options, **where)
        return [*self.words_in(self.inside), *words] if self.inside else words

    def session_in(self, name, sshd=None):
        """A sshd in that namespace, and somebody who has logged in there."""
        self.inside = name
        self.port, daemon = sshd or self.start_sshd()
        client = self.start_ssh()
        self.inside = None
        return self.port, daemon, client

    def ini(self, scan, more=""):
        path = self.write(f"{scan}.ini", f"[netns]\nscan = {scan}\n{more}")
        self.folder.chmod(0o755)
        return f"--config.file={path}"

    def look(self, scan, more="", wrap=()):
        done = subprocess.run(
            list(map(str, [*wrap, support.PROGRAM, "sessions",
                           "--format=json", self.ini(scan, more)])),
            capture_output=True, text=True, check=False,
            timeout=support.PATIENCE_SECONDS)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)["sessions"], done.stderr

    def metrics(self, scan, more=""):
        done = support.run_program("metrics", self.ini(scan, more))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return support.Exposition(done.stdout)

    def names_in(self, exposition, name=SYSCTL):
        return {dict(labels)["netns"] for labels in exposition.series(name)}


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Netns(Namespaces):

    def set_up_blue(self):
        self.add("blue")
        run(*self.words_in("blue"), "sh", "-c",
            f"echo {BLUE_TIME} > /proc/sys/net/ipv4/tcp_keepalive_time")
        return self.session_in("blue")

    def test_its_end_and_the_end_of_the_namespace(self):
        _, sshd, client = self.set_up_blue()
        flag = self.ini("auto", f"[ends]\nstate_file = {self.folder}/ends")
        exporter = self.enterContext(support.Exporter(flag))
        descriptors = lambda: exporter.scrape().value("process_open_fds")
        ends = lambda role, cause: exporter.scrape().value(
            "ssh_keepalive_session_ends_total", role=role, cause=cause)
        support.wait_for("the first look", lambda: exporter.scrape().value(
            SESSIONS, role="server", netns="blue",
            phase="authenticated") == 1)
        before = descriptors()
        client.kill()
        client.wait()
        support.wait_for("both ends", lambda: ends(
            "server", "closed") == ends("client", "closed") == 1)
        told = []

        def is_told():
            done = support.run_program("why", flag, "--format=json")
            told[:] = json.loads(done.stdout or '{"ends": []}')["ends"]
            return len(told) == 2
        support.wait_for("the file", is_told)
        self.assertEqual({(end["netns"], end["role"], end["closed_by"])
                          for end in told},
                         {("blue", "server", "peer"), ("blue", "client", "here")})
        # A subscription is a socket: it must not keep the namespace alive.
        sshd.end()
        run("ip", "netns", "delete", "blue")

        def is_let_go():
            # Orphans are this process's, as the first one of its namespace.
            with contextlib.suppress(ChildProcessError):
                while os.waitpid(-1, os.WNOHANG)[0] > 0:
                    pass
            return descriptors() == before - 2
        support.wait_for("the namespace to be let go", is_let_go)

    def test_session_of_another_namespace(self):
        """On a port that only its own socket tells."""
        port, _, client = self.set_up_blue()
        for scan in ("auto", "all"):
            sessions, said = self.look(scan)
            self.assertEqual(said, "")
            self.assertEqual([session["netns"] for session in sessions],
                             ["blue", "blue"], sessions)
            ends = {session["role"]: session for session in sessions}
            self.check(ends["server"], user="alice", phase="authenticated",
                       process="sshd", local=f"127.0.0.1:{port}",
                       outdated=[], keepalive="on")
            self.check(ends["client"], user="root", process="ssh",
                       pid=client.pid, peer=f"127.0.0.1:{port}")
            timer = ends["server"]["timer"]
            self.assertEqual(timer["kind"], "keepalive")
            self.assertLessEqual(timer["expires_seconds"], BLUE_TIME)
            self.assertGreater(timer["expires_seconds"],
                               BLUE_TIME - support.PATIENCE_SECONDS)

    def test_off_is_the_default(self):
        self.set_up_blue()
        self.assertEqual(self.look("off"), ([], ""))
        done = support.run_program("sessions", "--format=json")
        self.assertEqual(json.loads(done.stdout)["sessions"], [])
        exposition = self.metrics("off")
        self.assertEqual(self.names_in(exposition), {"host"})
        self.assertEqual(
            self.names_in(exposition, "ssh_keepalive_sshd_running"),
            set())

    def test_metrics(self):
        port, _, _ = self.set_up_blue()
        exposition = self.metrics("auto")
        self.assertEqual(exposition.value(SYSCTL, netns="host"), HOST_TIME)
        self.assertEqual(exposition.value(SYSCTL, netns="blue"), BLUE_TIME)
        self.assertEqual(
            exposition.value("ssh_keepalive_tcp_refresh_interval_seconds",
                             netns="blue"), BLUE_TIME)
        self.assertEqual(
            exposition.value("ssh_keepalive_sshd_running",
                             daemon=f"port-{port}", netns="blue"), 1)
        for role in ("server", "client"):
            found = exposition.series(SESSIONS, netns="blue", role=role)
            self.assertEqual(sum(found.values()), 1, found)
            found = exposition.series(SESSIONS, netns="host", role=role)
            self.assertEqual(sum(found.values()), 0, found)
        self.assertEqual(support.lint(exposition.text), "")

    def test_files_of_the_namespace(self):
        """ip-netns(8) puts /etc/netns/NAME over /etc for what it executes."""
        self.add("blue")
        folder = pathlib.Path("/run/etc_netns/blue/ssh")
        folder.mkdir(parents=True)
        for path in ("/etc/netns", "/etc/ssh"):
            missing = not pathlib.Path(path).exists()
            if missing:
                pathlib.Path(path).mkdir()
                self.addCleanup(pathlib.Path(path).rmdir)
        run("mount", "--bind", "/run/etc_netns", "/etc/netns")
        self.addCleanup(run, "umount", "/etc/netns")
        port = support.free_port()
        (folder / "sshd_config").write_text(
            f"Port {port}\nListenAddress 127.0.0.1\nHostKey {self.key}\n"
            "PidFile none\nClientAliveInterval 77\n")
        sshd = self.enterContext(support.Daemon(
            "ip", "netns", "exec", "blue", *super().sshd_words(), "-D", "-e"))
        support.wait_for("sshd", lambda: sshd.is_up(
            lambda: "listening on" in sshd.output()))
        self.assertEqual(self.metrics("auto").value(
            "ssh_keepalive_sshd_client_alive_interval_seconds",
            netns="blue", daemon=f"port-{port}"), 77)

    def test_each_namespace_once(self):
        """Found by its mount, by a second one, and by processes."""
        self.set_up_blue()
        second = pathlib.Path("/run/netns/zwei")
        second.touch()
        run("mount", "--bind", "/run/netns/blue", second)
        self.addCleanup(run, "rm", second)
        self.addCleanup(run, "umount", second)
        self.assertEqual(self.names_in(self.metrics("all")), {"host", "blue"})
        self.assertEqual(len(self.look("all")[0]), 2)

    def test_only_those_with_ssh(self):
        self.set_up_blue()
        self.add("empty")
        self.assertEqual(self.names_in(self.metrics("auto")), {"host", "blue"})
        self.assertEqual(self.names_in(self.metrics("all")),
                         {"host", "blue", "empty"})

    def test_a_daemon_alone_is_enough(self):
        self.add("blue")
        self.inside = "blue"
        self.start_sshd()
        exposition = self.metrics("auto")
        self.assertEqual(self.names_in(exposition), {"host", "blue"})
        self.assertEqual(
            set(exposition.series(SESSIONS, netns="blue",
                                  role="server").values()), {0})

    def test_without_a_name(self):
        process = self.spawn("unshare", "--net", "sh", "-c",
                             "ip link set lo up; echo ready; read line")
        self.assertIn(b"ready", process.stdout.readline())
        number = id_of(f"/proc/{process.pid}/ns/net")
        self.assertEqual(self.names_in(self.metrics("all")),
                         {"host", f"net-{number:x}"})

    def test_series_limit(self):
        for name in ("blue", "green", "red"):
            self.session_in(self.add(name))
        limit = "series_limit = 1\n"
        exposition = self.metrics("auto", limit)
        names = self.names_in(exposition)
        self.assertEqual(len(names), 2, names)
        own = (names - {"host"}).pop()
        self.assertEqual(self.names_in(exposition, SESSIONS),
                         {"host", own, "other"})
        for netns, count in ((own, 1), ("other", 2)):
            found = exposition.series(SESSIONS, netns=netns, role="server")
            self.assertEqual(sum(found.values()), count, found)
        self.assertEqual(
            self.names_in(exposition, "ssh_keepalive_sshd_running"),
            {"host", own} if exposition.series(
                "ssh_keepalive_sshd_running", netns="host") else {own})
        self.assertEqual(
            sorted(session["netns"] for session in self.look("auto", limit)[0]),
            ["blue", "blue", "green", "green", "red", "red"])
        self.assertEqual(
            self.names_in(self.metrics("auto", "series_limit = 0\n"), SESSIONS),
            {"host", "other"})

    def test_coming_and_going(self):
        exporter = self.enterContext(support.Exporter(self.ini("auto")))
        self.assertEqual(self.names_in(exporter.scrape()), {"host"})
        _, sshd, client = self.set_up_blue()
        self.assertEqual(self.names_in(exporter.scrape()), {"host", "blue"})
        client.kill()
        sshd.end()
        # Until the namespace goes: what was there once may come again.
        support.wait_for("the end of the sessions", lambda: sum(
            exporter.scrape().series(SESSIONS).values()) == 0)
        self.assertEqual(self.names_in(exporter.scrape()), {"host", "blue"})
        run("ip", "netns", "delete", "blue")
        exposition = exporter.scrape()
        self.assertEqual(self.names_in(exposition), {"host"})
        self.assertEqual(self.names_in(exposition, SESSIONS), {"host"})
        for collector in ("sysctl", "sshd_config", "sessions"):
            self.assertEqual(exposition.value(
                "ssh_keepalive_scrape_collector_success",
                collector=collector), 1)
        self.assertNotIn("netns", exporter.output().split("listening")[1])

    def test_vanishing_meanwhile(self):
        """Many that end while they are looked at are no error."""
        exporter = self.enterContext(support.Exporter(self.ini("all")))
        for _ in range(20):
            processes = [self.spawn("unshare", "--net", "sleep", "1000")
                         for _ in range(5)]
            for process in processes[:3]:
                process.kill()
            exposition = exporter.scrape()
            for process in processes[3:]:
                process.kill()
            self.assertEqual(exposition.value(
                "ssh_keepalive_scrape_collector_success",
                collector="sessions"), 1, exporter.output())

    def test_no_thread_stays_there(self):
        self.set_up_blue()
        exporter = self.enterContext(support.Exporter(self.ini("all")))
        own = id_of("/proc/self/ns/net")

        def places_of_threads():
            places = set()
            for thread in pathlib.Path(
                    f"/proc/{exporter.process.pid}/task").iterdir():
                with contextlib.suppress(FileNotFoundError):  # it has ended
                    places.add(id_of(thread / "ns/net"))
            return places
        for _ in range(5):
            self.assertEqual(self.names_in(exporter.scrape()),
                             {"host", "blue"})
            support.wait_for("the looks of its own to end",
                             lambda: places_of_threads() == {own})
        descriptors = pathlib.Path(f"/proc/{exporter.process.pid}/fd")
        links = [os.readlink(path) for path in descriptors.iterdir()]
        self.assertFalse([link for link in links if link.startswith("net:")])

    def test_sessions_are_remembered_between_looks(self):
        """The timer of a session of another namespace is known as armed under
        older settings once they change: only successive looks tell."""
        self.set_up_blue()
        exporter = self.enterContext(support.Exporter(self.ini("auto")))
        outdated = lambda: sum(exporter.scrape().series(
            "ssh_keepalive_sessions_outdated", netns="blue",
            role="server").values())
        self.assertEqual(outdated(), 0)
        run(*self.words_in("blue"), "sh", "-c",
            "echo 60 > /proc/sys/net/ipv4/tcp_keepalive_time")
        self.assertEqual(outdated(), 1)

    def test_without_the_capability(self):
        """All of the host, one clear line, and no failure."""
        self.set_up_blue()
        without = ["setpriv", "--bounding-set=-sys_admin"]
        sessions, said = self.look("auto", wrap=without)
        self.assertEqual(sessions, [])
        self.assertEqual(
            said, "ssh_keepalive_exporter: other network namespaces are not "
            "looked at: that needs CAP_SYS_ADMIN\n")
        port = support.free_port()
        exporter = self.enterContext(support.HttpDaemon(
            port, "/-/ready", *without, support.PROGRAM, "serve",
            f"--web.listen-address=127.0.0.1:{port}", self.ini("auto")))
        for _ in range(3):
            exposition = support.Exposition(exporter.request("/metrics").text)
            self.assertEqual(self.names_in(exposition), {"host"})
            self.assertEqual(exposition.value(
                "ssh_keepalive_scrape_collector_success",
                collector="sessions"), 1)
        self.assertEqual(exporter.request("/-/ready").status, 200)
        self.assertEqual(len(re.findall("CAP_SYS_ADMIN", exporter.output())), 1,
                         exporter.output())

    def test_recorded_hosts_are_not_entered(self):
        self.set_up_blue()
        done = support.run_program(
            "metrics", self.ini("all"),
            f"--root={support.FIXTURE_HOSTS / 'busy'}")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.names_in(support.Exposition(done.stdout)),
                         {"host"})


if __name__ == "__main__":
    if namespaces.enter():
        live_ssh.set_up_users()
    support.main()
