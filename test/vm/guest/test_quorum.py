"""Quorum lost and regained, with hysteresis; the sorry server; the quorum's scripts."""
from lvs_case import PATIENCE_S, LvsCase, check, head, nat_addresses, real, virtual
from lvs_lab import VIP
from traffic import Requests

SERVICE = f"TCP {VIP}:80"


class Quorum(LvsCase):
    def start(self, extra):
        sorry = f" sorry_server {self.sorry.back_address} 80\n"
        scripts = " quorum_up \"/run/quorum up\"\n quorum_down \"/run/quorum down\"\n"
        self.director.write("/run/quorum", "#!/bin/sh\necho $1 >>/run/quorum.log\n", 0o755)
        reals = [real(s.back_address, checks=check("HTTP_GET")) for s in self.servers]
        self.daemon = self.launch(head(" script_user root\n") + virtual(f"{VIP} 80", reals, extra=extra + sorry + scripts))
        self.expect(self.servers)
        self.watch = self.watch_table(SERVICE)
        self.requests = Requests(self.client, VIP, pause_s=0.02, timeout_s=2)
        self.addCleanup(self.requests.stop)

    def expect(self, servers):
        """Exactly these servers are in service; returns the time."""
        return self.wait_weights(SERVICE, dict.fromkeys(nat_addresses(servers), 1))

    def scripts(self):
        return self.director.read("/run/quorum.log").split() if self.director.exists("/run/quorum.log") else []

    def setUp(self):
        super().setUp()
        self.addCleanup(self.director.shell, "rm -f /run/quorum.log")

    def test_lost_quorum_leaves_the_sorry_server_alone_and_a_gain_reverses_it(self):
        self.start(" quorum 2\n")
        s1, s2, s3 = self.servers
        s1.sick(True)
        self.expect([s2, s3])
        s2.sick(True)
        lost = self.expect([self.sorry])
        self.wait(lambda: self.requests.servers(lost)["sorry"] >= 5, "the sorry server answers")
        self.assertEqual(set(self.requests.servers(lost)), {"sorry"})
        self.daemon.wait_log(r"Lost quorum 2-0=2 > 1 for VS \[172\.18\.8\.200\]:tcp:80", 5)
        s1.sick(False)
        gained = self.expect([s1, s3])
        self.wait(lambda: self.requests.servers(gained)["s1"] >= 3, "s1 answers")
        self.assertEqual(set(self.requests.servers(gained)), {"s1", "s3"})
        self.daemon.wait_log(r"Gained quorum 2\+0=2 <= 2 for VS \[172\.18\.8\.200\]:tcp:80", 5)
        s2.sick(False)
        self.expect(self.servers)
        self.assert_no_failures(self.requests.stop(), watch=self.watch)
        self.wait(lambda: self.scripts()[-2:] == ["down", "up"], f"the scripts of the quorum: {self.scripts()}")

    def test_hysteresis_keeps_what_was_decided(self):
        """quorum 2, hysteresis 1: lost below 1, gained from 3 on."""
        self.start(" quorum 2\n hysteresis 1\n")
        s1, s2, s3 = self.servers
        s1.sick(True)
        s2.sick(True)
        self.expect([s3])
        s3.sick(True)
        self.expect([self.sorry])
        for server in (s1, s2):
            well = server.sick(False)
            self.daemon.wait_log(rf"Remote Web server \[{server.back_address}\]:tcp:80 succeed", PATIENCE_S, well)
        self.assertEqual(self.director.weights(SERVICE), dict.fromkeys(nat_addresses([self.sorry]), 1))
        s3.sick(False)
        self.expect(self.servers)
        self.assert_no_failures(self.requests.stop(), watch=self.watch)

    def test_all_dead_at_once_the_sorry_server_takes_over(self):
        self.start("")
        for server in self.servers:
            server.sick(True)
        lost = self.expect([self.sorry])
        self.wait(lambda: self.requests.servers(lost)["sorry"] >= 5, "the sorry server answers")
        for server in self.servers:
            server.sick(False)
        self.expect(self.servers)
        self.assert_no_failures(self.requests.stop(), watch=self.watch)
