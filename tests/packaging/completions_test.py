"""The completions of bash, zsh and fish, each in the real shell."""

import os
import pty
import re
import select
import shutil
import subprocess
import sys
import time
import unittest

import support

PROGRAM = "ssh_keepalive_exporter"
MANUAL = support.REPOSITORY / "packaging/manual"
DESCRIBE = os.environ.get(
    "DESCRIBE_COMMAND_LINE",
    support.REPOSITORY / "build/test/packaging/describe_command_line")

# What stands on the command line, and what must be offered for its last word;
# what must not.
CASES = (
    ("expl", {"explain"}, {"check"}),
    ("", {"serve", "metrics", "check", "sessions", "why", "explain"}, {"tcp"}),
    ("explain ", {"sshd", "ssh", "tcp"}, {"check"}),
    ("sessions --w", {"--watch"}, {"--web.max-requests"}),
    ("check --", {"--what-if", "--format", "--root"}, {"--last", "--watch"}),
    ("explain sshd --format ", {"text", "json", "openssh"}, {"sshd"}),
    ("sessions --format ", {"text", "json"}, {"openssh"}),
    ("serve --log.level ", {"debug", "info", "warn", "error"}, {"serve"}),
    ("--no-collector.s", {"--no-collector.sysctl",
                          "--no-collector.sessions"}, {"--collector.sysctl"}),
    ("why --last 3 --fo", {"--format"}, {"--last"}),
    ("explain ssh --as-user roo", {"root"}, set()),
    ("serve --config.file /etc/ho", {"/etc/hosts"}, set()),
)


def completions(shell):
    return subprocess.run([sys.executable, "-B", MANUAL / "completions.py",
                           DESCRIBE, shell], check=True, capture_output=True,
                          text=True).stdout


class Terminal:
    """A shell at a terminal of its own."""

    def __init__(self, environment, *command):
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], command, environment)
        self.text = ""

    def type(self, text):
        os.write(self.fd, text.encode())

    def expect(self, pattern):
        deadline = time.monotonic() + support.PATIENCE_SECONDS
        while not re.search(pattern, self.text):
            left = deadline - time.monotonic()
            if left < 0 or not select.select([self.fd], [], [], left)[0]:
                raise AssertionError(f"no {pattern} in {self.text!r}")
            self.text += os.read(self.fd, 4096).decode(errors="replace")

    def end(self):
        os.close(self.fd)
        os.waitpid(self.pid, 0)


class Completions(support.Scratch):

    def setUp(self):
        super().setUp()
        self.environment = {"PATH": os.environ["PATH"], "TERM": "dumb",
                            "HOME": str(self.folder), "PS1": "$ "}

    def script(self, shell, name):
        return self.write(name, completions(shell))

    def run_shell(self, *command):
        return subprocess.run(command, capture_output=True, text=True,
                              env=self.environment, check=False,
                              timeout=support.PATIENCE_SECONDS)

    def check_syntax(self, shell, name):
        checked = self.run_shell(shell, "-n", self.script(shell, name))
        self.assertEqual((checked.returncode, checked.stderr), (0, ""))

    def check_cases(self, offered):
        for line, wanted, unwanted in CASES:
            with self.subTest(line):
                words = offered(line)
                self.assertLessEqual(wanted, words)
                self.assertFalse(unwanted & words)

    def terminal(self, *command):
        terminal = Terminal(self.environment, *command)
        self.addCleanup(terminal.end)
        return terminal

    def test_bash(self):
        script = self.script("bash", "completion.bash")
        self.check_syntax("bash", "again.bash")

        def offered(line):
            run = self.run_shell("bash", "--norc", "-c", """
                compopt() { :; }  # of a completion that is under way alone
                . "$0"
                COMP_WORDS=($1)
                [[ $1 == *' ' || -z $1 ]] && COMP_WORDS+=("")
                COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
                _""" + PROGRAM + """
                printf '%s\\n' "${COMPREPLY[@]}" """, script,
                f"{PROGRAM} {line}")
            self.assertEqual(run.stderr, "")
            return set(run.stdout.split())

        self.check_cases(offered)
        self.assertEqual(offered("serve --log.level = w"), {"warn"})

    def test_bash_at_a_terminal(self):
        script = self.script("bash", "completion.bash")
        bash = self.terminal("bash", "--norc", "-i")
        bash.type(f". {script}; echo loaded-$((1+1))\n")
        bash.expect("loaded-2")
        bash.type(f"{PROGRAM} expl\t ssh --form\tj\t")
        bash.expect(r"explain\s+ssh --format +json ")

    def zsh(self):
        if not shutil.which("zsh"):
            self.fail("zsh is missing: tools/packages/test")
        self.script("zsh", f"functions/_{PROGRAM}")
        zsh = self.terminal("zsh", "-f", "-i")
        zsh.type("unsetopt zle_bracketed_paste; PS1='$ '; LISTMAX=9999; "
                 f"fpath=({self.folder}/functions $fpath); "
                 "autoload -U compinit && compinit -u -D; "
                 "bindkey '^I' expand-or-complete; echo loaded-$((1+1))\n")
        zsh.expect("loaded-2")
        return zsh

    def test_zsh(self):
        self.check_syntax("zsh", "_again")
        zsh = self.zsh()
        for line, result in (("expl\t", "explain "),
                             ("explain ssh\t", "explain ssh(d|.*)"),
                             ("sessions --w\t", "--watch"),
                             ("serve --log.level w\t", "level warn "),
                             ("serve --log.level=w\t", "level=warn "),
                             ("explain sshd --format o\t", "openssh "),
                             ("explain ssh --as-user roo\t", "root "),
                             ("serve --config.file /etc/host\t",
                              "/etc/host(name|s)?")):
            with self.subTest(line):
                zsh.text = ""
                zsh.type(f"{PROGRAM} {line}")
                zsh.expect(re.escape(result) if result.isascii()
                           and "(" not in result else result)
                zsh.type("\x15")  # clears the line

    def test_fish(self):
        self.check_syntax("fish", "again.fish")
        script = self.script("fish", "completion.fish")

        def offered(line):
            run = self.run_shell("fish", "--no-config", "-c",
                                 f"source {script}; "
                                 f"complete -C '{PROGRAM} {line}'")
            self.assertEqual(run.stderr, "")
            return {one.split("\t")[0] for one in run.stdout.splitlines()}

        self.check_cases(offered)


class ConfigurationFile(support.Scratch):
    """The default file that the package puts into /etc."""

    def setUp(self):
        super().setUp()
        self.text = subprocess.run(
            [sys.executable, "-B", MANUAL / "configuration_file.py",
             support.REPOSITORY / "docs/configuration.md"],
            check=True, capture_output=True, text=True).stdout

    def metrics(self, *options):
        run = support.run_program(
            "metrics", "--root", support.FIXTURE_HOSTS / "busy",
            *options)
        self.assertEqual(run.returncode, 0, run.stderr)
        return [line for line in run.stdout.splitlines()
                if not re.search("duration_seconds|timestamp_seconds|process_",
                                 line)]

    def test_says_what_applies_without_it(self):
        """Each key stands there commented; without the sign nothing changes."""
        spoken = re.sub(r"^#(\w+ = \S)", r"\1", self.text, flags=re.MULTILINE)
        self.assertGreater(len(re.findall(r"^\w+ = ", spoken, re.MULTILINE)),
                           20)
        # Of a section without a name in force, as of every path.
        spoken = re.sub(r"^counts = ", "#counts = ", spoken,
                        flags=re.MULTILINE)
        file = self.write("spoken.ini", spoken)
        self.assertEqual(self.metrics("--config.file", file), self.metrics())

    def test_changes_nothing_as_it_is(self):
        file = self.write("default.ini", self.text)
        self.assertEqual(self.metrics("--config.file", file), self.metrics())


if __name__ == "__main__":
    support.main()
