"""Never letting go, with use_vmac: the faults of test_resilience.py, and what they leave of the macvlan."""
import os
import signal
import time
import unittest

from case import VIP
from links import addresses, is_up, link
from resilience import SILENCE_S, STOPPED_VRRP_S, Resilience, adopted, kill
from test_vmac import USE


class VmacFaults(Resilience):
    def begin_with_vmac(self, **options):
        self.start(extra=USE, version=3, **{"advert_int": 0.1, **options})
        self.index = link(self.a)["ifindex"]

    def nothing_happened(self, **bounds):
        super().nothing_happened(**bounds)
        self.assertEqual(link(self.a)["ifindex"], self.index)
        self.assertEqual((is_up(self.a), is_up(self.b), addresses(self.a)), (True, False, [VIP]))

    def test_killed_vrrp(self):
        self.begin_with_vmac()
        for _ in range(5):
            old = self.master.vrrp()
            kill(old)
            self.master.wait_vrrp(3, old)
            time.sleep(0.4)
        self.nothing_happened()

    def test_stopped_vrrp(self):
        self.begin_with_vmac(advert_int=1)
        old = self.master.vrrp()
        os.kill(old, signal.SIGSTOP)
        self.master.wait_vrrp(STOPPED_VRRP_S + 1, old)
        time.sleep(1.2)
        self.nothing_happened(rhythm_slack_s=STOPPED_VRRP_S)

    def test_killed_core(self):
        self.begin_with_vmac()
        vrrp = self.master.vrrp()
        self.master.kill_core()
        time.sleep(0.5)
        adopted(self, self.a, self.master, vrrp)
        time.sleep(0.5)
        self.nothing_happened()
        self.still_works()
        self.lab.wait(lambda: link(self.a) is None, 3, "the macvlan is gone with the daemon")
        self.assertEqual(self.a.shell("cat /proc/sys/net/ipv4/conf/ens33/arp_ignore").strip(), "0")

    def test_everything_killed_and_started_again_at_once(self):
        self.begin_with_vmac(advert_int=1)
        vrrp = self.master.vrrp()
        self.master.kill_core()
        kill(vrrp)
        self.master.start()
        self.master.wait_vrrp(5, vrrp)
        time.sleep(1.5)
        self.nothing_happened(silence_s=SILENCE_S, rhythm_slack_s=0.5)

    def test_everything_killed_and_started_after_the_peer_took_over(self):
        self.begin_with_vmac(ping=False)
        vrrp = self.master.vrrp()
        self.master.kill_core()
        kill(vrrp)
        self.lab.wait(lambda: self.b.has(VIP), 5, "b takes over")
        self.assertTrue(is_up(self.a), "nobody is there to take it down")
        self.b.shell("ip link set ens33 down")  # a shall find itself alone afterwards, and become master again
        self.master.start()
        self.lab.wait_owner(VIP, self.a, 10)
        self.b.shell("ip link set ens33 up")
        time.sleep(1)
        self.assertEqual(link(self.a)["ifindex"], self.index)
        self.assertEqual((is_up(self.a), addresses(self.a), self.watch.holders(VIP)), (True, [VIP], ["a"]))

    def test_a_crash_while_backup_and_one_in_the_middle_of_a_takeover(self):
        self.begin_with_vmac(ping=False)
        old = self.peer.vrrp()
        kill(old)
        self.peer.wait_vrrp(3, old)
        time.sleep(0.5)
        self.assertFalse(is_up(self.b))
        self.master.stop()
        self.lab.wait(lambda: is_up(self.b), 3, "b takes over")
        old = self.peer.vrrp()
        kill(old)
        self.peer.wait_vrrp(3, old)
        self.lab.wait_owner(VIP, self.b, 5)
        time.sleep(0.5)
        self.assertEqual((is_up(self.b), addresses(self.b)), (True, [VIP]))


if __name__ == "__main__":
    unittest.main(verbosity=2)
