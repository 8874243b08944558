"""/api/v1 and the page: who may see whose sessions they are."""

import base64
import json
import os
import signal
import unittest

import live_ssh
import namespaces
import support

TOKEN = "correct-horse-battery"
PAGES = ("/", "/api/v1/report", "/api/v1/sessions")


def bearer(token=TOKEN):
    return {"Authorization": f"Bearer {token}"}


def basic(token=TOKEN):
    words = base64.b64encode(f"prometheus:{token}".encode()).decode()
    return {"Authorization": f"Basic {words}"}


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Api(live_ssh.Sessions):

    def serve(self, more=""):
        self.ini = self.write("serve.ini", f"""\
[sessions]
ports = {self.port}
[ends]
state_file = {self.folder}/ends.json
[web]
{more}
""")
        return self.enterContext(support.Exporter(f"--config.file={self.ini}"))

    def setUp(self):
        super().setUp()
        self.port, self.sshd = self.start_sshd()
        self.token_file = self.write("token", TOKEN + "\n")

    def private(self):
        return self.serve(f"private_token_file = {self.folder}/token")

    def document(self, exporter, path, headers=None):
        response = exporter.request(path, headers=headers)
        self.assertEqual(response.status, 200, response.text)
        self.assertEqual(response.headers["Content-Type"], "application/json")
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        return json.loads(response.text)

    def test_live_sessions_and_ends_with_and_without_the_token(self):
        exporter = self.private()
        ssh = self.start_ssh()
        for headers in (bearer(), basic()):
            sessions = self.document(exporter, "/api/v1/sessions",
                                     headers)["sessions"]
            self.assertEqual({"alice"}, {one["user"] for one in sessions
                                         if one["role"] == "server"})
        public = self.document(exporter, "/api/v1/sessions")["sessions"]
        self.assertEqual(sorted(one["role"] for one in public),
                         ["client", "server"])
        for one in public:
            for name in ("user", "peer", "local", "tty"):
                self.assertIsNone(one[name])
        ssh.kill()
        support.wait_for("both ends", lambda: len(self.document(
            exporter, "/api/v1/report")["ends"]) == 2)
        report = self.document(exporter, "/api/v1/report", bearer())
        self.assertIn("alice", {end["user"] for end in report["ends"]})
        self.assertEqual({end["cause"] for end in report["ends"]}, {"closed"})
        self.assertGreater(report["ends_since"], 0)
        self.assertIn(report["verdict"], ("ok", "warning", "critical"))
        hidden = exporter.request("/api/v1/report").text
        page = exporter.request("/").text
        for text in (hidden, page):
            self.assertNotIn("alice", text)
            self.assertNotIn("127.0.0.1:", text)
        self.assertIn("closed, by here", page)
        self.assertIn("/?private", page)
        self.assertIn("alice", exporter.request("/", headers=basic()).text)

    def test_a_wrong_token_is_refused(self):
        exporter = self.private()
        for path in PAGES:
            for headers in (bearer("x"), basic("x"), bearer(TOKEN + "x"),
                            {"Authorization": "Basic ?"}):
                response = exporter.request(path, headers=headers)
                self.assertEqual(response.status, 401, (path, headers))
                self.assertIn("Basic", response.headers["WWW-Authenticate"])
        # Prometheus may send what it likes: nothing there is private.
        self.assertEqual(
            exporter.request("/metrics", headers=bearer("x")).status, 200)
        # A browser shows a password only where it was asked for one.
        self.assertEqual(exporter.request("/?private").status, 401)
        self.assertEqual(exporter.request("/?private",
                                          headers=basic()).status, 200)

    def test_without_a_token_nobody_sees_identities(self):
        exporter = self.serve()
        self.start_ssh()
        for headers in ({}, bearer(), basic("")):
            for one in self.document(exporter, "/api/v1/sessions",
                                     headers)["sessions"]:
                self.assertIsNone(one["user"])
        self.assertNotIn("/?private", exporter.request("/").text)
        self.assertEqual(exporter.request("/?private").status, 401)

    def test_methods_and_equality_with_check(self):
        exporter = self.private()
        for path in PAGES:
            self.assertEqual(exporter.request(path, "POST").status, 405)
            head = exporter.request(path, "HEAD")
            self.assertEqual((head.status, head.text), (200, ""))
        self.assertEqual(exporter.request("/api/v1/nothing").status, 404)
        report = self.document(exporter, "/api/v1/report", bearer())
        run = support.run_program("check", "--format=json",
                                  f"--config.file={self.ini}")
        check = json.loads(run.stdout)
        self.assertEqual(set(report) - set(check), {"ends", "ends_since"})
        for name in ("version", "verdict", "layers", "policy",
                     "not_evaluated", "findings"):
            self.assertEqual(report[name], check[name], name)

    def test_another_token_after_a_reload(self):
        exporter = self.private()
        other = "another-horse-battery"
        self.token_file.write_text("short\n")
        exporter.process.send_signal(signal.SIGHUP)
        support.wait_for("the refusal", lambda: exporter.scrape().value(
            "ssh_keepalive_config_last_reload_successful") == 0)
        self.document(exporter, "/api/v1/report", bearer())
        self.token_file.write_text(other)
        exporter.process.send_signal(signal.SIGHUP)
        support.wait_for("the reload", lambda: exporter.scrape().value(
            "ssh_keepalive_config_last_reload_successful") == 1)
        self.document(exporter, "/api/v1/report", bearer(other))
        self.assertEqual(exporter.request(
            "/api/v1/report", headers=bearer()).status, 401)
        self.assertNotIn(other, exporter.output())

    def test_a_bad_file_is_refused_at_the_start(self):
        for content in ("", "\n", "short\n", "two words of a secret\n",
                        "correct-horse\nbattery-staple\n", "x" * 1025,
                        "caf\u00e9-is-no-ascii-token\n"):
            self.write("token", content)
            ini = self.write("bad.ini", "[web]\nprivate_token_file = "
                                        f"{self.folder}/token\n")
            run = support.run_program("serve", f"--config.file={ini}")
            self.assertEqual(run.returncode, 78, content)
            self.assertIn("token", run.stderr)
            if len(content) > 2:
                self.assertNotIn(content.strip(), run.stderr)
        os.unlink(self.folder / "token")
        run = support.run_program("serve", f"--config.file={ini}")
        self.assertEqual(run.returncode, 66, run.stderr)


if __name__ == "__main__":
    if namespaces.enter():
        live_ssh.set_up_users()
    support.main()
