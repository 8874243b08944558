"""Usage: record.py FILE: what each panel of the dashboards is answered, by a
Prometheus with a day of a fleet (history.py), for the preview to draw.
As root, in namespaces of its own.
"""

import json
import os
import shutil
import sys
import time
import unittest

import asking
import dashboards
import history
import hosts
import live_ssh
import namespaces
import support

SPAN_SECONDS = {"ssh-keepalive-fleet": 24 * 3600, "ssh-keepalive-host": 6 * 3600}
STEP_SECONDS = {"ssh-keepalive-fleet": 300, "ssh-keepalive-host": 120}
THE_HOST = "bastion-2"
CHANGED_SECONDS_AGO = 2 * 3600


class Record(hosts.Hosts):

    def scrape(self, exporter):
        return exporter.scrape(), time.time()

    def recorded(self, host, policy="path_idle_timeout = 300", settings=""):
        """A recorded host under another policy, or with other settings."""
        root = self.folder / f"{host}-{len(list(self.folder.iterdir()))}"
        shutil.copytree(support.FIXTURE_HOSTS / host, root, symlinks=True)
        status = root / "var/lib/dpkg/status"
        status.parent.mkdir(parents=True, exist_ok=True)
        status.write_text(hosts.STATUS)
        if settings:
            for name, line in (("sshd_config", settings),
                               ("ssh_config", "ServerAliveInterval 60\n")):
                file = root / "etc/ssh" / name
                old = file.read_text() if file.exists() else ""
                file.write_text(line + old)
        ini = self.write(f"{root.name}.ini", f"[policy]\n{policy}\n")
        return self.scrape(self.exporter("--root", root,
                                         f"--config.file={ini}"))

    def stories(self):
        self.start_ssh("-o", "ServerAliveInterval=60")
        live = self.scrape(self.exporters[hosts.LIVE])
        day = history.DAY_SECONDS
        fixed = "ClientAliveInterval 60\nClientAliveCountMax 3\n"
        busy, before = self.recorded("busy"), self.recorded("busy", settings=fixed)
        plain = self.recorded("plain", settings=fixed)
        cloud = self.scrape(self.exporters["cloud_aws"])
        stories = {
            "bastion-1": history.Story((day, live), busy=2, behind_the_cut=True),
            THE_HOST: history.Story((day, before), (CHANGED_SECONDS_AGO, busy),
                                    busy=2, behind_the_cut=True),
            "build-1": history.Story((day, plain)),
            "build-2": history.Story((day, plain)),
            "cloud-1": history.Story((day, cloud)),
            "cloud-2": history.Story((day, self.recorded(
                "cloud_aws", "path_idle_timeout = auto", fixed))),
            "db-1": history.Story(
                (day, self.recorded("cis_debian12", settings=fixed)),
                behind_the_cut=True),
            "db-2": history.Story((day, self.recorded("cis_debian12"))),
            "web-1": history.Story(
                (day, self.recorded("sshd_debian12", settings=fixed))),
            "web-2": history.Story(
                (day, self.recorded("sshd_debian12")),
                (5 * 3600, self.recorded("sshd_debian12", settings=fixed))),
        }
        for story in stories.values():
            history.add_what_a_running_host_tells(story, live[0])
        return stories

    def test_record(self):
        end = int(time.time())
        rules = str(dashboards.ROOT / "alerts/rules/*.rules.yml")
        data = history.fill(self.folder, self.stories(), end, [rules])
        plain = self.write("plain.yml", "{}")
        answers = {}
        with asking.Prometheus(plain, data) as prometheus:
            for name, dashboard in dashboards.load_all().items():
                instance = THE_HOST if name.endswith("host") else ".+"
                start, step = end - SPAN_SECONDS[name], STEP_SECONDS[name]
                answers[name] = {
                    "from": start, "to": end, "step": step,
                    "variables": {"job": "All", "instance": "All"
                                  if instance == ".+" else instance},
                    "annotations": prometheus.range(dashboards.interpolated(
                        dashboard["annotations"]["list"][0]["expr"],
                        instance=instance), start, end, step),
                    "answers": {}}
                for panel, target in dashboards.targets(dashboard):
                    answers[name]["answers"].setdefault(panel["id"], {})[
                        target["refId"]] = asking.ask(
                            prometheus, target, start, end, step,
                            instance=instance, rate_interval="12m")
        with open(os.environ["RECORD_TO"], "w", encoding="utf-8") as file:
            json.dump(answers, file)


if __name__ == "__main__":
    if "RECORD_TO" not in os.environ:
        os.environ["RECORD_TO"] = os.path.abspath(sys.argv.pop())
    if not namespaces.enter():
        sys.exit("This needs root, for namespaces.")
    live_ssh.set_up_users()
    unittest.main()
