"""kill -9 and SIGSTOP of core, of everything, and adoption."""
import os
import signal
import time
import unittest

from world import SLOW_S, VIP, ProcessCase, alive, instance, kill

GRACE = "global_defs {\n    orphan_grace 2\n}\n"


class CoreKilled(ProcessCase):
    def adopted(self, vrrp):
        self.a.wait_log(rf"Adopted VRRP child process, pid={vrrp}", 5, self.a.started)
        self.assertEqual(self.a.vrrp(), vrrp, "the same child")

    def test_new_core_adopts_and_everything_works_as_before(self):
        self.pair()
        vrrp = self.a.vrrp()
        self.a.kill_core()
        time.sleep(1)
        self.assertTrue(alive(vrrp))
        self.a.start()
        self.adopted(vrrp)
        self.assertLess(time.monotonic() - self.a.started, 1.0 + SLOW_S)
        with open(self.a.pid_file, encoding="ascii") as handle:
            self.assertEqual(handle.read(), f"{self.a.pid}\n")
        time.sleep(1.2)
        self.nothing_happened()
        kill(vrrp)  # the new core is its watchdog now, although it is not its child
        successor = self.a.wait_vrrp(5, vrrp)
        time.sleep(1.2)
        self.nothing_happened()
        self.a.reload(instance(200, vips=(VIP, "192.0.2.10/24")))
        self.world.wait(lambda: self.a.has("192.0.2.10/24"), 3, "SIGHUP works")
        self.assertEqual(self.a.vrrp(), successor)
        self.assertEqual(self.a.stop(), 0)
        self.assertEqual((self.a.addresses(), self.a.processes()), (set(), []))

    def test_core_without_a_file_learns_records_and_last_wills_from_the_child(self):
        self.pair()
        vrrp, records = self.a.vrrp(), self.a.pid_file + ".d/records"
        with open(records, "rb") as handle:
            self.assertIn(b"instance/V", handle.read())
        self.a.kill_core()
        os.remove(records)
        self.a.start()
        self.adopted(vrrp)

        def told():
            with open(records, "rb") as handle:
                return b"instance/V" in handle.read()
        self.world.wait(told, 2, "the record")
        self.nothing_happened()
        with open(self.a.path("crash"), "w", encoding="ascii"):
            pass
        kill(vrrp)  # and no successor lives
        self.world.wait(lambda: not self.a.has(), 6, "core removes the VIP")
        self.a.wait_log("removing VIPs in place of the VRRP process")
        self.world.wait(lambda: self.world.holders() == ["b"], 2, "the peer has it")

    def test_adopted_child_obeys_hup_and_term_of_the_new_core(self):
        self.pair()
        vrrp = self.a.vrrp()
        self.a.kill_core()
        self.a.start()
        self.adopted(vrrp)
        self.a.reload(instance(200, vips=(VIP, "192.0.2.10/24")))
        self.world.wait(lambda: self.a.has("192.0.2.10/24"), 3, "SIGHUP works")
        self.assertEqual(self.a.vrrp(), vrrp)
        self.assertEqual(self.a.stop(), 0)
        self.assertEqual((self.a.addresses(), self.a.processes()), (set(), []))
        self.assertEqual(self.a.adverts(self.since)[-1][1], 0)

    def test_new_core_with_another_configuration_brings_the_orphan_to_it(self):
        self.pair()
        vrrp = self.a.vrrp()
        self.a.kill_core()
        self.a.configure(instance(200, vips=(VIP, "192.0.2.10/24")))
        self.a.start()
        self.adopted(vrrp)
        self.world.wait(lambda: self.a.has("192.0.2.10/24"), 3, "the new VIP")
        self.peer_never_active()
        self.assertEqual([event[2:] for event in self.a.events(self.since)], [("add", "192.0.2.10/24")])

    def test_cores_killed_again_and_again_keep_the_same_child(self):
        self.pair()
        vrrp = self.a.vrrp()
        for _ in range(8):
            self.a.kill_core()
            self.a.start()
            self.adopted(vrrp)
        time.sleep(1.2)
        self.nothing_happened()
        self.assertEqual(sorted(self.a.processes()), sorted([self.a.pid, vrrp]))

    def test_without_a_new_core_children_leave_after_the_grace(self):
        self.pair(head=GRACE)
        vrrp = self.a.vrrp()
        when = self.a.kill_core()
        self.world.wait(lambda: not alive(vrrp), 6, "the orphan leaves")
        released = self.a.events(self.since, ("del",))[0][0]
        self.assertGreaterEqual(released - when, 1.9)
        self.assertLessEqual(released - when, 2.5 + SLOW_S)
        self.assertEqual(self.a.adverts(self.since)[-1][1], 0)
        self.world.wait(lambda: self.world.holders() == ["b"], 2, "the peer takes over within skew")
        self.assertEqual(self.a.processes(), [])

    def test_orphan_that_is_stopped_is_ended_and_replaced(self):
        """It holds the lock on its pid file and never knocks."""
        self.pair()
        vrrp = self.a.vrrp()
        kill(vrrp, signal.SIGSTOP)
        self.a.kill_core()
        self.a.start()
        self.a.wait_vrrp(8, vrrp)
        self.assertFalse(alive(vrrp))
        self.world.wait(lambda: len(self.world.holders()) == 1, 3, "one owner")
        time.sleep(4)
        self.assertEqual(len(self.world.holders()), 1, self.world.story())
        self.assertEqual(self.a.log("did not come back", self.a.started + 4), [], "killed once")

    def test_orphan_killed_while_the_new_core_waits_for_it_is_replaced(self):
        self.pair()
        vrrp = self.a.vrrp()
        kill(vrrp, signal.SIGSTOP)
        self.a.kill_core()
        self.a.start()
        self.a.wait_log("waiting for it", 5, self.a.started)
        kill(vrrp)
        self.a.wait_vrrp(2, vrrp)
        time.sleep(2)
        self.assertEqual(self.world.holders(), ["a"])

    def test_stopped_core_is_not_noticed(self):
        self.pair()
        vrrp = self.a.vrrp()
        self.a.signal(signal.SIGSTOP)
        time.sleep(10)
        self.a.signal(signal.SIGCONT)
        time.sleep(2)
        self.assertEqual(self.a.vrrp(), vrrp)
        self.nothing_happened()

    def test_vrrp_killed_while_core_is_stopped_comes_back_listening(self):
        self.pair(extra="    nopreempt\n")
        self.a.signal(signal.SIGSTOP)
        kill(self.a.vrrp())
        self.world.wait(self.b.has, 8, "the peer takes over")
        time.sleep(1)
        woken = self.a.signal(signal.SIGCONT)
        self.world.wait(lambda: self.world.holders() == ["b"], 1 + SLOW_S, "the VIP is removed at once")
        time.sleep(3)
        self.assertEqual([p for _, p in self.a.adverts(woken) if p], [], self.world.story())
        self.assertEqual(self.world.holders(), ["b"])


class EverythingKilled(ProcessCase):
    def kill_all(self):
        """Core first, so that it restarts nothing."""
        vrrp = self.a.vrrp()
        self.a.kill_core()
        kill(vrrp)
        self.world.wait(lambda: self.a.processes() == [], 3, "nothing runs on a")

    def test_restarted_in_time_resumes_mastership(self):
        self.pair()
        self.kill_all()
        self.a.start()
        self.world.wait(lambda: self.a.adverts(self.a.started), 4, "adverts again")
        time.sleep(2)
        self.nothing_happened(slack_s=1.0 + SLOW_S)

    def test_restarted_too_late_removes_the_vip_at_once(self):
        self.pair(extra="    nopreempt\n")
        self.kill_all()
        self.world.wait(self.b.has, 8, "the peer takes over")
        time.sleep(1)
        self.a.start()
        self.world.wait(lambda: self.world.holders() == ["b"], 1 + SLOW_S, "the VIP on a is removed at once")
        time.sleep(3)
        self.assertEqual([p for _, p in self.a.adverts(self.a.started) if p], [])

    def test_records_of_another_configuration_are_not_used(self):
        self.pair(extra="    nopreempt\n")
        self.kill_all()
        self.a.configure(instance(150, extra="    nopreempt\n"))
        self.a.start()
        self.a.wait_log("belongs to another configuration", 5)
        self.world.wait(lambda: len(self.world.holders()) == 1, 8, "one owner in the end")

    def test_damaged_record_files_never_prevent_a_start(self):
        self.pair()
        path = self.a.pid_file + ".d/records"
        for damage in (lambda old: b"", lambda old: old[:len(old) // 2], lambda old: old[:60] + b"\xff" * 40 + old[100:],
                       lambda old: b"\x00" * 100_000, lambda old: old + b"\1\0\0\1\xff\xff\xff\xff"):
            with open(path, "rb") as handle:
                old = handle.read()
            self.kill_all()
            with open(path, "wb") as handle:
                handle.write(damage(old))
            self.a.start()
            self.a.wait_vrrp(8)
            self.world.wait(lambda: self.a.log("Startup complete", self.a.started), 5, "it starts")
            self.world.wait(lambda: len(self.world.holders()) == 1, 8, "one owner")

    def test_frozen_host_wakes_up_listening(self):
        self.pair(extra="    nopreempt\n")
        pids = self.a.processes()
        for pid in pids:
            kill(pid, signal.SIGSTOP)
        self.world.wait(self.b.has, 8, "the peer took over")
        time.sleep(2)
        woken = time.monotonic()
        for pid in reversed(sorted(pids)):
            kill(pid, signal.SIGCONT)
        self.world.wait(lambda: self.world.holders() == ["b"], 0.1 + SLOW_S, "the VIP is gone from a")
        time.sleep(3)
        self.assertEqual([p for _, p in self.a.adverts(woken) if p], [], self.world.story())
        self.assertEqual(self.world.holders(), ["b"])
        self.assertEqual(sorted(self.a.processes()), sorted(pids), "nobody was blamed for the sleep")


if __name__ == "__main__":
    unittest.main(verbosity=2)
