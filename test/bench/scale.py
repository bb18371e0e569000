#!/usr/bin/python3
"""Many instances at short intervals, two hosts, both daemons in one run: one Markdown table (issue 6).

    scale.py [--only N×MS,...] [--seconds 10] [--stress] [PROGRAM [REFERENCE]]

Master (priority 200) and backup (100) are started together. Counted: how often the backup became Active (each time is false, the
master lives), who has the VIPs at the end, processor time of the master's and the backup's vrrp process in the steady window,
memory of the master's per instance over that of one instance. 250 instances share one interface, more take more interfaces.
With bench_bare_adverts beside PROGRAM (docs/TESTING.md) a row says what the same packets cost when nobody thinks.
--stress: 100 × 100 ms for 60 s beside `stress-ng --cpu 4 --io 2`. Needs root.
"""
import argparse
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

PER_LINK = 250
SETTLE_S = 8.0
DEFAULT = "250x100,1000x100,20x10,4000x100,1000x10"


def run(*command):
    subprocess.run(command, check=True)


def configuration(count, interval_ms, priority, realtime=False):
    # with its 10 ms for a burst keepalived 2.2.7 is killed by the kernel again and again
    globals_ = "    vrrp_rt_priority 50\n    vrrp_no_swap\n    vrrp_rlimit_rttime 5000000\n" if realtime else ""
    text = ["global_defs {\n    router_id bench\n    vrrp_garp_master_repeat 1\n    vrrp_garp_master_delay 0\n" + globals_ + "}\n"]
    for i in range(count):
        link, vrid = divmod(i, PER_LINK)
        text.append(f"vrrp_instance V{i} {{\n    state BACKUP\n    version 3\n    interface wire{link}\n"
                    f"    virtual_router_id {vrid + 1}\n    priority {priority}\n    advert_int {interval_ms / 1000:g}\n"
                    f"    virtual_ipaddress {{\n        10.{100 + link}.200.{vrid + 1}/24\n    }}\n}}\n")
    return "".join(text)


class Host:
    def __init__(self, name, directory):
        self.name = f"hfb{os.getpid()}{name}"
        self.directory = os.path.join(directory, name)
        os.makedirs(self.directory)
        run("ip", "netns", "add", self.name)
        run("ip", "-n", self.name, "link", "set", "lo", "up")
        self.process = None

    def start(self, program, text, *options):
        with open(self.path("conf"), "w") as file:
            file.write(text)
        self.log = open(self.path("log"), "wb")
        self.process = subprocess.Popen(
            ["ip", "netns", "exec", self.name, program, "-P", "-n", "-l", *options, "-f", self.path("conf"), "-p", self.path("pid"),
             "-r", self.path("vrrp.pid")], stdout=self.log, stderr=self.log, start_new_session=True,
            env={**os.environ, "TMPDIR": self.directory})

    def path(self, name):
        return os.path.join(self.directory, name)

    def vrrp(self):
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                with open(self.path("vrrp.pid")) as file:
                    return int(file.read())
            except (OSError, ValueError):
                time.sleep(0.05)
        raise SystemExit(f"{self.name}: no vrrp process\n" + open(self.path("log"), errors="replace").read()[-2000:])

    def states(self):
        """Instance → the states it entered, in order."""
        entered = {}
        with open(self.path("log"), errors="replace") as file:
            for name, state in re.findall(r"\((V\d+)\) Entering (MASTER|BACKUP|FAULT) STATE", file.read()):
                entered.setdefault(name, []).append(state)
        return entered

    def vips(self):
        """How many the kernel has: a log may have lost lines."""
        found = subprocess.run(["ip", "-n", self.name, "-o", "addr", "show"], check=True, capture_output=True, text=True).stdout
        return len(re.findall(r" 10\.\d+\.200\.\d+/", found))

    def tail(self, octets=2000):
        with open(self.path("log"), errors="replace") as file:
            return file.read()[-octets:]

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.process:
            self.log.close()
        for name in ("pid", "vrrp.pid"):
            if os.path.exists(self.path(name)):
                os.unlink(self.path(name))
        self.process = None


def processor_s(pid):
    with open(f"/proc/{pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_kb(pid):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+)", file.read()).group(1))


class Lab:
    host_type = Host

    def __init__(self, links):
        self.directory = tempfile.TemporaryDirectory()
        self.hosts = [self.host_type(name, self.directory.name) for name in "ab"]
        a, b = (host.name for host in self.hosts)
        for link in range(links):
            run("ip", "-n", a, "link", "add", f"wire{link}", "type", "veth", "peer", f"wire{link}", "netns", b)
            for last, host in ((1, a), (2, b)):
                run("ip", "-n", host, "addr", "add", f"10.{100 + link}.0.{last}/16", "dev", f"wire{link}")
                run("ip", "-n", host, "link", "set", f"wire{link}", "up")

    def close(self):
        for host in self.hosts:
            host.stop()
            run("ip", "netns", "del", host.name)
        self.directory.cleanup()


def measure(program, count, interval_ms, seconds, realtime=False, beside=None):
    lab = Lab((count + PER_LINK - 1) // PER_LINK)
    try:
        master, backup = lab.hosts
        texts = [configuration(count, interval_ms, priority, realtime) for priority in (200, 100)]
        master.start(program, texts[0])
        backup.start(program, texts[1])
        pids = master.vrrp(), backup.vrrp()
        time.sleep(SETTLE_S + 4 * interval_ms / 1000)
        helper = beside() if beside else None
        before = [processor_s(pid) for pid in pids]
        began = time.monotonic()
        time.sleep(seconds)
        elapsed = time.monotonic() - began
        load = [100 * (processor_s(pid) - old) / elapsed for pid, old in zip(pids, before)]
        memory = resident_kb(pids[0])
        if helper:
            helper.terminate()
            helper.wait()
        for host in lab.hosts:
            host.log.flush()
        entered = [host.states() for host in lab.hosts]
        active = [host.vips() for host in lab.hosts]
        false = sum(states.count("MASTER") for states in entered[1].values())
        lost = sum(max(0, states.count("MASTER") - 1) for states in entered[0].values())
        return {"cpu_master": load[0], "cpu_backup": load[1], "false": false, "lost": lost, "active": active, "kb": memory}
    finally:
        lab.close()


def bare(program, count, interval_ms, seconds):
    """The share of a processor that sender and receiver need for nothing but sendmmsg and recvmmsg of as many packets."""
    links = (count + PER_LINK - 1) // PER_LINK
    lab = Lab(links)
    try:
        processes = []
        for host, what in zip(lab.hosts, ("send", "receive")):
            command = ["ip", "netns", "exec", host.name, program, what, str(links), str(count // links), str(interval_ms), str(int(seconds))]
            processes.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        return [float(process.communicate()[0]) for process in processes]
    finally:
        lab.close()


def stress(seconds=120):
    return subprocess.Popen(["stress-ng", "--cpu", "4", "--io", "2", "--timeout", f"{seconds:.0f}s", "--quiet"], start_new_session=True)


def row(name, count, interval_ms, found, base_kb):
    share = f"{(found['kb'] - base_kb) / count:.1f}" if count > 1 else "-"
    return (f"| {count} × {interval_ms} ms | {name} | {found['cpu_master']:.1f} % | {found['cpu_backup']:.1f} % | "
            f"{found['false']} | {found['lost']} | {found['active'][0]} / {found['active'][1]} | {share} |")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--only", default=DEFAULT)
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--stress", action="store_true")
    options.add_argument("program", nargs="?", default="build/release/bin/keepalived")
    options.add_argument("reference", nargs="?", default="/usr/sbin/keepalived")
    given = options.parse_args()
    programs = [("Holdfast", os.path.abspath(given.program))]
    bare_program = os.path.join(os.path.dirname(programs[0][1]), "bench_bare_adverts")
    if os.access(given.reference, os.X_OK):
        programs.append(("keepalived", given.reference))
    print("| instances × interval | daemon | master | backup | false take-overs | mastership lost | VIPs at the end (a / b) "
          "| kB per instance |\n|---|---|---|---|---|---|---|---|", flush=True)
    if given.stress:
        for name, program in programs:
            print(row(name, 100, 100, measure(program, 100, 100, 60, True, stress), 0), flush=True)
        return
    base = {name: measure(program, 1, 100, 1)["kb"] for name, program in programs}
    for case in given.only.split(","):
        count, interval_ms = (int(word) for word in case.split("x"))
        if os.access(bare_program, os.X_OK):
            send, receive = bare(bare_program, count, interval_ms, given.seconds)
            print(f"| {count} × {interval_ms} ms | sendmmsg, recvmmsg | {send:.1f} % | {receive:.1f} % | | | | |", flush=True)
        for name, program in programs:
            print(row(name, count, interval_ms, measure(program, count, interval_ms, given.seconds), base[name]), flush=True)


if __name__ == "__main__":
    sys.exit(main())
