"""What we put on the wire, as tshark reads it: adverts of both versions, gratuitous ARP, priority 0."""
import time
import unittest

from case import VIP, LabCase, instance

GARP_REPEAT, GARP_DELAY_S = 5, 5  # behaviour.md d.1


class Wire(LabCase):
    def advert_fields(self, capture, source, *names):
        rows = capture.fields(f"vrrp && ip.src == {source}", "eth.src", "eth.dst", "ip.dst", "ip.ttl", "ip.dsfield",
                              "ip.proto", "ip.len", *names)
        self.assertTrue(rows, "adverts in the capture")
        for row in rows:
            self.assertEqual((row["eth.dst"], row["ip.dst"], row["ip.ttl"], row["ip.dsfield"], row["ip.proto"]),
                             ("01:00:5e:00:00:12", "224.0.0.18", "255", "0xc0", "112"))
        return rows

    def stop_and_decode(self, capture, daemon):
        daemon.stop()
        time.sleep(0.3)
        capture.stop()
        self.assertEqual(capture.complaints(), [])

    def test_version_2_advert_and_gratuitous_arps_are_as_the_rfc_says(self):
        a, = self.hosts("a")
        capture = self.capture()
        daemon = self.launch(a, instance(100, vips=(f"{VIP}/24", "172.18.8.232/24")))
        began = self.lab.wait_owner(VIP, a, 10)
        time.sleep(GARP_DELAY_S + 1)
        self.stop_and_decode(capture, daemon)
        fields = ("vrrp.version", "vrrp.type", "vrrp.virt_rtr_id", "vrrp.prio", "vrrp.addr_count", "vrrp.auth_type",
                  "vrrp.adver_int", "vrrp.ip_addr", "vrrp.auth_string", "vrrp.checksum.status")
        rows = self.advert_fields(capture, a.address, *fields)
        for row in rows:
            self.assertEqual([row[name] for name in fields if name != "vrrp.prio"],
                             ["2", "1", "101", "2", "1", "1", "172.18.8.231;172.18.8.232", "1111", "1"])
        self.assertEqual([row["vrrp.prio"] for row in rows][-1], "0")
        self.assertEqual({row["vrrp.prio"] for row in rows[:-1]}, {"100"})
        self.assertEqual({row["ip.len"] for row in rows}, {str(20 + 8 + 2 * 4 + 8)})
        self.gratuitous_arps(capture, a, began)

    def gratuitous_arps(self, capture, host, began):
        mac = host.execute("cat", "/sys/class/net/ens33/address").strip()
        rows = capture.fields("arp.isgratuitous", "eth.src", "eth.dst", "arp.opcode", "arp.src.hw_mac",
                              "arp.src.proto_ipv4", "arp.dst.proto_ipv4")
        for address in (VIP, "172.18.8.232"):
            mine = [row for row in rows if row["arp.src.proto_ipv4"] == address]
            self.assertEqual(len(mine), 2 * GARP_REPEAT)
            for row in mine:
                self.assertEqual((row["eth.src"], row["eth.dst"], row["arp.opcode"], row["arp.src.hw_mac"],
                                  row["arp.dst.proto_ipv4"]), (mac, "ff:ff:ff:ff:ff:ff", "1", mac, address))
            times = [garp.time - began for garp in self.watch.garps if garp.address == address]
            self.assertEqual(len(times), 2 * GARP_REPEAT)
            self.assert_within(times[GARP_REPEAT - 1], 0.2, "first burst is over after", at_least_s=-0.05)
            self.assert_within(times[GARP_REPEAT], GARP_DELAY_S + 0.3, "second burst begins after", GARP_DELAY_S - 0.1)
        self.assertTrue(all(garp.target_mac == "ff:ff:ff:ff:ff:ff" for garp in self.watch.garps))

    def test_version_3_advert_is_as_the_rfc_says(self):
        a, = self.hosts("a")
        capture = self.capture()
        daemon = self.launch(a, instance(100, version=3, advert_int=0.5))
        self.lab.wait_owner(VIP, a, 10)
        time.sleep(2)
        self.stop_and_decode(capture, daemon)
        fields = ("vrrp.version", "vrrp.type", "vrrp.virt_rtr_id", "vrrp.addr_count", "vrrp.short_adver_int",
                  "vrrp.ip_addr", "vrrp.checksum.status")
        rows = self.advert_fields(capture, a.address, "vrrp.prio", *fields)
        for row in rows:
            self.assertEqual([row[name] for name in fields], ["3", "1", "101", "1", "50", VIP, "1"])
        self.assertEqual(rows[-1]["vrrp.prio"], "0")
        self.assertEqual({row["ip.len"] for row in rows}, {str(20 + 8 + 4)})
        gaps = [later.time - earlier.time for earlier, later in zip(self.watch.adverts, self.watch.adverts[1:-1])]
        self.assert_within(max(gaps), 0.55, "longest gap between adverts", at_least_s=0.45)

    def test_priority_0_ends_with_one_new_master_at_once(self):
        (_, first), (b, _) = self.pair(version=3, advert_int=0.1)
        capture = self.capture()
        when, _, _ = first.stop()
        taken = self.lab.wait_owner(VIP, b, 5)
        time.sleep(0.3)
        capture.stop()
        self.assertEqual(capture.complaints(), [])
        self.assert_within(taken - when, (256 - 90) / 256 * 0.1 + 0.1, "SIGTERM until b has the VIP (0.1 s)")


if __name__ == "__main__":
    unittest.main(verbosity=2)
