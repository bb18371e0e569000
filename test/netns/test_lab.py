"""The lab itself: it sees what it should see, and leaves nothing behind however it ends."""
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest

import namespaces
from case import LabCase

HERE = os.path.dirname(os.path.abspath(__file__))

# A lab with everything in it that could be left behind; says "up" and waits.
FULL_LAB = """
import sys, time
sys.path.insert(0, sys.argv[1])
from case import PROGRAM, VIP, instance
from daemon import Capture, Daemon, Pinger
from lab import Lab
with Lab() as lab:
    a, client = lab.host("a"), lab.host("client")
    a.start_web()
    a.execute("ip", "address", "add", VIP + "/24", "dev", "ens33")
    Pinger(client, VIP)
    Capture(lab)
    Daemon(a, PROGRAM, instance(100, version=3, advert_int=0.1)).wait_vrrp()
    print("up", flush=True)
    if len(sys.argv) > 2:
        raise RuntimeError("on purpose")
    time.sleep(60)
"""


def left_over(pid):
    """Namespaces, files and processes of the lab of this process."""
    names = [name for name in os.listdir("/run/netns") if name.startswith(f"hf{pid}-")]
    files = [name for name in os.listdir(tempfile.gettempdir()) if name.startswith(f"hf{pid}-")]
    processes = [p for name in names for p in namespaces.pids_inside(name)]
    return names, files, processes


class LabEnds(unittest.TestCase):
    def start(self, *arguments):
        child = subprocess.Popen([sys.executable, "-c", FULL_LAB, HERE, *arguments], stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(child.stdout.close)
        self.addCleanup(child.kill)
        self.assertEqual(child.stdout.readline(), "up\n")
        return child

    def test_nothing_is_left_after_sigterm_sigint_or_an_exception(self):
        for number in (signal.SIGTERM, signal.SIGINT, None):
            with self.subTest(number):
                child = self.start(*(["raise"] if number is None else []))
                if number is not None:
                    self.assertTrue(left_over(child.pid)[2], "there is something to leave behind")
                    child.send_signal(number)
                self.assertNotEqual(child.wait(20), 0)
                self.assertEqual(left_over(child.pid), ([], [], []))

    def test_next_lab_removes_what_a_killed_one_left(self):
        child = self.start()
        child.kill()
        child.wait()
        processes = left_over(child.pid)[2]
        self.assertTrue(processes)
        namespaces.remove_left_over()
        self.assertEqual(left_over(child.pid), ([], [], []))
        deadline = time.monotonic() + 10  # one that was killed may need a moment to be gone
        while any(namespaces.alive(pid) for pid in processes) and time.monotonic() < deadline:
            time.sleep(0.01)
        self.assertFalse([pid for pid in processes if namespaces.alive(pid)])


class LabSees(LabCase):
    def test_a_silence_of_the_vip_is_measured_and_so_are_its_owners(self):
        a, b = self.hosts("a", "b")
        client = self.client()
        a.execute("ip", "address", "add", "172.18.8.231/24", "dev", "ens33")
        pinger = self.ping(client)
        gone = time.monotonic()
        a.execute("ip", "address", "del", "172.18.8.231/24", "dev", "ens33")
        time.sleep(0.4)
        a.execute("ip", "address", "add", "172.18.8.231/24", "dev", "ens33")
        back = time.monotonic()
        b.execute("ip", "address", "add", "172.18.8.231/24", "dev", "ens33")
        time.sleep(0.2)
        b.execute("ip", "address", "del", "172.18.8.231/24", "dev", "ens33")
        time.sleep(0.1)
        report = pinger.stop()
        self.assert_within(pinger.longest(gone), back - gone + 0.02, "silence", at_least_s=0.39)
        self.assertGreater(report["lost"], 100)
        self.assert_within(self.watch.seconds_with("172.18.8.231", gone, time.monotonic(), 2), 0.35, "two owners", 0.19)
        self.assert_within(self.watch.seconds_with("172.18.8.231", gone, time.monotonic(), 0), 0.6, "no owner", 0.39)
        self.assertEqual(self.watch.holders("172.18.8.231"), ["a"])


if __name__ == "__main__":
    unittest.main(verbosity=2)
