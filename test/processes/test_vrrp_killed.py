"""kill -9, SIGSTOP and a crash loop of the vrrp process."""
import os
import random
import signal
import threading
import time
import unittest

from world import SLOW_S, VIP, ProcessCase, World, alive, instance, kill, open_files, resident_kb

SEED = int(os.environ.get("HOLDFAST_SEED", "1"))
KILLS = int(os.environ.get("HOLDFAST_KILLS", "1000"))
PAIRS = int(os.environ.get("HOLDFAST_PAIRS", "4"))
LONGEST_S = float(os.environ.get("HOLDFAST_KILL_SECONDS", "60"))
GROWTH_KB = 8192  # of core over all kills; a single record or descriptor kept per kill would be more with the sanitizers
SCRIPT = "vrrp_script busy {\n    script \"/bin/sleep 0.05\"\n    interval 1\n}\n"
TRACK = "    track_script {\n        busy\n    }\n"


class KilledPair:
    """A master whose vrrp process is killed as soon as it shows itself, or within its restart; in reloads and script runs."""

    def __init__(self, seed):
        self.seed, self.dice, self.world = seed, random.Random(seed), World()
        self.kills, self.failures, self.figures = 0, [], None
        text = SCRIPT + instance(200, extra=TRACK)
        self.a = self.world.host("a", "10.0.0.1/24", text).start()
        self.b = self.world.host("b", "10.0.0.2/24", text.replace("priority 200", "priority 100")).start()

    def check(self, holds, what):
        if not holds:
            self.failures.append(f"seed {self.seed}, kill {self.kills}: {what}")
        return holds

    def run(self):
        try:
            self.world.wait(lambda: self.a.has() and self.b.log("Entering BACKUP"), 30, "a is master, b is backup")
            since = time.monotonic()
            baseline = None
            while not self.failures and time.monotonic() < since + LONGEST_S:
                self.kill_one()
                if self.kills == 15:
                    baseline = self.settled()
            files, memory = self.settled()
            self.figures = baseline, (files, memory)
            self.check(self.b.adverts(since) == [] and self.b.events(since) == [], "the peer became Active")
            self.check(self.a.events(since) == [], f"address events {self.a.events(since)}")
            self.check(self.a.log("runtime error:|ERROR: AddressSanitizer") == [], "a sanitizer's finding")
            self.check(files <= baseline[0] + 1, "descriptors leak")  # the link of the last one that died may still be open
            self.check(memory <= baseline[1] + GROWTH_KB, "memory grows")
            self.check(self.a.stop() == 0, "core does not stop")
            self.check(self.a.processes() == [], "processes are left")
        except Exception as error:  # pylint: disable=broad-except  # told by the thread that started this one
            self.failures.append(f"seed {self.seed}, kill {self.kills}: {error!r}")

    def silent(self):
        """Nobody can be heard who is always killed before it speaks: the peers would rightly take over."""
        return time.monotonic() - self.a.adverts()[-1][0] >= 1.4

    def kill_one(self):
        self.world.wait(lambda: not self.silent(), 5, "adverts go on")
        if self.kills % 8 == 3:
            self.a.signal(signal.SIGHUP)
        victim = self.world.wait(lambda: self.newest_child(self.a.pid), 8, "a vrrp process")
        time.sleep(self.dice.choice((0, 0, self.dice.uniform(0, 0.02), self.dice.uniform(0, 0.2), self.dice.uniform(0, 1))))
        if self.silent():  # a slow start on a busy machine: this one has yet to speak
            return
        kill(victim)
        self.kills += 1
        self.check(self.world.holders() == ["a"], f"the VIP is on {self.world.holders()}")

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

    def settled(self):
        """Descriptors and memory of core when its child serves and no script runs."""
        self.a.wait_vrrp(8)
        self.world.wait(lambda: len(self.a.processes()) == 2, 8, "no script runs")
        samples = []
        for _ in range(20):
            samples.append(open_files(self.a.pid))
            time.sleep(0.05)
        return min(samples), resident_kb(self.a.pid)


class VrrpKilled(ProcessCase):
    def test_one_kill_is_not_noticed_by_anybody(self):
        self.pair()
        old = self.a.vrrp()
        kill(old)
        self.a.wait_vrrp(5, old)
        time.sleep(2.5)
        self.nothing_happened()
        self.a.wait_log(rf"VRRP child process\({old}\) died: Respawning", 5)

    def test_kills_at_random_instants_move_nothing_and_leak_nothing(self):
        """Several pairs at the same time, so that thousands of kills fit into the time."""
        pairs = [KilledPair(SEED + number) for number in range(PAIRS)]
        for pair in pairs:
            self.addCleanup(pair.world.close)
        threads = [threading.Thread(target=pair.run) for pair in pairs]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        print(f"\n{sum(pair.kills for pair in pairs)} kills, seeds from {SEED}; descriptors and kB of each core before and "
              f"after: {[pair.figures for pair in pairs]}")
        stories = [pair.world.story() for pair in pairs if pair.failures]
        self.assertEqual([failure for pair in pairs for failure in pair.failures], [], "\n\n".join(stories))
        self.assertGreaterEqual(sum(pair.kills for pair in pairs), min(KILLS, 6 * LONGEST_S))

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
        self.a.wait_log("no answer for 1 seconds; killing it", 5)

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
        # With nopreempt a peer of any priority may wait: the earliest takes over after 3 × 1 s and no skew.
        self.assertGreaterEqual(removed[0] - last, self.down_s(256) - 0.01)
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
