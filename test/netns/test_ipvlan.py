"""use_ipvlan against the kernel: where it has ipvlans the device, its address and the adverts; where not, the fault that says so. More
of it in the VM, whose kernel has them: test/vm/guest/test_interfaces.py."""
import signal
import unittest

from case import FAST, VIP, LabCase, instance
from links import addresses, link

NAME, OWN = "ipv", "172.18.8.151"
USE = f"    use_ipvlan name {NAME} private {OWN}/24\n"


def kernel_has_ipvlans(host):
    host.shell("ip link add probe link ens33 type ipvlan mode l2", check=False)
    there = link(host, "probe") is not None
    host.shell("ip link del probe", check=False)
    return there


class Ipvlan(LabCase):
    def test_it_is_made_kept_and_removed_or_its_refusal_is_a_fault(self):
        (a,) = self.hosts("a")
        has = kernel_has_ipvlans(a)
        daemon = self.launch(a, instance(100, extra=USE, **FAST))
        if not has:
            daemon.wait_log(f"cannot make VMAC interface {NAME}: Operation not supported", 10)
            daemon.wait_log("Entering FAULT STATE", 10)
            self.assertNotIn(VIP, addresses(a, "ens33"))
            return
        self.lab.wait(lambda: VIP in addresses(a, NAME), 10, "the VIP on the ipvlan")
        made = link(a, NAME)
        self.assertEqual((made["linkinfo"]["info_kind"], made["linkinfo"]["info_data"], made["link"]),
                         ("ipvlan", {"mode": "l2", "private": True}, "ens33"))
        self.assertEqual(made["address"], link(a, "ens33")["address"])
        self.assertIn(OWN, addresses(a, NAME))
        self.lab.wait(lambda: self.watch.adverts_from(OWN), 10, "adverts from the own address")
        a.shell(f"ip address del {OWN}/24 dev {NAME}")
        self.lab.wait(lambda: OWN in addresses(a, NAME), 5, "the own address again")
        daemon.stop()
        self.assertIsNone(link(a, NAME))

    def test_a_reload_without_it_takes_the_fault_away(self):
        (a,) = self.hosts("a")
        if kernel_has_ipvlans(a):
            return  # nothing is refused
        daemon = self.launch(a, instance(100, extra=USE, **FAST))
        daemon.wait_log("Entering FAULT STATE", 10)
        daemon.configure(instance(100, **FAST))
        daemon.signal(signal.SIGHUP)
        self.lab.wait(lambda: VIP in addresses(a, "ens33"), 10, "the VIP on the interface")


if __name__ == "__main__":
    unittest.main()
