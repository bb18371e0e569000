"""SIGHUP: adverts keep their rhythm, only what changed changes, a bad file changes nothing (issue 3's table)."""
import os
import signal
import time
import unittest

from world import SLOW_S, VIP, ProcessCase, instance

SECOND = "192.0.2.10/24"


class Reload(ProcessCase):
    def reloaded(self, text, events, outcome="Reload complete"):
        """After it: exactly these address events on a, adverts in rhythm, peer silent, same process."""
        vrrp = self.a.vrrp()
        when = self.a.reload(text, outcome)
        time.sleep(2.2)
        self.assertEqual([event[2:] for event in self.a.events(when)], events, self.world.story())
        self.peer_never_active()
        self.rhythm_held(0.05 + SLOW_S, when)
        self.assertEqual(self.a.vrrp(), vrrp)

    def test_unchanged_file(self):
        self.pair()
        self.reloaded(instance(200), [])

    def test_vip_added_then_removed_then_prefix_changed(self):
        self.pair()
        self.b.configure(instance(100, vips=(VIP, SECOND)))
        self.reloaded(instance(200, vips=(VIP, SECOND)), [("add", SECOND)])
        self.reloaded(instance(200), [("del", SECOND)])
        when = self.a.reload(instance(200, vips=("192.0.2.9/32",)))
        time.sleep(1.2)
        self.assertEqual(sorted(event[2:] for event in self.a.events(when)), [("add", "192.0.2.9/32"), ("del", VIP)])
        self.peer_never_active()

    def test_priority_advert_interval_and_password_changed(self):
        self.pair()
        self.reloaded(instance(220), [])
        self.assertEqual(self.a.adverts(self.since)[-1][1], 220)
        # The peer drops what does not fit until it is told too, and before it would take over.
        self.b.reload(instance(100, password="2222"))
        self.reloaded(instance(220, password="2222"), [])
        self.b.reload(instance(100, advert_int=2, password="2222"))
        when = self.a.reload(instance(220, advert_int=2, password="2222"))
        self.advert_int_s = 2
        time.sleep(4.5)
        self.assertEqual(self.a.events(when), [])
        self.peer_never_active()
        self.rhythm_held(0.05 + SLOW_S, when)

    def test_instance_added_renamed_and_removed(self):
        self.pair()
        other = instance(200, name="W", vips=("192.0.2.77/24",), vrid=52)
        when = self.a.reload(instance(200) + other)
        self.world.wait(lambda: self.a.has("192.0.2.77/24"), 8, "the new instance becomes master")
        self.assertEqual([event[2:] for event in self.a.events(when)], [("add", "192.0.2.77/24")])
        self.reloaded(instance(200, name="RENAMED") + other, [])
        when = self.a.reload(instance(200, name="RENAMED"))
        time.sleep(1.2)
        self.assertEqual([event[2:] for event in self.a.events(when)], [("del", "192.0.2.77/24")])
        self.assertEqual(self.a.adverts(when, vrid=52), [(self.a.adverts(when, vrid=52)[0][0], 0)], "priority 0 as its last word")
        self.peer_never_active()
        self.rhythm_held(0.05 + SLOW_S)

    def test_script_added(self):
        self.pair()
        script = 'vrrp_script chk {\n    script "/bin/false"\n    interval 1\n    weight -20\n}\n'
        self.reloaded(script + instance(200, extra="    track_script {\n        chk\n    }\n"), [])
        self.world.wait(lambda: self.a.adverts(self.since)[-1][1] == 180, 4, "its weight counts")

    def test_syntax_error_missing_file_and_missing_interface_change_nothing(self):
        self.pair()
        self.reloaded(instance(200) + "vrrp_instance X {\n    bananas 3\n}\n", [], "Reload refused")
        self.a.wait_log(r"bananas", 5, self.since)
        self.a.wait_log(r"keepalived\.conf:\d+|[Ll]ine \d+", 5, self.since)
        os.rename(self.a.path("keepalived.conf"), self.a.path("away"))
        self.reloaded(None, [], "Reload refused")
        self.a.wait_log("Unable to find configuration file", 5, self.since)
        self.reloaded(instance(200).replace("interface lo", "interface nonesuch9"), [], "Reload refused")
        self.reloaded(instance(200), [])

    def test_refused_script_may_not_be_run(self):
        """What a refused file named is not allowed afterwards; the old configuration goes on."""
        self.pair()
        script = 'vrrp_script chk {\n    script "/bin/false"\n    interval 1\n}\n'
        self.reloaded(script + instance(200, extra="    track_script {\n        chk\n    }\n    bananas 3\n"), [], "Reload refused")

    def test_50_reloads_in_5_seconds_keep_the_rhythm(self):
        self.pair()
        vrrp = self.a.vrrp()
        for number in range(50):
            self.a.configure(instance(200 + number % 2))
            self.a.signal(signal.SIGHUP)
            time.sleep(0.1)
        self.a.configure(instance(210))
        self.a.signal(signal.SIGHUP)
        self.world.wait(lambda: self.a.adverts()[-1][1] == 210, 10, "the last one counts")
        time.sleep(1.2)
        self.nothing_happened()
        self.assertEqual(self.a.vrrp(), vrrp)

    def test_vrrp_killed_in_the_middle_of_reloads(self):
        self.pair()
        for number in range(10):
            self.a.configure(instance(200 + number % 2))
            self.a.signal(signal.SIGHUP)
            time.sleep(number * 0.004)
            old = self.a.wait_vrrp(5)
            os.kill(old, signal.SIGKILL)
            self.a.wait_vrrp(5, old)
            time.sleep(0.3)
        self.a.configure(instance(210))
        self.a.signal(signal.SIGHUP)
        self.world.wait(lambda: self.a.adverts()[-1][1] == 210, 10, "the last configuration counts")
        self.peer_never_active()
        self.assertEqual(self.a.events(self.since), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
