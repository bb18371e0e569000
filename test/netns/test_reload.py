"""SIGHUP: only what changed changes, adverts keep their rhythm, a bad file changes nothing (issue 3, behaviour.md c)."""
import signal
import time
import unittest

from case import VIP, instance
from resilience import RHYTHM_SLACK_S, SILENCE_S, Resilience

OTHER_VIP = "172.18.8.232"
SECOND_VIP = "10.7.7.7"
SETTLE_S = 1.7  # at least one whole gap after the reload


class Reload(Resilience):
    """Both hosts get the same change at the same time, as an operator's tool would do it."""

    def reload(self, change, tails=("", ""), head=""):
        """Writes the changed files, sends SIGHUP to both; `change` = keyword arguments of instance()."""
        texts = [head + instance(**{"priority": priority, **change}) + tail for priority, tail in zip((100, 90), tails)]
        self.reload_texts(*texts)

    def reload_texts(self, first, second):
        self.begin()
        self.master.configure(first)
        self.peer.configure(second)
        self.peer.signal(signal.SIGHUP)
        self.master.signal(signal.SIGHUP)

    def events(self):
        return [(event.host, event.kind, event.address) for event in self.watch.address_events
                if event.time >= self.since and event.kind != "refresh"]

    def settled(self, expected_events, interval_s=1.0):
        """After SETTLE_S: exactly these address events (of both hosts), rhythm kept, no change of roles."""
        time.sleep(SETTLE_S * interval_s)
        until = time.monotonic()
        self.assertEqual(sorted(self.events()), sorted(expected_events), self.lab.story())
        gap = self.watch.longest_advert_gap(self.a.address, self.since, until, vrid=101)
        self.assert_within(gap, interval_s + RHYTHM_SLACK_S, "longest advert gap")
        self.assert_never_active(self.peer, self.since)
        for daemon in (self.master, self.peer):
            self.assertFalse(daemon.log("Entering (BACKUP|FAULT) STATE", self.since), self.lab.story())

    def last(self):
        return self.watch.adverts_from(self.a.address, vrid=101)[-1]

    def test_each_change_of_one_instance_changes_only_that(self):
        self.start()
        vrrp = self.master.vrrp()
        with self.subTest("unchanged file"):
            self.reload({})
            self.settled([])
        with self.subTest("VIP added"):
            self.reload({"vips": (f"{VIP}/24", f"{OTHER_VIP}/24")})
            self.settled([("a", "add", f"{OTHER_VIP}/24")])
            self.assertEqual(self.last().addresses, (VIP, OTHER_VIP))
            self.assertTrue([garp for garp in self.watch.garps if garp.time >= self.since and garp.address == OTHER_VIP])
        with self.subTest("VIP's prefix changed"):
            self.reload({"vips": (f"{VIP}/24", f"{OTHER_VIP}/32")})
            self.settled([("a", "add", f"{OTHER_VIP}/32"), ("a", "del", f"{OTHER_VIP}/24")])
        with self.subTest("VIP removed"):
            self.reload({})
            self.settled([("a", "del", f"{OTHER_VIP}/32")])
            self.assertEqual(self.last().addresses, (VIP,))
        with self.subTest("priority changed"):
            self.reload({"priority": 95})
            self.settled([])
            self.assertEqual(self.last().priority, 95)
        with self.subTest("password changed"):
            self.reload({"auth": "2222"})
            self.settled([])
            self.assertIn(b"2222\0\0\0\0", self.last().raw)
        with self.subTest("instance renamed"):
            self.reload({"auth": "2222", "name": "VI_NEW"})
            self.settled([])
        with self.subTest("advert_int changed"):
            self.reload({"auth": "2222", "name": "VI_NEW", "advert_int": 2})
            self.settled([], interval_s=2.0)
            self.assertEqual(self.last().interval_s, 2.0)
        self.assertEqual(self.master.vrrp(), vrrp, "the same process all the time")
        self.pinger.stop()
        self.assert_within(self.pinger.longest(0.0), SILENCE_S, "client heard nothing for")

    def test_second_instance_comes_and_goes_beside_the_first(self):
        self.start()
        # The peer is the far better one, so that its skew lets it win long before the other would try.
        seconds = [instance(priority, name="VI_2", vrid=102, vips=(f"{SECOND_VIP}/32",)) for priority in (50, 250)]
        self.reload({}, tails=seconds)
        self.lab.wait_owner(SECOND_VIP, self.b, 10)
        # Its log comes after the address: what is read later counts as of the next reload.
        self.peer.wait_log(r"\(VI_2\) Sending/queueing gratuitous ARPs", 5)
        owner = "b"
        self.assertEqual(self.watch.events_of(VIP, self.since), [])
        self.reload({})
        self.settled([(owner, "del", f"{SECOND_VIP}/32")])
        address = self.lab.hosts[owner].address
        zero = [advert for advert in self.watch.adverts_from(address, self.since, vrid=102) if not advert.priority]
        self.assertTrue(zero, "the removed instance leaves in order")
        self.pinger.stop()
        self.assert_within(self.pinger.longest(0.0), SILENCE_S, "client heard nothing for")

    def test_script_added_runs_and_lowers_the_priority_only_of_its_instance(self):
        self.start(ping=False, files={"/etc/keepalived/check.sh": "#!/bin/sh\ntouch /run/checked\nexit 1\n"})
        head = 'vrrp_script check {\n    script "/etc/keepalived/check.sh"\n    interval 1\n    weight -5\n}\n'
        self.reload({"extra": "    track_script {\n        check\n    }\n"}, head=head)
        self.settled([])
        self.assertTrue(self.a.exists("/run/checked"))
        self.assertEqual(self.last().priority, 95)

    def test_bad_files_change_nothing_and_the_log_says_where(self):
        self.start()
        good = instance(100)
        path = self.master.configuration_file
        missing_interface = instance(100, name="VI_2", vrid=102, interface="ens99", vips=(f"{SECOND_VIP}/32",))
        cases = {
            "syntax error": (good.replace("priority 100", "priority lots"), rf"{path}(:|: Line )6\b"),
            "unknown keyword": (good.replace("advert_int 1", "advert_intervall 1"), rf"{path}(:|: Line )7\b"),
            "missing brace": (good.rstrip().removesuffix("}"), path),
            "interface missing": (good + missing_interface, "ens99"),
        }
        for name, (text, words) in cases.items():
            with self.subTest(name):
                self.begin()
                self.master.configure(text)
                self.master.signal(signal.SIGHUP)
                self.settled([])
                self.master.wait_log(words, 5, self.since)
                self.assertEqual((self.last().priority, self.last().interval_s), (100, 1.0))
        with self.subTest("file missing"):
            self.begin()
            self.a.shell(f"rm {path}")
            self.master.signal(signal.SIGHUP)
            self.settled([])
            self.master.wait_log(path, 5, self.since)
        with self.subTest("good again"):
            self.reload({"priority": 97})
            self.settled([])
            self.assertEqual(self.last().priority, 97)
        self.pinger.stop()
        self.assert_within(self.pinger.longest(0.0), SILENCE_S, "client heard nothing for")

    def test_fifty_reloads_in_five_seconds_disturb_nothing(self):
        self.start(vips=(f"{VIP}/24", f"{OTHER_VIP}/24"))
        for number in range(50):
            other = f"{OTHER_VIP}/24" if number % 2 == 0 else f"{OTHER_VIP}/32"
            self.master.configure(instance(100, vips=(f"{VIP}/24", other)))
            self.master.signal(signal.SIGHUP)
            time.sleep(0.1)
        time.sleep(SETTLE_S)
        self.lab.wait(lambda: f"{OTHER_VIP}/32" in self.a.execute("ip", "-o", "address"), 5, "the last file is in force")
        self.nothing_happened()
        self.two_processes(self.a)


if __name__ == "__main__":
    unittest.main(verbosity=2)
