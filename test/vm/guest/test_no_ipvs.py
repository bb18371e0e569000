"""The kernel's module ip_vs: loaded when it is missing; where it cannot be had vrrp works all the same."""
import os
import time

from lvs_case import LvsCase, head, nat_addresses, real, virtual
from lvs_lab import VIP

SERVICE = f"TCP {VIP}:80"


class NoIpvs(LvsCase):
    own_addresses = False

    def setUp(self):
        super().setUp()
        self.unload()
        self.addCleanup(self.world.read_tables_again)
        self.text = (head() + "vrrp_instance VI_1 {\n state BACKUP\n version 3\n interface ens33\n virtual_router_id 101\n"
                     f" priority 200\n advert_int 0.5\n virtual_ipaddress {{\n  {VIP}/24\n }}\n}}\n"
                     + virtual(f"{VIP} 80", [real(s.back_address) for s in self.servers]))

    def loaded(self):
        with open("/proc/modules", encoding="ascii") as handle:
            return [line.split()[0] for line in handle if line.startswith("ip_vs")]

    def unload(self):
        """The schedulers first: they use ip_vs."""
        for name in sorted(self.loaded(), key=len, reverse=True):
            self.director.execute("rmmod", name)
        self.assertEqual(self.loaded(), [])

    def wait_master(self):
        self.wait(lambda: "a" in self.lab.watch.holders(VIP), "a has the VIP")

    def test_missing_module_is_loaded(self):
        self.launch(self.text)
        self.wait(lambda: "ip_vs" in self.loaded(), "ip_vs is loaded")
        self.world.read_tables_again()
        self.wait_weights(SERVICE, dict.fromkeys(nat_addresses(self.servers), 1))
        self.wait_master()

    def test_without_the_module_vrrp_works_and_the_log_says_why(self):
        folder = f"/lib/modules/{os.uname().release}/kernel/net/netfilter/ipvs"
        os.rename(folder, f"{folder}-away")
        self.addCleanup(os.rename, f"{folder}-away", folder)
        daemon = self.launch(self.text)
        self.wait_master()
        daemon.wait_log("(?i)ipvs", 20)
        time.sleep(3)
        self.assertIn("a", self.lab.watch.holders(VIP))
        self.assertIsNone(daemon.process.poll())
        self.note("; ".join(line for _, line in daemon.log("(?i)ipvs")[:3]))
