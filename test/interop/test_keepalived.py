"""Debian's keepalived 2.2.7 and the program under test as a pair: each is master and backup of the other, ten times over."""
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "netns"))
from case import PROGRAM, REFERENCE, SLACK_S, VIP, LabCase, instance, master_down_s, skew_s  # noqa: E402

FAIL_OVERS = 20  # ten in each direction
# From the signal: keepalived needs some ms from SIGTERM until its priority 0 is out.
STOP_SLACK_S = SLACK_S + 0.05


class Interop(LabCase):
    def start_pair(self, priorities=(100, 90), **configuration):
        """a runs the program under test, b keepalived 2.2.7; a is master."""
        (self.a, self.ours), (self.b, self.theirs) = self.pair(priorities, (PROGRAM, REFERENCE), **configuration)
        self.daemons = {"a": self.ours, "b": self.theirs}

    def one_owner(self, since, until, settled):
        """Nobody else than the two in turn, never both for longer than the hand-over."""
        self.assertEqual(self.watch.seconds_with(VIP, settled, until, owners=2), 0.0)
        self.assertEqual(self.watch.seconds_with(VIP, settled, until, owners=0), 0.0)

    def ping_pong(self, bound_s, **configuration):
        """Stops the master and starts it again as the backup of the other, FAIL_OVERS times (nopreempt on both)."""
        self.start_pair((100, 100), extra="    nopreempt\n", **configuration)
        master, backup = self.ours, self.theirs
        longest = {"a": 0.0, "b": 0.0}
        for round_number in range(FAIL_OVERS):
            when, _, code = master.stop()
            self.assertEqual(code, 0)
            taken = self.lab.wait_owner(VIP, backup.host, 10)
            longest[backup.host.name] = max(longest[backup.host.name], taken - when)
            self.assertLessEqual(taken - when, bound_s, f"round {round_number}\n{self.lab.story()}")
            master.start()
            master.wait_log("Entering BACKUP STATE", 5, master.started)
            heard = time.monotonic()
            address = backup.host.address
            self.lab.wait(lambda: len(self.watch.adverts_from(address, heard)) >= 1, 5, "the new master's advert")
            self.assertEqual(self.watch.holders(VIP), [backup.host.name], self.lab.story())
            self.one_owner(when, time.monotonic(), taken)
            master, backup = backup, master
        self.note(f"{FAIL_OVERS} fail-overs, longest to us {longest['a'] * 1000:.0f} ms, to keepalived "
                  f"{longest['b'] * 1000:.0f} ms (bound {bound_s * 1000:.0f} ms)")
        self.no_complaints()

    def no_complaints(self):
        for daemon in self.daemons.values():
            lines = daemon.log(r"(?i)invalid|mismatch|bogus|wrong|too short|too long|unexpected|expected \d+ VIPs|not present")
            self.assertEqual(lines, [], f"{daemon.host.name} complains about its peer")

    def cut_and_heal(self, rounds, advert_int, version):
        """The master (a, priority 100) is cut off: b takes over; it comes back: a takes over again."""
        down = master_down_s(90, advert_int, version)
        for _ in range(rounds):
            when = self.a.cut()
            self.lab.wait(lambda: self.b.has(VIP), 10, "b takes the VIP")
            taken = self.watch.events_of(VIP, when, kinds=("add",))[0].time
            self.assert_within(taken - when, down + SLACK_S, "cut until b has the VIP")
            healed = self.a.heal()
            self.lab.wait_owner(VIP, self.a, 10)
            released = self.watch.events_of(VIP, healed, kinds=("del",))[0].time
            self.assert_within(released - healed, advert_int + SLACK_S, "healed until b lets go")
            time.sleep(2 * advert_int)
            self.assertEqual(self.watch.holders(VIP), ["a"])

    def preempt(self, rounds, advert_int, version):
        """The better one leaves and comes back: b takes over within skew, a within its master-down time from its start."""
        for _ in range(rounds):
            when, _, _ = self.ours.stop()
            taken = self.lab.wait_owner(VIP, self.b, 10)
            self.assert_within(taken - when, skew_s(90, advert_int, version) + STOP_SLACK_S, "SIGTERM until b has the VIP")
            self.ours.start()
            began = self.ours.wait_log("Entering BACKUP STATE", 5, self.ours.started)
            back = self.lab.wait_owner(VIP, self.a, 10)
            self.assert_within(back - began, master_down_s(100, advert_int, version) + SLACK_S, "a takes the VIP back in")

    def test_version_2_with_password_fails_over_in_both_directions(self):
        self.ping_pong(skew_s(100) + STOP_SLACK_S)

    def test_version_3_at_100_ms_fails_over_in_both_directions(self):
        self.ping_pong(skew_s(100, 0.1, 3) + STOP_SLACK_S, version=3, advert_int=0.1)

    def test_version_2_with_password_preempts_and_survives_a_cut(self):
        self.start_pair()
        self.preempt(1, 1.0, 2)
        self.cut_and_heal(1, 1.0, 2)
        self.no_complaints()

    def test_version_3_at_100_ms_preempts_and_survives_a_cut(self):
        self.start_pair(version=3, advert_int=0.1)
        self.preempt(5, 0.1, 3)
        self.cut_and_heal(5, 0.1, 3)

    def test_keepalived_as_the_better_one_preempts_us(self):
        """The other way round: keepalived has priority 100, we have 90."""
        a, b = self.hosts("a", "b")
        ours = self.launch(a, instance(90, version=3, advert_int=0.1))
        self.lab.wait_owner(VIP, a, 10)
        theirs = self.launch(b, instance(100, version=3, advert_int=0.1), REFERENCE)
        for _ in range(5):
            self.lab.wait_owner(VIP, b, 10)
            when, _, _ = theirs.stop()
            taken = self.lab.wait_owner(VIP, a, 10)
            self.assert_within(taken - when, skew_s(90, 0.1, 3) + STOP_SLACK_S, "keepalived stopped until we have the VIP")
            theirs.start()
        self.lab.wait_owner(VIP, b, 10)
        when = b.cut()
        self.lab.wait(lambda: a.has(VIP), 10, "we take the VIP")
        taken = self.watch.events_of(VIP, when, kinds=("add",))[-1].time
        self.assert_within(taken - when, master_down_s(90, 0.1, 3) + SLACK_S, "cut until we have the VIP")
        b.heal()
        self.lab.wait_owner(VIP, b, 10)
        self.assertFalse(ours.log("(?i)invalid|mismatch"))

    def test_sync_groups_move_whole_between_us_and_keepalived(self):
        second_vip = "172.18.8.232"
        group = "vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n}\n"

        def text(priority):
            fast = {"version": 3, "advert_int": 0.1}
            return (instance(priority, **fast) + instance(priority, name="VI_2", vrid=102, vips=(f"{second_vip}/24",), **fast)
                    + group)

        a, b = self.hosts("a", "b")
        ours = self.launch(a, text(90))
        for vip in (VIP, second_vip):
            self.lab.wait_owner(vip, a, 10)
        theirs = self.launch(b, text(100), REFERENCE)
        for _ in range(3):
            for vip in (VIP, second_vip):
                self.lab.wait_owner(vip, b, 10)
            theirs.stop()
            for vip in (VIP, second_vip):
                self.lab.wait_owner(vip, a, 10)
            theirs.start()
        self.assertFalse(ours.log("(?i)invalid|mismatch"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
