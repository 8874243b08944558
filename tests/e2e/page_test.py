"""The page at `/` in a real browser: what it says, shows, loads and allows."""

import os
import pathlib
import re
import shutil
import unittest

import live_ssh
import namespaces
import support
import webdriver

AXE = pathlib.Path(os.environ.get(
    "SSH_KEEPALIVE_AXE",
    support.REPOSITORY / "build/browser/node_modules/axe-core/axe.min.js"))
# Where to leave pictures, for people to look at.
PICTURES = os.environ.get("SSH_KEEPALIVE_PICTURES")
TOKEN = "correct-horse-battery"
PHONE = 360
DESK = 1100
HOSTILE = "<script>alert(1)</script>"
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa",
             "best-practice"]


class Pages(live_ssh.Sessions if namespaces.inside() else support.Scratch):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.browser = webdriver.Browser()
        cls.addClassCleanup(cls.browser.close)
        cls.axe = AXE.read_text(encoding="utf-8")

    def serve(self, *arguments, more=""):
        ini = self.write("serve.ini", f"""\
[ends]
state_file = {self.folder}/ends.json
[web]
private_token_file = {self.write("token", TOKEN)}
{more}
""")
        return self.enterContext(support.Exporter(f"--config.file={ini}",
                                                  *arguments))

    def fixture(self, host):
        return self.serve("--root", support.FIXTURE_HOSTS / host)

    def open(self, exporter, path="/", who="", **look):
        """Also holds what must hold of each page, however it is shown."""
        self.browser.look(**look)
        self.browser.console()
        self.browser.requested()
        self.browser.open(f"http://{who}127.0.0.1:{exporter.port}{path}")
        requested = self.browser.requested()
        self.assertTrue(requested)
        for url in requested:
            if url.startswith("data:image/svg+xml,"):
                continue  # the icon, which is in the page
            self.assertEqual(webdriver.origin(url),
                             ("127.0.0.1", exporter.port), url)
        self.assertEqual(self.browser.console(), [])

    def text(self):
        return self.browser.script("return document.body.innerText")

    def picture(self, name):
        if PICTURES:
            pathlib.Path(PICTURES, f"{name}.png").write_bytes(
                self.browser.screenshot())

    def assert_fits(self):
        """No scrolling sideways but within tables."""
        self.assertEqual(self.browser.script("""
            const width = document.documentElement.clientWidth;
            return [...document.querySelectorAll('body *')]
                .filter(one => !one.closest('.scroll, .skip, svg'))
                .filter(one => one.getBoundingClientRect().right > width + 1)
                .map(one => one.outerHTML.slice(0, 200))"""), [])
        self.assertLessEqual(*self.browser.script(
            "const page = document.documentElement;"
            "return [page.scrollWidth, page.clientWidth]"))

    def assert_accessible(self):
        self.browser.script(self.axe)
        violations = self.browser.async_script("""
            const done = arguments[arguments.length - 1];
            axe.run({runOnly: arguments[0]}).then(
                result => done(result.violations.map(one =>
                    [one.id, one.help, one.nodes.map(node => node.html)])),
                error => done([String(error)]))""", STANDARDS)
        self.assertEqual(violations, [])

    def assert_labels_fit(self):
        """The words of the picture lie within it, and apart."""
        overlaps = self.browser.script("""
            const picture = document.querySelector('.picture svg');
            const frame = picture.parentElement.getBoundingClientRect();
            const boxes = [...picture.querySelectorAll('text')].map(
                one => [one.textContent, one.getBoundingClientRect()]);
            const wrong = [];
            boxes.forEach(([text, box], i) => {
                if (box.left < frame.left || box.right > frame.right)
                    wrong.push('outside: ' + text);
                boxes.slice(i + 1).forEach(([other, b]) => {
                    if (box.left < b.right && b.left < box.right &&
                        box.top + 2 < b.bottom && b.top + 2 < box.bottom)
                        wrong.push(text + ' / ' + other);
                });
            });
            return wrong""")
        self.assertEqual(overlaps, [])


class FixtureHosts(Pages):

    def test_each_says_what_check_says(self):
        for host in sorted(os.listdir(support.GOLDENS)):
            with self.subTest(host):
                exporter = self.fixture(host)
                self.open(exporter)
                golden = (support.GOLDENS / host / "check.txt").read_text()
                word, _, counts = golden.splitlines()[0].partition(": ")
                verdict = self.browser.script(
                    "return document.querySelector('h1').innerText")
                self.assertTrue(verdict.startswith(word + ": "), verdict)
                text = self.text()
                if word != "UNKNOWN":
                    self.assertIn(counts, text)
                for line in golden.splitlines():
                    if re.match(r"  (is|should) ", line):
                        self.assertIn(line[11:], text)
                commands = re.findall(r"^           then (.*)$", golden,
                                      re.MULTILINE)
                self.assertLessEqual(set(commands), set(self.browser.script(
                    "return [...document.querySelectorAll('pre code')]"
                    ".map(one => one.textContent)")))
                self.assertNotRegex(text, r"\b(nan|inf)\b")
                self.picture(host)
                exporter.end()

    def test_light_dark_and_on_a_phone(self):
        for host in ("article", "cloud_azure", "garbage", "no_sockets",
                     "busy"):
            exporter = self.fixture(host)
            for width in (PHONE, DESK):
                for dark in (False, True):
                    with self.subTest(host, width=width, dark=dark):
                        self.open(exporter, width=width, dark=dark)
                        self.assert_fits()
                        self.assert_labels_fit()
                        self.assert_accessible()
                        self.picture(f"{host}_{width}_"
                                     f"{'dark' if dark else 'light'}")
            exporter.end()

    def test_the_picture_shows_times_where_they_are(self):
        self.open(self.fixture("cloud_azure"))
        places = self.browser.script("""
            const place = one => parseFloat(one.getAttribute('x1') ||
                                            one.getAttribute('x'));
            const row = [...document.querySelectorAll('.picture g')].find(
                one => one.textContent.includes('client_alive'));
            return {path: place(document.querySelector('.path-line')),
                    refresh: [...row.querySelectorAll('use.refresh')]
                        .map(place),
                    ends: [...row.querySelectorAll('use.dead_peer')]
                        .map(place),
                    words: row.querySelector('title').textContent,
                    ticks: [...document.querySelectorAll('.picture > svg > '
                        + 'text.small')].map(one => one.textContent)}""")
        latest, earliest = places["refresh"]  # 180 to 360 s, the path's 240 s
        self.assertLess(earliest, places["path"])
        self.assertLess(places["path"], latest)
        self.assertTrue(all(end > latest for end in places["ends"]))
        self.assertEqual(places["words"], "client_alive of sshd ssh.service: "
                         "refreshes after 180 to 360 s, ends a dead peer's "
                         "session after 720 to 1440 s")
        for tick in ("1 min", "5 min", "1 h", "2 h"):
            self.assertIn(tick, places["ticks"])

    def test_without_scripts_it_is_the_same(self):
        exporter = self.fixture("cloud_azure")
        self.open(exporter)
        tags = re.compile(r"<time.*?</time>|ok, [0-9.]+ ms|[0-9.]+ UTC")
        with_scripts = tags.sub("", self.browser.source())
        self.assertNotIn("<script", with_scripts)
        self.open(exporter, scripts=False)
        self.addCleanup(self.browser.look)
        self.assertEqual(tags.sub("", self.browser.source()), with_scripts)

    def test_the_keyboard_reaches_all_in_order(self):
        self.open(self.fixture("cloud_azure"))
        wanted = self.browser.script("""
            const all = [...document.querySelectorAll(
                'a, summary, [tabindex="0"]')].filter(one =>
                    !one.closest('details:not([open])') ||
                    one.matches('summary'));
            all.forEach((one, i) => one.dataset.place = i);
            return all.length""")
        for place in range(wanted):
            self.browser.press(webdriver.TAB)
            focused = self.browser.script("""
                const one = document.activeElement;
                const box = one.getBoundingClientRect();
                return [one.dataset.place, box.width > 0 && box.left >= 0 &&
                        box.top < innerHeight && box.bottom > 0,
                        getComputedStyle(one).outlineStyle,
                        one.textContent || one.getAttribute('aria-label')]""")
            self.assertEqual(focused[:3], [str(place), True, "solid"], focused)
        # The first one leads past the links.
        self.open(self.fixture("article"))
        self.browser.press(webdriver.TAB)
        self.browser.press(webdriver.ENTER)
        self.assertEqual(self.browser.script(
            "return document.activeElement.id"), "main")

    def test_headings_and_landmarks(self):
        self.open(self.fixture("cloud_azure"))
        levels = self.browser.script(
            "return [...document.querySelectorAll('h1, h2, h3')]"
            ".map(one => Number(one.tagName[1]))")
        self.assertEqual(levels[0], 1)
        self.assertEqual(levels.count(1), 1)
        for one, following in zip(levels, levels[1:]):
            self.assertLessEqual(following, one + 1)
        for landmark in ("header", "nav", "main", "footer"):
            self.assertEqual(self.browser.script(
                f"return document.querySelectorAll('{landmark}').length"), 1)

    def test_the_policy_keeps_others_out(self):
        """What is put into the page does not act."""
        self.open(self.fixture("article"))
        self.browser.script("""
            const add = (tag, words) => document.body.append(
                Object.assign(document.createElement(tag), words));
            add('script', {textContent: 'window.owned = 1'});
            add('style', {textContent: 'h1 { color: rgb(1, 2, 3) }'});
            add('img', {src: 'http://127.0.0.1:1/x.png'});""")
        self.assertIsNone(self.browser.script("return window.owned || null"))
        self.assertNotEqual(self.browser.script(
            "return getComputedStyle(document.querySelector('h1')).color"),
            "rgb(1, 2, 3)")
        support.wait_for("three refusals", lambda: len(self.refusals()) >= 3)

    def refusals(self):
        self.seen = getattr(self, "seen", []) + [
            line for line in self.browser.console()
            if "Content Security Policy" in line]
        return self.seen


class HostileHost(Pages):

    def test_names_of_files_and_users_stay_text(self):
        root = self.folder / "root"
        shutil.copytree(support.FIXTURE_HOSTS / "sshd_debian12", root,
                        symlinks=True)
        drop_ins = root / "etc/ssh/sshd_config.d"
        drop_ins.mkdir(exist_ok=True)
        # A name cannot hold the slash of the closing tag.
        name = HOSTILE.replace("/", "\\") + "\"'&\x1b[31m\udcff.conf"
        (drop_ins / name).write_text("ClientAliveInterval 700\n")
        config = root / "etc/ssh/sshd_config"
        config.write_text("Include /etc/ssh/sshd_config.d/*.conf\n"
                          + config.read_text())
        passwd = root / "etc/passwd"
        passwd.write_text(passwd.read_text().replace(
            "alice", "<img/src=x/onerror=alert(1)>"))
        exporter = self.serve("--root", root)
        for who in ("", f"any:{TOKEN}@"):
            self.open(exporter, "/?private" if who else "/", who)
            text = self.text()
            self.assertIn("<script>alert(1)<\\script>\"'&?[31m?.conf", text)
            self.assertEqual("<img/src=x/onerror=alert(1)>" in text,
                             bool(who), text)
            self.assertEqual(self.browser.script(
                "return document.querySelectorAll('script, img').length"), 0)
            self.assert_accessible()


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class LiveHost(Pages):

    def test_sessions_with_and_without_the_token(self):
        self.port, _ = self.start_sshd()
        ssh = self.start_ssh()
        exporter = self.serve(more=f"[sessions]\nports = {self.port}\n")
        who = f"any:{TOKEN}@"
        self.open(exporter)
        text = self.text()
        self.assertIn("2 sessions (1 server, 1 client)", text)
        self.assertNotIn("alice", text)
        self.assertNotIn("127.0.0.1:", text)
        self.assertIn("Show users and peers", text)
        self.open(exporter, "/?private", who)
        text = self.text()
        self.assertIn("alice", text)
        self.assertIn("127.0.0.1:", text)
        self.assertNotIn("Show users and peers", text)
        self.assert_accessible()
        self.open(exporter, "/?private", who, width=PHONE)
        self.assert_fits()
        self.picture("live")
        ssh.kill()

        def both_ended():
            self.open(exporter, "/?private", who)
            return self.text().count("closed, by ") == 2
        support.wait_for("both ends", both_ended)
        self.assert_accessible()


if __name__ == "__main__":
    if namespaces.enter():
        live_ssh.set_up_users()
    support.main()
