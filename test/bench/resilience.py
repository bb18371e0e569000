#!/usr/bin/python3
"""Fault × program → what a client and the peer saw: one Markdown table (issue 3; it goes into the README as measured).

    resilience.py [--only WORD] [PROGRAM [REFERENCE]]

Two hosts with the same program, the master suffers the fault, a client pings the VIP every 2 ms. Columns per program: longest
silence of the client, take-overs by the peer, seconds in which two hosts had the VIP. After a killed core the same command
line is started again 1 s later, as systemd does. Needs root; about six minutes.
"""
import argparse
import os
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "netns"))
from case import PROGRAM, REFERENCE, VIP, instance  # noqa: E402
from daemon import Daemon, Pinger  # noqa: E402
from lab import Lab  # noqa: E402
from namespaces import LabError, alive  # noqa: E402

RESTART_S = 1.0  # systemd's RestartSec
AFTER_S = 9.0  # observed after the fault: restart, two elections, second burst of gratuitous ARP
FAST_AFTER_S = 5.0


def kill_vrrp(host, daemon):
    os.kill(daemon.vrrp(), signal.SIGKILL)


def kill_core(host, daemon):
    daemon.kill_core()
    time.sleep(RESTART_S)
    if any(alive(pid) for pid in host.processes()) and not daemon.vrrp():
        time.sleep(1)  # children on their way out
    daemon.start()


def stop_vrrp(host, daemon):
    pid = daemon.vrrp()
    os.kill(pid, signal.SIGSTOP)
    time.sleep(6)
    if alive(pid):
        os.kill(pid, signal.SIGCONT)


def stop_core(host, daemon):
    daemon.signal(signal.SIGSTOP)
    time.sleep(10)
    daemon.signal(signal.SIGCONT)


def freeze_host(host, daemon):
    pids = host.processes()
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)
    time.sleep(6)
    for pid in reversed(pids):
        os.kill(pid, signal.SIGCONT)


def reload_50_times(host, daemon):
    for _ in range(50):
        daemon.signal(signal.SIGHUP)
        time.sleep(0.1)


FAULTS = [  # name, what happens, configuration, seconds watched afterwards
    ("`kill -9` vrrp, advert_int 1", kill_vrrp, {}, AFTER_S),
    ("`kill -9` vrrp, advert_int 0.1 (v3)", kill_vrrp, {"version": 3, "advert_int": 0.1}, FAST_AFTER_S),
    ("`kill -9` vrrp, advert_int 0.02 (v3)", kill_vrrp, {"version": 3, "advert_int": 0.02}, FAST_AFTER_S),
    ("`kill -9` core, started again after 1 s", kill_core, {}, AFTER_S),
    ("SIGSTOP vrrp for 6 s", stop_vrrp, {}, AFTER_S),
    ("SIGSTOP core for 10 s", stop_core, {}, 2.0),
    ("whole host frozen for 6 s", freeze_host, {}, AFTER_S),
    ("SIGHUP × 50 in 5 s", reload_50_times, {}, 3.0),
]


def suffer(program, fault, configuration, after_s):
    """(longest silence s, take-overs by the peer, seconds with two owners) of one fault."""
    with Lab() as lab:
        a, b, client = lab.host("a"), lab.host("b"), lab.host("client")
        master = Daemon(a, program, instance(100, **configuration))
        Daemon(b, program, instance(90, **configuration))
        lab.wait_owner(VIP, a, 15)
        lab.wait(lambda: client.shell(f"ping -c 1 -W 1 {VIP} >/dev/null && echo yes", check=False), 5, "the VIP answers")
        pinger = Pinger(client, VIP)
        time.sleep(1.0)
        since = time.monotonic()
        fault(a, master)
        time.sleep(after_s)
        until = time.monotonic()
        pinger.stop()
        taken = [event for event in lab.watch.events_of(VIP, since, until, kinds=("add",)) if event.host == "b"]
        return pinger.longest(since), len(taken), lab.watch.seconds_with(VIP, since, until, owners=2)


def milliseconds(seconds):
    return f"{seconds:.1f} s" if seconds >= 1 else f"{seconds * 1000:.0f} ms"


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("program", nargs="?", default=PROGRAM if "HOLDFAST_KEEPALIVED" in os.environ
                         else "build/release/bin/keepalived")
    options.add_argument("reference", nargs="?", default=REFERENCE)
    options.add_argument("--only", default="", help="only faults whose name contains this")
    options = options.parse_args()
    programs = [os.path.abspath(options.program), options.reference]
    print("| fault on the master | Holdfast: longest silence | take-overs | two owners | keepalived 2.2.7: longest silence | "
          "take-overs | two owners |\n|---|--:|--:|--:|--:|--:|--:|")
    for name, fault, configuration, after_s in FAULTS:
        if options.only not in name:
            continue
        cells = []
        for program in programs:
            try:
                silence, taken, double = suffer(program, fault, configuration, after_s)
                cells += [milliseconds(silence), str(taken), milliseconds(double)]
            except (LabError, OSError, TypeError) as error:
                print(f"{name}, {program}: {error}", file=sys.stderr)
                cells += ["failed", "–", "–"]
        print(f"| {name} | {' | '.join(cells)} |", flush=True)


if __name__ == "__main__":
    main()
