"""What test_conformance.py is made of: one Case = one row of a table for one variant (2 = version 2, 3 = version 3, 6 = version 3
over IPv6), with a virtual router of its own. All cases of a stage run at the same time, each in a thread, against the same daemon;
test_conformance.py turns each into a test.
"""
import threading
import time
from dataclasses import dataclass, field

import ipv6
import vrrp_tester
from case import PROGRAM, instance, master_down_s, skew_s
from daemon import Daemon
from lab import Lab
from vrrp_tester import HIGH, LOW, Tester

PRIORITY = 100
BETTER = 200
INTERVAL_S = {2: 1, 3: 0.4, 6: 0.4}
PASSWORD = "1111"
POLL_S = 0.02
KERNEL_POLL_S = 0.3  # each look is a process
EARLY_S = 0.015  # a packet's time is taken a moment after it was sent
CLOCKS_S = 0.002  # the kernel's time and ours
LATE_S = 0.35  # a loaded machine; never a whole interval of version 2, never the 3 intervals of version 3
HEAD = "global_defs {\n    vrrp_garp_master_delay 1\n    vrrp_garp_master_repeat 2\n}\n"


@dataclass(frozen=True)
class Row:
    number: str
    rule: str
    name: str
    play: object  # what the tester does: play(case)
    variants: str = "236"
    priority: int = PRIORITY
    extra: str = ""
    begins: int = 0  # priority of the adverts that the tester sends from before the start; 0 = it is silent
    host: str = "a"
    until_stop: bool = False  # it ends with the daemon
    interval_s: dict = field(default_factory=dict)  # variant → of the host under test, where not INTERVAL_S


class Case:
    """`self.heard()` is what the host under test said of this virtual router; times are seconds of CLOCK_MONOTONIC."""

    def __init__(self, row, variant, vrid, stage):
        self.row, self.variant, self.vrid, self.stage = row, variant, vrid, stage
        self.version, self.family = (2, 4) if variant == 2 else (3, 4 if variant == 3 else 6)
        self.interval_s = row.interval_s.get(variant, INTERVAL_S[variant])
        self.vips = ([f"172.18.9.{vrid}", f"172.18.10.{vrid}"] if self.family == 4
                     else [f"fe80::9:{vrid:x}", f"2001:db8::9:{vrid:x}"])
        self.name = f"{'V' if self.family == 4 else 'W'}{vrid}"
        self.error, self.thread = None, None

    @property
    def method(self):
        kind = {2: "version_2", 3: "version_3", 6: "version_3_ipv6"}[self.variant]
        words = "".join(letter if letter.isalnum() else "_" for letter in self.row.name)
        return f"test_{self.row.number.replace('.', '_')}_{words}__{kind}"

    def configuration(self):
        lengths = (32, 32) if self.family == 4 else (64, 64)
        native = "    native_ipv6\n" if self.family == 6 else ""
        return instance(self.row.priority, name=self.name, vrid=self.vrid, version=self.version, advert_int=self.interval_s,
                        vips=[f"{vip}/{length}" for vip, length in zip(self.vips, lengths)], extra=native + self.row.extra)

    # ---- what the tester can do ----

    @property
    def tester(self):
        return self.stage.tester

    @property
    def host(self):
        return self.stage.duts[self.row.host][0]

    @property
    def log(self):
        return self.stage.duts[self.row.host][1]

    @property
    def down_s(self):
        return master_down_s(self.row.priority, self.interval_s, self.version)

    @property
    def skew_s(self):
        return skew_s(self.row.priority, self.interval_s, self.version)

    def advert(self, priority=BETTER, source=None, **changes):
        """The frame of a router beside the one under test; right in everything that is not changed."""
        given = {"vrid": self.vrid, "priority": priority, "interval_s": self.interval_s, "addresses": self.vips,
                 "password": PASSWORD if self.version == 2 else None, "mac": self.tester.mac, **changes}
        format_version, mac = given.pop("of_version", self.version), given.pop("mac")
        return vrrp_tester.advert(format_version, self.family, source or HIGH[self.family], mac, **given)

    def begin(self):
        if self.row.begins:
            self.keep_saying(self.row.begins)

    def keep_saying(self, priority=BETTER, interval_s=None, **changes):
        given = {"interval_s": interval_s, **changes} if interval_s else changes
        self.tester.play(self.name, self.advert(priority, **given), interval_s or self.interval_s)

    def keep_sending(self, frame, interval_s=None):
        self.tester.play(self.name, frame, interval_s or self.interval_s)

    def hush(self):
        return self.tester.hush(self.name)

    def say(self, priority=BETTER, **changes):
        return self.tester.send(self.advert(priority, **changes))

    # ---- what must be seen ----

    def heard(self, since=0.0):
        return self.tester.heard(self.family, self.vrid, since)

    def fail(self, text):
        said = "\n".join(f"  {a.time - self.stage.lab.started:9.3f} priority {a.priority}" for a in self.heard()[-12:])
        lines = "\n".join(f"  {when - self.stage.lab.started:9.3f} {line}" for when, line in list(self.log.lines)
                          if f"({self.name})" in line)
        raise AssertionError(f"{self.row.number} {self.row.name} ({self.row.rule}): {text}\nadverts of {self.name}:\n{said}\n{lines}")

    def equal(self, found, wanted, what):
        if found != wanted:
            self.fail(f"{what}: {found!r}, must be {wanted!r}")

    def within(self, seconds, at_least_s, what, late_s=LATE_S):
        if not at_least_s - EARLY_S <= seconds <= at_least_s + late_s:
            self.fail(f"{what}: {seconds:.3f} s, must be {at_least_s:.3f} to {at_least_s + late_s:.3f} s")

    def wait(self, condition, timeout_s, what, poll_s=POLL_S):
        end = time.monotonic() + timeout_s
        while not (value := condition()):
            if time.monotonic() > end:
                self.fail(f"waited {timeout_s} s in vain for {what}")
            time.sleep(poll_s)
        return value

    def active(self, since=0.0, timeout_s=None):
        """Waits for its first advert since then."""
        return self.wait(lambda: self.heard(since), timeout_s or 2 * self.down_s + 3, "an advert")[0]

    def is_active_when(self, began, wait_s, what, late_s=LATE_S):
        """Its first advert behind `began` comes so long after it."""
        self.within(self.active(began - CLOCKS_S).time - began, wait_s, what, late_s)

    def silent(self, seconds, since=None):
        """It says nothing for so long."""
        since = since or time.monotonic()
        time.sleep(max(0.0, since + seconds - time.monotonic()))
        if self.heard(since):
            self.fail(f"it spoke {self.heard(since)[0].time - since:.3f} s after it should have been silent")

    def backup_of_us(self):
        """It hears the tester's good adverts, which go on, and is silent."""
        self.log.wait_log(rf"\({self.name}\) Entering BACKUP STATE", 20)
        self.silent(self.down_s + self.interval_s)

    def let_go(self):
        """The tester falls silent. Returns when its last advert was sent."""
        self.hush()
        time.sleep(POLL_S)
        return self.tester.last_sent(self.family, self.vrid)

    def wait_kernel(self, has):
        """Until the kernel of the host has (or has no more) its second address."""
        self.wait(lambda: self.kernel_has(self.vips[1]) == has, 5, f"the addresses {'there' if has else 'gone'}", KERNEL_POLL_S)

    def until_stopped(self):
        """Waits for the orderly end of the daemon and returns when that began."""
        if not self.stage.stopped.wait(90):
            self.fail("the daemon was never stopped")
        time.sleep(0.2)
        return self.stage.stopped_at

    def mac(self):
        """The MAC that the router must show: with use_vmac the virtual one (RFC 9568 section 7.3)."""
        if "use_vmac" in self.row.extra:
            return f"00:00:5e:00:0{1 if self.family == 4 else 2}:{self.vrid:02x}"
        return self.stage.mac(self.row.host)

    def own_address(self):
        return self.host.address if self.family == 4 else self.stage.link_local(self.row.host)

    def announcements(self, vip):
        """Gratuitous ARP or unsolicited neighbour advertisements of this address: [(frame, packet)]."""
        def is_one(packet):
            if packet.haslayer("ARP"):
                return packet["ARP"].psrc == packet["ARP"].pdst == vip
            return packet.haslayer("ICMPv6ND_NA") and packet["ICMPv6ND_NA"].tgt == vip and packet["ICMPv6ND_NA"].S == 0
        return self.tester.others(vip, is_one)

    def kernel_has(self, vip):
        return vip in self.host.execute("ip", "address", "show", "to", vip)

    def answers(self, address):
        """(frame, packet) of the first answer to ARP or ND for this address within half a second."""
        asked = time.monotonic()
        for _ in range(2):
            self.tester.send(vrrp_tester.who_has(self.family, self.stage.own[self.family], address, self.tester.mac))
            end = time.monotonic() + 0.35
            while time.monotonic() < end:
                if found := self.tester.others(address, lambda packet: is_answer(packet, address), asked):
                    return found[0]
                time.sleep(0.02)
        return None

    def echoes(self, address, to_mac):
        """True when a ping to this address comes back."""
        asked, source = time.monotonic(), self.stage.own[self.family]
        for number in (1, 2):
            self.tester.send(vrrp_tester.ping(self.family, source, address, self.tester.mac, to_mac, self.vrid, number))
            end = time.monotonic() + 0.4
            while time.monotonic() < end:
                if self.tester.others(address, lambda packet: is_echo(packet, address, self.vrid), asked):
                    return True
                time.sleep(0.02)
        return False

    def forwards(self):
        """True when a packet to the tester, sent to the router's MAC from another address, comes back with one hop less."""
        asked, source = time.monotonic(), {4: LOW[4], 6: "2001:db8::2"}[self.family]
        own = self.stage.own[4] if self.family == 4 else self.stage.own_global
        for number in (1, 2):
            self.tester.send(vrrp_tester.ping(self.family, source, own, self.tester.mac, self.mac(), self.vrid, number))
            end = time.monotonic() + 0.4
            while time.monotonic() < end:
                if self.tester.others(own, lambda packet: is_forwarded(packet, source, self.vrid), asked):
                    return True
                time.sleep(0.02)
        return False

    def run(self):
        vrrp_tester.before_others()
        try:
            self.row.play(self)
        except BaseException as error:  # told by the test of this case
            self.error = error
        finally:
            self.hush()


def is_answer(packet, address):
    if packet.haslayer(vrrp_tester.ARP):
        return packet[vrrp_tester.ARP].op == 2 and packet[vrrp_tester.ARP].psrc == address
    return packet.haslayer("ICMPv6ND_NA") and packet["ICMPv6ND_NA"].tgt == address and packet["ICMPv6ND_NA"].S == 1


def is_echo(packet, address, identity):
    if packet.haslayer("ICMP"):
        return (packet["ICMP"].type, packet["ICMP"].id, packet["IP"].src) == (0, identity, address)
    return packet.haslayer("ICMPv6EchoReply") and (packet["ICMPv6EchoReply"].id, packet["IPv6"].src) == (identity, address)


def is_forwarded(packet, source, identity):
    if packet.haslayer("ICMP"):
        return (packet["ICMP"].type, packet["ICMP"].id, packet["IP"].src, packet["IP"].ttl) == (8, identity, source, 63)
    request = packet.getlayer("ICMPv6EchoRequest")
    return request is not None and (request.id, packet["IPv6"].src, packet["IPv6"].hlim) == (identity, source, 63)


class Stage:
    """The lab, the hosts under test (a; v with use_vmac) and the tester; all cases at once."""

    def __init__(self, rows):
        self.stopped, self.stopped_at = threading.Event(), None
        self.cases, numbers = [], {4: iter(range(1, 251)), 6: iter(range(1, 251))}
        for row in rows:
            for variant in map(int, row.variants):
                self.cases.append(Case(row, variant, next(numbers[6 if variant == 6 else 4]), self))

    def open(self):
        self.lab = Lab()
        host_t = self.lab.host("t")
        hosts = {name: self.lab.host(name) for name in sorted({case.row.host for case in self.cases})}
        ipv6.enable(host_t, *hosts.values())
        self.tester = Tester(host_t)
        self.own_global = ipv6.global_address(host_t)
        if "v" in hosts:
            hosts["v"].shell("echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding")
        self.own = {4: host_t.address, 6: ipv6.link_local(host_t)}
        self._facts = {name: (host.execute("cat", "/sys/class/net/ens33/address").strip(), ipv6.link_local(host))
                       for name, host in hosts.items()}
        for case in self.cases:
            case.begin()
        self.duts = {name: (host, Daemon(host, PROGRAM, self.text(name))) for name, host in hosts.items()}
        for case in self.cases:
            case.thread = threading.Thread(target=case.run, daemon=True)
            case.thread.start()
        self._stopper = threading.Thread(target=self._stop_at_the_end, daemon=True)
        self._stopper.start()

    def _stop_at_the_end(self):
        """When all other cases are over, the daemons are stopped; case.stopped() tells when."""
        for case in self.cases:
            if not case.row.until_stop:
                case.thread.join()
        time.sleep(1.0)
        stops = []
        for _, daemon in self.duts.values():
            stops.append(daemon.stop()[0])
        self.stopped_at = min(stops)
        self.stopped.set()

    def mac(self, name):
        return self._facts[name][0]

    def link_local(self, name):
        return self._facts[name][1]

    def text(self, name):
        return HEAD + "".join(case.configuration() for case in self.cases if case.row.host == name)

    def close(self):
        for case in self.cases:
            case.thread.join(100)
        self._stopper.join(10)
        self.tester.close()
        self.lab.close()
