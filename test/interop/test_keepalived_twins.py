"""Debian's keepalived 2.2.7 as the peer of a sync group of an IPv4 and an IPv6 instance, plain, with unicast and with use_vmac; each as
the better and as the worse one (issue 6)."""
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "netns"))
import ipv6  # noqa: E402
from case import FAST, REFERENCE, VIP, LabCase, instance  # noqa: E402
from ipv6 import LINK_LOCAL_VIP, VIP_6  # noqa: E402

BOTH = (VIP, VIP_6)
GROUP = "vrrp_sync_group G {\n    group {\n        V4\n        V6\n    }\n}\n"
COMPLAINTS = r"(?i)invalid|mismatch|wrong|too short|too long|not present|expected \d+ VIPs|forcing new election"
ROUNDS = 2


class Twins(LabCase):
    def setUp(self):
        super().setUp()
        self.a, self.b = self.hosts("a", "b")
        ipv6.enable(self.a, self.b)

    def text(self, priority, extra_4="", extra_6="", group=GROUP):
        return (instance(priority, name="V4", extra=extra_4, **FAST)
                + instance(priority, name="V6", vips=(f"{LINK_LOCAL_VIP}/64", f"{VIP_6}/128"), extra="    native_ipv6\n" + extra_6, **FAST)
                + group)

    def kernel(self, host):
        shown = host.shell("ip -o address show")
        return tuple(f" {vip}/" in shown for vip in BOTH)

    def wait_whole(self, host, timeout_s=10):
        other = self.b if host is self.a else self.a
        self.lab.wait(lambda: self.kernel(host) == (True, True) and self.kernel(other) == (False, False), timeout_s,
                      f"both members on {host.name} alone")

    def in_turn(self, ours, theirs, extra=lambda host, other: ("", ""), group=GROUP):
        """The better one stops and comes back, then its cable is cut; afterwards nobody has complained."""
        daemons = [self.launch(self.a, self.text(ours, *extra(self.a, self.b), group)),
                   self.launch(self.b, self.text(theirs, *extra(self.b, self.a), group), REFERENCE)]
        better, worse = daemons if ours > theirs else daemons[::-1]
        for _ in range(ROUNDS):
            self.wait_whole(better.host, 15)
            time.sleep(0.4)
            better.stop()
            self.wait_whole(worse.host, 5)
            better.start()
            better.wait_log(r"\(V6\) Entering BACKUP STATE", 5, better.started)
        self.wait_whole(better.host)
        since = time.monotonic()
        time.sleep(1)
        self.assert_never_active(worse, since)
        for daemon in daemons:
            quiet = [line for line in daemon.log(COMPLAINTS, since)]
            self.assertEqual(quiet, [], f"{daemon.host.name} complains about its peer")
        better.host.cut()
        self.lab.wait(lambda: self.kernel(worse.host) == (True, True), 5, "the other takes both")
        better.host.heal()
        self.wait_whole(better.host, 10)

    def unicast(self, host, other):
        def lines(mine, peer):
            return f"    unicast_src_ip {mine}\n    unicast_peer {{\n        {peer}\n    }}\n"
        return (lines(host.address, other.address), lines(ipv6.global_address(host), ipv6.global_address(other)))

    def vmac(self, _host, _other):
        return "    use_vmac\n", "    use_vmac\n"

    def test_group_we_are_better(self):
        self.in_turn(100, 90)

    def test_group_keepalived_is_better(self):
        self.in_turn(90, 100)

    def test_unicast_group_we_are_better(self):
        self.in_turn(100, 90, self.unicast)

    def test_unicast_group_keepalived_is_better(self):
        self.in_turn(90, 100, self.unicast)

    def test_vmac_group_we_are_better(self):
        self.in_turn(100, 90, self.vmac)

    def test_vmac_group_keepalived_is_better(self):
        self.in_turn(90, 100, self.vmac)


if __name__ == "__main__":
    unittest.main(verbosity=2)
