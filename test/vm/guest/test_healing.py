"""What somebody else does to our services in the kernel's table is healed within one interval. keepalived cannot do this."""
from lvs_case import RECONCILE_S, SLACK_S, LvsCase, head, nat_addresses, real, virtual
from lvs_lab import VIP, VIP6
from traffic import Requests

SERVICE = f"TCP {VIP}:80"
FOREIGN = "-t 172.18.8.200:9999"


class Healing(LvsCase):
    def start(self, global_text=None):
        text = virtual(f"{VIP} 80", [real(s.back_address, weight=2) for s in self.servers])
        text += virtual(f"{VIP6} 80", [real(s.back_address6) for s in self.servers], scheduler="wlc")
        self.daemon = self.launch((global_text or head()) + text)
        self.wait(lambda: len(self.director.table()) == 2 and self.director.weights(SERVICE) ==
                  dict.fromkeys(nat_addresses(self.servers), 2), "both services")
        self.good = self.saved()

    def saved(self):
        return [line for line in self.director.saved() if "9999" not in line]

    def heal(self, command, bound_s=RECONCILE_S):
        """Does the harm, waits until the table is as before; what was found stands in the log."""
        with self.subTest(harm=command):
            lines = len(self.daemon.lines)
            self.director.ipvsadm(command)
            hurt = self.wait(lambda: True, "")
            self.assertNotEqual(self.saved(), self.good)
            healed = self.wait(lambda: self.saved() == self.good, f"healed after ipvsadm {command}", bound_s + 10)
            self.assert_within(healed - hurt, bound_s + SLACK_S, f"ipvsadm {command} until healed")
            told = [line for _, line in list(self.daemon.lines)[lines:] if "ipvs" in line.lower()]
            self.note("; ".join(told))
            self.assertTrue(told, "the log says what was found")

    def test_every_harm_is_healed_within_one_interval(self):
        self.start()
        first, second = self.servers[0].back_address, self.servers[1].back_address
        for command in ("-C", f"-d -t {VIP}:80 -r {first}:80", f"-e -t {VIP}:80 -r {second}:80 -m -w 7",
                        f"-D -t {VIP}:80", f"-E -t {VIP}:80 -s wrr -p 77", f"-a -t {VIP}:80 -r 10.0.0.99:80 -m -w 1"):
            self.heal(command)

    def test_the_interval_is_10_seconds_when_nothing_is_said(self):
        self.start("global_defs {\n router_id vm\n}\n")
        self.heal("-C", 10)

    def test_a_flush_under_load_costs_one_interval_and_a_foreign_service_is_left_alone(self):
        self.start()
        self.director.ipvsadm(f"-A {FOREIGN} -s rr")
        self.director.ipvsadm(f"-a {FOREIGN} -r 10.0.0.98:9999 -m -w 5")
        self.heal(f"-d -t {VIP}:80 -r {self.servers[2].back_address}:80")
        self.assertEqual(self.director.weights(f"TCP {VIP}:9999"), {"10.0.0.98:9999": 5})
        requests = Requests(self.client, VIP, pause_s=0.01, timeout_s=2)
        self.addCleanup(requests.stop)
        self.wait(lambda: len(requests.servers()) == 3, "all three answer")
        self.assert_no_failures(requests)
        self.heal("-C")
        self.wait(lambda: requests.seen and not requests.seen[-1].error, "requests are served again")
        self.assert_within(requests.stop().longest_outage_s(), RECONCILE_S + 2 + SLACK_S, "longest outage")
