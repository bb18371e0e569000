"""Crash loop, no descriptors, no memory for a child, full disk: named in the log, and nobody owns the VIP twice (issue 3)."""
import os
import resource
import signal
import time
import unittest

from case import PROGRAM, SLACK_S, VIP, master_down_s
from namespaces import alive
from resilience import Resilience, kill

TEST_PROGRAM = os.environ.get("HOLDFAST_TEST_KEEPALIVED", PROGRAM)  # has the hook HOLDFAST_TEST_CRASH_VRRP
CAPTURE_S = 0.005  # a packet's time is taken a moment after it was sent
CRASH_FILE = "/run/crash-vrrp"
# How long the shortage lasts: shorter than the peers' master-down time, or the last will would (rightly) end the mastership.
SHORTAGE_S = 1.2
# After the shortage the back-off (0.1 s doubling) may have to run out.
RECOVERY_S = 2.0


class CrashLoop(Resilience):
    def crash(self, below, **configuration):
        """The VIP goes at the peer's master-down time, not earlier and not later than 100 ms after it."""
        self.start(ping=False, programs=(TEST_PROGRAM, PROGRAM), environment={
            "HOLDFAST_TEST_CRASH_VRRP": CRASH_FILE, "HOLDFAST_TEST_REAL_PORTS": "1",
            "ASAN_OPTIONS": "abort_on_error=1:handle_segv=0"}, **configuration)
        self.a.write(CRASH_FILE, "")
        kill(self.master.vrrp())
        last = self.watch.adverts_from(self.a.address)[-1].time
        self.lab.wait(lambda: not self.a.has(VIP), 6, "the last will removes the VIP")
        removed = self.watch.events_of(VIP, self.since, kinds=("del",))[0].time
        self.assert_within(removed - last, self.down_s(below) + SLACK_S, "last advert until the VIP is removed",
                           at_least_s=self.down_s(below) - CAPTURE_S)

    def test_peer_that_was_never_heard_and_waits_longer_than_we_thought_finds_the_vip_free_when_it_comes(self):
        self.crash(20, priorities=(200, 20))
        self.master.wait_log("a peer has taken over", 5, self.since)
        self.lab.wait_owner(VIP, self.b, 5)
        self.assertLessEqual(self.watch.seconds_with(VIP, self.since, time.monotonic(), owners=2), 2 * SLACK_S)

    def test_crash_loop_ends_in_a_clean_failover_and_we_come_back_as_backup(self):
        self.crash(90)
        self.lab.wait_owner(VIP, self.b, 5)
        self.assertLessEqual(self.watch.seconds_with(VIP, self.since, time.monotonic(), owners=2), 2 * SLACK_S)
        self.master.wait_log("died|exited due to", 5, self.since)
        self.assertTrue(alive(self.master.pid), "core never gives up")
        ended = time.monotonic()
        self.a.shell(f"rm {CRASH_FILE}")
        self.master.wait_log("Entering BACKUP STATE", 35, ended)
        spoken = [advert for advert in self.watch.adverts_from(self.a.address, ended) if advert.priority]
        self.assertEqual(spoken, [], "it listens first")
        self.lab.wait_owner(VIP, self.a, 10)  # priority 100 preempts in its own time


class Starved(Resilience):
    def recovered(self, old, words):
        self.master.wait_vrrp(SHORTAGE_S + RECOVERY_S + 2, old)
        time.sleep(1.5)
        self.master.wait_log(words, 5, self.since)
        self.assertTrue(alive(self.master.pid))
        self.nothing_happened(rhythm_slack_s=SHORTAGE_S + RECOVERY_S)

    def test_out_of_descriptors_is_named_and_survived(self):
        self.start()
        old = self.master.vrrp()
        before = resource.prlimit(self.master.pid, resource.RLIMIT_NOFILE, (3, resource.prlimit(self.master.pid, resource.RLIMIT_NOFILE)[1]))
        kill(old)
        time.sleep(SHORTAGE_S)
        resource.prlimit(self.master.pid, resource.RLIMIT_NOFILE, before)
        self.recovered(old, "Too many open files")

    def test_no_memory_for_a_child_is_named_and_survived(self):
        self.start()
        old = self.master.vrrp()
        before = resource.prlimit(self.master.pid, resource.RLIMIT_AS)
        resource.prlimit(self.master.pid, resource.RLIMIT_AS, (2 << 20, before[1]))  # the image of the program alone is larger
        kill(old)
        time.sleep(SHORTAGE_S)
        resource.prlimit(self.master.pid, resource.RLIMIT_AS, before)
        self.recovered(old, "Cannot allocate memory|exited due to signal|exited with status")

    def test_full_disk_under_run_is_named_and_changes_nothing(self):
        self.start()
        self.a.shell("dd if=/dev/zero of=/run/full bs=64k 2>/dev/null; dd if=/dev/zero of=/run/full2 bs=1 2>/dev/null; true")
        old = self.master.vrrp()
        kill(old)
        self.lab.wait(lambda: not alive(old), 2, "the killed one is gone")
        self.lab.wait(lambda: len(self.a.processes()) == 2, 5, "a new vrrp")
        for number in (signal.SIGHUP, signal.SIGUSR1):  # what wants room: the record file anew, a dump
            self.master.signal(number)
            time.sleep(1.0)
        self.a.shell("rm /run/full /run/full2")
        self.master.wait_log("No space left on device", 5, self.since)
        self.nothing_happened()


if __name__ == "__main__":
    unittest.main(verbosity=2)
