"""The variant of the seed that many people run: no interval, no weight; the check script stops the daemon and waits for it."""
import unittest

from case import SEED, SLACK_S, VIP, LabCase, skew_s

SCRIPT_PERIOD_S = 1.0  # the default interval
STOP_S = 3.0  # "stops cleanly": the script must not have to be waited out

# `systemctl stop keepalived` sends SIGTERM and returns when the daemon is gone; so does this.
STOPPING_CHECK = """#!/bin/sh
if ! kill -0 $(cat /run/nginx.pid) 2>/dev/null; then
    pid=$(cat /run/ka/core.pid)
    kill $pid
    tries=0
    while kill -0 $pid 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
    echo "$tries" > /run/script_ended
    exit 1
fi
exit 0
"""


def variant(priority):
    text = SEED.replace("priority 90", f"priority {priority}")
    return text.replace("    interval 2\n", "").replace("    weight -30\n", "")


class StopByScript(LabCase):
    def test_daemon_that_its_own_check_script_stops_leaves_nothing_and_hands_over(self):
        a, b = self.hosts("a", "b")
        for host in (a, b):
            host.start_web()
            host.write("/etc/keepalived/check_nginx.sh", STOPPING_CHECK, 0o755)
        first, _ = [self.launch(host, variant(priority)) for host, priority in ((a, 100), (b, 90))]
        self.lab.wait_owner(VIP, a, 15)
        when = a.stop_web()
        self.lab.wait(lambda: first.process.poll() is not None, SCRIPT_PERIOD_S + STOP_S, "the daemon on a ends")
        taken = self.lab.wait_owner(VIP, b, 10)
        self.assertEqual(first.process.returncode, 0)
        self.assert_within(taken - when, SCRIPT_PERIOD_S + 0.2 + skew_s(90) + SLACK_S, "nginx dead until b has the VIP")
        self.lab.wait(lambda: a.processes() == [], STOP_S, "no process is left on a")
        self.assertFalse(a.exists("/run/ka/core.pid") or a.exists("/run/ka/vrrp.pid"), "pid files are removed")
        self.assertFalse(a.has(VIP))
        self.assertTrue([advert for advert in self.watch.adverts_from(a.address, when) if advert.priority == 0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
