"""Never letting go, again: the faults of test_resilience.py with a sync group of an IPv4 and an IPv6 instance that have routes and
rules, bare and with use_vmac. Nothing may move on the master, the peer must stay Backup, and both members are always on one host."""
import os
import re
import signal
import time
import unittest

import ipv6
from case import VIP, LabCase, instance
from ipv6 import LINK_LOCAL_VIP, VIP_6
from links import Story
from resilience import RHYTHM_SLACK_S, SILENCE_S, STOPPED_VRRP_S, adopted, kill
from vrrp_tester import Tester

VRID = 101
FAST_S = 0.1
BOTH = (VIP, VIP_6)
OURS = re.compile(r"172\.18\.8\.231|2001:db8::231|fe80::231|10\.1\.0\.0|2001:db8:1::|10\.2\.0\.0/16 lookup")
TAKEOVER_S = 0.35  # from the first member's address to the last member's, and back: one batch of each, and a loaded machine
GROUP = "vrrp_sync_group G {\n    group {\n        V4\n        V6\n    }\n}\n"


def block(keyword, *lines):
    return f"    {keyword} {{\n" + "".join(f"        {line}\n" for line in lines) + "    }\n"


def text(priority, advert_int, vmac=False, extra=""):
    use = ("    use_vmac\n" if vmac else "") + extra
    four = use + block("virtual_routes", "10.1.0.0/16 via 172.18.8.77 dev ens33", "blackhole 10.1.1.0/24") + block(
        "virtual_rules", "from 10.2.0.0/16 table 100 preference 500")
    six = use + "    native_ipv6\n" + block("virtual_routes", "2001:db8:1::/48 via 2001:db8::77 dev ens33")
    both = {"vrid": VRID, "version": 3, "advert_int": advert_int}
    return (instance(priority, name="V4", extra=four, **both) + GROUP
            + instance(priority, name="V6", vips=(f"{LINK_LOCAL_VIP}/64", f"{VIP_6}/128"), extra=six, **both))


class Events(Story):
    """All that concerns what is ours on one host, and who had which VIP when."""

    def __init__(self, case, host):
        super().__init__(case, host, "address", "route", "rule", options=("-o",))

    def ours(self, since):
        """What was added or deleted. A successor says its addresses once more: that is none; nor are the kernel's own routes."""
        found, held = [], set()
        for when, line in list(self.lines):
            deleted, address = line.startswith("Deleted"), re.search(r"inet6? (\S+)/", line)
            again = bool(address) and not deleted and address.group(1) in held
            if address:
                (held.discard if deleted else held.add)(address.group(1))
            if when >= since and OURS.search(line) and not again and "proto kernel" not in line and "203.0.113" not in line:
                found.append(line)
        return found

    def marks(self, vip):
        """[(time, has it)] as the kernel told."""
        return [(when, not line.startswith("Deleted")) for when, line in list(self.lines)
                if re.search(rf"inet6? {re.escape(vip)}/", line)]


class FaultsAgain(LabCase):
    maxDiff = None

    def start(self, advert_int=FAST_S, vmac=False, extra="", ping=True):
        self.advert_int_s = advert_int
        self.a, self.b = self.hosts("a", "b")
        client = self.client()
        ipv6.enable(self.a, self.b, client)
        self.events = {host.name: Events(self, host) for host in (self.a, self.b)}
        self.ears = Tester(client)
        self.addCleanup(self.ears.close)
        self.master = self.launch(self.a, text(100, advert_int, vmac, extra))
        self.both_on(self.a)
        self.peer = self.launch(self.b, text(90, advert_int, vmac, extra))
        self.peer.wait_log(r"\(V6\) Entering BACKUP STATE", 10)
        self.lab.wait(lambda: self.routes(self.a) == (True, True, True), 5, "routes and rules of a")
        self.pinger = self.ping(client) if ping else None
        self.link = self.macvlans(self.a)
        self.since = time.monotonic()

    def macvlans(self, host):
        return re.findall(r"^(\d+: vrrp[^@:]*)", host.shell("ip -o link show"), re.M)

    def kernel(self, host):
        return tuple(f"{vip}/" in host.shell("ip -o address show") for vip in BOTH)

    def routes(self, host):
        shown = host.shell("ip route; ip -6 route; ip rule")
        return "10.1.0.0/16 via" in shown, "2001:db8:1::/48 via" in shown, "10.2.0.0/16 lookup 100" in shown

    def both_on(self, host, timeout_s=12):
        other = self.b if host is self.a else self.a
        self.lab.wait(lambda: self.kernel(host) == (True, True) and self.kernel(other) == (False, False), timeout_s,
                      f"both members on {host.name} alone")

    def apart_s(self, since):
        """Longest time in which one host had one member's VIP without the other's."""
        longest = 0.0
        for events in self.events.values():
            marks = sorted((when, vip, has) for vip in BOTH for when, has in events.marks(vip))
            held, begun = dict.fromkeys(BOTH, False), None
            for when, vip, has in marks:
                held[vip] = has
                apart = held[VIP] != held[VIP_6]
                if begun is not None and when >= since:
                    longest = max(longest, when - max(begun, since))
                begun = (begun or when) if apart else None
            if begun is not None:
                longest = max(longest, time.monotonic() - max(begun, since))
        return longest

    def nothing_happened(self, rhythm_slack_s=RHYTHM_SLACK_S):
        until = time.monotonic()
        if self.pinger:
            self.pinger.stop()
            self.assert_within(self.pinger.longest(self.since), SILENCE_S, "client heard nothing for")
            self.pinger = None
        self.assertEqual([self.events[name].ours(self.since) for name in "ab"], [[], []], self.lab.story())
        self.assert_never_active(self.peer, self.since)
        self.assertEqual((self.kernel(self.a), self.kernel(self.b)), ((True, True), (False, False)))
        self.assertEqual((self.routes(self.a), self.routes(self.b)), ((True,) * 3, (False,) * 3))
        self.assertEqual(self.macvlans(self.a), self.link)
        for family in (4, 6):
            heard = self.ears.heard(family, VRID, self.since)
            self.assertEqual({advert.priority for advert in heard}, {100})
            marks = [self.since] + [advert.time for advert in heard] + [until]
            self.assert_within(max(later - earlier for earlier, later in zip(marks, marks[1:])),
                               self.advert_int_s + rhythm_slack_s, f"longest gap of IPv{family} adverts")

    def kill_vrrp(self, daemon):
        old = daemon.wait_vrrp()
        kill(old)
        return daemon.wait_vrrp(3, old)

    def kill_all(self):
        vrrp = self.master.vrrp()
        self.master.kill_core()
        kill(vrrp)

    # ---- the faults ----

    def test_killed_vrrp(self):
        self.start()
        for _ in range(5):
            self.kill_vrrp(self.master)
            time.sleep(0.4)
        self.nothing_happened()

    def test_killed_vrrp_with_use_vmac(self):
        self.start(vmac=True)
        for _ in range(5):
            self.kill_vrrp(self.master)
            time.sleep(0.4)
        self.assertEqual(len(self.link), 2)
        self.nothing_happened()

    def test_killed_core(self):
        self.start()
        vrrp = self.master.vrrp()
        self.master.kill_core()
        time.sleep(0.5)
        adopted(self, self.a, self.master, vrrp)
        time.sleep(0.5)
        self.nothing_happened()
        self.kill_vrrp(self.master)  # the new core is its watchdog
        time.sleep(0.5)
        self.nothing_happened()
        self.master.stop()
        self.both_on(self.b, 5)
        self.assertEqual((self.routes(self.a), self.routes(self.b)), ((False,) * 3, (True,) * 3))

    def test_stopped_vrrp(self):
        self.start(advert_int=1)
        old = self.master.vrrp()
        os.kill(old, signal.SIGSTOP)
        self.master.wait_vrrp(STOPPED_VRRP_S + 1, old)
        time.sleep(1.2)
        self.nothing_happened(rhythm_slack_s=STOPPED_VRRP_S)

    def test_everything_killed_and_started_again_at_once(self):
        self.start(advert_int=1)
        vrrp = self.master.vrrp()
        self.kill_all()
        self.master.start()
        self.master.wait_vrrp(5, vrrp)
        time.sleep(1.5)
        self.nothing_happened(rhythm_slack_s=0.5)

    def test_everything_killed_and_started_after_the_peer_took_over(self):
        self.start(ping=False, extra="    nopreempt\n")
        self.kill_all()
        self.lab.wait(lambda: self.kernel(self.b) == (True, True), 5, "b takes over whole")
        self.master.start()
        self.both_on(self.b, 5)
        self.lab.wait(lambda: self.routes(self.a) == (False,) * 3, 5, "what was left behind on a is removed, routes too")
        settled = time.monotonic()
        time.sleep(0.8)
        self.assertEqual(self.events["b"].ours(settled), [])
        self.assertEqual(self.routes(self.b), (True,) * 3)
        self.assertLessEqual(self.apart_s(self.since), TAKEOVER_S, self.lab.story())

    def test_a_storm_of_reloads_with_a_crash_in_it(self):
        self.start()
        for number in range(40):
            self.master.signal(signal.SIGHUP)
            time.sleep(0.05)
            if number == 20:
                kill(self.master.wait_vrrp())
        self.master.wait_vrrp(5)
        time.sleep(0.6)
        self.nothing_happened(rhythm_slack_s=0.15)  # the kill may meet a process that is just starting anyway
        self.master.configure(text(100, FAST_S).replace("blackhole 10.1.1.0/24", "blackhole 10.1.2.0/24"))
        since = self.master.signal(signal.SIGHUP)
        self.lab.wait(lambda: "10.1.2.0/24" in self.a.shell("ip route"), 5, "the reload is obeyed")
        self.assertEqual([line for line in self.events["a"].ours(since) if "10.1.2.0" not in line and "10.1.1.0" not in line], [])

    def test_a_crash_in_the_middle_of_takeovers(self):
        self.start(ping=False)
        for number in range(4):
            self.master.stop()
            self.lab.wait(lambda: any(self.kernel(self.b)), 5, "b takes over")
            self.kill_vrrp(self.peer)
            self.both_on(self.b, 5)
            self.assertEqual(self.lab.wait(lambda: self.routes(self.b) == (True,) * 3, 3, "routes of b"), True)
            began = time.monotonic()
            self.master.start()
            self.master.wait_log(r"\(V[46]\) Entering MASTER STATE", 10, began)
            time.sleep(0.005 * number)
            self.kill_vrrp(self.master)
            self.both_on(self.a, 5)
        settled = time.monotonic()
        time.sleep(0.8)
        self.assertEqual([self.events[name].ours(settled) for name in "ab"], [[], []])
        self.assertEqual((self.routes(self.a), self.routes(self.b)), ((True,) * 3, (False,) * 3))
        self.assertLessEqual(self.apart_s(self.since), 1.0 + TAKEOVER_S, "a member without its group")


if __name__ == "__main__":
    unittest.main(verbosity=2)
