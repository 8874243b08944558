"""Headless Chromium, driven over WebDriver (W3C) and its DevTools commands.

Debian's chromium and chromium-driver; each browser has a profile of its own
that goes with it, and resolves no name.
"""

import base64
import http.client
import json
import os
import tempfile
import urllib.parse

import support

DRIVER = "/usr/bin/chromedriver"
BROWSER = "/usr/bin/chromium"
FLAGS = ("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic",
         "--no-first-run", "--disable-background-networking",
         "--disable-component-update", "--disable-sync",
         "--disable-dev-shm-usage", "--hide-scrollbars",
         "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1")
TAB = "\ue004"
ENTER = "\ue007"


class Browser:
    """One tab. `close()` it."""

    def __init__(self):
        self._profile = tempfile.TemporaryDirectory(
            prefix="ssh_keepalive_browser_", ignore_cleanup_errors=True)
        self._port = support.free_port()
        self._driver = support.Daemon(
            DRIVER, f"--port={self._port}",
            environment=os.environ | {"HOME": self._profile.name})
        self._session = None
        try:
            support.wait_for("chromedriver",
                             lambda: self._driver.is_up(self._is_ready))
            self._session = self._start()
            self.open("about:blank")  # and no more of its own first page
        except BaseException:
            self.close()
            raise

    def _is_ready(self):
        try:
            return self._call("GET", "/status")["ready"]
        except OSError:
            return False

    def _start(self):
        options = {"binary": BROWSER,
                   "args": [*FLAGS, f"--user-data-dir={self._profile.name}"]}
        return self._call("POST", "/session", {"capabilities": {
            "alwaysMatch": {
                "browserName": "chrome", "goog:chromeOptions": options,
                "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
                # A dialog, such as that of a script, is an error.
                "unhandledPromptBehavior": "ignore"}}})["sessionId"]

    def close(self):
        if self._session:
            self._call("DELETE", f"/session/{self._session}")
        self._driver.__exit__()
        self._profile.cleanup()

    def _call(self, method, path, body=None):
        connection = http.client.HTTPConnection(
            "127.0.0.1", self._port, timeout=support.PATIENCE_SECONDS)
        try:
            connection.request(method, path,
                               None if body is None else json.dumps(body),
                               {"Content-Type": "application/json"})
            value = json.load(connection.getresponse())["value"]
        finally:
            connection.close()
        if isinstance(value, dict) and "error" in value:
            raise AssertionError(f"{path}: {value['error']}: "
                                 f"{value['message']}")
        return value

    def post(self, path, **body):
        return self._call("POST", f"/session/{self._session}/{path}", body)

    def devtools(self, command, **parameters):
        return self.post("goog/cdp/execute", cmd=command, params=parameters)

    def look(self, width=1100, height=900, dark=False, scripts=True):
        """How the pages that are opened from now on are shown."""
        self.devtools("Emulation.setDeviceMetricsOverride", width=width,
                      height=height, deviceScaleFactor=1, mobile=width < 600)
        self.devtools("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme",
             "value": "dark" if dark else "light"}])
        self.devtools("Emulation.setScriptExecutionDisabled",
                      value=not scripts)

    def open(self, url):
        self.post("url", url=url)

    def script(self, text, *arguments):
        return self.post("execute/sync", script=text, args=list(arguments))

    def async_script(self, text, *arguments):
        return self.post("execute/async", script=text, args=list(arguments))

    def source(self):
        return self._call("GET", f"/session/{self._session}/source")

    def press(self, key):
        self.post("actions", actions=[{
            "type": "key", "id": "keyboard", "actions": [
                {"type": "keyDown", "value": key},
                {"type": "keyUp", "value": key}]}])

    def screenshot(self, whole=True):
        shot = self.devtools("Page.captureScreenshot", format="png",
                             captureBeyondViewport=whole)
        return base64.b64decode(shot["data"])

    def console(self):
        """What the console has said since it was asked last."""
        return [entry["message"]
                for entry in self.post("se/log", type="browser")]

    def requested(self):
        """The URLs that the page has asked for since it was asked last."""
        messages = [json.loads(entry["message"])["message"]
                    for entry in self.post("se/log", type="performance")]
        return [message["params"]["request"]["url"] for message in messages
                if message["method"] == "Network.requestWillBeSent"]


def origin(url):
    parts = urllib.parse.urlsplit(url)
    return parts.hostname, parts.port
