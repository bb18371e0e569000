"""FRR's vrrpd over IPv6 as the peer: master and backup against us."""
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "netns"))
import ipv6  # noqa: E402
from case import LabCase  # noqa: E402
from daemon import Capture  # noqa: E402
from test_frr import Frr  # noqa: E402

MACVLAN_6 = "vrrp6-2-1"
VIRTUAL_MAC_6 = "00:00:5e:00:02:65"  # VRID 101
VIP_6 = ipv6.VIP_6


class Frr6(Frr):
    """zebra and vrrpd; FRR speaks from the link-local address of its macvlan."""

    def __init__(self, host, priority, advert_int):
        self.host = host
        host.shell(f"ip link add {MACVLAN_6} link ens33 type macvlan mode bridge && ip link set {MACVLAN_6} "
                   f"address {VIRTUAL_MAC_6} && echo 0 > /proc/sys/net/ipv6/conf/{MACVLAN_6}/disable_ipv6 && "
                   f"ip -6 address add {VIP_6}/64 dev {MACVLAN_6} nodad && ip link set {MACVLAN_6} up && mkdir -p /run/frr && "
                   "chown frr:frr /run/frr")
        host.write("/run/frr/zebra.conf", "hostname frr\n")
        host.write("/run/frr/vrrpd.conf", f"interface ens33\n vrrp 101 version 3\n vrrp 101 priority {priority}\n"
                   f" vrrp 101 advertisement-interval {int(advert_int * 1000)}\n vrrp 101 ipv6 {VIP_6}\n")
        self.zebra = self.program("zebra")
        host.lab.wait(lambda: host.exists("/run/frr/zserv.api"), 10, "zebra is ready")
        self.start()

    def kill(self):
        self.vrrpd.kill()
        self.vrrpd.wait()
        self.host.shell(f"ip link set {MACVLAN_6} protodown on", check=False)


class FrrIpv6(LabCase):
    extra = ""  # of our instance
    interface = "ens33"  # where our VIP stands

    def speakers(self, seconds):
        """Who sends adverts for so long: source addresses."""
        capture = Capture(self.lab, "ip6 proto 112")
        time.sleep(seconds)
        capture.stop()
        self.assertEqual(capture.complaints(), [])
        return {row["ipv6.src"] for row in capture.fields("vrrp && vrrp.prio > 0", "ipv6.src")}

    def begin(self, ours, theirs):
        self.a, self.b = self.hosts("a", "b")
        ipv6.enable(self.a, self.b)
        self.frr = Frr6(self.b, theirs, 0.1)
        self.addCleanup(self.frr.close)
        self.lab.wait(lambda: self.speakers(0.5), 15, "FRR becomes Active")
        self.daemon = self.launch(self.a, ipv6.instance_6(ours, vips=(f"{VIP_6}/64",), extra=self.extra))
        self.daemon.wait_log("Entering BACKUP STATE", 10)

    def wait_alone(self, mine, timeout_s=10):
        """Waits until we (or FRR) speak alone; our own address is known."""
        own = ipv6.link_local(self.a)
        self.lab.wait(lambda: (found := self.speakers(0.4)) and (found == {own}) == mine and (mine or own not in found),
                      timeout_s, f"{'we' if mine else 'FRR'} alone")
        self.lab.wait(lambda: self.has_vip() == mine, 2, f"the VIP {'here' if mine else 'gone'}")

    def has_vip(self):
        shown = self.a.execute("ip", "-6", "-o", "address", "show", "dev", self.interface, check=False)
        return f" {VIP_6}/" in shown

    def with_macvlan(self):
        self.extra, self.interface = "    use_vmac\n", "vrrp.101"
        self.capture_file = Capture(self.lab, "ip6 proto 112")

    def all_have_the_virtual_mac(self):
        self.capture_file.stop()
        self.assertEqual({row["eth.src"] for row in self.capture_file.fields("vrrp", "eth.src")}, {VIRTUAL_MAC_6})

    def end(self):
        self.assertEqual(self.daemon.log("(?i)invalid|mismatch|wrong|too short|too long|not present|expected \\d+ VIPs"), [])

    def test_virtual_mac_on_both_sides_we_are_better(self):
        self.with_macvlan()
        self.test_we_are_better()
        self.all_have_the_virtual_mac()

    def test_virtual_mac_on_both_sides_frr_is_better(self):
        self.with_macvlan()
        self.test_frr_is_better()
        self.all_have_the_virtual_mac()

    def test_we_are_better(self):
        self.begin(100, 90)
        for _ in range(3):
            self.wait_alone(True)
            self.daemon.stop()
            self.lab.wait(lambda: self.speakers(0.4), 5, "FRR takes over")
            self.daemon.start()
        self.wait_alone(True)
        self.end()

    def test_frr_is_better(self):
        self.begin(80, 90)
        for _ in range(3):
            self.wait_alone(False)
            self.frr.kill()
            self.wait_alone(True)
            self.frr.start()
        self.wait_alone(False)
        self.end()


if __name__ == "__main__":
    unittest.main(verbosity=2)
