"""What a running ssh uses, found through its process."""

import os
import socket
import subprocess
import unittest

import support

NOBODY = 65534
REFUSED = 65
OPTION = "the client's command line:0"
PROGRAM = os.environ["EVALUATE_SSH_COMMAND"]


class Client:
    """An ssh that waits for the banner of a server which says nothing."""

    def __init__(self, test, *options, **identity):
        listener = test.enterContext(socket.create_server(("127.0.0.1", 0)))
        port = listener.getsockname()[1]
        self.process = subprocess.Popen(
            [support.daemon("usr/bin/ssh"), "-p", str(port),
             *map(str, options), "127.0.0.1"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, **identity)
        test.addCleanup(self.end)
        listener.settimeout(support.PATIENCE_SECONDS)
        self.connection = test.enterContext(listener.accept()[0])

    def end(self):
        self.process.kill()
        self.process.wait()


def look_at(pid):
    """Exit status, {name: what follows}, and the complaint."""
    answer = subprocess.run([PROGRAM, "--pid", str(pid)], capture_output=True,
                            text=True, timeout=support.PATIENCE_SECONDS,
                            check=False)
    values = dict(line.split(" ", 1) for line in answer.stdout.splitlines())
    return answer.returncode, values, answer.stderr


class LiveClient(support.Scratch):

    def test_options_on_top_of_a_file_named_from_its_folder(self):
        self.folder.chmod(0o755)
        path = self.write("own", "Match all\n  ServerAliveInterval 7\n"
                                 "  ServerAliveCountMax 8\n")
        client = Client(self, "-oServerAliveCountMax=2", "-Fown", "-N",
                        cwd=self.folder)
        code, values, errors = look_at(client.process.pid)
        self.assertEqual(code, 0, errors)
        self.assertEqual(values["interval"], f"7 {path}:2")
        self.assertEqual(values["count_max"], f"2 {OPTION}")
        self.assertEqual(values["tcp_keepalive"], "1 :0")
        # It is not the one that the package would install.
        self.assertEqual(values["packaged"], "0")

    def test_a_file_that_was_changed_since(self):
        path = self.write("own", "ServerAliveInterval 7\n")
        client = Client(self, "-oServerAliveCountMax=2", "-F", path)

        def is_noticed():
            # Later by the coarse clock that stamps files, too.
            path.write_text("ServerAliveInterval 9\n")
            _, values, _ = look_at(client.process.pid)
            self.assertEqual(values["count_max"], f"2 {OPTION}")
            return "9" not in values["interval"].split() and values

        values = support.wait_for("the change to count", is_noticed)
        self.assertEqual(values["interval"],
                         f"unknown: {path} has been changed since")

    def test_a_process_with_another_command_line(self):
        _, _, errors = look_at(os.getpid())
        self.assertIn("its command line is none that ssh takes", errors)

    @unittest.skipUnless(os.geteuid() == 0, "needs root, to be another user")
    def test_files_are_read_with_the_rights_of_its_user(self):
        self.folder.chmod(0o755)
        path = self.write("own", "ServerAliveInterval 7\n")
        path.chmod(0o644)
        client = Client(self, "-F", path, user=NOBODY, group=NOBODY,
                        extra_groups=[])
        code, values, errors = look_at(client.process.pid)
        self.assertEqual(code, 0, errors)
        self.assertEqual(values["interval"], f"7 {path}:1")
        path.chmod(0o600)
        code, values, errors = look_at(client.process.pid)
        self.assertEqual(code, REFUSED)
        self.assertIn("Permission denied", errors)

    @unittest.skipUnless(os.geteuid() == 0, "needs root for another root")
    def test_a_process_with_a_root_of_its_own(self):
        """Its files, its users and its package count, not this host's."""
        for path, text in (
                ("etc/passwd", "root:x:0:0::/home/in:/bin/sh\n"),
                ("etc/ssh/ssh_config", "ServerAliveCountMax 6\n"),
                ("home/in/.ssh/config", "ServerAliveInterval 5\n")):
            self.write(path, text)
        script = (
            'cd "$1" && mkdir -p usr lib lib64 dev && '
            'for d in usr lib lib64; do mount --rbind "/$d" "$d"; done && '
            'mount --bind /dev dev && touch ssh && mount --bind "$2" ssh && '
            'exec chroot . /ssh -p "$3" 127.0.0.1')
        listener = self.enterContext(socket.create_server(("127.0.0.1", 0)))
        process = subprocess.Popen(
            ["unshare", "--mount", "sh", "-c", script, "sh", self.folder,
             support.daemon("usr/bin/ssh"), str(listener.getsockname()[1])],
            stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        listener.settimeout(support.PATIENCE_SECONDS)
        self.enterContext(listener.accept()[0])
        code, values, errors = look_at(process.pid)
        self.assertEqual(code, 0, errors)
        self.assertEqual(values["interval"], "5 /home/in/.ssh/config:1")
        self.assertEqual(values["count_max"], "6 /etc/ssh/ssh_config:1")


if __name__ == "__main__":
    support.main()
