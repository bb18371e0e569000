"""Start, stop, pid files, several daemons on one machine."""
import os
import signal
import subprocess
import time
import unittest

from world import VIP, ProcessCase, alive, instance, kill


def content(path):
    with open(path, encoding="ascii") as handle:
        return handle.read()


class StartStop(ProcessCase):
    def test_start_takes_the_vip_and_stop_gives_it_back_and_leaves_nothing(self):
        a, b = self.pair()
        self.assertEqual(content(a.pid_file), f"{a.pid}\n")
        self.assertEqual(os.stat(a.pid_file).st_mode & 0o777, 0o644)
        self.assertEqual(content(a.vrrp_pid_file), f"{a.vrrp()}\n")
        self.assertEqual(os.stat(a.pid_file + ".d").st_mode & 0o777, 0o700)
        self.assertEqual(os.stat(a.pid_file + ".d/records").st_mode & 0o777, 0o600)
        self.assertEqual(len(a.processes()), 2)
        self.assertEqual(a.stop(), 0)
        self.assertEqual(a.addresses(), set())
        self.assertEqual(a.adverts(self.since)[-1][1], 0, "priority 0 is the last word")
        self.assertEqual(a.processes(), [])
        self.assertFalse(os.path.exists(a.pid_file))
        self.assertFalse(os.path.exists(a.vrrp_pid_file))
        self.assertFalse(os.path.exists(a.pid_file + ".d/records"))
        self.world.wait(lambda: b.has(), 2, "the peer takes over within skew")

    def test_daemons_with_their_own_files_do_not_meet(self):
        a, b = self.pair()
        self.assertEqual(b.stop(), 0)
        self.assertTrue(alive(a.pid))
        self.assertTrue(a.vrrp())
        self.nothing_happened()

    def test_second_start_with_the_same_pid_file_is_refused_with_0(self):
        a, _ = self.pair()
        second = subprocess.run(a.command(), env=a.environment, capture_output=True, text=True, timeout=10, check=False)
        self.assertEqual(second.returncode, 0)
        self.assertIn("daemon is already running", second.stderr)
        self.assertEqual(content(a.pid_file), f"{a.pid}\n")
        time.sleep(1.2)
        self.nothing_happened()

    def test_pid_file_that_nobody_locks_does_not_prevent_a_start(self):
        a = self.world.host("a", "10.0.0.1/24", instance(200))
        for path in (a.pid_file, a.vrrp_pid_file):
            with open(path, "w", encoding="ascii") as handle:
                handle.write("1\n")
        a.start()
        self.world.wait(a.has, 10, "it works")
        self.assertEqual(content(a.pid_file), f"{a.pid}\n")

    def test_daemonised_start_returns_when_everything_runs(self):
        a = self.world.host("a", "10.0.0.1/24", instance(200))
        command = [word for word in a.command() if word not in ("-n", "-l")]
        done = subprocess.run(command, env=a.environment, timeout=20, check=False, stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertEqual(done.returncode, 0)
        core = int(content(a.pid_file))
        self.assertTrue(alive(core) and a.vrrp())
        self.assertEqual(os.getsid(core), core)
        kill(core, signal.SIGTERM)
        self.world.wait(lambda: a.processes() == [], 10, "it stops")

    def test_unreadable_and_broken_configuration_exit_with_6_and_2(self):
        a = self.world.host("a", "10.0.0.1/24", "")
        os.unlink(a.path("keepalived.conf"))
        self.assertEqual(subprocess.run(a.command(), env=a.environment, capture_output=True, timeout=20, check=False).returncode, 6)
        a.configure(instance(200) + instance(100, name="W"))  # the same VRID twice
        self.assertEqual(subprocess.run(a.command(), env=a.environment, capture_output=True, timeout=20, check=False).returncode, 2)
        self.assertEqual(a.processes(), [])

    def test_check_that_kills_its_own_daemon_stops_it_cleanly_while_it_runs(self):
        a = self.world.host("a", "10.0.0.1/24", "")
        with open(a.path("check.sh"), "w", encoding="ascii") as handle:
            handle.write(f"#!/bin/sh\n[ -e {a.path('die')} ] && kill $(cat {a.pid_file}) && sleep 5\nexit 0\n")
        os.chmod(a.path("check.sh"), 0o755)
        a.configure(f'vrrp_script chk {{\n    script "{a.path("check.sh")}"\n    interval 1\n}}\n'
                    + instance(200, extra="    track_script {\n        chk\n    }\n"))
        a.start()
        self.world.wait(a.has, 10, "master")
        open(a.path("die"), "w", encoding="ascii").close()
        self.assertEqual(a.process.wait(10), 0)
        self.assertFalse(a.has(VIP))
        self.world.wait(lambda: a.processes() == [], 5, "the script is ended too")


if __name__ == "__main__":
    unittest.main(verbosity=2)
