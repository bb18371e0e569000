"""FRR's vrrpd as the peer: another implementation of RFC 5798, with virtual MAC, versions 3 and 2 (without authentication)."""
import os
import subprocess
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "netns"))
from case import SLACK_S, VIP, LabCase, instance, master_down_s, skew_s  # noqa: E402

MACVLAN = "vrrp4-2-1"  # FRR finds it by its MAC
VIRTUAL_MAC = "00:00:5e:00:01:65"  # VRID 101
FRR_SLACK_S = SLACK_S + 0.05


class Frr:
    """zebra and vrrpd on a host. FRR sets the VIP's macvlan down (protodown) while it is Backup."""

    def __init__(self, host, priority, version, advert_int):
        self.host = host
        host.shell(f"ip link add {MACVLAN} link ens33 type macvlan mode bridge && ip link set {MACVLAN} address {VIRTUAL_MAC}"
                   f" && ip address add {VIP}/24 dev {MACVLAN} && ip link set {MACVLAN} up && mkdir /run/frr"
                   " && chown frr:frr /run/frr && echo 1 > /proc/sys/net/ipv4/conf/ens33/arp_ignore"
                   " && echo 0 > /proc/sys/net/ipv4/conf/all/rp_filter && echo 0 > /proc/sys/net/ipv4/conf/ens33/rp_filter"
                   f" && echo 0 > /proc/sys/net/ipv4/conf/{MACVLAN}/rp_filter")
        host.write("/run/frr/zebra.conf", "hostname frr\n")
        host.write("/run/frr/vrrpd.conf", f"interface ens33\n vrrp 101 version {version}\n vrrp 101 priority {priority}\n"
                   f" vrrp 101 advertisement-interval {int(advert_int * 1000)}\n vrrp 101 ip {VIP}\n")
        self.zebra = self.program("zebra")
        host.lab.wait(lambda: host.exists("/run/frr/zserv.api"), 10, "zebra is ready")
        self.start()

    def program(self, name):
        return self.host.start(f"/usr/lib/frr/{name}", "-f", f"/run/frr/{name}.conf", "-i", f"/run/frr/{name}.pid", "-z",
                               "/run/frr/zserv.api", "--vty_socket", "/run/frr", "-P", "0", "--log", "file:/run/frr/log",
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def start(self):
        self.vrrpd = self.program("vrrpd")

    def kill(self):
        """Gone without a word; returns the time."""
        self.vrrpd.kill()
        when = time.monotonic()
        self.vrrpd.wait()
        self.host.shell(f"ip link set {MACVLAN} protodown on", check=False)
        return when

    def close(self):
        for process in (self.vrrpd, self.zebra):
            process.kill()
            process.wait()


class FrrInterop(LabCase):
    extra = ""  # of our instance

    def begin(self, ours, theirs, version, advert_int):
        self.a, self.b = self.hosts("a", "b")
        self.vips_client = self.client()
        self.file = self.capture()
        self.frr = Frr(self.b, theirs, version, advert_int)
        self.addCleanup(self.frr.close)
        self.lab.wait(lambda: self.watch.adverts_from(self.b.address), 15, "FRR becomes Active")
        self.daemon = self.launch(self.a, instance(ours, version=version, advert_int=advert_int, extra=self.extra).replace(
            "    authentication {\n        auth_type PASS\n        auth_pass 1111\n    }\n", ""))

    def end(self):
        self.file.stop()
        self.assertEqual(self.file.complaints(), [])
        complaints = self.daemon.log("(?i)invalid|mismatch|wrong|too short|too long|not present|expected \\d+ VIPs")
        self.assertEqual(complaints, [])

    def wait_active(self, host, other, advert_int, since, timeout_s=15):
        """Waits until only this host adverts and the client reaches the VIP; returns its first advert after `since`."""
        first = self.lab.wait(lambda: [advert for advert in self.watch.adverts_from(host.address, since) if advert.priority],
                              timeout_s, f"adverts of {host.name}")[0].time
        self.lab.wait(lambda: time.monotonic() > first + 2 * advert_int, 10, "two intervals")
        mark = time.monotonic()
        time.sleep(2.5 * advert_int)
        self.assertEqual(self.watch.adverts_from(other.address, mark), [], f"{other.name} still speaks\n{self.lab.story()}")
        self.assertEqual(self.a.has(VIP), host is self.a)
        self.lab.wait(lambda: self.vips_client.shell(f"ping -c 1 -W 1 {VIP} >/dev/null && echo yes", check=False), 10,
                      f"{VIP} answers")
        return first

    def we_are_better(self, version, advert_int, rounds):
        self.begin(100, 90, version, advert_int)
        started = self.daemon.started
        for _ in range(rounds):
            self.wait_active(self.a, self.b, advert_int, started)
            when, _, _ = self.daemon.stop()
            first = self.wait_active(self.b, self.a, advert_int, when)
            self.assert_within(first - when, skew_s(90, advert_int, version) + FRR_SLACK_S, "we stop until FRR speaks")
            self.daemon.start()
            started = self.daemon.started
        self.wait_active(self.a, self.b, advert_int, started)
        self.end()

    def frr_is_better(self, version, advert_int, rounds):
        self.begin(80, 90, version, advert_int)
        for _ in range(rounds):
            self.daemon.wait_log("Entering BACKUP STATE", 10)
            self.wait_active(self.b, self.a, advert_int, time.monotonic())
            when = self.frr.kill()
            first = self.wait_active(self.a, self.b, advert_int, when)
            self.assert_within(first - when, master_down_s(80, advert_int, version) + FRR_SLACK_S, "FRR killed until we speak")
            self.frr.start()
            self.lab.wait(lambda: not self.a.has(VIP), 15, "FRR preempts us")
        self.end()

    def test_virtual_mac_on_both_sides_we_are_better(self):
        self.extra = "    use_vmac\n"
        self.we_are_better(3, 0.1, 2)
        self.assertEqual({advert.source_mac for advert in list(self.watch.adverts)}, {VIRTUAL_MAC})

    def test_virtual_mac_on_both_sides_frr_is_better(self):
        self.extra = "    use_vmac\n"
        self.frr_is_better(3, 0.1, 2)
        self.assertEqual({advert.source_mac for advert in list(self.watch.adverts)}, {VIRTUAL_MAC})

    def test_version_3_at_100_ms_we_are_better(self):
        self.we_are_better(3, 0.1, 5)

    def test_version_3_at_100_ms_frr_is_better(self):
        self.frr_is_better(3, 0.1, 5)

    def test_version_2_we_are_better(self):
        self.we_are_better(2, 1, 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
