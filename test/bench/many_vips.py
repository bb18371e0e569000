#!/usr/bin/python3
"""One instance with 5 000 addresses takes over among 50 others: how long until the kernel has all, and who was late meanwhile.

    many_vips.py [--vips 5000] [--others 50] [--runs 3] [--realtime] [PROGRAM [REFERENCE]]

All instances advert every 100 ms. The big one is a Backup of a made-up peer, whose priority 0 lets it take over. Measured: from its
first advert until the last address is in the kernel (the kernel's own events), as a ratio to `ip -batch` with the same addresses in a
namespace of the same kind, in the same run; and the latest advert of all instances until a second after. Needs root.
"""
import argparse
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "netns"))
sys.path.insert(0, HERE)
import scale  # noqa: E402
import vrrp_tester  # noqa: E402
from namespaces import open_inside  # noqa: E402
from watch import IFA_LOCAL, RTM_DELADDR, RTM_NEWADDR, SO_RCVBUFFORCE, SO_TIMESTAMPNS, address_socket, packet_socket  # noqa: E402

BIG, INTERVAL_S = 200, 0.1
PEER, PEER_MAC = "10.100.0.2", "02:00:00:00:00:02"


def addresses(count):
    return [f"10.{50 + n // 62500}.{n // 250 % 250}.{n % 250 + 1}" for n in range(count)]


def configuration(vips, others, realtime, long_burst):
    text = scale.configuration(others, INTERVAL_S * 1000, 100, realtime)
    if not long_burst:
        text = text.replace("    vrrp_rlimit_rttime 5000000\n", "", 1)
    excluded = "".join(f"        {address}/32\n" for address in vips[1:])
    return (text + f"vrrp_instance BIG {{\n    state BACKUP\n    version 3\n    interface wire0\n"
            f"    virtual_router_id {BIG}\n    priority 100\n    advert_int {INTERVAL_S}\n    virtual_ipaddress {{\n        {vips[0]}/32\n"
            f"    }}\n    virtual_ipaddress_excluded {{\n{excluded}    }}\n}}\n")


class Ears:
    """Adverts that reach b: VRID → kernel times, as CLOCK_MONOTONIC."""

    def __init__(self, namespace):
        self.times, self._stopped = {}, False
        self._offset = time.time() - time.monotonic()
        self.sock = open_inside(namespace, self._open)
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    @staticmethod
    def _open():
        sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, 112)
        sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        sock.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, socket.inet_aton("224.0.0.18") + socket.inet_aton(PEER))
        sock.settimeout(0.1)
        return sock

    def _listen(self):
        vrrp_tester.before_others()
        while not self._stopped:
            try:
                data, ancillary, _, _ = self.sock.recvmsg(2048, 64)
            except socket.timeout:
                continue
            seconds, nanoseconds = struct.unpack("@qq", ancillary[0][2][:16])
            if socket.inet_ntoa(data[12:16]) != PEER:
                self.times.setdefault(data[21], []).append(seconds + nanoseconds / 1e9 - self._offset)

    def latest_s(self, since, until):
        """The most that an advert came after its time, over all VRIDs; a VRID that fell silent counts as well."""
        late = 0.0
        for times in list(self.times.values()):
            marks = [each for each in times if each < since][-1:] + [each for each in times if since <= each <= until] + [until]
            late = max([late] + [later - earlier - INTERVAL_S for earlier, later in zip(marks, marks[1:-1])]
                       + [marks[-1] - marks[-2] - INTERVAL_S if len(marks) > 1 else until - since])
        return late

    def close(self):
        self._stopped = True
        self.thread.join(5)
        self.sock.close()


class Arrivals:
    """When the kernel of a host got and lost which address."""

    def __init__(self, namespace, wanted):
        self.wanted, self.there, self.last, self._stopped = set(wanted), set(), 0.0, False
        self.gained, self.lost = [], []  # one entry for each time
        self.sock = open_inside(namespace, address_socket)
        self.sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 64 << 20)
        self.sock.settimeout(0.1)
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        vrrp_tester.before_others()
        while not self._stopped:
            try:
                data = self.sock.recv(1 << 16)
            except socket.timeout:
                continue
            now = time.monotonic()
            while len(data) >= 16:
                length, kind = struct.unpack("=IH", data[:6])
                self._one(kind, data[24:length], now)
                data = data[(length + 3) & ~3:]

    def _one(self, kind, attributes, now):
        while len(attributes) >= 4:
            length, tag = struct.unpack("=HH", attributes[:4])
            if length < 4:
                return
            if tag == IFA_LOCAL and (address := socket.inet_ntoa(attributes[4:8])) in self.wanted:
                if kind == RTM_NEWADDR and address not in self.there:
                    self.there.add(address)
                    self.gained.append(address)
                    self.last = now
                elif kind == RTM_DELADDR:
                    self.there.discard(address)
                    self.lost.append(address)
            attributes = attributes[(length + 3) & ~3:]

    def close(self):
        self._stopped = True
        self.thread.join(5)
        self.sock.close()


def wait(condition, timeout_s, what, seen=lambda: ""):
    end = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > end:
            raise SystemExit(f"waited {timeout_s} s in vain for {what}: {seen()}")
        time.sleep(0.02)


def batch_s(vips):
    """Seconds of `ip -batch` alone with these addresses."""
    lab = scale.Lab(1)
    try:
        path = lab.hosts[0].path("batch")
        with open(path, "w", encoding="ascii") as file:
            file.writelines(f"address add {address}/32 dev wire0\n" for address in vips)
        began = time.monotonic()
        subprocess.run(["ip", "-n", lab.hosts[0].name, "-batch", path], check=True)
        return time.monotonic() - began
    finally:
        lab.close()


def takeover(program, vips, others=50, realtime=False, long_burst=True):
    """(seconds from the first advert to the last address, most that an advert was late meanwhile, seconds of the removal at the stop)"""
    lab = scale.Lab(1)
    opened = []
    try:
        a, b = lab.hosts
        wire = open_inside(b.name, lambda: packet_socket("wire0"))
        ears, arrivals = Ears(b.name), Arrivals(a.name, vips)
        opened += [wire, ears, arrivals]
        frames = {priority: vrrp_tester.advert(3, 4, PEER, PEER_MAC, vrid=BIG, priority=priority, interval_s=INTERVAL_S, addresses=vips[:1])
                  for priority in (200, 0)}
        playing = threading.Event()

        def play():
            vrrp_tester.before_others()
            while not playing.wait(INTERVAL_S / 2):
                wire.send(frames[200])

        player = threading.Thread(target=play, daemon=True)
        player.start()
        a.start(program, configuration(vips, others, realtime, long_burst))
        wait(lambda: len(ears.times) >= others, 20, f"{others} instances on the wire", lambda: f"{len(ears.times)}\n{a.tail()}")
        time.sleep(2.0)
        if BIG in ears.times:
            raise SystemExit("the big one took over too early: this machine is too busy")
        playing.set()
        player.join()
        since = time.monotonic()
        wire.send(frames[0])
        wait(lambda: len(arrivals.there) == len(vips), 15, f"{len(vips)} addresses", lambda: f"{len(arrivals.there)}\n{a.tail()}")
        all_there = arrivals.last
        time.sleep(1.0)
        found = all_there - ears.times[BIG][0], ears.latest_s(since, all_there + 0.9)
        began = time.monotonic()
        a.stop()
        wait(lambda: not arrivals.there, 20, "the end of the addresses", lambda: f"{len(arrivals.there)} are left\n{a.tail()}")
        return (*found, time.monotonic() - began)
    finally:
        for each in opened:
            each.close()
        lab.close()


def killed(program, vips, others=50, kills=3):
    """kill -9 of vrrp with all addresses in place: (most that an advert was late, addresses that the kernel lost)."""
    lab = scale.Lab(1)
    opened = []
    try:
        a, b = lab.hosts
        ears, arrivals = Ears(b.name), Arrivals(a.name, vips)
        opened += [ears, arrivals]
        a.start(program, configuration(vips, others, False, True))
        wait(lambda: len(arrivals.there) == len(vips), 60, f"{len(vips)} addresses", lambda: f"{len(arrivals.there)}\n{a.tail()}")
        time.sleep(1.0)
        since = time.monotonic()
        for _ in range(kills):
            old = a.vrrp()
            os.kill(old, signal.SIGKILL)
            wait(lambda: a.vrrp() != old, 10, "another vrrp")
            time.sleep(2.0)
        return ears.latest_s(since, time.monotonic()), len(arrivals.lost)
    finally:
        for each in opened:
            each.close()
        lab.close()


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--vips", type=int, default=5000)
    options.add_argument("--others", type=int, default=50)
    options.add_argument("--realtime", action="store_true", help="with vrrp_rt_priority 50")
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("program", nargs="?", default="build/release/bin/keepalived")
    options.add_argument("reference", nargs="?", default="/usr/sbin/keepalived")
    given = options.parse_args()
    vips = addresses(given.vips)
    programs = [("Holdfast", os.path.abspath(given.program))]
    if os.access(given.reference, os.X_OK):
        programs.append(("keepalived", given.reference))
    print("| run | who | all addresses | to `ip -batch` | latest advert of all | stop until all are gone |\n|---|---|--:|--:|--:|--:|")
    for number in range(1, given.runs + 1):
        plain = batch_s(vips)
        print(f"| {number} | `ip -batch` | {plain * 1000:.0f} ms | 1.00 | - | - |", flush=True)
        for name, program in programs:
            seconds, late, gone = takeover(program, vips, given.others, given.realtime)
            print(f"| {number} | {name} | {seconds * 1000:.0f} ms | {seconds / plain:.2f} | {late * 1000:.0f} ms | {gone * 1000:.0f} ms |",
                  flush=True)


if __name__ == "__main__":
    sys.exit(main())
