"""IPv6 instances: adverts, neighbour advertisements and addresses as the kernel and tshark see them; twins; a crash."""
import os
import signal
import time
import unittest

import ipv6
from case import VIP, LabCase, instance
from daemon import Capture
from ipv6 import ALL_VRRP, LINK_LOCAL_VIP, VIP_6, instance_6


class Ipv6(LabCase):
    def pair_6(self, head="", **configuration):
        a, b = self.hosts("a", "b")
        ipv6.enable(a, b)
        first = self.launch(a, head + instance_6(100, **configuration))
        ipv6.wait_owner(self.lab, VIP_6, a, [b], 15)
        second = self.launch(b, head + instance_6(90, **configuration))
        ipv6.wait_owner(self.lab, VIP_6, a, [b], 15)
        return (a, first), (b, second)

    def test_adverts_and_neighbour_advertisements_are_as_the_rfcs_say(self):
        capture = Capture(self.lab, "ip6 proto 112 or icmp6")
        (a, first), (b, _) = self.pair_6()
        a.shell("echo 1 > /proc/sys/net/ipv6/conf/ens33/forwarding")
        time.sleep(6)
        first.stop()
        ipv6.wait_owner(self.lab, VIP_6, b, [a], 5)
        capture.stop()
        self.assertEqual(capture.complaints(), [])
        own = ipv6.link_local(a)
        rows = capture.fields(f"vrrp && ipv6.src == {own}", "ipv6.dst", "ipv6.hlim", "ipv6.tclass", "vrrp.version",
                              "vrrp.addr_count", "vrrp.ipv6_addr", "vrrp.checksum.status", "eth.dst", "vrrp.prio")
        self.assertGreater(len(rows), 20)
        for row in rows:
            self.assertEqual((row["ipv6.dst"], row["ipv6.hlim"], row["vrrp.version"], row["vrrp.addr_count"],
                              row["vrrp.ipv6_addr"], row["vrrp.checksum.status"], row["eth.dst"]),
                             (ALL_VRRP, "255", "3", "2", f"{LINK_LOCAL_VIP};{VIP_6}", "1", "33:33:00:00:00:12"))
        self.assertEqual(rows[-1]["vrrp.prio"], "0")
        mac = a.execute("cat", "/sys/class/net/ens33/address").strip()
        adverts = capture.fields(f"icmpv6.type == 136 && eth.src == {mac} && icmpv6.nd.na.target_address == {VIP_6}",
                                 "ipv6.src", "ipv6.dst", "ipv6.hlim", "icmpv6.nd.na.flag.o", "icmpv6.nd.na.flag.s",
                                 "icmpv6.nd.na.flag.r", "icmpv6.opt.linkaddr", "icmpv6.checksum.status")
        self.assertEqual(len(adverts), 10, "two bursts of five")
        true = ("1", "True")
        for row in adverts:
            self.assertEqual((row["ipv6.src"], row["ipv6.dst"], row["ipv6.hlim"], row["icmpv6.opt.linkaddr"],
                              row["icmpv6.checksum.status"]), (VIP_6, "ff02::1", "255", mac, "1"))
            self.assertIn(row["icmpv6.nd.na.flag.o"], true)
            self.assertNotIn(row["icmpv6.nd.na.flag.s"], true)
        self.assertIn(adverts[-1]["icmpv6.nd.na.flag.r"], true, "it forwards when the second burst leaves")

    def test_vips_have_no_dad_and_a_128_is_deprecated(self):
        (a, first), (b, _) = self.pair_6(extra="    virtual_ipaddress_excluded {\n        172.18.8.240/24\n    }\n")
        found = ipv6.addresses(a)
        self.assertEqual(found[VIP_6]["preferred_life_time"], 0)
        self.assertTrue(found[VIP_6].get("deprecated"))
        self.assertTrue(found[VIP_6].get("nodad"))
        self.assertNotEqual(found[LINK_LOCAL_VIP]["preferred_life_time"], 0)
        self.assertTrue(a.has("172.18.8.240"), "an excluded address of the other family moves too")
        first.stop()
        ipv6.wait_owner(self.lab, VIP_6, b, [a], 5)
        self.lab.wait(lambda: b.has("172.18.8.240") and not a.has("172.18.8.240"), 2, "the excluded one moved")
        self.assertNotIn(LINK_LOCAL_VIP, ipv6.addresses(a))

    def test_twins_of_one_vrid_are_two_virtual_routers(self):
        a, b = self.hosts("a", "b")
        ipv6.enable(a, b)
        daemons = [self.launch(host, instance(four, version=3, advert_int=0.1) + instance_6(six))
                   for host, four, six in ((a, 100, 90), (b, 90, 100))]
        self.lab.wait_owner(VIP, a, 10)
        ipv6.wait_owner(self.lab, VIP_6, b, [a], 10)
        for daemon in daemons:
            self.assertEqual(daemon.log("(?i)discarding (uni|multi)cast|invalid|mismatch|not present"), [])

    def test_killed_vrrp_goes_on_and_a_lost_link_local_address_is_a_fault(self):
        (a, first), (b, second) = self.pair_6()
        since = time.monotonic()
        pid = first.wait_vrrp()
        os.kill(pid, signal.SIGKILL)
        first.wait_vrrp(other_than=pid)
        time.sleep(1.5)
        self.assert_never_active(second, since)
        self.assertIn(VIP_6, ipv6.addresses(a))
        own = ipv6.link_local(a)
        a.execute("ip", "-6", "address", "del", f"{own}/64", "dev", "ens33")
        first.wait_log("Entering FAULT STATE", 5, since)
        ipv6.wait_owner(self.lab, VIP_6, b, [a], 5)
        a.execute("ip", "-6", "address", "add", f"{own}/64", "dev", "ens33", "nodad")
        ipv6.wait_owner(self.lab, VIP_6, a, [b], 5)

    def test_unicast_between_global_addresses(self):
        a, b = self.hosts("a", "b")
        ipv6.enable(a, b)
        daemons = []
        for host, other, priority in ((a, b, 100), (b, a, 90)):
            extra = (f"    unicast_src_ip {ipv6.global_address(host)}\n    unicast_peer {{\n"
                     f"        {ipv6.global_address(other)} min_ttl 255\n    }}\n")
            daemons.append(self.launch(host, instance_6(priority, extra=extra, vips=(f"{VIP_6}/64",))))
        ipv6.wait_owner(self.lab, VIP_6, a, [b], 10)
        since = time.monotonic()
        time.sleep(1)
        self.assert_never_active(daemons[1], since)
        daemons[0].stop()
        ipv6.wait_owner(self.lab, VIP_6, b, [a], 5)


if __name__ == "__main__":
    unittest.main(verbosity=2)
