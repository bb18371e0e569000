"""Ten thousand packets that no daemon would send, at full speed, at a master and a backup."""
import os
import sys
import time
import unittest

from case import VIP, LabCase

PACKETS, SEED = 10_000, int(os.environ.get("HOLDFAST_SEED", "7"))
RHYTHM_SLACK_S = 0.100  # both cores of the machine are busy with scapy


class Hostile(LabCase):
    def test_hostile_packets_disturb_neither_master_nor_backup(self):
        (a, first), (_, second) = self.pair()
        attacker = self.lab.host("x")
        pids = first.wait_vrrp(), second.wait_vrrp()
        since = time.monotonic()
        here = os.path.dirname(os.path.abspath(__file__))
        sent = attacker.execute(sys.executable, f"{here}/hostile.py", "ens33", "101", VIP, str(PACKETS), str(SEED), timeout=60)
        took = time.monotonic() - since
        time.sleep(2.5)
        until = time.monotonic()
        self.note(f"seed {SEED}, {took:.1f} s: {sent.strip()}")
        self.assert_untouched(VIP, since)
        self.assertEqual((first.vrrp(), second.vrrp()), pids, "no vrrp process died")
        self.assert_never_active(second, since)
        self.assertFalse(first.log("Entering BACKUP STATE", since))
        self.assert_within(self.watch.longest_advert_gap(a.address, since, until), 1 + RHYTHM_SLACK_S, "longest advert gap")


if __name__ == "__main__":
    unittest.main(verbosity=2)
