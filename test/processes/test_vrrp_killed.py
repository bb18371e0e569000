"""kill -9, SIGSTOP and a crash loop of the vrrp process."""
import os
import random
import signal
import time
import unittest

from world import SLOW_S, VIP, ProcessCase, alive, kill, open_files, resident_kb

SEED = int(os.environ.get("HOLDFAST_SEED", "1"))
KILLS = int(os.environ.get("HOLDFAST_KILLS", "1000"))
LONGEST_S = float(os.environ.get("HOLDFAST_KILL_SECONDS", "90"))
GROWTH_KB = 4096  # of core over all kills; a single record or descriptor kept per kill would be more with the sanitizers
SCRIPT = "vrrp_script busy {\n    script \"/bin/sleep 0.05\"\n    interval 1\n}\n"
TRACK = "    track_script {\n        busy\n    }\n"


class VrrpKilled(ProcessCase):
    def test_one_kill_is_not_noticed_by_anybody(self):
        self.pair()
        old = self.a.vrrp()
        kill(old)
        self.a.wait_vrrp(5, old)
        time.sleep(2.5)
        self.nothing_happened()
        self.assertTrue(self.a.log(rf"VRRP child process\({old}\) died: Respawning"))

    def test_kills_at_random_instants_move_nothing_and_leak_nothing(self):
        """Each as soon as the successor shows itself, or within its restart; during reloads and script runs."""
        dice = random.Random(SEED)
        self.pair(head=SCRIPT, extra=TRACK)
        core, ends, done, baseline = self.a.pid, time.monotonic() + LONGEST_S, 0, None
        while done < KILLS and time.monotonic() < ends:
            # In the middle of everything: nothing waits for the victim to have settled in.
            if done % 8 == 3:
                self.a.signal(signal.SIGHUP)
            victim = self.world.wait(lambda: self.newest_child(core), 8, f"a vrrp process after {done} kills (seed {SEED})")
            time.sleep(dice.choice((0, 0, dice.uniform(0, 0.02), dice.uniform(0, 0.2))))
            kill(victim)
            done += 1
            self.assertEqual(self.world.holders(), ["a"], f"kill {done}, seed {SEED}\n{self.world.story()}")
            if done % 20 == 0:  # let one live until it has sent adverts, as the peers would otherwise rightly take over
                sent = time.monotonic()
                self.world.wait(lambda: self.a.adverts(sent), 5, f"adverts after {done} kills")
            if done == 60:
                baseline = self.settled(core)
        files, memory = self.settled(core)
        print(f"\n{done} kills, seed {SEED}: core's descriptors {baseline[0]} → {files}, resident {baseline[1]} → {memory} kB")
        self.peer_never_active()
        self.assertEqual(self.a.events(self.since), [])
        self.assertEqual(files, baseline[0])
        self.assertLessEqual(memory, baseline[1] + GROWTH_KB)
        self.world.wait(lambda: len(self.a.processes()) <= 3, 5, "core, vrrp and at most one script")
        self.assertEqual(self.a.stop(), 0)
        self.assertEqual(self.a.processes(), [])

    def newest_child(self, core):
        try:
            with open(f"/proc/{core}/task/{core}/children", encoding="ascii") as handle:
                children = [int(word) for word in handle.read().split()]
        except OSError:
            return None
        for pid in reversed(children):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as handle:
                    if b"--child\0vrrp" in handle.read() and alive(pid):
                        return pid
            except OSError:
                pass
        return None

    def settled(self, core):
        """Descriptors and memory of core when its child serves and no script runs."""
        self.a.wait_vrrp(8)
        self.world.wait(lambda: len(self.a.processes()) == 2, 5, "no script runs")
        samples = []
        for _ in range(20):
            samples.append(open_files(core))
            time.sleep(0.05)
        return min(samples), resident_kb(core)

    def test_kills_during_a_takeover_end_with_one_owner(self):
        dice = random.Random(SEED)
        self.pair()
        for number in range(6):
            self.a.stop()
            self.world.wait(lambda: self.b.has(), 5, "the peer has it")
            self.a.start()
            began = self.a.started
            self.world.wait(lambda: self.a.log("Entering MASTER", began), 10, "a takes over")
            time.sleep(dice.uniform(0, 0.05))
            kill(self.a.wait_vrrp())
            self.world.wait(lambda: self.world.holders() == ["a"], 3, f"round {number}: a alone has it")
            settled = time.monotonic()
            time.sleep(1.5)
            self.assertEqual(self.b.adverts(settled), [])
            self.assertEqual(self.world.holders(), ["a"])


class VrrpStopped(ProcessCase):
    def test_stopped_vrrp_is_replaced_before_the_peer_notices(self):
        self.pair()
        old = self.a.vrrp()
        when = time.monotonic()
        kill(old, signal.SIGSTOP)
        self.a.wait_vrrp(5, old)
        self.assertFalse(alive(old))
        self.world.wait(lambda: self.a.adverts(when), 3, "the next advert")
        self.assertLess(self.a.adverts(when)[0][0] - when, 1.5 + 1.0 + SLOW_S)
        time.sleep(1.5)
        self.nothing_happened(slack_s=1.5 + SLOW_S)
        self.assertTrue(self.a.log("no answer for 1 seconds; killing it"))

    def test_stopped_for_half_a_second_is_nothing(self):
        self.pair()
        old = self.a.vrrp()
        kill(old, signal.SIGSTOP)
        time.sleep(0.5)
        kill(old, signal.SIGCONT)
        time.sleep(2)
        self.assertEqual(self.a.vrrp(), old)
        self.nothing_happened(slack_s=0.6 + SLOW_S)


class CrashLoop(ProcessCase):
    def test_crash_loop_ends_in_a_clean_failover_and_a_return_as_backup(self):
        self.pair(extra="    nopreempt\n")
        open(self.a.path("crash"), "w", encoding="ascii").close()
        kill(self.a.vrrp())
        last = self.a.adverts()[-1][0]
        self.world.wait(lambda: not self.a.has(), 8, "the last will")
        removed = self.a.events(self.since, ("del",))[0]
        self.assertEqual(removed[1], self.a.pid, "core did it")
        # a's will is due at ITS peers' master-down time, which it knows from its own priority: 3 × 1 s + 56/256 s
        self.assertGreaterEqual(removed[0] - last, self.down_s(200) - 0.01)
        self.assertLessEqual(removed[0] - last, self.down_s(100) + 0.1 + SLOW_S)
        self.world.wait(lambda: self.world.holders() == ["b"], 3, "the peer took over")
        ended = time.monotonic()
        os.unlink(self.a.path("crash"))
        self.world.wait(lambda: self.a.log("Entering BACKUP", ended), 35, "it comes back as Backup")
        time.sleep(3)
        self.assertEqual(self.a.adverts(ended), [])
        self.assertEqual(self.world.holders(), ["b"])
        self.assertTrue(alive(self.a.pid), "core never gave up")

    def test_starts_in_a_crash_loop_become_rare(self):
        self.pair(wait=False)
        self.world.wait(self.a.has, 10, "a is master")
        open(self.a.path("crash"), "w", encoding="ascii").close()
        when = time.monotonic()
        kill(self.a.vrrp())
        time.sleep(8)
        self.assertLess(len(self.a.log("Starting VRRP child process", when)), 40)
        self.assertFalse(self.a.has(VIP))


if __name__ == "__main__":
    unittest.main(verbosity=2)
