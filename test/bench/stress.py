#!/usr/bin/python3
"""100 × 100 ms for a minute on a machine that has no processor time and no room for logs: nobody may change its state (issue 6).

    stress.py [--seconds 60] [--instances 100] [--no-stress] [PROGRAM [REFERENCE]]

Both hosts run with vrrp_rt_priority and vrrp_no_swap, log everything (-D) to a file on a full tmpfs, beside `stress-ng --cpu 4 --io 2`
(disk of the working directory). A false transition is a VIP that the backup gets or the master loses, as the kernels tell it: no log
can be asked. Prints a table, and the master's own histogram of lateness (SIGUSR1). Needs root and the package stress-ng.
"""
import argparse
import contextlib
import glob
import os
import re
import shutil
import signal
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "netns"))
sys.path.insert(0, HERE)
import scale  # noqa: E402
from many_vips import Arrivals, Ears, wait  # noqa: E402

INTERVAL_MS = 100
ROOM_KB = 64


class FullHost(scale.Host):
    """Its log is on a tmpfs of its own, which is full before the daemon starts."""

    def __init__(self, name, directory):
        super().__init__(name, directory)
        self.disk = os.path.join(directory, name + "-disk")
        os.mkdir(self.disk)
        scale.run("mount", "-t", "tmpfs", "-o", f"size={ROOM_KB}k", "tmpfs", self.disk)
        os.symlink(os.path.join(self.disk, "log"), self.path("log"))
        with open(os.path.join(self.disk, "full"), "wb", buffering=0) as file, contextlib.suppress(OSError):
            while file.write(b"x" * 4096):
                pass

    def close(self):
        scale.run("umount", "-l", self.disk)


class FullLab(scale.Lab):
    host_type = FullHost

    def close(self):
        for host in self.hosts:
            host.stop()
            host.close()
        super().close()


def measure(program, instances, seconds, stressed):
    """{false, lost, late_s, cpu, histogram, log}"""
    lab = FullLab(1)
    opened = []
    helper = None
    try:
        a, b = lab.hosts
        vips = [f"10.100.200.{vrid}" for vrid in range(1, instances + 1)]
        ears = Ears(b.name)
        arrivals = [Arrivals(host.name, vips) for host in (a, b)]
        opened += [ears, *arrivals]
        a.start(program, scale.configuration(instances, INTERVAL_MS, 200, True), "-D")
        wait(lambda: len(arrivals[0].there) == instances, 60, "the master's addresses", lambda: len(arrivals[0].there))
        b.start(program, scale.configuration(instances, INTERVAL_MS, 100, True), "-D")
        pid = a.vrrp()
        b.vrrp()
        time.sleep(2)
        if shutil.disk_usage(a.disk).free:
            raise SystemExit("the disk of the log is not full")
        helper = scale.stress(seconds + 30) if stressed else None
        time.sleep(1)
        since, before = time.monotonic(), scale.processor_s(pid)
        gained, lost = len(arrivals[1].gained), len(arrivals[0].lost)
        time.sleep(seconds)
        until = time.monotonic()
        load = 100 * (scale.processor_s(pid) - before) / (until - since)
        found = {"false": len(arrivals[1].gained) - gained, "lost": len(arrivals[0].lost) - lost, "cpu": load,
                 "late_s": ears.latest_s(since, until), "still": a.vrrp() == pid}
        os.kill(a.process.pid, signal.SIGUSR1)
        found["histogram"] = histogram(a)
        return found
    finally:
        if helper:
            os.killpg(helper.pid, signal.SIGTERM)
            helper.wait()
        for each in opened:
            each.close()
        lab.close()


def histogram(host):
    """The lines about lateness in the dump, [] when there are none (keepalived has none)."""
    end = time.monotonic() + 5
    while time.monotonic() < end:
        for path in glob.glob(host.path("keepalived*.data")):
            with open(path, encoding="utf-8", errors="replace") as file:
                found = re.search(r"^.*Timer lateness.*\n(?: .*\n?)*", file.read(), re.M)
            if found:
                return found.group(0).splitlines()
        time.sleep(0.1)
    return []


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--instances", type=int, default=100)
    options.add_argument("--no-stress", action="store_true")
    options.add_argument("program", nargs="?", default="build/release/bin/keepalived")
    options.add_argument("reference", nargs="?", default="/usr/sbin/keepalived")
    given = options.parse_args()
    if not given.no_stress and not shutil.which("stress-ng"):
        raise SystemExit("stress-ng is missing (etc/packages test)")
    programs = [("Holdfast", os.path.abspath(given.program))]
    if os.access(given.reference, os.X_OK):
        programs.append(("keepalived", given.reference))
    print(f"load of the machine before: {os.getloadavg()[0]:.1f}, processors: {os.cpu_count()}\n")
    print("| daemon | VIPs that the backup got | VIPs that the master lost | latest advert | processor time of the master | same process |\n"
          "|---|--:|--:|--:|--:|---|", flush=True)
    tables = []
    for name, program in programs:
        found = measure(program, given.instances, given.seconds, not given.no_stress)
        print(f"| {name} | {found['false']} | {found['lost']} | {found['late_s'] * 1000:.0f} ms late | {found['cpu']:.1f} % | "
              f"{'yes' if found['still'] else 'no'} |", flush=True)
        tables += [name + ":", *found["histogram"]] if found["histogram"] else []
    print("\n" + "\n".join(tables))


if __name__ == "__main__":
    sys.exit(main())
