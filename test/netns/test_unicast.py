"""Unicast peers over IPv4: where adverts go and with what TTL, fail-over, a crash of vrrp, a multicast twin of the same VRID."""
import os
import signal
import time
import unittest

from case import SLACK_S, VIP, LabCase, instance, skew_s
from daemon import Capture
from namespaces import run

VIP_2 = "172.18.8.232"


def unicast(priority, own, peers, *, version=3, advert_int=0.1, extra="", peer_options="", **configuration):
    """A vrrp_instance that sends to these addresses."""
    lines = "".join(f"        {peer} {peer_options}\n" for peer in peers)
    return instance(priority, version=version, advert_int=advert_int, **configuration,
                    extra=f"    unicast_src_ip {own}\n    unicast_peer {{\n{lines}    }}\n{extra}")


class Unicast(LabCase):
    def setUp(self):
        super().setUp()
        run("ip", "-n", self.lab.switch, "link", "set", "br0", "promisc", "on")  # the watch sees what is forwarded

    def unicast_pair(self, priorities=(100, 90), **configuration):
        a, b = self.hosts("a", "b")
        first = self.launch(a, unicast(priorities[0], a.address, [b.address], **configuration))
        first.wait_log("Entering BACKUP STATE", 10)
        second = self.launch(b, unicast(priorities[1], b.address, [a.address], **configuration))
        second.wait_log("Entering BACKUP STATE", 10)
        self.lab.wait_owner(VIP, a, 15)
        return (a, first), (b, second)

    def test_adverts_go_to_the_peers_with_the_ttl_and_a_right_checksum(self):
        capture = Capture(self.lab, "vrrp")
        (a, first), (b, second) = self.unicast_pair(extra="    unicast_ttl 64\n    check_unicast_src\n",
                                                    peer_options="min_ttl 64 max_ttl 64")
        time.sleep(1)
        since = time.monotonic()
        when, _, _ = first.stop()
        taken = self.lab.wait_owner(VIP, b, 10)
        self.assert_within(taken - when, skew_s(90, 0.1, 3) + SLACK_S + 0.05, "stop until b has the VIP")
        capture.stop()
        self.assertEqual(capture.complaints(), [])
        rows = capture.fields("vrrp", "ip.src", "ip.dst", "ip.ttl", "eth.dst", "vrrp.checksum.status")
        mac = b.execute("cat", "/sys/class/net/ens33/address").strip()
        sent = [row for row in rows if row["ip.src"] == a.address]
        self.assertGreater(len(sent), 10)
        for row in sent:
            self.assertEqual((row["ip.dst"], row["ip.ttl"], row["eth.dst"], row["vrrp.checksum.status"]),
                             (b.address, "64", mac, "1"))
        self.assertEqual(second.log("(?i)invalid|not in range|not a unicast peer", 0), [])
        self.assertFalse(self.watch.adverts_from("224.0.0.18", since))

    def test_killed_vrrp_goes_on_in_the_rhythm(self):
        (a, first), (_, second) = self.unicast_pair(version=2, advert_int=1)
        since = time.monotonic()
        pid = first.wait_vrrp()
        os.kill(pid, signal.SIGKILL)
        first.wait_vrrp(other_than=pid)
        time.sleep(4.5)
        self.assert_untouched(VIP, since)
        self.assert_never_active(second, since)
        self.assert_within(self.watch.longest_advert_gap(a.address, since, time.monotonic()), 1.3, "longest advert gap")

    def test_multicast_and_unicast_instance_of_one_vrid_do_not_hear_each_other(self):
        a, b = self.hosts("a", "b")
        daemons = []
        for host, other, multicast, peer in ((a, b, 200, 50), (b, a, 50, 200)):  # far apart: both start at once
            text = instance(multicast, version=3, advert_int=0.1)
            text += unicast(peer, host.address, [other.address], name="VI_2", vips=(f"{VIP_2}/24",))
            daemons.append(self.launch(host, text))
        self.lab.wait_owner(VIP, a, 10)
        self.lab.wait_owner(VIP_2, b, 10)
        since = time.monotonic()
        time.sleep(2)
        self.assert_untouched(VIP, since)
        self.assert_untouched(VIP_2, since)
        for daemon in daemons:
            self.assertEqual(daemon.log("(?i)discarding (uni|multi)cast|expected \\d+ VIPs|not present|invalid"), [])
        self.assertEqual(self.watch.holders(VIP), ["a"])
        self.assertEqual(self.watch.holders(VIP_2), ["b"])

    def test_without_an_interface_the_vips_go_where_the_source_address_is(self):
        a, b = self.hosts("a", "b")
        strip = lambda text: text.replace("    interface ens33\n", "")  # noqa: E731
        first = self.launch(a, strip(unicast(100, a.address, [b.address])))
        self.launch(b, strip(unicast(90, b.address, [a.address])))
        self.lab.wait_owner(VIP, a, 10)
        self.assertIn(VIP, a.execute("ip", "-4", "address", "show", "dev", "ens33"))
        first.stop()
        self.lab.wait_owner(VIP, b, 10)

    def test_without_peers_unicast_fault_no_peer_is_a_fault(self):
        a, = self.hosts("a")
        daemon = self.launch(a, instance(100, version=3, advert_int=0.1, extra="    unicast_fault_no_peer\n"))
        daemon.wait_log("Entering FAULT STATE", 5)
        time.sleep(1)
        self.assertFalse(a.has(VIP))


if __name__ == "__main__":
    unittest.main(verbosity=2)
