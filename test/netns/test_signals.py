"""Signals of an operator disturb nothing; stop and start in every order leave nothing that prevents a start."""
import os
import signal
import stat
import time
import unittest

from case import FAST, PROGRAM, VIP, LabCase, instance
from daemon import Daemon

RHYTHM_SLACK_S = 0.050  # issue 3: gap of adverts ≤ advert_int + 50 ms


class Signals(LabCase):
    def test_hup_usr1_usr2_do_not_disturb_the_master(self):
        (a, first), (_, second) = self.pair()
        pinger = self.ping(self.client())
        since = time.monotonic()
        for number in (signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP):
            first.signal(number)
            time.sleep(1.2)
        until = time.monotonic()
        pinger.stop()
        self.assert_within(pinger.longest(since), 0.020, "client heard nothing for")
        self.assert_within(self.watch.longest_advert_gap(a.address, since, until), 1 + RHYTHM_SLACK_S, "longest advert gap")
        self.assert_untouched(VIP, since)
        self.assert_never_active(second, since)
        first.wait_log("Reloading", 5, since)
        for name in ("keepalived.data", "keepalived.stats"):
            self.assertIn("VI_1", a.read(f"/run/tmp/{name}"))

    def test_pid_files_hold_the_pid_and_are_readable_and_are_removed_at_the_end(self):
        a, = self.hosts("a")
        daemon = self.launch(a, instance(100, **FAST))
        vrrp = daemon.wait_vrrp()
        for name, pid in (("core", daemon.pid), ("vrrp", vrrp)):
            self.assertEqual(a.read(f"/run/ka/{name}.pid"), f"{pid}\n")
            self.assertEqual(stat.S_IMODE(os.stat(f"{a.root}/run/ka/{name}.pid").st_mode), 0o644)
        self.lab.wait_owner(VIP, a, 10)
        _, _, code = daemon.stop()
        self.assertEqual(code, 0)
        self.assertEqual([name for name in os.listdir(f"{a.root}/run/ka") if name.endswith(".pid")], [])
        self.assertEqual(self.watch.holders(VIP), [])

    def test_second_start_says_already_running_and_exits_0(self):
        a, = self.hosts("a")
        daemon = self.launch(a, instance(100, **FAST))
        daemon.wait_vrrp()
        self.lab.wait_owner(VIP, a, 10)
        since = time.monotonic()
        second = Daemon(a, PROGRAM)
        self.assertEqual(second.process.wait(5), 0)
        second.wait_log("daemon is already running", 2)
        self.assertEqual(a.read("/run/ka/core.pid"), f"{daemon.pid}\n")
        time.sleep(0.5)
        self.assert_untouched(VIP, since)

    def test_start_after_kill_9_of_everything_works(self):
        a, = self.hosts("a")
        daemon = self.launch(a, instance(100, **FAST))
        daemon.wait_vrrp()
        self.lab.wait_owner(VIP, a, 10)
        for pid in a.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        daemon.process.wait()
        self.lab.wait(lambda: a.processes() == [], 5, "nothing runs on a")
        self.assertTrue(a.exists("/run/ka/core.pid"), "the killed daemon could not remove its pid file")
        daemon.start()
        since = daemon.started
        daemon.wait_vrrp()
        self.lab.wait(lambda: self.watch.adverts_from(a.address, since), 10, "adverts of the new process")
        self.lab.wait_owner(VIP, a, 10)
        self.assertEqual(a.read("/run/ka/core.pid"), f"{daemon.pid}\n")
        self.assertEqual(daemon.stop()[2], 0)

    def test_default_paths_are_those_of_keepalived(self):
        a, = self.hosts("a")
        a.write("/etc/keepalived/keepalived.conf", instance(100, **FAST))
        daemon = Daemon(a, "/bin/true")
        daemon.process.wait()
        daemon.command = ["env", "TMPDIR=/run/tmp", PROGRAM, "-nlD"]
        daemon.start()
        self.lab.wait_owner(VIP, a, 10)
        self.assertEqual(a.read("/run/keepalived.pid"), f"{daemon.pid}\n")
        self.assertTrue(a.exists("/run/vrrp.pid"))
        self.assertEqual(daemon.stop()[2], 0)
        self.assertFalse(a.exists("/run/keepalived.pid") or a.exists("/run/vrrp.pid"))


class SeveralDaemons(LabCase):
    def test_two_daemons_of_one_machine_in_two_namespaces_do_not_meet(self):
        """Same file system, same /run: only -p, -r and -c tell them apart."""
        a, b = self.hosts("a", "b")
        daemons = []
        for host, vip in ((a, "172.18.8.241"), (b, "172.18.8.242")):
            directory = f"{self.lab.directory}/{host.name}"
            text = instance(100, vrid=50 + len(daemons), vips=(f"{vip}/24",), **FAST)
            daemons.append(self.launch(host, text, directory=directory, private_mounts=False))
            self.lab.wait_owner(vip, host, 10)
        first, second = daemons
        since = time.monotonic()
        second_pids = (second.pid, second.vrrp())
        first.signal(signal.SIGHUP)
        os.kill(first.wait_vrrp(), signal.SIGKILL)
        time.sleep(1.5)
        self.assertEqual(first.stop()[2], 0)
        time.sleep(0.5)
        self.assertEqual((second.pid, second.vrrp()), second_pids)
        self.assert_untouched("172.18.8.242", since)
        first.start()
        self.lab.wait_owner("172.18.8.241", a, 10)
        self.assertEqual(second.stop()[2], 0)
        self.assertTrue(a.has("172.18.8.241"))
        self.assertEqual(len(a.processes()), 2, "core and vrrp of the first daemon")


if __name__ == "__main__":
    unittest.main(verbosity=2)
