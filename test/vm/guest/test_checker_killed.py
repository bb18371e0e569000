"""The checker process dies, hangs, is reloaded: no server out of service comes back, no connection breaks."""
import os
import random
import signal
import time

import namespaces
from lvs_case import LvsCase, check, head, nat_addresses, real, virtual
from lvs_lab import VIP
from table_watch import TableWatch
from traffic import Download, Requests

SERVICE = f"TCP {VIP}:80"
KILLS = int(os.environ.get("HOLDFAST_KILLS", "50"))
SEED = int(os.environ.get("HOLDFAST_SEED", "1"))


class CheckerKilled(LvsCase):
    def setUp(self):
        super().setUp()
        s1, s2, self.dead = self.servers
        reals = [real(s.back_address, checks=check("HTTP_GET")) for s in self.servers]
        self.text = head() + virtual(f"{VIP} 80", reals)
        self.daemon = self.launch(self.text)
        self.wait_weights(SERVICE, dict.fromkeys(nat_addresses(self.servers), 1))
        self.dead.sick(True)  # it still answers: a request that reaches it is seen
        self.living = dict.fromkeys(nat_addresses([s1, s2]), 1)
        left = self.wait_weights(SERVICE, self.living)
        self.downloads = [Download(self.client, VIP), Download(self.client, VIP)]
        self.requests = Requests(self.client, VIP, pause_s=0.02, timeout_s=5)
        for running in (*self.downloads, self.requests):
            self.addCleanup(running.stop)
        self.wait(lambda: all(d.received for d in self.downloads) and self.requests.servers(left), "traffic")
        self.table_watch = TableWatch(self.director, SERVICE)
        self.addCleanup(self.table_watch.stop)
        self.began = time.monotonic()

    def kill(self, number):
        pid = self.daemon.wait_checker()
        os.kill(pid, number)
        return pid

    def nothing_happened(self):
        """The table never showed anything but the two living servers, and the client noticed nothing."""
        before = [download.received for download in self.downloads]
        time.sleep(3)  # two checks of the dead server fit in
        watch = self.table_watch.stop()
        wrong = watch.other_than(self.living)
        self.note(f"{watch.sights} sights of the table, {len(wrong)} wrong")
        self.assertEqual(wrong[:3], [], self.lab.story())
        self.assertNotIn("s3", self.requests.servers(self.began))
        self.assert_no_failures(self.requests.stop())
        self.assertEqual([download.broken for download in self.downloads], [None, None])
        self.assertTrue(all(now.received > was for now, was in zip(self.downloads, before)), "the downloads go on")

    def works_on(self):
        """The checker that is there now notices that the dead server is well again."""
        self.dead.sick(False)
        self.wait_weights(SERVICE, dict.fromkeys(nat_addresses(self.servers), 1))

    def test_killed_50_times_the_dead_server_never_reappears_and_no_connection_breaks(self):
        dice, kills = random.Random(SEED), 0
        old = None
        while kills < KILLS:
            old = self.daemon.wait_checker(other_than=old)
            time.sleep(dice.choice((0, dice.uniform(0, 0.05), dice.uniform(0.1, 0.3), dice.uniform(0.2, 0.6))))
            os.kill(old, signal.SIGKILL)
            kills += 1
            self.wait(lambda: not namespaces.alive(old), "the killed process is gone")
            wrong = self.table_watch.other_than(self.living)
            self.assertEqual(wrong[:1], [], f"after kill {kills}, seed {SEED}\n{self.lab.story()}")
        self.note(f"{kills} kills in {time.monotonic() - self.began:.1f} s")
        self.daemon.wait_checker(other_than=old, timeout_s=40)
        self.nothing_happened()
        self.works_on()

    def test_hung_checker_is_replaced_and_changes_nothing(self):
        old = self.kill(signal.SIGSTOP)
        self.daemon.wait_checker(other_than=old)
        self.nothing_happened()
        self.works_on()

    def test_killed_core_and_reload_change_nothing(self):
        self.daemon.reload(self.text)
        time.sleep(2)
        self.daemon.kill_core()
        time.sleep(1)
        again = self.launch(self.text)
        again.wait_checker()
        self.nothing_happened()
        self.works_on()
