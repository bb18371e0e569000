"""linkbeat and interface_up_down_delays against a real daemon and a real carrier."""
import time
import unittest

from case import FAST, VIP, LabCase, instance

DELAYS = "interface_up_down_delays {\n    ens33 0.15\n}\n"


class LinkWatch(LabCase):
    def start(self, head):
        self.a, self.b = self.hosts("a", "b")
        self.daemon = self.launch(self.a, head + instance(100, **FAST))
        self.lab.wait_owner(VIP, self.a, 10)
        self.other = self.launch(self.b, instance(90, **FAST))
        self.other.wait_log(r"\(VI_1\) Entering BACKUP STATE", 10)

    def test_a_polled_carrier_is_reported_and_faults(self):
        self.start("linkbeat_interfaces {\n    ens33 MII\n}\n")
        self.daemon.wait_log(r"\(ens33\): Configured linkbeat type MII not supported, using ETHTOOL", 10)
        self.a.carrier(False)
        self.daemon.wait_log(r"Linkbeat reports ens33 down", 10)
        self.daemon.wait_log(r"entering FAULT state \(interface ens33 down\)", 10)
        self.lab.wait_owner(VIP, self.b, 10)
        since = time.monotonic()
        self.a.carrier(True)
        self.daemon.wait_log(r"Linkbeat reports ens33 up", 10, since)
        self.lab.wait_owner(VIP, self.a, 10)

    def test_a_carrier_that_is_gone_for_longer_than_its_delay_faults(self):
        self.start(DELAYS)
        when = self.a.carrier(False)
        said = self.daemon.wait_log(r"entering FAULT state \(interface ens33 down\)", 10, when)
        self.assertGreaterEqual(said - when, 0.15)
        self.lab.wait_owner(VIP, self.b, 10)
        self.a.carrier(True)
        self.lab.wait_owner(VIP, self.a, 10)

    def test_a_delay_that_outlasts_the_peers_patience_is_refused(self):
        self.start(DELAYS.replace("0.15", "0.2"))
        self.daemon.wait_log(r"interface ens33 debounce timer\(s\) not less than 2 \* advert_int", 5)


if __name__ == "__main__":
    unittest.main(verbosity=2)
