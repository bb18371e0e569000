#!/usr/bin/python3
"""N TCP checks a second on loopback: processor time per check, memory per real server, lateness, time from death to removal; and
start and reload of a large configuration.

    checker.py [--servers 1000,10000,50000] [--seconds 10] [PROGRAM]

PROGRAM is keepalived_test of a Release build (docs/TESTING.md): the
daemon with the IPVS table in a file. Runs in a network namespace of its own; prints Markdown tables. Needs root.
"""
import argparse
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "netns"))
from namespaces import LabError, remove, require_namespaces, run  # noqa: E402

PORT, DYING_PORT = 8080, 8081
PER_SERVICE = 100
DYING_SHARE = 100  # one of so many servers listens on the port that dies


def address(number):
    return f"127.{1 + (number >> 16 & 63)}.{number >> 8 & 255}.{number & 255}"


def configuration(servers, delay_s=1, per_service=PER_SERVICE, port_of=None, scheduler="rr"):
    port_of = port_of or (lambda number: DYING_PORT if number % DYING_SHARE == 0 else PORT)
    text = ["global_defs {\n    ipvs_reconcile_interval 10\n}\n"]
    for first in range(0, servers, per_service):
        text.append(f"virtual_server 10.{first >> 16}.{first >> 8 & 255}.{first & 255} 80 {{\n    delay_loop {delay_s}\n    lb_algo {scheduler}\n"
                    "    lb_kind NAT\n    protocol TCP\n")
        for number in range(first, min(first + per_service, servers)):
            text.append(f"    real_server {address(number)} {port_of(number)} {{\n        weight 1\n        TCP_CHECK {{\n"
                        "            connect_timeout 3\n            retry 0\n        }\n    }\n")
        text.append("}\n")
    return "".join(text)


class Daemon:
    """keepalived_test in the namespace, with its files in a directory of its own."""

    def __init__(self, namespace, program, text):
        self.directory = tempfile.mkdtemp(prefix="hf-bench-")
        os.mkdir(self.directory + "/wire")
        self.journal, self.lines = self.directory + "/ipvs", []
        self.configure(text)
        environment = {**os.environ, "HOLDFAST_TEST_IPVS": self.journal, "HOLDFAST_TEST_WIRE": self.directory + "/wire",
                       "HOLDFAST_TEST_HOST": "a", "HOLDFAST_TEST_LINKS": "lo=10.0.0.1/24", "TMPDIR": self.directory}
        command = ["nsenter", f"--net=/run/netns/{namespace}", "--", program, "-n", "-l", "-G", "-D", "-f", self.directory + "/k.conf"]
        for option, name in (("-p", "core"), ("-r", "vrrp"), ("-c", "checkers")):
            command += [option, f"{self.directory}/{name}.pid"]
        self.began = time.monotonic()
        self.process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, text=True)
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append((time.monotonic(), line.rstrip("\n")))

    def configure(self, text):
        with open(self.directory + "/k.new", "w", encoding="ascii") as handle:
            handle.write(text)
        os.chmod(self.directory + "/k.new", 0o644)
        os.rename(self.directory + "/k.new", self.directory + "/k.conf")

    def wait_log(self, pattern, limit_s, since=0.0):
        deadline, seen = time.monotonic() + limit_s, 0
        while time.monotonic() < deadline:
            fresh = self.lines[seen:]
            seen += len(fresh)
            found = [when for when, line in fresh if when >= since and re.search(pattern, line)]
            if found:
                return found[0]
            time.sleep(0.002)
        raise LabError(f"not within {limit_s} s: {pattern}\n" + "\n".join(line for _, line in self.lines[-20:]))

    def checker(self):
        with open(self.directory + "/checkers.pid", encoding="ascii") as handle:
            return int(handle.read())

    def operations(self, since=0.0):
        """[(time, words)] of the journal."""
        try:
            with open(self.journal, encoding="ascii") as handle:
                rows = [line.split() for line in handle if line.endswith("\n")]
        except FileNotFoundError:
            return []
        return [(int(row[0]) / 1e6, row[2:]) for row in rows if int(row[0]) / 1e6 >= since]

    def wait_operations(self, count, limit_s, since=0.0):
        deadline = time.monotonic() + limit_s
        while len(found := self.operations(since)) < count:
            if time.monotonic() > deadline:
                raise LabError(f"{len(found)} instead of {count} operations after {limit_s} s")
            time.sleep(0.02)
        return found

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        shutil.rmtree(self.directory, ignore_errors=True)


def cpu_s(pid):
    with open(f"/proc/{pid}/stat", encoding="ascii") as handle:
        words = handle.read().rsplit(")", 1)[1].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def resident_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as handle:
        return next(int(line.split()[1]) for line in handle if line.startswith("VmRSS:"))


def acceptor(namespace, program, port):
    process = subprocess.Popen(["nsenter", f"--net=/run/netns/{namespace}", "--", program, str(port)], stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE)
    process.stdout.readline()
    return process


def lateness(daemon, namespace, control):
    text = run("nsenter", f"--net=/run/netns/{namespace}", "--", control, "--run-dir", daemon.directory + "/core.pid.d", "status",
               check=False, timeout=60)
    return next((line.split("  ", 1)[1] for line in text.splitlines() if line.startswith("Timer lateness of checker")), "?")


def measure(namespace, options, servers):
    steady, dying = acceptor(namespace, options.acceptor, PORT), acceptor(namespace, options.acceptor, DYING_PORT)
    daemon = Daemon(namespace, options.program, configuration(servers))
    try:
        daemon.wait_operations(servers + (servers + PER_SERVICE - 1) // PER_SERVICE, 60)
        time.sleep(3)  # the warm-up is over
        pid = daemon.checker()
        before, began = cpu_s(pid), time.monotonic()
        time.sleep(options.seconds)
        used, elapsed = cpu_s(pid) - before, time.monotonic() - began
        memory, late = resident_kb(pid), lateness(daemon, namespace, options.control)
        died = time.monotonic()
        dying.terminate()
        dead = (servers + DYING_SHARE - 1) // DYING_SHARE
        removed = sorted(when - died for when, words in daemon.wait_operations(dead, 30, died) if words[0] == "D-")
        return {"cpu": used / elapsed, "us": used / elapsed / servers * 1e6, "kb": memory / servers, "mb": memory / 1024, "late": late,
                "removed": (removed[len(removed) // 2], removed[-1])}
    finally:
        daemon.close()
        for process in (steady, dying):
            process.terminate()
            process.wait()


def large(namespace, options):
    """Start and reload of 2 277 virtual and 37 205 real servers, checks far apart."""
    services, servers = 2277, 37205
    text = configuration(servers, delay_s=3600, per_service=servers // services + 1, port_of=lambda _: PORT)
    services = text.count("virtual_server ")
    steady = acceptor(namespace, options.acceptor, PORT)
    daemon = Daemon(namespace, options.program, text)
    try:
        daemon.wait_log("Startup complete", 60)
        complete = daemon.wait_operations(services + servers, 60)[-1][0] - daemon.began
        time.sleep(1)
        since = time.monotonic()
        daemon.configure(text.replace("lb_algo rr", "lb_algo wrr", 1))
        daemon.process.send_signal(signal.SIGHUP)
        done = daemon.wait_log("Reload complete", 60, since)
        reloading = daemon.wait_log("Reloading$", 60, since)
        time.sleep(1)
        operations = daemon.operations(since)
        return services, servers, complete, reloading - since, operations[0][0] - reloading, done - since, len(operations), resident_kb(daemon.checker()) / 1024
    finally:
        daemon.close()
        steady.terminate()
        steady.wait()


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("program", nargs="?", default=f"{here}/../../build/release/bin/keepalived_test")
    options.add_argument("--servers", default="1000,10000,50000")
    options.add_argument("--seconds", type=float, default=10)
    options = options.parse_args()
    options.program = os.path.abspath(options.program)
    options.acceptor = os.path.join(os.path.dirname(options.program), "bench_acceptor")
    options.control = os.path.join(os.path.dirname(options.program), "keepalivedctl")
    require_namespaces()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    namespace = f"hf{os.getpid()}-bench"
    run("ip", "netns", "add", namespace)
    try:
        run("ip", "-n", namespace, "link", "set", "lo", "up")
        run("ip", "netns", "exec", namespace, "sysctl", "-qw", "net.core.somaxconn=65535", "net.ipv4.tcp_max_syn_backlog=65535",
            "net.ipv4.ip_local_port_range=1024 65000")
        print("| real servers, one TCP_CHECK a second each | processor | per check | memory | per server | death to removal (median, worst) | timer lateness |")
        print("|--:|--:|--:|--:|--:|--:|---|")
        for servers in [int(word) for word in options.servers.split(",")]:
            r = measure(namespace, options, servers)
            print(f"| {servers} | {100 * r['cpu']:.0f} % | {r['us']:.0f} us | {r['mb']:.0f} MB | {r['kb']:.1f} kB | "
                  f"{r['removed'][0]:.2f} s, {r['removed'][1]:.2f} s | {r['late']} |", flush=True)
        services, servers, start_s, read_s, apply_s, whole_s, operations, megabytes = large(namespace, options)
        print(f"\n{services} virtual and {servers} real servers: start to the last IPVS operation {start_s:.2f} s; one line changed: "
              f"read and compared in {1000 * read_s:.0f} ms beside the checks, applied in {1000 * apply_s:.1f} ms, {operations} IPVS operation(s), "
              f"reload complete after {1000 * whole_s:.0f} ms; checker {megabytes:.0f} MB")
    finally:
        remove(namespace)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LabError as error:
        sys.exit(f"checker.py: {error}")
