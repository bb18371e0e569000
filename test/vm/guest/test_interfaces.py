"""What only the VM's kernel has: ipvlans (use_ipvlan) and VRFs, below instances of both families."""
import json
import os
import signal
import time
import unittest

import ipv6
from case import VIP, LabCase, instance
from ipv6 import VIP_6
from links import VMAC, Monitor, addresses, is_up, link

NAME, NAME_6 = "ipv", "ipv6"
OWN = {"a": "172.18.8.151", "b": "172.18.8.152"}
TIMING = {"version": 3, "advert_int": 1}  # a process that is started again in the emulator needs half a second
TIMEOUT_S = 20
BLUE = 10  # table of the VRF


def ipvlan(host, mode="", name=NAME, address=None):
    return f"    use_ipvlan name {name} {mode} {address or OWN[host.name] + '/24'}\n"


def instance_6(priority, extra):
    return instance(priority, name="VI_6", vips=("fe80::231/64", f"{VIP_6}/128"), extra="    native_ipv6\n" + extra, **TIMING)


class Pairs(LabCase):
    """Two directors that differ in priority and in their own lines."""

    def directors(self, text, prepare=lambda host: None):
        """((a, its daemon), (b, its daemon)); text(host, priority) is a configuration."""
        a, b = self.hosts("a", "b")
        for host in (a, b):
            prepare(host)
        first = self.launch(a, text(a, 100))
        self.lab.wait(lambda: len(first.log("Entering MASTER STATE")) == text(a, 100).count("vrrp_instance"), TIMEOUT_S, "MASTER")
        second = self.launch(b, text(b, 90))
        second.wait_log("Entering BACKUP STATE", TIMEOUT_S)
        return (a, first), (b, second)

    def wait_on(self, name, host, other, vip=VIP):
        """This one alone has the VIP, on the link of that name."""
        self.lab.wait(lambda: vip in addresses(host, name) and vip not in addresses(other, name), TIMEOUT_S,
                      f"{vip} on {name} of {host.name}")

    def assert_no_change(self, daemons, since):
        for daemon in daemons:
            self.assertEqual(daemon.log("Entering (MASTER|BACKUP|FAULT) STATE", since), [], self.lab.story())

    def kill_thrice(self, daemon):
        for _ in range(3):
            pid = daemon.wait_vrrp()
            os.kill(pid, signal.SIGKILL)
            daemon.wait_vrrp(other_than=pid)
            time.sleep(1.5)

    def hand_over_and_back(self, first, a, b, name=NAME, vip=VIP):
        first.stop()
        self.wait_on(name, b, a, vip)
        first.start()
        self.wait_on(name, a, b, vip)


class Ipvlan(Pairs):
    def pair_of(self, mode="", **configuration):
        (a, first), (b, second) = self.directors(
            lambda host, priority: instance(priority, extra=ipvlan(host, mode), **TIMING, **configuration))
        self.wait_on(NAME, a, b)
        return (a, first), (b, second)

    def test_it_carries_the_addresses_and_adverts_of_both_directors(self):
        (a, first), (b, _) = self.pair_of("private")
        for host in (a, b):
            made = link(host, NAME)
            self.assertEqual((made["linkinfo"]["info_kind"], made["linkinfo"]["info_data"], made["link"], made["address"]),
                             ("ipvlan", {"mode": "l2", "private": True}, "ens33", link(host, "ens33")["address"]))
            self.assertTrue(is_up(host, NAME), host.name)
            self.assertIn(OWN[host.name], addresses(host, NAME))
            self.assertNotIn(VIP, addresses(host, "ens33"))
        self.lab.wait(lambda: self.watch.adverts_from(OWN["a"]), TIMEOUT_S, "adverts from the own address")
        self.assertEqual(self.watch.adverts_from(a.address), [])
        self.assertIn("bytes from", self.client().shell(f"ping -c 3 -i 0.3 -W 2 {VIP}"))
        self.hand_over_and_back(first, a, b)
        self.lab.wait(lambda: self.watch.adverts_from(OWN["b"]), 1, "adverts of b")
        first.stop()
        self.assertIsNone(link(a, NAME))
        self.assertEqual(self.watch.adverts_from(OWN["a"])[-1].priority, 0)

    def test_each_mode_is_what_the_kernel_says(self):
        (a, first), (b, _) = self.pair_of()
        self.assertEqual(link(a, NAME)["linkinfo"]["info_data"], {"mode": "l2", "bridge": True})
        for mode in ("vepa", "private", "bridge"):
            with self.subTest(mode):
                first.configure(instance(100, extra=ipvlan(a, mode), **TIMING))
                first.signal(signal.SIGHUP)
                self.lab.wait(lambda: (link(a, NAME) or {}).get("linkinfo", {}).get("info_data") == {"mode": "l2", mode: True},
                              TIMEOUT_S, f"mode {mode}")
                self.wait_on(NAME, a, b)

    def test_a_killed_vrrp_leaves_no_trace_in_the_kernel(self):
        (a, first), (_, second) = self.pair_of()
        time.sleep(2)
        index, since, monitor = link(a, NAME)["ifindex"], time.monotonic(), Monitor(a, "link")
        self.kill_thrice(first)
        self.assertEqual(monitor.about(NAME), [])
        self.assertEqual(link(a, NAME)["ifindex"], index)
        self.assert_untouched(VIP, since)
        self.assert_no_change([first, second], since)

    def test_what_others_take_comes_back_without_a_change_of_state(self):
        (a, first), (_, second) = self.pair_of()
        for command in (f"ip address del {OWN['a']}/24 dev {NAME}", f"ip link set {NAME} down", f"ip link del {NAME}"):
            since = time.monotonic()
            a.shell(command)
            self.lab.wait(lambda: is_up(a, NAME) and {VIP, OWN["a"]} <= set(addresses(a, NAME)), TIMEOUT_S, f"all after {command}")
            time.sleep(2)
            self.assert_no_change([first, second], since)

    def test_a_reload_makes_moves_and_removes_it(self):
        (a, first), (_, second) = self.pair_of()
        since = time.monotonic()
        for extra, name, gone in ((ipvlan(a, name="other"), "other", NAME), ("", "ens33", "other"), (ipvlan(a), NAME, "other"),
                                  (ipvlan(a, address="172.18.8.161/24"), NAME, "other")):
            first.configure(instance(100, extra=extra, **TIMING))
            first.signal(signal.SIGHUP)
            self.lab.wait(lambda: VIP in addresses(a, name) and link(a, gone) is None, TIMEOUT_S, f"the VIP on {name}")
        self.lab.wait(lambda: "172.18.8.161" in addresses(a, NAME) and OWN["a"] not in addresses(a, NAME), TIMEOUT_S, "own address")
        self.lab.wait(lambda: self.watch.adverts_from("172.18.8.161"), TIMEOUT_S, "adverts from there")
        self.assertEqual(first.log("Entering (BACKUP|FAULT) STATE", since), [])
        self.assert_never_active(second, since)

    def test_ipv6(self):
        (a, first), (b, second) = self.directors(
            lambda host, priority: instance_6(priority, f"    use_ipvlan {NAME_6} private\n"), ipv6.enable)
        self.wait_on(NAME_6, a, b, VIP_6)
        made = link(a, NAME_6)["linkinfo"]
        self.assertEqual((made["info_kind"], made["info_data"]), ("ipvlan", {"mode": "l2", "private": True}))
        self.assertIn("fe80::231", addresses(a, NAME_6))
        own = [text for text in addresses(a, NAME_6) if text.startswith("fe80::") and text != "fe80::231"]
        self.assertEqual(len(own), 1, "a link-local address of its own")
        self.assertNotEqual(own[0], ipv6.link_local(a))
        since, monitor = time.monotonic(), Monitor(a, "link")
        self.kill_thrice(first)
        self.assertEqual(monitor.about(NAME_6), [])
        self.assert_no_change([first, second], since)
        # Taken down it loses every address of IPv6.
        a.shell(f"ip link set {NAME_6} down")
        self.lab.wait(lambda: {VIP_6, "fe80::231"} <= set(addresses(a, NAME_6)), TIMEOUT_S, "the VIPs again")
        self.assert_never_active(second, since)
        self.hand_over_and_back(first, a, b, NAME_6, VIP_6)
        since = time.monotonic()
        time.sleep(2)
        self.assert_never_active(second, since)

    def test_both_families_on_one_interface_with_an_address_each(self):
        def text(host, priority):
            own = f"fe80::5:{host.address.rsplit('.', 1)[1]}/64"
            return (instance(priority, extra=ipvlan(host), **TIMING)
                    + instance_6(priority, ipvlan(host, name=NAME_6, address=own)))
        (a, first), (b, second) = self.directors(text, ipv6.enable)
        self.wait_on(NAME, a, b)
        self.wait_on(NAME_6, a, b, VIP_6)
        self.assertIn("fe80::5:11", addresses(a, NAME_6))
        since = time.monotonic()
        time.sleep(3)
        self.assert_no_change([first, second], since)
        first.stop()
        self.wait_on(NAME, b, a)
        self.wait_on(NAME_6, b, a, VIP_6)
        self.assertEqual([link(a, name) for name in (NAME, NAME_6)], [None, None])


def into_vrf(host):
    """ens33 becomes part of the VRF blue; its addresses of IPv6 are there again."""
    host.shell(f"ip link add blue type vrf table {BLUE}; ip link set blue up; ip link set ens33 master blue")
    ipv6.enable(host)


class Vrf(Pairs):
    def assert_in_vrf(self, host, name, vip=VIP):
        self.assertEqual(link(host, name).get("master"), "blue", f"{name} of {host.name}")
        family = "-6" if ":" in vip else "-4"
        routes = json.loads(host.execute("ip", family, "-j", "route", "show", "table", str(BLUE), "type", "local"))
        self.assertIn((vip, name), [(route["dst"], route["dev"]) for route in routes])

    def check_it_belongs_to_the_vrf_of_its_base(self, extra, name):
        (a, first), (b, second) = self.directors(lambda host, priority: instance(priority, extra=extra(host), **TIMING), into_vrf)
        self.wait_on(name, a, b)
        self.assert_in_vrf(a, name)
        self.assertEqual(link(b, name).get("master"), "blue")
        self.assertIn("bytes from", self.client().shell(f"ping -c 3 -i 0.3 -W 2 {VIP}"))
        time.sleep(2)
        index, since, monitor = link(a, name)["ifindex"], time.monotonic(), Monitor(a, "link")
        self.kill_thrice(first)
        self.assertEqual(monitor.about(name), [])
        self.assertEqual(link(a, name)["ifindex"], index)
        self.assert_no_change([first, second], since)
        self.hand_over_and_back(first, a, b, name)
        self.assert_in_vrf(a, name)

    def test_a_macvlan_belongs_to_the_vrf_of_its_base(self):
        self.check_it_belongs_to_the_vrf_of_its_base(lambda host: "    use_vmac\n", VMAC)

    def test_an_ipvlan_belongs_to_the_vrf_of_its_base(self):
        self.check_it_belongs_to_the_vrf_of_its_base(ipvlan, NAME)

    def test_of_ipv6_too(self):
        (a, first), (b, second) = self.directors(lambda host, priority: instance_6(priority, "    use_vmac\n"), into_vrf)
        self.wait_on(VMAC, a, b, VIP_6)
        self.assert_in_vrf(a, VMAC, VIP_6)
        since = time.monotonic()
        time.sleep(3)
        self.assert_no_change([first, second], since)
        self.hand_over_and_back(first, a, b, VMAC, VIP_6)
        self.assert_in_vrf(a, VMAC, VIP_6)

    def check_it_follows_its_base(self, extra, name):
        (a, first), (b, second) = self.directors(lambda host, priority: instance(priority, extra=extra(host), **TIMING))
        self.wait_on(name, a, b)
        into_vrf(a)
        self.lab.wait(lambda: link(a, name).get("master") == "blue", TIMEOUT_S, "it follows")
        self.wait_on(name, a, b)
        self.assert_in_vrf(a, name)
        a.shell("ip link set ens33 nomaster")
        self.lab.wait(lambda: link(a, name).get("master") is None, TIMEOUT_S, "and follows again")
        self.wait_on(name, a, b)
        since = time.monotonic()
        time.sleep(2)
        self.assert_no_change([first, second], since)

    def test_a_macvlan_follows_its_base_into_a_vrf_and_out(self):
        self.check_it_follows_its_base(lambda host: "    use_vmac\n", VMAC)

    def test_an_ipvlan_follows_its_base_into_a_vrf_and_out(self):
        self.check_it_follows_its_base(ipvlan, NAME)

    def test_without_made_interfaces(self):
        (a, first), (b, second) = self.directors(
            lambda host, priority: instance(priority, **TIMING) + instance_6(priority, ""), into_vrf)
        for vip in (VIP, VIP_6):
            self.wait_on("ens33", a, b, vip)
        self.assert_in_vrf(a, "ens33")
        since = time.monotonic()
        time.sleep(3)
        self.assert_no_change([first, second], since)
        first.stop()
        for vip in (VIP, VIP_6):
            self.wait_on("ens33", b, a, vip)

    def unicast(self, host, priority, family):
        """An instance that names the VRF and no interface."""
        own, peer = host.address, {"a": "172.18.8.12", "b": "172.18.8.11"}[host.name]
        vip, name = f"{VIP}/24 dev ens33", "VI_1"
        if family == 6:
            own, peer, vip, name = ipv6.global_address(host), "2001:db8::" + peer.rsplit(".", 1)[1], f"{VIP_6}/128 dev ens33", "VI_6"
        return (f"vrrp_instance {name} {{\n    vrf blue\n    version 3\n    advert_int 1\n    virtual_router_id 7\n"
                f"    priority {priority}\n    unicast_src_ip {own}\n    unicast_peer {{\n        {peer}\n    }}\n"
                f"    virtual_ipaddress {{\n        {vip}\n    }}\n}}\n")

    def test_an_instance_that_names_the_vrf(self):
        (a, first), (b, second) = self.directors(
            lambda host, priority: self.unicast(host, priority, 4) + self.unicast(host, priority, 6), into_vrf)
        for vip in (VIP, VIP_6):
            self.wait_on("ens33", a, b, vip)
        since = time.monotonic()
        time.sleep(3)
        self.assert_no_change([first, second], since)
        self.assertEqual(len(second.log("Entering BACKUP STATE")), 2)
        self.assertEqual(second.log("Entering MASTER STATE"), [])
        a.shell("ip link set blue down")
        first.wait_log("Entering FAULT STATE", TIMEOUT_S, since)
        for vip in (VIP, VIP_6):
            self.lab.wait(lambda: vip in addresses(b, "ens33"), TIMEOUT_S, f"b has {vip}")
        since = time.monotonic()
        a.shell("ip link del blue; ip link add blue type vrf table 11; ip link set blue up; ip link set ens33 master blue")
        ipv6.enable(a)
        for vip in (VIP, VIP_6):
            self.wait_on("ens33", a, b, vip)


if __name__ == "__main__":
    unittest.main()
