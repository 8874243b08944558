"""Real sessions of real sshd and ssh, in namespaces of their own.

There the sessions are the only ones and the sysctls are ours to set.
"""

import json
import unittest

import namespaces
import real_ssh
import support

KEEPALIVE_TIME = 1000  # seconds; no default, so that it must have been read


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class RealSsh(real_ssh.Pairs):

    def exporter_ini(self, *sshd_configs):
        files = ", ".join(map(str, sshd_configs))
        return self.write("exporter.ini", f"[sshd]\nconfig = {files}\n")

    def sessions(self, configuration):
        run = support.run_program("sessions", "--format=json",
                                  "--config.file", configuration)
        self.assertEqual(run.returncode, 0, run.stderr)
        return json.loads(run.stdout)["sessions"]

    def settled_sessions(self, configuration, kind):
        """By role, once the last data is acknowledged and timers are idle."""
        def settled():
            found = {session["role"]: session
                     for session in self.sessions(configuration)}
            kinds = {session["timer"]["kind"] for session in found.values()}
            return found if set(found) == {"server", "client"} and \
                kinds == {kind} else None
        return support.wait_for(f"two sessions with timer {kind}", settled)

    def test_keepalive_on(self):
        port, sshd_config = self.start_sshd("yes")
        self.start_ssh(port, "yes")
        sessions = self.settled_sessions(self.exporter_ini(sshd_config),
                                         "keepalive")
        self.assertTrue(sessions["server"]["local"].endswith(f":{port}"))
        self.assertTrue(sessions["client"]["peer"].endswith(f":{port}"))
        for session in sessions.values():
            self.assertEqual(session["keepalive"], "on")
            self.assertEqual(session["timer"]["unanswered"], 0)
            self.assertLessEqual(session["timer"]["expires_seconds"],
                                 KEEPALIVE_TIME)
            self.assertGreater(session["timer"]["expires_seconds"],
                               KEEPALIVE_TIME - support.PATIENCE_SECONDS)
            self.assertLess(session["wire_silence_at_most_seconds"],
                            support.PATIENCE_SECONDS)

    def test_keepalive_off(self):
        port, sshd_config = self.start_sshd("no")
        self.start_ssh(port, "no")
        sessions = self.settled_sessions(self.exporter_ini(sshd_config),
                                         "none")
        for session in sessions.values():
            self.assertEqual(session["keepalive"], "off")

    def test_metrics(self):
        ports_and_configs = [self.start_sshd(keepalive)
                             for keepalive in ("yes", "no")]
        for (port, _), keepalive in zip(ports_and_configs, ("yes", "no")):
            self.start_ssh(port, keepalive)
        self.start_ssh(ports_and_configs[0][0], "no")
        configuration = self.exporter_ini(
            *(sshd_config for _, sshd_config in ports_and_configs))
        with support.Exporter("--config.file", configuration) as exporter:
            def refreshes():
                series = exporter.scrape().series(
                    "ssh_keepalive_sessions_by_refresh", netns="host")
                return {(dict(labels)["role"], dict(labels)["refresh"]): value
                        for labels, value in series.items() if value}
            support.wait_for("all timers to be idle", lambda: refreshes() == {
                ("server", "tcp"): 2, ("server", "none"): 1,
                ("client", "tcp"): 1, ("client", "none"): 2})
            exposition = exporter.scrape()
            self.assertEqual(exposition.value(
                "ssh_keepalive_sysctl_tcp_keepalive_time_seconds",
                netns="host"), KEEPALIVE_TIME)
            # A client's process does not tell whether it has logged in.
            for role, phase in (("server", "authenticated"),
                                ("client", "unknown")):
                self.assertEqual(
                    exposition.value("ssh_keepalive_sessions", role=role,
                                     netns="host", phase=phase), 3)

    def test_end_of_a_session(self):
        port, sshd_config = self.start_sshd("yes")
        configuration = self.exporter_ini(sshd_config)
        ssh = self.start_ssh(port, "yes")
        self.assertEqual(len(self.sessions(configuration)), 2)
        ssh.stdin.close()
        ssh.wait(support.PATIENCE_SECONDS)
        support.wait_for("its end",
                         lambda: not self.sessions(configuration))


if __name__ == "__main__":
    if namespaces.enter():
        sysctl = "/proc/sys/net/ipv4/tcp_keepalive_time"
        with open(sysctl, "w", encoding="ascii") as file:
            file.write(f"{KEEPALIVE_TIME}\n")
    support.main()
