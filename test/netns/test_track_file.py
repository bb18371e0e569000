"""track_file against a real daemon: what stands in a file moves the VIP, however the file is written, and a crash moves nothing."""
import os
import signal
import unittest

from case import FAST, VIP, LabCase, instance

FILES = ('track_file load {\n    file "/run/load"\n    weight 2\n    init_file 5\n}\n'
         'vrrp_track_file bad {\n    file "/run/dir/bad"\n    weight 0\n    init_file 0 overwrite\n}\n')
TRACK = "    track_file {\n        load\n        bad\n    }\n"


class TrackFile(LabCase):
    def start(self):
        self.a, self.b = self.hosts("a", "b")
        self.a.shell("mkdir /run/dir; echo 1 > /run/dir/bad")
        self.daemon = self.launch(self.a, FILES + instance(100, extra=TRACK, **FAST))
        self.lab.wait_owner(VIP, self.a, 10)
        self.other = self.launch(self.b, instance(105, **FAST))
        self.other.wait_log(r"\(VI_1\) Entering BACKUP STATE", 10)

    def write(self, path, text):
        """In place, as `echo` does."""
        self.a.shell(f"echo '{text}' > {path}")

    def test_init_file_is_written_and_the_number_counts_from_the_start(self):
        self.start()
        self.assertEqual(self.a.read("/run/load"), "5\n")
        self.assertEqual(self.a.read("/run/dir/bad"), "0\n")
        self.daemon.wait_log(r"Changing effective priority from 100 to 110", 10)
        self.assertTrue(self.a.has(VIP))

    def test_the_vip_follows_the_number_however_it_is_written(self):
        self.start()
        self.write("/run/load", "-20")
        self.lab.wait_owner(VIP, self.b, 10)
        self.a.write("/run/load", "0x10\n")  # renamed over the old one
        self.daemon.wait_log(r"Changing effective priority from 60 to 132", 10)
        self.lab.wait_owner(VIP, self.a, 10)
        self.a.shell("rm /run/load")
        self.daemon.wait_log(r"Changing effective priority from 132 to 100", 10)
        self.lab.wait_owner(VIP, self.b, 10)
        self.a.shell("mkdir /run/load")
        self.daemon.wait_log(r"tracked file load: /run/load is no regular file", 10)
        self.a.shell("rmdir /run/load; mkfifo /run/load; rm /run/load; echo 50 > /run/load")
        self.lab.wait_owner(VIP, self.a, 10)
        self.write("/run/load", "soon")
        self.daemon.wait_log(r"tracked file load: /run/load does not begin with a number", 10)
        self.lab.wait_owner(VIP, self.b, 10)

    def test_a_file_without_weight_faults_and_a_folder_that_goes_does_not(self):
        self.start()
        self.write("/run/dir/bad", "3")
        self.daemon.wait_log(r"entering FAULT state \(tracked file bad has status 3\)", 10)
        self.lab.wait_owner(VIP, self.b, 10)
        self.a.shell("rm -r /run/dir")
        self.lab.wait_owner(VIP, self.a, 10)
        self.a.shell("mkdir /run/dir; echo 1 > /run/dir/bad")
        self.lab.wait_owner(VIP, self.b, 10)

    def test_a_crash_of_vrrp_moves_nothing_and_a_reload_keeps_what_is_known(self):
        self.start()
        self.daemon.wait_log(r"Changing effective priority from 100 to 110", 10)
        for _ in range(3):
            old = self.daemon.vrrp()
            os.kill(old, signal.SIGKILL)
            self.daemon.wait_vrrp(other_than=old)
        since = self.daemon.signal(signal.SIGHUP)
        self.daemon.wait_log(r"Reload complete", 10, since)
        self.write("/run/load", "6")
        self.daemon.wait_log(r"Changing effective priority from 110 to 112", 10)
        self.assertEqual(len(self.daemon.log(r"Changing effective priority")), 2)
        self.assertEqual(len(self.daemon.log(r"Entering (BACKUP|FAULT) STATE")), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
