"""use_vmac against the kernel: the macvlan, its MAC on the wire, what a crash, a reload and others do to it, what is restored."""
import os
import signal
import subprocess
import time
import unittest

import ipv6
from case import FAST, VIP, LabCase, instance
from daemon import Capture
from ipv6 import VIP_6, instance_6
from links import VMAC, Monitor, addresses, is_up, knob, link
from namespaces import run

NAME, MAC, MAC_6 = VMAC, "00:00:5e:00:01:65", "00:00:5e:00:02:65"
USE = "    use_vmac\n"


class Vmac(LabCase):
    def vmac_pair(self, extra=USE, **options):
        return self.pair(extra=extra, **FAST, **options)

    def test_macvlan_adverts_and_arp_have_the_virtual_mac(self):
        (a, first), (b, _) = self.vmac_pair()
        self.lab.wait(lambda: VIP in addresses(a), 5, "the VIP on the macvlan")
        made = link(a)
        self.assertEqual((made["linkinfo"]["info_kind"], made["linkinfo"]["info_data"]["mode"], made["link"],
                          made["address"]), ("macvlan", "private", "ens33", MAC))
        self.assertIn("UP", made["flags"])
        self.assertEqual(made["inet6_addr_gen_mode"], "none")
        self.assertEqual(addresses(a), [VIP])
        self.assertNotIn(VIP, addresses(a, "ens33"))
        found = {what: knob(a, NAME, what) for what in ("arp_ignore", "arp_announce", "accept_local", "rp_filter", "promote_secondaries")}
        self.assertEqual(found, {"arp_ignore": "1", "arp_announce": "2", "accept_local": "1", "rp_filter": "0", "promote_secondaries": "1"})
        self.assertEqual(knob(a, NAME, "disable_ipv6", "ipv6"), "1")
        self.assertEqual([knob(a, "ens33", what) for what in ("arp_ignore", "arp_filter", "arp_announce")], ["1", "1", "2"])
        self.assertTrue(self.watch.adverts_from(a.address))
        self.assertEqual({advert.source_mac for advert in self.watch.adverts_from(a.address)}, {MAC})
        self.assertEqual({(garp.source_mac, garp.address) for garp in list(self.watch.garps) if garp.address == VIP},
                         {(MAC, VIP)})
        self.assertFalse(is_up(b), "a backup's macvlan is there, and silent")
        self.assertEqual(link(b)["address"], MAC)
        first.wait_log(r"\(VI_1\): Success creating VMAC interface vrrp.101", 5)

    def test_a_stop_removes_it_and_restores_the_base(self):
        a, b = self.hosts("a", "b")
        a.shell("echo 2 > /proc/sys/net/ipv4/conf/ens33/arp_ignore")
        first = self.launch(a, instance(100, extra=USE, **FAST))
        self.launch(b, instance(90, extra=USE, **FAST))
        self.lab.wait_owner(VIP, a, 10)
        self.assertEqual(knob(a, "ens33", "arp_ignore"), "1")
        pid = first.wait_vrrp()
        os.kill(pid, signal.SIGKILL)  # what was before is not forgotten with the process
        first.wait_vrrp(other_than=pid)
        time.sleep(0.5)
        self.assertEqual(knob(a, "ens33", "arp_ignore"), "1")
        first.stop()
        self.assertIsNone(link(a))
        self.assertEqual([knob(a, "ens33", what) for what in ("arp_ignore", "arp_filter", "arp_announce")], ["2", "0", "0"])
        self.lab.wait_owner(VIP, b, 5)
        first.wait_log(r"\(VI_1\) Success removing VMAC interface vrrp.101", 5)
        self.assertEqual(self.watch.adverts_from(a.address)[-1].priority, 0)

    def test_a_client_keeps_its_arp_entry_over_a_failover(self):
        client = self.client()
        (a, first), (b, second) = self.vmac_pair()
        pinger = self.ping(client)
        entry = f"ip neighbour show {VIP}"
        self.assertIn(MAC, client.shell(entry))
        changes = Monitor(client, "neigh")
        began = time.monotonic()
        first.stop()
        self.lab.wait_owner(VIP, b, 5)
        time.sleep(0.5)
        first.start()
        self.lab.wait_owner(VIP, a, 10)
        time.sleep(0.5)
        pinger.stop()
        self.assertIn(MAC, client.shell(entry))
        self.assertEqual([line for line in changes.about(VIP) if MAC not in line], [])
        self.assert_within(pinger.longest(began), 1.0, "longest silence of a stop and a return")
        self.assertFalse(is_up(b))
        self.assertEqual(second.log("(?i)error|cannot"), [])

    def test_a_killed_vrrp_leaves_no_trace_in_the_kernel(self):
        (a, first), (_, second) = self.vmac_pair()
        time.sleep(1)
        index, since = link(a)["ifindex"], time.monotonic()
        monitor = Monitor(a, "link")
        for _ in range(3):
            pid = first.wait_vrrp()
            os.kill(pid, signal.SIGKILL)
            first.wait_vrrp(other_than=pid)
            time.sleep(0.6)
        self.assertEqual(monitor.about(NAME), [])
        self.assertEqual(link(a)["ifindex"], index)
        self.assert_untouched(VIP, since)
        self.assert_never_active(second, since)

    def test_removed_by_others_it_comes_back_without_a_change_of_state(self):
        (a, first), (_, second) = self.vmac_pair()
        time.sleep(0.5)
        for command in (f"ip link del {NAME}", f"ip link set {NAME} down", f"ip address flush dev {NAME}"):
            index, since = link(a)["ifindex"], time.monotonic()
            a.shell(command)
            self.lab.wait(lambda: is_up(a) and VIP in addresses(a), 5, f"all is back after {command}")
            if "del" in command:
                self.assertNotEqual(link(a)["ifindex"], index)
            time.sleep(0.5)
            self.assert_never_active(second, since)
            self.assertEqual(first.log("Entering (BACKUP|FAULT) STATE", since), [])
            self.assertLess(self.watch.longest_advert_gap(a.address, since, time.monotonic()), 0.3)

    def test_the_base_interface_goes_and_comes_back(self):
        (a, first), (b, _) = self.vmac_pair()
        since = time.monotonic()
        a.shell("ip link set ens33 down")
        first.wait_log("Entering FAULT STATE", 5, since)
        self.lab.wait_owner(VIP, b, 5)
        a.shell("ip link set ens33 up")
        self.lab.wait_owner(VIP, a, 10)
        since = time.monotonic()
        a.shell("ip link del ens33")
        first.wait_log("Entering FAULT STATE", 5, since)
        self.lab.wait(lambda: b.has(VIP), 5, "b has the VIP")
        self.assertIsNone(link(a))
        a.lab.wait(lambda: not a.shell("ip link show ens33", check=False), 5, "the interface is gone")
        run("ip", "-n", self.lab.switch, "link", "add", "port-a", "type", "veth", "peer", "name", "ens33", "netns", a.namespace)
        run("ip", "-n", self.lab.switch, "link", "set", "port-a", "master", "br0", "up")
        a.shell(f"ip link set ens33 up; ip address add {a.address}/24 dev ens33")
        self.lab.wait(lambda: is_up(a) and VIP in addresses(a), 10, "made again on the new interface")
        self.assertEqual(knob(a, "ens33", "arp_ignore"), "1")

    def test_reload_adds_renames_and_removes_it(self):
        (a, first), (_, second) = self.vmac_pair(extra="")
        client = self.client()
        pinger = self.ping(client)
        since = time.monotonic()

        def reload(extra, name, absent):
            first.configure(instance(100, extra=extra, **FAST))
            first.signal(signal.SIGHUP)
            self.lab.wait(lambda: VIP in addresses(a, name) and all(link(a, other) is None for other in absent), 10,
                          f"the VIP is on {name}")
            self.lab.wait(lambda: not any(VIP in addresses(a, other) for other in {"ens33", NAME, "foo"} - {name}), 5, "only there")
            time.sleep(0.5)

        reload(USE, NAME, [])
        reload("    use_vmac foo\n", "foo", [NAME])
        reload("    use_vmac foo 02:00:00:00:07\n", "foo", [])
        self.assertEqual(link(a, "foo")["address"], "02:00:00:00:07:65")
        reload("", "ens33", [NAME, "foo"])
        self.assertEqual(knob(a, "ens33", "arp_ignore"), "0")
        pinger.stop()
        self.assertEqual(first.log("Entering (BACKUP|FAULT) STATE", since), [])
        self.assert_never_active(second, since)
        self.assert_within(pinger.longest(since), 1.0, "longest silence of four reloads")
        self.assertEqual({advert.source_mac for advert in self.watch.adverts_from(a.address, time.monotonic() - 0.3)},
                         {a.shell("cat /sys/class/net/ens33/address").strip()})

    def test_adverts_from_the_base(self):
        (a, _), (b, second) = self.vmac_pair(extra=USE + "    vmac_xmit_base\n")
        base = a.shell("cat /sys/class/net/ens33/address").strip()
        self.assertEqual({advert.source_mac for advert in self.watch.adverts_from(a.address)}, {base})
        self.assertEqual(addresses(a), [VIP])
        since = time.monotonic()
        a.cut()
        self.lab.wait(lambda: b.has(VIP), 5, "b takes over")
        a.heal()
        self.lab.wait_owner(VIP, a, 5)
        second.wait_log("Entering BACKUP STATE", 5, since)

    def test_addresses_on_other_interfaces_have_their_own(self):
        a, = self.hosts("a")
        a.shell("ip link add ens34 type veth peer name ens35; ip link set ens34 up; ip link set ens35 up")
        vips = ("172.18.8.231/24", "10.9.0.1/24 dev ens34 use_vmac", "10.9.0.2/24 dev ens34 use_vmac")
        daemon = self.launch(a, instance(100, vips=vips, **FAST))
        self.lab.wait(lambda: len(addresses(a)) == 2, 10, "both on one macvlan")
        self.assertEqual((link(a)["link"], link(a)["address"], addresses(a)), ("ens34", MAC, ["10.9.0.1", "10.9.0.2"]))
        self.assertIn(VIP, addresses(a, "ens33"))
        daemon.configure("global_defs {\n    vmac_addr_prefix x\n    vmac_prefix y\n}\n" +
                         instance(100, vips=("172.18.8.231/24", "10.9.0.1/24 dev ens34"),
                                  extra=USE + "    use_vmac_addr\n", **FAST))
        daemon.signal(signal.SIGHUP)
        self.lab.wait(lambda: addresses(a, "x.101") == ["10.9.0.1"] and addresses(a, "y.101") == [VIP], 10, "new names")
        self.lab.wait(lambda: link(a) is None, 5, "the old one is gone")

    def test_strict_reverse_path_filters_elsewhere_do_not_matter(self):
        a, = self.hosts("a")
        client = self.client()
        a.shell("echo 1 > /proc/sys/net/ipv4/conf/all/rp_filter")
        self.launch(a, instance(100, extra=USE, **FAST))
        self.lab.wait_owner(VIP, a, 10)
        self.ping(client).stop()
        self.assertEqual((knob(a, "all", "rp_filter"), knob(a, NAME, "rp_filter")), ("1", "2"))

    def test_a_wrong_one_is_replaced_and_a_foreign_one_is_a_fault(self):
        a, = self.hosts("a")
        a.shell(f"ip link add {NAME} link ens33 type macvlan mode bridge")
        daemon = self.launch(a, instance(100, extra=USE, **FAST))
        self.lab.wait(lambda: VIP in addresses(a), 10, "the VIP on a macvlan that is right")
        self.assertEqual((link(a)["address"], link(a)["linkinfo"]["info_data"]["mode"]), (MAC, "private"))
        daemon.wait_log("replacing it", 5)
        daemon.stop()
        a.shell(f"ip link add {NAME} type veth peer name other")
        daemon.start()
        daemon.wait_log("exists and is no macvlan", 10, daemon.started)
        self.assertFalse(a.has(VIP))

    def test_ipv6(self):
        a, b = self.hosts("a", "b")
        ipv6.enable(a, b)
        capture = Capture(self.lab, f"ether src {MAC_6}")
        both = [instance(p, extra=USE, **FAST) + instance_6(p, extra=USE) for p in (100, 90)]
        first, second = self.launch(a, both[0]), self.launch(b, both[1])
        owned = lambda host: VIP_6 in addresses(host, "vrrp6.101")
        self.lab.wait(lambda: owned(a) and not owned(b) and a.has(VIP), 15, "a has both")
        self.assertEqual(link(a, "vrrp6.101")["address"], MAC_6)
        self.assertEqual(knob(a, "vrrp6.101", "disable_ipv6", "ipv6"), "0")
        since = time.monotonic()
        time.sleep(1)
        a.shell("ip link set vrrp6.101 down")
        self.lab.wait(lambda: is_up(a, "vrrp6.101") and owned(a), 5, "the IPv6 VIP is back")
        time.sleep(0.5)
        self.assertEqual([line for line in a.shell("ip -6 address show dev vrrp6.101").splitlines() if "tentative" in line], [])
        self.assert_never_active(second, since)
        first.stop()
        self.lab.wait(lambda: owned(b), 5, "b has the IPv6 VIP")
        capture.stop()
        rows = capture.fields("vrrp", "ipv6.src", "eth.src")
        self.assertEqual({row["ipv6.src"] for row in rows} - {ipv6.link_local(b)}, {ipv6.link_local(a)})
        adverts = capture.fields(f"icmpv6.type == 136 && icmpv6.nd.na.target_address == {VIP_6}", "icmpv6.opt.linkaddr")
        self.assertEqual({row["icmpv6.opt.linkaddr"] for row in adverts}, {MAC_6})
        self.assertIsNone(link(a, "vrrp6.101"))

    def test_a_backup_never_speaks_with_the_virtual_mac(self):
        a, b = self.hosts("a", "b")
        ipv6.enable(a, b)
        self.launch(a, instance(100, extra=USE, **FAST) + instance_6(100, extra=USE))
        self.lab.wait(lambda: VIP_6 in addresses(a, "vrrp6.101") and VIP in addresses(a), 15, "a has both")
        path = f"{self.lab.directory}/b.pcap"
        sniffer = subprocess.Popen(["nsenter", f"--net=/run/netns/{self.lab.switch}", "tcpdump", "--immediate-mode", "-i",
                                    "port-b", "-Q", "in", "-U", "-Z", "root", "-w", path, "ether src " + MAC +
                                    " or ether src " + MAC_6], stderr=subprocess.PIPE, text=True)
        sniffer.stderr.readline()
        self.launch(b, instance(90, extra=USE, **FAST) + instance_6(90, extra=USE))
        self.lab.wait(lambda: link(b) and link(b, "vrrp6.101"), 10, "the macvlans of b")
        time.sleep(3)
        sniffer.terminate()
        sniffer.wait()
        sniffer.stderr.close()
        self.assertEqual(run("tshark", "-n", "-r", path, timeout=60), "")


if __name__ == "__main__":
    unittest.main(verbosity=2)
