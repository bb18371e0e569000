"""track_group against the kernel: what faults the instances of a static entry, and what does not."""
import os
import signal
import unittest

from case import FAST, VIP, LabCase, instance

OTHER = "10.88.0.1"
GROUP = "track_group G {\n    group {\n        VI_1\n    }\n}\n"
STATICS = (f"static_ipaddress {{\n    {OTHER}/24 dev eth9 track_group G\n}}\n"
           "static_routes {\n    10.99.0.0/16 via 10.88.0.254 dev eth9 track_group G\n}\n"
           "static_rules {\n    from 10.88.0.0/24 table 77 iif eth9 preference 500 track_group G\n}\n")


class TrackGroup(LabCase):
    def reload(self, daemon, text):
        daemon.configure(text)
        daemon.signal(signal.SIGHUP)

    def begin(self):
        (a,) = self.hosts("a")
        a.shell("ip link add eth9 type veth peer name far9; ip link set eth9 up; ip link set far9 up")
        daemon = self.launch(a, instance(100, **FAST) + GROUP + STATICS)
        self.lab.wait_owner(VIP, a, 10)
        self.lab.wait(lambda: OTHER in a.shell("ip address"), 5, "the static address")
        return a, daemon

    def test_what_others_remove_is_put_back_without_a_fault(self):
        a, daemon = self.begin()
        a.shell(f"ip address del {OTHER}/24 dev eth9; ip rule del preference 500")
        self.lab.wait(lambda: OTHER in a.shell("ip address"), 5, "the static address again")
        self.lab.wait(lambda: "500:" in a.shell("ip rule"), 5, "the rule again")
        self.lab.wait(lambda: "10.99.0.0/16" in a.shell("ip route"), 5, "the route again")
        self.assertFalse(daemon.log("Entering FAULT STATE"))

    def test_the_interface_of_an_entry_faults_and_mends(self):
        a, daemon = self.begin()
        a.shell("ip link set eth9 down")
        daemon.wait_log("Entering FAULT STATE", 5)
        daemon.wait_log("interface eth9 of a tracked static entry is down", 5)
        self.lab.wait(lambda: VIP not in a.shell("ip address"), 5, "the VIP is gone")
        a.shell("ip link set eth9 up")
        self.lab.wait_owner(VIP, a, 10)
        a.shell("ip link del eth9")
        self.lab.wait(lambda: VIP not in a.shell("ip address"), 5, "the VIP is gone with the interface")

    def test_an_entry_that_cannot_be_restored_faults(self):
        a, daemon = self.begin()
        text = instance(100, **FAST) + GROUP + "static_routes {\n    10.99.0.0/16 via 203.0.113.9 dev eth9 track_group G\n}\n"
        self.reload(daemon, text)
        daemon.wait_log("Entering FAULT STATE", 5)
        daemon.wait_log("tracked static route 10.99.0.0/16 .*cannot be restored", 5)
        a.shell("ip address add 203.0.113.1/24 dev eth9")
        self.lab.wait_owner(VIP, a, 10)

    def test_a_reload_without_the_group_ends_the_fault(self):
        a, daemon = self.begin()
        a.shell("ip link set eth9 down")
        daemon.wait_log("Entering FAULT STATE", 5)
        self.reload(daemon, instance(100, **FAST))
        self.lab.wait_owner(VIP, a, 10)

    def test_a_successor_stays_in_fault(self):
        a, daemon = self.begin()
        a.shell("ip link set eth9 down")
        daemon.wait_log("Entering FAULT STATE", 5)
        os.kill(daemon.vrrp(), signal.SIGKILL)
        self.lab.wait(lambda: daemon.log("interface eth9 of a tracked static entry is down")[1:], 5, "the fault, said again")
        self.assertNotIn(VIP, a.shell("ip address"))


if __name__ == "__main__":
    unittest.main()
