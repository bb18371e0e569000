"""VIPs, addresses and interfaces that somebody else changes (behaviour.md d.8)."""
import time
import unittest

from case import FAST, SLACK_S, VIP, LabCase, instance, master_down_s
from lab import INTERFACE

PUT_BACK_S = 0.100  # netlink event, one request; slack for a busy machine
FAULT_S = 0.500  # netlink event until the VIP is gone and the peer's clock decides


class Addresses(LabCase):
    def test_removed_vip_is_put_back_at_once_without_giving_up_mastership(self):
        """Our behaviour; keepalived bounces through BACKUP (docs/keepalived.md)."""
        (a, first), (_, second) = self.pair()
        since = time.monotonic()
        a.execute("ip", "address", "del", f"{VIP}/24", "dev", INTERFACE)
        self.lab.wait(lambda: len(self.watch.events_of(VIP, since)) >= 2, 5, "VIP removed and back")
        removed, back = self.watch.events_of(VIP, since)[:2]
        self.assertEqual((removed.kind, back.kind, back.host), ("del", "add", "a"))
        self.assert_within(back.time - removed.time, PUT_BACK_S, "VIP was missing for")
        time.sleep(1.5)
        first.wait_log(r"Netlink reflector reports IP 172\.18\.8\.231 removed from ens33", 5, since)
        self.assertFalse(first.log("Entering BACKUP STATE", since))
        self.assert_never_active(second, since)
        self.assertFalse([advert for advert in self.watch.adverts_from(a.address, since) if advert.priority == 0])
        self.assertTrue([garp for garp in self.watch.garps if garp.time >= since and garp.address == VIP],
                        "the VIP is announced again")
        self.assertEqual(self.watch.holders(VIP), ["a"])

    def test_interface_down_is_fault_and_up_again_is_backup_then_election(self):
        (a, first), (b, _) = self.pair()
        since = time.monotonic()
        a.execute("ip", "link", "set", INTERFACE, "down")
        first.wait_log("Entering FAULT STATE", FAULT_S, since)
        self.lab.wait(lambda: not a.has(VIP), 1, "a lets go of the VIP")
        taken = self.lab.wait_owner(VIP, b, 10)
        self.assert_within(taken - since, master_down_s(90) + SLACK_S, "interface down until b has the VIP")
        up = time.monotonic()
        a.execute("ip", "link", "set", INTERFACE, "up")
        first.wait_log("Entering BACKUP STATE", 2, up)
        self.lab.wait_owner(VIP, a, 10)

    def test_lost_address_is_fault_and_its_return_ends_it(self):
        (a, first), (b, _) = self.pair(**FAST)
        since = time.monotonic()
        a.execute("ip", "address", "del", f"{a.address}/24", "dev", INTERFACE)
        first.wait_log("Entering FAULT STATE|entering FAULT state", 5, since)
        self.lab.wait_owner(VIP, b, 10)
        back = time.monotonic()
        a.execute("ip", "address", "add", f"{a.address}/24", "dev", INTERFACE)
        first.wait_log("Entering BACKUP STATE", 2, back)
        self.lab.wait_owner(VIP, a, 10)

    def test_vip_that_stood_on_the_interface_before_the_start_is_taken_away_until_we_are_master(self):
        a, b = self.hosts("a", "b")
        self.launch(b, instance(100, **FAST))
        self.lab.wait_owner(VIP, b, 10)
        a.execute("ip", "address", "add", f"{VIP}/24", "dev", INTERFACE)
        daemon = self.launch(a, instance(90, **FAST))
        daemon.wait_log("Entering BACKUP STATE", 5)
        self.lab.wait(lambda: not a.has(VIP), 2, "the residual VIP is removed")
        self.assertEqual(self.watch.holders(VIP), ["b"])

    def test_vips_carry_label_scope_broadcast_and_prefix(self):
        vips = ("10.9.1.1/24 dev ens33 label ens33:1 brd 10.9.1.255", "10.9.2.1 scope link", "172.18.8.231/32")
        (a, _), _ = self.pair(**FAST, vips=vips, extra="    virtual_ipaddress_excluded {\n        10.9.3.1/28\n    }\n")
        shown = a.execute("ip", "-4", "-o", "address", "show", "dev", INTERFACE)
        self.assertRegex(shown, r"10\.9\.1\.1/24 brd 10\.9\.1\.255 scope global ens33:1")
        self.assertRegex(shown, r"10\.9\.2\.1/32 scope link ens33")
        self.assertRegex(shown, r"172\.18\.8\.231/32 scope global")
        self.assertRegex(shown, r"10\.9\.3\.1/28")
        advert = self.watch.adverts_from(a.address)[-1]
        self.assertEqual(advert.addresses, ("10.9.1.1", "10.9.2.1", "172.18.8.231"), "excluded ones are not advertised")


if __name__ == "__main__":
    unittest.main(verbosity=2)
