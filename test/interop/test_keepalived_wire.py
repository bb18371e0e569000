"""Debian's keepalived 2.2.7 as the peer over unicast, over IPv6 and with AH: each is master and backup of the other."""
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "netns"))
import ipv6  # noqa: E402
from case import PROGRAM, REFERENCE, SLACK_S, VIP, LabCase, instance, master_down_s, skew_s  # noqa: E402
from namespaces import run  # noqa: E402

COMPLAINTS = r"(?i)invalid|mismatch|bogus|wrong|too short|too long|unexpected|expected \d+ VIPs|not present|discarding packet"
STOP_SLACK_S = SLACK_S + 0.05


class KeepalivedWire(LabCase):
    def setUp(self):
        super().setUp()
        run("ip", "-n", self.lab.switch, "link", "set", "br0", "promisc", "on")
        self.a, self.b = self.hosts("a", "b")  # a runs ours, b keepalived

    def start(self, ours, theirs):
        self.ours = self.launch(self.a, ours)
        self.theirs = self.launch(self.b, theirs, REFERENCE)
        for daemon in (self.ours, self.theirs):
            daemon.wait_log("Entering BACKUP STATE", 10)

    def no_complaints(self):
        for daemon in (self.ours, self.theirs):
            self.assertEqual(daemon.log(COMPLAINTS), [], f"{daemon.host.name} complains about its peer")

    def in_turn(self, owner, skew, down, rounds=3):
        """The better one (a, then b by `owner`) is stopped and comes back, `rounds` times; one owner all the time."""
        better, worse = (self.ours, self.theirs) if owner is self.a else (self.theirs, self.ours)
        for _ in range(rounds):
            self.lab.wait_owner(VIP, better.host, 15)
            time.sleep(0.3)
            when, _, _ = better.stop()
            taken = self.lab.wait_owner(VIP, worse.host, 10)
            self.assert_within(taken - when, skew + STOP_SLACK_S, f"stop of {better.host.name} until the other has the VIP")
            better.start()
            better.wait_log("Entering BACKUP STATE", 5, better.started)
        self.lab.wait_owner(VIP, better.host, 15)
        since = time.monotonic()
        when = better.host.cut()
        self.lab.wait(lambda: worse.host.has(VIP), 10, "the other takes the VIP")
        taken = self.watch.events_of(VIP, when, kinds=("add",))[0].time
        self.assert_within(taken - when, down + SLACK_S, "cut until the other has the VIP")
        better.host.heal()
        self.lab.wait_owner(VIP, better.host, 10)
        self.assertFalse(better.log("Entering BACKUP STATE", since), "the better one stays master")
        self.no_complaints()

    def unicast(self, priority, host, other, version, advert_int):
        return instance(priority, version=version, advert_int=advert_int,
                        extra=f"    unicast_src_ip {host.address}\n    unicast_peer {{\n        {other.address}\n    }}\n")

    def unicast_pair(self, ours, theirs, version, advert_int):
        self.start(self.unicast(ours, self.a, self.b, version, advert_int),
                   self.unicast(theirs, self.b, self.a, version, advert_int))
        owner = self.a if ours > theirs else self.b
        worse = min(ours, theirs)
        self.in_turn(owner, skew_s(worse, advert_int, version), master_down_s(worse, advert_int, version),
                     3 if version == 3 else 1)

    def test_unicast_version_2_we_are_better(self):
        self.unicast_pair(100, 90, 2, 1)

    def test_unicast_version_2_keepalived_is_better(self):
        self.unicast_pair(90, 100, 2, 1)

    def test_unicast_version_3_we_are_better(self):
        self.unicast_pair(100, 90, 3, 0.1)

    def test_unicast_version_3_keepalived_is_better(self):
        self.unicast_pair(90, 100, 3, 0.1)

    def test_old_unicast_checksum_of_keepalived_is_understood_and_answered(self):
        old = self.unicast(100, self.b, self.a, 3, 0.1).replace("    unicast_peer", "    old_unicast_checksum\n    unicast_peer")
        self.theirs = self.launch(self.b, old, REFERENCE)
        self.lab.wait_owner(VIP, self.b, 10)  # first: until we have heard it, we would speak the right checksum to it
        self.ours = self.launch(self.a, self.unicast(90, self.a, self.b, 3, 0.1))
        self.ours.wait_log("Setting unicast VRRPv3 checksum to old version", 5)
        self.in_turn(self.b, skew_s(90, 0.1, 3), master_down_s(90, 0.1, 3))

    def ah_pair(self, ours, theirs):
        self.start(instance(ours).replace("PASS", "AH"), instance(theirs).replace("PASS", "AH"))
        worse = min(ours, theirs)
        self.in_turn(self.a if ours > theirs else self.b, skew_s(worse), master_down_s(worse), 2)

    def test_ah_we_are_better(self):
        self.ah_pair(100, 90)

    def test_ah_keepalived_is_better(self):
        self.ah_pair(90, 100)

    def ipv6_pair(self, ours, theirs, extra=lambda host, other: ""):
        ipv6.enable(self.a, self.b)
        self.start(ipv6.instance_6(ours, extra=extra(self.a, self.b)), ipv6.instance_6(theirs, extra=extra(self.b, self.a)))
        better, worse = (self.ours, self.theirs) if ours > theirs else (self.theirs, self.ours)
        for _ in range(3):
            ipv6.wait_owner(self.lab, ipv6.VIP_6, better.host, [worse.host], 10)
            time.sleep(0.5)
            better.stop()
            ipv6.wait_owner(self.lab, ipv6.VIP_6, worse.host, [better.host], 5)
            better.start()
            better.wait_log("Entering BACKUP STATE", 5, better.started)
        ipv6.wait_owner(self.lab, ipv6.VIP_6, better.host, [worse.host], 10)
        since = time.monotonic()
        time.sleep(1)
        self.assert_never_active(worse, since)
        self.no_complaints()

    def test_ipv6_we_are_better(self):
        self.ipv6_pair(100, 90)

    def test_ipv6_keepalived_is_better(self):
        self.ipv6_pair(90, 100)

    def test_ipv6_unicast(self):
        self.ipv6_pair(100, 90, lambda host, other: f"    unicast_src_ip {ipv6.global_address(host)}\n    unicast_peer {{\n"
                                                    f"        {ipv6.global_address(other)}\n    }}\n")


if __name__ == "__main__":
    unittest.main(verbosity=2)
