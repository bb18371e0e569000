"""vrrp_rt_priority, vrrp_rlimit_rttime, vrrp_no_swap, vrrp_priority and max_auto_priority on a running daemon (issue 3)."""
import os
import resource
import signal
import time
import unittest

from resilience import Resilience, kill

RT_PRIORITY = 20


def locked_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as handle:
        return next(int(line.split()[1]) for line in handle if line.startswith("VmLck:"))


def priority_of(pid):
    """(policy, real-time priority) of a process."""
    return os.sched_getscheduler(pid) & ~os.SCHED_RESET_ON_FORK, os.sched_getparam(pid).sched_priority


class Realtime(Resilience):
    def start_with(self, *lines):
        self.start(ping=False, head="global_defs {\n" + "".join(f"    {line}\n" for line in lines) + "}\n")

    def test_vrrp_runs_with_the_priority_that_is_asked_for_and_its_memory_locked_and_so_does_its_successor(self):
        self.start_with(f"vrrp_rt_priority {RT_PRIORITY}", "vrrp_rlimit_rttime 50000", "vrrp_no_swap")
        for _ in range(2):
            pid = self.master.wait_vrrp(5)
            self.lab.wait(lambda: priority_of(pid) == (os.SCHED_RR, RT_PRIORITY), 5, "SCHED_RR with the priority")
            self.assertEqual(resource.prlimit(pid, resource.RLIMIT_RTTIME)[0], 50000)
            self.assertGreater(locked_kb(pid), 1000, "everything that is mapped stays in memory")
            self.assertEqual(priority_of(self.master.pid), (os.SCHED_OTHER, 0), "core does not need it")
            self.assertEqual(locked_kb(self.master.pid), 0)
            kill(pid)
            self.master.wait_vrrp(5, pid)
        self.nothing_happened()

    def test_without_the_keywords_nothing_is_changed(self):
        self.start_with("vrrp_priority -5")
        pid = self.master.vrrp()
        self.assertEqual(priority_of(pid), (os.SCHED_OTHER, 0))
        self.assertEqual(os.getpriority(os.PRIO_PROCESS, pid), -5)
        self.assertEqual(locked_kb(pid), 0)

    def late_advert(self, pid):
        """Stops vrrp across the moment of its next advert, for less than the heartbeat allows."""
        next_at = self.watch.adverts_from(self.a.address)[-1].time + 1.0
        time.sleep(max(next_at - 0.2 - time.monotonic(), 0))
        os.kill(pid, signal.SIGSTOP)
        time.sleep(0.5)
        os.kill(pid, signal.SIGCONT)
        time.sleep(0.2)

    def test_max_auto_priority_raises_the_priority_step_by_step_when_timers_are_late_and_stops_there(self):
        self.start_with("max_auto_priority 2", "min_auto_priority_delay 100000")
        pid = self.master.vrrp()
        self.assertEqual(priority_of(pid)[0], os.SCHED_OTHER)
        for _ in range(4):
            self.late_advert(pid)
        self.assertEqual(priority_of(pid), (os.SCHED_RR, 2), self.lab.story())
        self.master.wait_log("Raised the real-time priority to 2", 5)
        self.assertFalse(self.master.log("Raised the real-time priority to 3"))
        self.nothing_happened(rhythm_slack_s=0.7)


if __name__ == "__main__":
    unittest.main(verbosity=2)
