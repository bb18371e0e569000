"""Two directors with VRRP and the kernel's sync daemon; one loses its power under load from the client."""
import os
import signal
import time

from lvs_case import SLACK_S, LvsCase, head, nat_addresses, real, virtual
from lvs_lab import GATEWAY, VIP
from traffic import Download, Requests

SERVICE = f"TCP {VIP}:80"
ADVERT_S = 0.5


class Failover(LvsCase):
    own_addresses = False

    def configuration(self, priority):
        return (head(" lvs_sync_daemon ens33 VI_1 id 7\n vrrp_garp_master_delay 1\n")
                + f"vrrp_instance VI_1 {{\n state BACKUP\n version 3\n interface ens33\n virtual_router_id 101\n priority {priority}\n"
                  f" advert_int {ADVERT_S}\n virtual_ipaddress {{\n  {VIP}/24\n  {GATEWAY}/24 dev back\n }}\n}}\n"
                + virtual(f"{VIP} 80", [real(s.back_address) for s in self.servers]))

    def wait_owner(self, director):
        """Until this director alone has the VIP (the real servers all have it, on lo); returns the time."""
        return self.wait(lambda: [name for name in self.lab.watch.holders(VIP) if name in ("a", "b")] == [director.name],
                         f"{director.name} alone has the VIP")

    def sync_state(self, director):
        """"master", "backup" or "" as `ipvsadm` tells it."""
        words = director.execute("ipvsadm", "-L", "--daemon").split()
        return words[0] if words else ""

    def setUp(self):
        super().setUp()
        self.a, self.b = self.world.a, self.world.b
        self.master = self.launch(self.configuration(200), self.a)
        self.wait_owner(self.a)
        self.backup = self.launch(self.configuration(100), self.b)
        self.backup.wait_log("Entering BACKUP STATE", 20)
        for director in (self.a, self.b):
            self.wait_weights(SERVICE, dict.fromkeys(nat_addresses(self.servers), 1), director=director)
        self.wait(lambda: (self.sync_state(self.a), self.sync_state(self.b)) == ("master", "backup"), "sync daemons")
        self.requests = Requests(self.client, VIP, pause_s=0.01, timeout_s=1)
        self.downloads = [Download(self.client, VIP) for _ in range(3)]
        for running in (self.requests, *self.downloads):
            self.addCleanup(running.stop)
        self.wait(lambda: all(d.received > 30000 for d in self.downloads), "downloads")
        self.wait(lambda: self.established(self.b) >= 3, "the backup knows the connections")

    def established(self, director):
        return director.execute("ipvsadm", "-Lcn").count("ESTABLISHED")

    def cables(self, forward):
        """Those of a, on both networks."""
        (self.a.heal if forward else self.a.cut)()
        self.lab.switch_port("back-a", forward)

    def power_off(self):
        """Everything of a ends at the same time, and what its kernel knew is gone."""
        self.cables(False)
        for pid in self.a.processes():
            os.kill(pid, signal.SIGKILL)
        self.master.process.wait()
        self.world.forget(self.a)

    def power_on(self):
        self.cables(True)
        return self.launch(self.configuration(200), self.a)

    def check_taken_over(self, bound_s):
        owner = self.wait(lambda: "b" in self.lab.watch.holders(VIP), "b has the VIP")
        self.wait(lambda: self.requests.servers(owner), "requests are served again")
        self.assert_within(self.requests.longest_outage_s(), bound_s, "longest outage")
        before = [download.received for download in self.downloads]
        time.sleep(2)
        self.assert_no_failures(self.requests, since=owner + 1.2)  # one that began before may last its timeout of 1 s
        self.assertEqual([download.broken for download in self.downloads], [None] * 3)
        self.assertTrue(all(now.received > was for now, was in zip(self.downloads, before)), "connections live on")
        self.wait(lambda: self.sync_state(self.b) == "master", "the sync daemon follows")

    def test_stopped_director_hands_over_and_connections_live_on(self):
        self.assert_no_failures(self.requests)
        _, _, code = self.master.stop(30)
        self.assertEqual(code, 0)
        self.check_taken_over(1 + 1 + SLACK_S)
        self.assertEqual(self.a.saved(), [])

    def test_powerless_director_is_replaced_and_connections_live_on(self):
        self.assert_no_failures(self.requests)
        self.addCleanup(self.cables, True)
        self.power_off()
        # master-down interval, then the request that was waiting for its timeout
        self.check_taken_over(3 * ADVERT_S + (256 - 100) / 256 * ADVERT_S + 1 + SLACK_S)
        self.power_on()
        self.wait_owner(self.a)
        settled = time.monotonic()
        self.wait(lambda: (self.sync_state(self.a), self.sync_state(self.b)) == ("master", "backup"), "sync daemons")
        self.wait(lambda: len(self.requests.servers(settled)) == 3, "all three answer")
        calm = settled + 1.2
        self.wait(lambda: sum(self.requests.servers(calm).values()) >= 10, "requests since then")
        self.assert_no_failures(self.requests.stop(), since=calm)
