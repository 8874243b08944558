"""How an ssh ends its own session, and whether it is up to date.

Real ssh of Debian 12; with `--oracle debian13` what only a newer one does.
"""

import pathlib
import time
import unittest

import live_ssh
import namespaces
import oracle
import support

ORACLE = None
# The second that a deadline may come early, and how late a busy machine is.
EARLY_SECONDS, LATE_SECONDS = 1, 2


def has_ended(pid):
    """Whether or not anybody has waited for it."""
    try:
        status = pathlib.Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True
    return "\nState:\tZ" in status


class Clients(live_ssh.Sessions):

    def setUp(self):
        super().setUp()
        self.port, _ = self.start_sshd()

    def client(self):
        """The one client's session, once there is one that is known."""
        def found():
            sessions = [session for session in self.sessions()
                        if session["role"] == "client"
                        and session["refresh"]["kind"] == "known"]
            return sessions[0] if len(sessions) == 1 else None
        return support.wait_for("the client's session", found)

    def expect_end(self, session, asked, by):
        """It ends within the times that `sessions` told. Seconds from then."""
        fate = session["fate"]
        self.assertEqual((fate["kind"], fate["by"]), ("idle_kill", by), fate)
        latest = fate["latest_seconds"] or fate["earliest_seconds"]
        support.wait_for("its end", lambda: has_ended(session["pid"]))
        lived = time.monotonic() - asked
        self.assertGreaterEqual(lived, fate["earliest_seconds"], fate)
        self.assertLess(lived, latest + EARLY_SECONDS + LATE_SECONDS, fate)


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class OfDebian12(Clients):

    def test_a_master_that_nobody_shares(self):
        first = self.spawn(*self.ssh_words(
            "-N", "-M", "-o", f"ControlPath={self.place}/master",
            "-o", "ControlPersist=4"))
        first.wait(support.PATIENCE_SECONDS)  # the master is its child
        asked = time.monotonic()
        session = self.client()
        self.assertIsNone(session["fate"]["latest_seconds"],
                          "others may come to share it")
        self.expect_end(session, asked, "control_persist")

    def test_outdated_by_what_its_files_say_now(self):
        file = self.write("own", "ServerAliveInterval 30\n")
        words = self.ssh_words()
        words[words.index("none")] = str(file)
        process = self.spawn(*words, "echo ready; read line")
        self.assertIn(b"ready", process.stdout.readline())
        self.assertEqual(self.client()["outdated"], [])

        def is_noticed():
            # Later by the coarse clock that stamps files, too.
            file.write_text("ServerAliveInterval 40\n")
            return "ssh" in next(
                session["outdated"] for session in self.sessions()
                if session["role"] == "client")

        support.wait_for("the change to count", is_noticed)


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class OfDebian13(Clients):

    def ssh_words(self, *options, **where):
        words = super().ssh_words(*options, **where)
        return ["chroot", str(oracle.ROOT), "/usr/bin/ssh", *words[1:]]

    def test_a_channel_that_is_idle(self):
        asked = time.monotonic()
        self.start_ssh("-o", "ChannelTimeout=session:command=5")
        self.expect_end(self.client(), asked, "channel_timeout")

    def test_a_type_of_channel_that_it_does_not_have(self):
        self.start_ssh("-o", "ChannelTimeout=session=5 session:shell=5")
        self.assertEqual(self.client()["fate"]["kind"], "intact")


if __name__ == "__main__":
    ORACLE = oracle.taken_from_arguments()
    if namespaces.enter():
        live_ssh.set_up_users()
        if ORACLE:
            oracle.set_up(ORACLE)
    if ORACLE:
        del OfDebian12
    else:
        del OfDebian13
    support.main()
