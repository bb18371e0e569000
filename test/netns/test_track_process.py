"""vrrp_track_process against a real daemon: processes that begin, fork, rename themselves and end move the VIP, a crash does not.

The lab's hosts have network namespaces of their own, where the kernel does not tell of processes: what is tried here is the
look at /proc; vrrp_io_test tries the kernel's own news.
"""
import os
import signal
import unittest

from case import FAST, VIP, LabCase, instance

# Names that no other process of this machine has.
NAME = f"hftp{os.getpid()}"
PROCESSES = (f"vrrp_track_process server {{\n    process {NAME}\n    weight -20\n    quorum 2\n    terminate_delay 0.5\n}}\n"
             f"vrrp_track_process job {{\n    process /bin/sh -c \"exec 2>&1; sleep 9{os.getpid()} # job\"\n    quorum_max 0\n}}\n")
TRACK = "    track_process {\n        server\n        job\n    }\n"


class TrackProcess(LabCase):
    def start(self):
        self.a, self.b = self.hosts("a", "b")
        self.a.shell(f"cp /bin/sleep /run/{NAME}")
        self.running = []
        for _ in range(3):
            self.begin(f"/run/{NAME}", "600")
        self.daemon = self.launch(self.a, PROCESSES + instance(100, extra=TRACK, **FAST))
        self.lab.wait_owner(VIP, self.a, 10)
        self.other = self.launch(self.b, instance(90, **FAST))
        self.other.wait_log(r"\(VI_1\) Entering BACKUP STATE", 10)

    def begin(self, *command):
        process = self.a.start(*command)
        self.running.append(process)
        return process

    def end(self, process):
        process.kill()
        process.wait()
        self.running.remove(process)

    def tearDown(self):
        for process in list(self.running):
            self.end(process)
        super().tearDown()

    def test_the_vip_follows_the_quorum_after_its_delay(self):
        self.start()
        self.end(self.running[0])
        self.end(self.running[0])
        self.daemon.wait_log(r"Quorum lost for tracked process server", 10)
        self.lab.wait_owner(VIP, self.b, 10)
        self.begin(f"/run/{NAME}", "600")
        self.daemon.wait_log(r"Quorum gained for tracked process server", 10)
        self.lab.wait_owner(VIP, self.a, 10)

    def test_a_process_that_must_not_run_faults_while_it_does(self):
        self.start()
        job = self.begin("/bin/sh", "-c", f"exec 2>&1; sleep 9{os.getpid()} # job")
        self.daemon.wait_log(r"entering FAULT state \(tracked process job quorum not achieved\)", 10)
        self.lab.wait_owner(VIP, self.b, 10)
        self.end(job)
        self.lab.wait_owner(VIP, self.a, 10)

    def test_a_crash_of_vrrp_moves_nothing(self):
        self.start()
        for _ in range(3):
            old = self.daemon.vrrp()
            os.kill(old, signal.SIGKILL)
            self.daemon.wait_vrrp(other_than=old)
        self.end(self.running[0])  # two are left
        self.daemon.signal(signal.SIGHUP)
        self.daemon.wait_log(r"Reload complete", 10)
        self.assertEqual(self.daemon.log(r"Changing effective priority|Quorum"), [])
        self.end(self.running[0])
        self.daemon.wait_log(r"Quorum lost for tracked process server", 10)
        self.lab.wait_owner(VIP, self.b, 10)


if __name__ == "__main__":
    unittest.main(verbosity=2)
