"""SIGHUP and POST /-/reload: the new configuration, or the old one as it was."""

import signal

import support

SUCCESSFUL = "ssh_keepalive_config_last_reload_successful"
LOADED = "ssh_keepalive_config_last_reload_success_timestamp_seconds"


class Reload(support.Scratch):

    def setUp(self):
        super().setUp()
        self.configuration = self.write("exporter.ini",
                                        "[collectors]\nsessions = on\n")
        self.exporter = self.enterContext(support.Exporter(
            "--config.file", self.configuration, "--web.enable-lifecycle"))

    def collectors(self):
        series = self.exporter.scrape().series(
            "ssh_keepalive_scrape_collector_success")
        return {dict(labels)["collector"] for labels in series}

    def reload(self):
        return self.exporter.request("/-/reload", "POST")

    def test_starts_as_loaded(self):
        exposition = self.exporter.scrape()
        self.assertEqual(exposition.value(SUCCESSFUL), 1)
        self.assertGreater(exposition.value(LOADED), 1.7e9)

    def test_post(self):
        self.assertIn("sessions", self.collectors())
        before = self.exporter.scrape().value(LOADED)
        self.write("exporter.ini", "[collectors]\nsessions = off\n")
        self.assertEqual(self.reload().status, 200)
        self.assertNotIn("sessions", self.collectors())
        self.assertGreaterEqual(self.exporter.scrape().value(LOADED), before)

    def test_signal(self):
        self.write("exporter.ini", "[collectors]\nsessions = off\n")
        self.exporter.process.send_signal(signal.SIGHUP)
        support.wait_for("the reload",
                         lambda: "sessions" not in self.collectors())

    def test_bad_configuration_leaves_the_old_one(self):
        before = self.exporter.scrape().value(LOADED)
        self.write("exporter.ini", "[collectors]\nsessions = off\nx = y\n")
        response = self.reload()
        self.assertEqual(response.status, 500)
        self.assertIn("exporter.ini:3", response.text)
        exposition = self.exporter.scrape()
        self.assertEqual(exposition.value(SUCCESSFUL), 0)
        self.assertEqual(exposition.value(LOADED), before)
        self.assertIn("sessions", self.collectors())
        self.assertIn("exporter.ini:3", self.exporter.output())

    def test_bad_configuration_by_signal(self):
        self.configuration.unlink()
        self.exporter.process.send_signal(signal.SIGHUP)
        support.wait_for(
            "the failed reload",
            lambda: self.exporter.scrape().value(SUCCESSFUL) == 0)
        self.assertIn("sessions", self.collectors())

    def test_recovers(self):
        self.write("exporter.ini", "nonsense\n")
        self.assertEqual(self.reload().status, 500)
        self.write("exporter.ini", "[collectors]\nsysctl = off\n")
        self.assertEqual(self.reload().status, 200)
        self.assertEqual(self.exporter.scrape().value(SUCCESSFUL), 1)
        self.assertNotIn("sysctl", self.collectors())

    def test_while_it_is_scraped(self):
        for i in range(50):
            state = "off" if i % 2 else "on"
            self.write("exporter.ini", f"[collectors]\nsessions = {state}\n")
            self.exporter.process.send_signal(signal.SIGHUP)
            self.exporter.scrape()
        self.assertEqual(self.exporter.end(), 0)

    def test_flags_stay_above_the_file(self):
        with support.Exporter("--config.file", self.configuration,
                              "--web.enable-lifecycle",
                              "--no-collector.sessions") as exporter:
            self.assertEqual(exporter.request("/-/reload", "POST").status, 200)
            self.assertEqual(
                exporter.request("/metrics?collect[]=sessions").status, 400)


if __name__ == "__main__":
    support.main()
