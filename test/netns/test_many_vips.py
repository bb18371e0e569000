"""5 000 addresses of one instance come up among 50 others: all arrive, all go, and no advert waits for them (issue 6)."""
import os
import sys
import unittest

from case import PROGRAM

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "bench"))
from many_vips import addresses, killed, takeover  # noqa: E402

# Issue 6's bound is 50 ms; the other 50 ms are the machine's: with real-time priority 30 to 40 ms are seen beside a load of 7.
LATE_S = 0.100


class ManyVips(unittest.TestCase):
    def test_adverts_go_on_while_5000_addresses_come_and_a_burst_at_real_time_priority_kills_nobody(self):
        """With vrrp_rlimit_rttime at its 10 ms: the work of the take-over is longer than that without a pause."""
        seconds, late_s, gone_s = takeover(PROGRAM, addresses(5000), realtime=True, long_burst=False)
        print(f"  all there after {seconds * 1000:.0f} ms, latest advert {late_s * 1000:.0f} ms, all gone {gone_s * 1000:.0f} ms "
              "after SIGTERM", file=sys.stderr)
        self.assertLessEqual(late_s, LATE_S)

    def test_killed_vrrp_with_5000_addresses_loses_none_and_is_back_before_a_peer_loses_patience(self):
        late_s, lost = killed(PROGRAM, addresses(5000))
        print(f"  latest advert {late_s * 1000:.0f} ms", file=sys.stderr)
        self.assertEqual(lost, 0)
        self.assertLess(late_s, 0.2, "with the interval of 0.1 s this is the three intervals that a peer waits")


if __name__ == "__main__":
    unittest.main(verbosity=2)
