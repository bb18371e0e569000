"""Debian's keepalived 2.2.7 with use_vmac as the peer: each is master and backup of the other, mixed pairs too."""
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "netns"))
import ipv6  # noqa: E402
from case import FAST, REFERENCE, VIP, LabCase, instance  # noqa: E402
from namespaces import run  # noqa: E402

MAC = "00:00:5e:00:01:65"
USE = "    use_vmac\n"
COMPLAINTS = r"(?i)invalid|mismatch|bogus|wrong|too short|too long|unexpected|expected \d+ VIPs|not present|discarding packet"


class KeepalivedVmac(LabCase):
    def setUp(self):
        super().setUp()
        run("ip", "-n", self.lab.switch, "link", "set", "br0", "promisc", "on")
        self.a, self.b = self.hosts("a", "b")  # a runs ours, b keepalived

    def in_turn(self, ours, theirs, our_extra, their_extra, rounds=2):
        self.ours = self.launch(self.a, instance(ours, extra=our_extra, **FAST))
        self.theirs = self.launch(self.b, instance(theirs, extra=their_extra, **FAST), REFERENCE)
        for daemon in (self.ours, self.theirs):
            daemon.wait_log("Entering BACKUP STATE", 10)
        better, worse = (self.ours, self.theirs) if ours > theirs else (self.theirs, self.ours)
        for _ in range(rounds):
            self.lab.wait_owner(VIP, better.host, 15)
            time.sleep(0.5)
            better.stop()
            self.lab.wait_owner(VIP, worse.host, 5)
            better.start()
            better.wait_log("Entering BACKUP STATE", 5, better.started)
        self.lab.wait_owner(VIP, better.host, 10)
        since = time.monotonic()
        time.sleep(1)
        self.assert_never_active(worse, since)
        better.host.cut()
        self.lab.wait(lambda: worse.host.has(VIP), 5, "the other takes the VIP")
        better.host.heal()
        self.lab.wait_owner(VIP, better.host, 5)
        time.sleep(0.5)
        for daemon in (self.ours, self.theirs):
            self.assertEqual(daemon.log(COMPLAINTS), [], f"{daemon.host.name} complains about its peer")

    def macs_of(self, host):
        return {advert.source_mac for advert in self.watch.adverts_from(host.address)}

    def test_both_have_it_we_are_better(self):
        self.in_turn(100, 90, USE, USE)
        self.assertEqual((self.macs_of(self.a), self.macs_of(self.b)), ({MAC}, {MAC}))

    def test_both_have_it_keepalived_is_better(self):
        self.in_turn(90, 100, USE, USE)
        self.assertEqual((self.macs_of(self.a), self.macs_of(self.b)), ({MAC}, {MAC}))

    def test_only_we_have_it(self):
        self.in_turn(100, 90, USE, "")
        self.assertEqual(self.macs_of(self.a), {MAC})

    def test_only_keepalived_has_it(self):
        self.in_turn(90, 100, "", USE)
        self.assertEqual(self.macs_of(self.b), {MAC})

    def test_adverts_from_the_base(self):
        self.in_turn(100, 90, USE + "    vmac_xmit_base\n", USE + "    vmac_xmit_base\n", 1)
        self.assertNotIn(MAC, self.macs_of(self.a) | self.macs_of(self.b))

    def test_ipv6(self):
        ipv6.enable(self.a, self.b)
        for ours, theirs in ((100, 90), (90, 100)):
            daemons = [self.launch(self.a, ipv6.instance_6(ours, extra=USE)),
                       self.launch(self.b, ipv6.instance_6(theirs, extra=USE), REFERENCE)]
            owned = lambda host: ipv6.VIP_6 in host.execute("ip", "-6", "address", "show", "dev", "vrrp.101", check=False)
            better, worse = daemons if ours > theirs else daemons[::-1]
            for daemon in daemons:
                daemon.wait_log("Entering BACKUP STATE", 10, daemon.started)
            self.lab.wait(lambda: owned(better.host) and not owned(worse.host), 15, "the better one has the VIP")
            since = time.monotonic()
            time.sleep(1)
            self.assert_never_active(worse, since)
            better.stop()
            self.lab.wait(lambda: owned(worse.host), 5, "the other takes the VIP")
            worse.stop()
            for daemon in daemons:
                self.assertEqual(daemon.log(COMPLAINTS), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
