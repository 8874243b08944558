"""Commands, exit codes, and how a start fails: always one clear line."""

import json
import os
import signal
import socket
import subprocess

import support

OK, FAILED, USAGE, NO_INPUT, CONFIGURATION = 0, 1, 64, 66, 78


class Commands(support.Scratch):

    def run_and_expect(self, code, *arguments):
        run = support.run_program(*arguments)
        self.assertEqual(run.returncode, code,
                         f"{arguments}: {run.stdout}{run.stderr}")
        return run

    def assert_one_line(self, code, *arguments):
        """Fails with that code and says why in one line, and nothing else."""
        run = self.run_and_expect(code, *arguments)
        self.assertEqual(run.stdout, "")
        self.assertEqual(len(run.stderr.splitlines()), 1, run.stderr)
        return run.stderr


class CommandLine(Commands):

    def test_help_and_version(self):
        self.assertIn("--web.listen-address",
                      self.run_and_expect(OK, "--help").stdout)
        for command in ("serve", "metrics", "sessions", "why", "explain"):
            self.run_and_expect(OK, command, "--help")
        self.assertRegex(self.run_and_expect(OK, "--version").stdout,
                         r"\d+\.\d+\.\d+")

    def test_usage_errors(self):
        for arguments in (["--nonsense"], ["nonsense"], ["metrics", "extra"],
                          ["serve", "--nonsense"], ["metrics", "--nonsense=1"],
                          ["--log.level=loud"], ["--log.format=xml"],
                          ["--web.max-requests=0"], ["--web.max-requests=x"],
                          ["--web.max-requests=99999999999999999999"],
                          ["--web.telemetry-path=metrics"],
                          ["--web.listen-address=nonsense"],
                          ["--web.listen-address=127.0.0.1:99999"],
                          ["--web.listen-address"],
                          ["--collector.nonsense"],
                          ["metrics", "--web.max-requests=3"],
                          ["sessions", "--format=xml"],
                          ["explain"], ["explain", "nonsense"],
                          ["explain", "tcp", "--format=openssh"]):
            with self.subTest(arguments):
                self.assert_one_line(USAGE, *arguments)

    def test_messages_do_not_break_lines_or_terminals(self):
        run = self.run_and_expect(USAGE, "--x\n\x1b[31m\nsecond\x80\xff")
        self.assertEqual(len(run.stderr.splitlines()), 1, run.stderr)
        self.assertNotIn("\x1b", run.stderr)

    def test_root_that_is_not_there(self):
        for command in ("serve", "metrics", "sessions"):
            self.assertIn("/nonexistent", self.assert_one_line(
                NO_INPUT, command, "--root=/nonexistent"))

    def test_metrics_on_this_host(self):
        run = self.run_and_expect(OK, "metrics")
        self.assertEqual(support.lint(run.stdout), "")

    def test_metrics_of_one_collector(self):
        run = self.run_and_expect(OK, "metrics", "--collector.disable-defaults",
                                  "--collector.sysctl")
        self.assertIn("sysctl_tcp_keepalive_time_seconds", run.stdout)
        self.assertNotIn("ssh_keepalive_sshd_", run.stdout)
        self.assertNotIn('collector="sshd_config"', run.stdout)

    def test_sessions_as_json(self):
        document = json.loads(
            self.run_and_expect(OK, "sessions", "--format=json").stdout)
        self.assertEqual(document["version"], 1)
        self.assertIsInstance(document["sessions"], list)

    def test_explain_tcp(self):
        document = json.loads(
            self.run_and_expect(OK, "explain", "tcp", "--format=json").stdout)
        self.assertEqual(document["version"], 1)
        values = {row["keyword"]: row["value"] for row in document["keywords"]}
        self.assertEqual(values["net.ipv4.tcp_keepalive_time"],
                         support.sysctl("tcp_keepalive_time"))

    def test_output_that_nobody_reads(self):
        reader, writer = os.pipe()
        os.close(reader)
        try:
            ended = subprocess.run([support.PROGRAM, "metrics"], stdout=writer,
                                   stderr=subprocess.PIPE, check=False,
                                   timeout=support.PATIENCE_SECONDS)
        finally:
            os.close(writer)
        self.assertIn(ended.returncode, (OK, FAILED))

    def test_full_disk_is_a_failure(self):
        with open("/dev/full", "wb") as full:
            ended = subprocess.run([support.PROGRAM, "metrics"], stdout=full,
                                   stderr=subprocess.PIPE, check=False,
                                   timeout=support.PATIENCE_SECONDS)
        self.assertEqual(ended.returncode, FAILED)
        self.assertEqual(len(ended.stderr.splitlines()), 1)


class Configuration(Commands):

    def test_check(self):
        good = self.write("good.ini", "[web]\nmax_requests = 5\n")
        self.run_and_expect(OK, "--config.check", "--config.file", good)

    def test_mistakes_are_told_by_line(self):
        for line, text in ((1, "[nonsense]\n"),
                           (2, "[web]\nnonsense = 1\n"),
                           (3, "[web]\n\nmax_requests = x\n"),
                           (1, "max_requests = 1\n"),
                           (2, "[web]\n  max_requests = 1\n"),
                           (2, "[web]\nmax_requests\n"),
                           (3, "[web]\nmax_requests = 1\nmax_requests = 2\n"),
                           (2, "[web]\ntelemetry_path = /" + "x" * 5000),
                           (2, "[collectors]\nnonsense = on\n"),
                           (2, "[sessions]\nports = 0\n"),
                           (1, "[" + "w" * 500 + "]\n"),
                           (1, "\x00\x01\x02")):
            bad = self.write("bad.ini", text)
            for arguments in (["--config.check"], ["serve"], ["metrics"]):
                with self.subTest(text[:30], arguments=arguments):
                    message = self.assert_one_line(
                        CONFIGURATION, *arguments, "--config.file", bad)
                    self.assertIn(f"{bad}:{line}", message)

    def test_file_that_is_not_there(self):
        self.assert_one_line(NO_INPUT, "--config.file", self.folder / "none")

    def test_no_regular_file(self):
        os.mkfifo(self.folder / "fifo")
        for path in (self.folder, self.folder / "fifo", "/dev/zero"):
            self.assert_one_line(CONFIGURATION, "--config.file", path)


class Start(Commands):

    def assert_fails(self, *arguments):
        """What the log says on the way is no part of the one line."""
        run = self.run_and_expect(FAILED, *arguments)
        lines = [line for line in run.stderr.splitlines()
                 if "level=info" not in line]
        self.assertEqual(len(lines), 1, run.stderr)
        return lines[0]

    def test_port_in_use(self):
        with socket.create_server(("127.0.0.1", 0)) as other:
            address = f"127.0.0.1:{other.getsockname()[1]}"
            message = self.assert_fails(f"--web.listen-address={address}")
            self.assertIn(address, message)

    def test_address_of_another_host(self):
        self.assertIn("192.0.2.1:10722", self.assert_fails(
            "--web.listen-address=192.0.2.1:10722"))

    def test_name_that_does_not_resolve(self):
        self.assert_fails("--web.listen-address=no-such-host.invalid:10722")

    def test_ipv6_address(self):
        # Debian 12's CivetWeb has no IPv6. Where it has, this would serve.
        message = self.assert_fails("--web.listen-address=[::1]:10722")
        self.assertIn("IPv6", message)

    def test_signals_end_it_cleanly(self):
        for ending in (signal.SIGTERM, signal.SIGINT):
            with support.Exporter() as exporter:
                exporter.scrape()
                self.assertEqual(exporter.end(ending), 0, exporter.output())

    def test_it_tells_its_url(self):
        with support.Exporter() as exporter:
            self.assertIn(f"http://127.0.0.1:{exporter.port}/",
                          exporter.output())

    def test_log_as_json(self):
        with support.Exporter("--log.format=json") as exporter:
            lines = support.wait_for(
                "a line of the log", lambda: exporter.output().splitlines())
            for line in lines:
                self.assertIn("msg", json.loads(line))

    def test_it_leaves_the_port_to_its_successor(self):
        with support.Exporter() as exporter:
            exporter.scrape()
            port = exporter.port
            self.assertEqual(exporter.end(), 0)
        with support.HttpDaemon(port, "/-/ready", support.PROGRAM,
                                f"--web.listen-address=127.0.0.1:{port}"):
            pass


if __name__ == "__main__":
    support.main()
