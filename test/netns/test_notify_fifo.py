"""notify_fifo against a real daemon: every change is a line, the script reads it and ends with the daemon (behaviour.md d.12)."""
import os
import signal
import unittest

from case import FAST, VIP, LabCase, instance

READER = '#!/bin/sh\necho $$ > /run/reader.pid\nexec cat "$1" >> /run/heard\n'
HEAD = ("global_defs {\n    enable_script_security\n    script_user root\n    notify_fifo /run/all.fifo\n"
        "    notify_fifo_script /etc/keepalived/reader.sh\n    vrrp_notify_fifo /run/vrrp.fifo\n}\n")


class NotifyFifo(LabCase):
    def start(self):
        self.a, = self.hosts("a")
        self.a.write("/etc/keepalived/reader.sh", READER, 0o755)
        self.daemon = self.launch(self.a, HEAD + instance(100, **FAST))
        self.lab.wait_owner(VIP, self.a, 10)

    def heard(self):
        return self.a.shell("cat /run/heard 2>/dev/null", check=False).splitlines()

    def test_states_come_as_lines_and_the_reader_ends_with_the_daemon(self):
        self.start()
        up = ['INSTANCE "VI_1" BACKUP 100', 'INSTANCE "VI_1" MASTER 100']
        self.lab.wait(lambda: self.heard() == up, 10, "the reader's lines")
        self.assertEqual(self.a.shell("timeout 2 head -n 2 /run/vrrp.fifo").splitlines(), up)
        reader = int(self.a.shell("cat /run/reader.pid"))
        self.daemon.stop()
        self.lab.wait(lambda: not os.path.exists(f"/proc/{reader}"), 10, "the reader's end")
        self.assertFalse(self.a.exists("/run/all.fifo"))

    def test_killed_core_takes_the_reader_along_and_its_successor_starts_another(self):
        self.start()
        self.lab.wait(lambda: len(self.heard()) == 2, 10, "the reader's lines")
        reader = int(self.a.shell("cat /run/reader.pid"))
        os.kill(self.daemon.pid, signal.SIGKILL)
        self.lab.wait(lambda: not os.path.exists(f"/proc/{reader}"), 10, "the reader's end")
        self.daemon.start()
        self.lab.wait(lambda: int(self.a.shell("cat /run/reader.pid")) != reader, 10, "another reader")


if __name__ == "__main__":
    unittest.main(verbosity=2)
