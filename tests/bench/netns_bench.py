"""A scrape of a host with 100 containers' network namespaces, by [netns] scan."""

import contextlib
import pathlib
import subprocess
import tempfile

import bench
import support

NAMESPACES, PROCESSES = 100, 1000
ROUNDS = 30


def wait_for_namespaces(processes):
    own = pathlib.Path("/proc/self/ns/net").readlink()
    support.wait_for("the namespaces", lambda: all(
        pathlib.Path(f"/proc/{process.pid}/ns/net").readlink() != own
        for process in processes))


def main():
    with contextlib.ExitStack() as stack:
        def start(*words):
            process = subprocess.Popen(words)
            stack.callback(process.wait)
            stack.callback(process.kill)
            return process
        for _ in range(PROCESSES - NAMESPACES):
            start("sleep", "600")
        wait_for_namespaces([start("unshare", "--net", "sleep", "600")
                             for _ in range(NAMESPACES)])
        folder = pathlib.Path(stack.enter_context(
            tempfile.TemporaryDirectory()))
        exporters, commands = {}, {}
        for scan in ("off", "auto", "all"):
            file = folder / f"{scan}.ini"
            file.write_text(f"[netns]\nscan = {scan}\n")
            exporters[scan] = stack.enter_context(
                support.Exporter(f"--config.file={file}"))
            commands[scan] = f"GET /metrics with [netns] scan = {scan}"
        medians = bench.alternating_medians(ROUNDS, {
            scan: lambda exporter=exporter: bench.milliseconds(exporter.scrape)
            for scan, exporter in exporters.items()})
        rows = [bench.Row("scrape", medians[scan], "ms", commands[scan])
                for scan in medians]
        rows += [bench.Row("resident memory",
                           bench.resident_mebibytes(exporter.process.pid),
                           "MiB", commands[scan])
                 for scan, exporter in exporters.items()]
    bench.print_table(f"{NAMESPACES} network namespaces without SSH, "
                      f"{PROCESSES} processes", rows)


if __name__ == "__main__":
    main()
