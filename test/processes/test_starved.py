"""Out of descriptors, a full disk: named in the log, mastership unchanged. Out of memory for a child is tested in test/netns: the
sanitizers of this build do not live with a limit on the address space."""
import os
import resource
import subprocess
import time
import unittest

from world import VIP, ProcessCase, alive, instance, kill

SHORTAGE_S = 1.0  # shorter than the peers' master-down time: longer, the last will would rightly end the mastership


class Starved(ProcessCase):
    def lifted(self, old, words):
        self.a.wait_vrrp(4, old)
        time.sleep(1.5)
        self.a.wait_log(words, 5, self.since)
        self.assertTrue(alive(self.a.pid))
        self.nothing_happened(slack_s=SHORTAGE_S + 2.0)

    def test_no_descriptors_left(self):
        self.pair()
        old, before = self.a.vrrp(), resource.prlimit(self.a.pid, resource.RLIMIT_NOFILE)
        resource.prlimit(self.a.pid, resource.RLIMIT_NOFILE, (3, before[1]))
        kill(old)
        time.sleep(SHORTAGE_S)
        resource.prlimit(self.a.pid, resource.RLIMIT_NOFILE, before)
        self.lifted(old, "Cannot start the VRRP child process: .*Too many open files")

    def test_full_disk_in_the_run_directory(self):
        run = self.world.directory + "/run_a"
        os.mkdir(run)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=700", "holdfast_test", run], check=True)
        self.world.mounts.append(run)
        self.advert_int_s = 1
        self.a = self.world.host("a", "10.0.0.1/24", instance(200))
        self.a.run_directory = run
        self.a.start()
        self.b = self.world.host("b", "10.0.0.2/24", instance(100)).start()
        self.world.wait(lambda: self.a.has() and self.b.log("Entering BACKUP"), 15, "a is master, b is backup")
        self.begin()
        with open(run + "/full", "wb", buffering=0) as handle:
            try:
                for size in (4096, 1):
                    while True:
                        handle.write(b"x" * size)
            except OSError:
                pass
        old = self.a.vrrp()
        kill(old)
        # Its pid file cannot be written, so the log tells of the successor.
        self.world.wait(lambda: self.a.log("Starting VRRP child process", self.since), 5, "a successor")
        time.sleep(2.5)
        # A reload makes core write its record file anew.
        self.a.reload(instance(200, vips=(VIP, "192.0.2.10/24")))
        self.world.wait(lambda: self.a.log("No space left on device", self.since), 3, "the reason is named")
        self.world.wait(lambda: self.a.has("192.0.2.10/24"), 3, "it works although it cannot write")
        os.unlink(run + "/full")
        self.peer_never_active()
        self.assertEqual([event[2:] for event in self.a.events(self.since)], [("add", "192.0.2.10/24")])
        self.assertEqual(self.a.stop(), 0)


if __name__ == "__main__":
    unittest.main(verbosity=2)
