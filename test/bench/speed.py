#!/usr/bin/python3
"""`keepalived -t` of a generated configuration: ours beside Debian's, wall time and peak memory, as ratios.

    speed.py [--services] [--lines 100000] [--runs 3] [--limit-s 0.5 --limit-mb 60] [PROGRAM [REFERENCE]]

Prints a Markdown table; with limits, exit code 1 when the program under test exceeds one (best of the runs). Runs in a
network namespace of its own, so that the interfaces the file names exist. Needs root.
"""
import argparse
import os
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "netns"))
from namespaces import LabError, remove, require_namespaces, run  # noqa: E402

INTERFACES, VRIDS = 20, 255


def block(number):
    """One vrrp_instance with what people write; 30 lines. VRIDs repeat on another interface."""
    interface, vrid = f"eth{number // VRIDS % INTERFACES}", number % VRIDS + 1
    addresses = "".join(f"        10.{number >> 8 & 255}.{number & 255}.{octet}/24 dev {interface}\n" for octet in range(1, 11))
    return (f"vrrp_instance VI_{number} {{\n    state BACKUP  # comment\n    interface {interface}\n"
            f"    virtual_router_id {vrid}\n    priority {100 + number % 100}\n    advert_int 1\n    garp_master_delay 5\n"
            f"    garp_master_repeat 3\n    authentication {{\n        auth_type PASS\n        auth_pass 1111\n    }}\n"
            f"    virtual_ipaddress {{\n{addresses}    }}\n    preempt_delay 10\n\n    garp_lower_prio_repeat 2\n    garp_master_refresh 60\n"
            f"}}\n\n")


SERVERS = 10


def service(number):
    """One virtual_server with ten real servers; 47 lines."""
    where = f"{number >> 8 & 255}.{number & 255}"
    reals = "".join(f"    real_server 10.{10 + octet}.{where} 80 {{\n        TCP_CHECK {{\n        }}\n    }}\n" for octet in range(SERVERS))
    return (f"virtual_server 10.0.{where} 80 {{\n    delay_loop 6\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n{reals}}}\n\n")


def generate_services(lines):
    number = lines // 47
    return "".join(service(each) for each in range(number)), number * 47, number


def generate(lines):
    text, count, number = ["global_defs {\n    router_id BENCH\n}\n"], 3, 0
    while count < lines:
        text.append(block(number))
        count += text[-1].count("\n")
        number += 1
    return "".join(text), count, number


def measure(namespace, program, path):
    """(wall seconds, peak resident MB, exit code) of one run."""
    began = time.monotonic()
    child = subprocess.Popen(["nsenter", f"--net=/run/netns/{namespace}", "--", program, "-t", "-f", path],
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    return time.monotonic() - began, usage.ru_maxrss / 1024, child.returncode


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("program", nargs="?", default=os.environ.get("HOLDFAST_KEEPALIVED", "build/release/bin/keepalived"))
    options.add_argument("reference", nargs="?", default=os.environ.get("HOLDFAST_REFERENCE", "/usr/sbin/keepalived"))
    options.add_argument("--lines", type=int, default=100_000)
    options.add_argument("--services", action="store_true", help="virtual servers of ten real servers instead of instances")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--limit-s", type=float)
    options.add_argument("--limit-mb", type=float)
    options = options.parse_args()
    require_namespaces()
    namespace = f"hf{os.getpid()}-bench"
    run("ip", "netns", "add", namespace)
    try:
        for number in range(0, INTERFACES, 2):  # both ends of a pair
            run("ip", "-n", namespace, "link", "add", f"eth{number}", "type", "veth", "peer", "name", f"eth{number + 1}")
        with tempfile.NamedTemporaryFile("w", suffix=".conf", prefix="hf-bench-") as file:
            text, lines, blocks = (generate_services if options.services else generate)(options.lines)
            file.write(text)
            file.flush()
            os.chmod(file.name, 0o644)
            best = {}
            for name, program in (("Holdfast", os.path.abspath(options.program)), ("keepalived 2.2.7", options.reference)):
                runs = [measure(namespace, program, file.name) for _ in range(options.runs)]
                best[name] = (min(r[0] for r in runs), min(r[1] for r in runs), runs[0][2])
    finally:
        remove(namespace)
    print(f"`keepalived -t`, {lines} lines, {blocks} {'services' if options.services else 'instances'}, best of {options.runs}:\n")
    print("| program | time | peak memory | exit code |\n|---|--:|--:|--:|")
    for name, (seconds, megabytes, code) in best.items():
        print(f"| {name} | {seconds:.2f} s | {megabytes:.0f} MB | {code} |")
    ours, theirs = best["Holdfast"], best["keepalived 2.2.7"]
    print(f"| ratio | {ours[0] / theirs[0]:.2f} | {ours[1] / theirs[1]:.2f} | |")
    if ours[2] != 0:
        return f"exit code {ours[2]} instead of 0"
    if options.limit_s is not None and ours[0] > options.limit_s:
        return f"took {ours[0]:.2f} s, limit {options.limit_s} s"
    if options.limit_mb is not None and ours[1] > options.limit_mb:
        return f"used {ours[1]:.0f} MB, limit {options.limit_mb} MB"
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except LabError as error:
        sys.exit(f"speed.py: {error}")
