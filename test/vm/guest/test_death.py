"""A dead server leaves in time and costs no request after that; it comes back; with inhibit_on_failure its weight is 0."""
import time

from lvs_case import REMOVAL_S, SLACK_S, LvsCase, check, head, nat_addresses, real, virtual
from lvs_lab import VIP, VIP6
from traffic import Download, Requests

SERVICE = f"TCP {VIP}:80"


class Death(LvsCase):
    def start(self, *, checks=None, extra="", weights=(1, 1, 1)):
        reals = [real(s.back_address, weight=w, checks=checks, extra=extra) for s, w in zip(self.servers, weights)]
        self.daemon = self.launch(head() + virtual(f"{VIP} 80", reals))
        self.all = dict(zip(nat_addresses(self.servers), weights))
        self.wait_weights(SERVICE, self.all)
        self.wait(lambda: self.daemon.log("success|succeed") or self.daemon.log("Started"), "the first checks")
        self.requests = Requests(self.client, VIP, pause_s=0.01, timeout_s=2)
        self.addCleanup(self.requests.stop)
        self.wait(lambda: len(self.requests.servers()) == 3 and len(self.requests.seen) > 30, "all three answer")

    def without(self, *servers):
        return {name: weight for name, weight in self.all.items() if name not in nat_addresses(servers)}

    def test_killed_server_leaves_in_time_fails_no_request_after_that_and_comes_back(self):
        self.start()
        s2 = self.servers[1]
        died = s2.stop_web()
        left = self.wait_weights(SERVICE, self.without(s2))
        self.assert_within(left - died, REMOVAL_S + SLACK_S, "death until removal")
        time.sleep(3)
        self.assert_no_failures(self.requests, until=died - 0.3)
        self.assert_no_failures(self.requests, since=left)
        self.assertGreater(len(self.requests.failures(died, left)), 0)  # it was in use until then
        s2.start_web()
        started = time.monotonic()
        back = self.wait_weights(SERVICE, self.all)
        self.assert_within(back - started, 1 + SLACK_S, "life until it serves again")
        self.wait(lambda: self.requests.servers(back)["s2"] >= 3, "s2 answers again")
        self.assert_no_failures(self.requests.stop(), since=left)
        self.daemon.wait_log(r"Removing service \[10\.0\.0\.22\]:tcp:80 from VS \[172\.18\.8\.200\]:tcp:80", 5)
        self.daemon.wait_log(r"Adding service \[10\.0\.0\.22\]:tcp:80 to VS \[172\.18\.8\.200\]:tcp:80", 5)

    def test_unreachable_server_leaves_after_its_timeouts(self):
        self.start()
        s2 = self.servers[1]
        died = time.monotonic()
        self.lab.switch_port("back-s2", False)
        self.addCleanup(self.lab.switch_port, "back-s2", True)
        left = self.wait_weights(SERVICE, self.without(s2))
        self.assert_within(left - died, REMOVAL_S + 2 * 2 + SLACK_S, "cut off until removal (connect_timeout 2, two tries)")
        time.sleep(2)
        self.assert_no_failures(self.requests.stop(), since=left)

    def test_sick_server_answers_nobody_after_its_removal(self):
        """The server goes on answering, only its health page says 500: no request ever fails, and none reaches it."""
        self.start(checks=check("HTTP_GET"))
        s3, watch = self.servers[2], self.watch_table(SERVICE)
        sick = s3.sick(True)
        left = self.wait_weights(SERVICE, self.without(s3))
        self.assert_within(left - sick, REMOVAL_S + 3 + SLACK_S, "sick until removal")
        time.sleep(2)
        self.assertNotIn("s3", self.requests.servers(since=left))
        well = s3.sick(False)
        # keepalived takes one delay_loop for the url and one more for the verdict
        self.assert_within(self.wait_weights(SERVICE, self.all) - well, 2 + SLACK_S, "well until it serves again")
        self.assert_no_failures(self.requests.stop(), watch=watch)

    def test_inhibit_on_failure_gives_weight_0_and_keeps_connections(self):
        self.start(checks=check("HTTP_GET"), extra="  inhibit_on_failure\n")
        downloads = [Download(self.client, VIP) for _ in self.servers]
        for download in downloads:
            self.addCleanup(download.stop)
        self.wait(lambda: all(download.received > 0 for download in downloads), "downloads")
        s1 = self.servers[0]
        s1.sick(True)
        wanted = {**self.all, nat_addresses([s1])[0]: 0}
        left = self.wait_weights(SERVICE, wanted)
        before = [download.received for download in downloads]
        time.sleep(3)
        self.assertNotIn("s1", self.requests.servers(since=left))
        self.assertEqual([download.broken for download in downloads], [None] * 3)
        self.assertTrue(all(now.received > was for now, was in zip(downloads, before)), "every download goes on")
        s1.sick(False)
        self.wait_weights(SERVICE, self.all)
        self.assert_no_failures(self.requests.stop())
        self.daemon.wait_log(r"Disabling service \[10\.0\.0\.21\]:tcp:80", 5)
        self.daemon.wait_log(r"Enabling service \[10\.0\.0\.21\]:tcp:80", 5)

    def test_ipv6_server_leaves_and_comes_back(self):
        service, s2 = f"TCP [{VIP6}]:80", self.servers[1]
        names = [f"[{s.back_address6}]:80" for s in self.servers]
        self.launch(head() + virtual(f"{VIP6} 80", [real(s.back_address6) for s in self.servers]))
        self.wait_weights(service, dict.fromkeys(names, 1))
        requests = Requests(self.client, VIP6, pause_s=0.01, timeout_s=2)
        self.addCleanup(requests.stop)
        self.wait(lambda: len(requests.servers()) == 3, "all three answer")
        died = s2.stop_web()
        left = self.wait_weights(service, dict.fromkeys((names[0], names[2]), 1))
        self.assert_within(left - died, REMOVAL_S + SLACK_S, "death until removal")
        time.sleep(1)
        s2.start_web()
        self.wait_weights(service, dict.fromkeys(names, 1))
        self.assert_no_failures(requests.stop(), since=left)
