"""Adverts that prove who made them: AH, and auth_hmac of keepalived 2.4."""
import os
import signal
import time
import unittest

from case import VIP, LabCase, instance
from daemon import Capture

KEY = "0123456789abcdef0123456789abcdef"


def with_hmac(priority, mode="enforce", key=KEY, auth="    auth_hmac {{\n        key 1 {key}\n        active_key 1\n"
              "        mode {mode}\n    }}\n"):
    return instance(priority, version=3, advert_int=0.1, extra=auth.format(key=key, mode=mode))


class Authentication(LabCase):
    def two(self, first, second):
        a, b = self.hosts("a", "b")
        daemons = self.launch(a, first), self.launch(b, second)
        for daemon in daemons:
            daemon.wait_log("Entering BACKUP STATE", 10)
        self.lab.wait_owner(VIP, a, 15)
        return a, b, daemons

    def test_ah_elects_fails_over_and_survives_a_crash(self):
        with_ah = lambda priority: instance(priority).replace("PASS", "AH")  # noqa: E731
        capture = Capture(self.lab, "ip proto 51")
        a, b, (first, second) = self.two(with_ah(100), with_ah(90))
        since = time.monotonic()
        pid = first.wait_vrrp()
        os.kill(pid, signal.SIGKILL)
        first.wait_vrrp(other_than=pid)
        time.sleep(4.5)
        self.assert_untouched(VIP, since)
        self.assert_never_active(second, since)
        first.stop()
        self.lab.wait_owner(VIP, b, 10)
        first.start()
        self.lab.wait_owner(VIP, a, 15)
        capture.stop()
        rows = capture.fields(f"ah && ip.src == {a.address}", "ah.sequence", "ip.ttl", "vrrp.auth_type")
        numbers = [int(row["ah.sequence"]) for row in rows]
        self.assertEqual(numbers, sorted(set(numbers)), "sequence numbers only grow, over crash and restart")
        for daemon in (first, second):
            self.assertEqual(daemon.log("AH"), [])

    def test_another_ah_password_is_not_heard(self):
        a, b = self.hosts("a", "b")
        self.launch(a, instance(100).replace("PASS", "AH"))
        self.lab.wait_owner(VIP, a, 15)
        other = self.launch(b, instance(90, auth="2222").replace("PASS", "AH"))
        other.wait_log("invalid IPSEC HMAC-MD5 value", 5)

    def test_hmac_elects_and_refuses_another_key_and_none(self):
        a, b, (first, second) = self.two(with_hmac(100), with_hmac(90))
        since = time.monotonic()
        time.sleep(1)
        self.assert_never_active(second, since)
        first.stop()
        self.lab.wait_owner(VIP, b, 10)
        first.configure(with_hmac(100, key=KEY[::-1]))
        first.start()
        first.wait_log("invalid authentication HMAC from", 5, first.started)
        first.stop()
        first.configure(instance(100, version=3, advert_int=0.1))
        first.start()
        first.wait_log("too long", 5, first.started)
        second.wait_log("missing authentication trailer from", 5, first.started)

    def test_hmac_is_rolled_out_without_a_fail_over(self):
        plain = instance(100, version=3, advert_int=0.1)
        a, b, (first, second) = self.two(plain, with_hmac(90, "receive-only"))
        since = time.monotonic()
        for daemon, priority, mode in ((first, 100, "receive-only"), (first, 100, "permissive"), (second, 90, "permissive"),
                                       (first, 100, "enforce"), (second, 90, "enforce")):
            daemon.configure(with_hmac(priority, mode))
            daemon.signal(signal.SIGHUP)
            time.sleep(0.7)
        self.assert_untouched(VIP, since)
        self.assert_never_active(second, since)

    def test_a_key_may_stand_in_a_file(self):
        a, b = self.hosts("a", "b")
        for host, priority in ((a, 100), (b, 90)):
            host.write("/etc/keepalived/key", KEY + "\n", 0o600)
            self.launch(host, with_hmac(priority, key="file:/etc/keepalived/key"))
        self.lab.wait_owner(VIP, a, 10)
        time.sleep(1)
        self.assertEqual(self.watch.holders(VIP), ["a"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
