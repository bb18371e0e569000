"""Two masters at once, on a wire that was cut and healed: the winner counts the conflict, says with whom and for how long, and
announces and notifies again when it is over."""
import json
import os
import unittest

from case import FAST, VIP, LabCase, instance

CONTROL = os.environ.get("HOLDFAST_KEEPALIVEDCTL", "/usr/bin/keepalivedctl")
RUN_DIRECTORY = "/run/ka/core.pid.d"
HEAD = "global_defs {\n    enable_script_security\n    script_user root\n    notify_fifo /run/all.fifo\n}\n"
TOLD = '    notify_master_rx_lower_pri "/etc/keepalived/told.sh"\n'


class Conflict(LabCase):
    @staticmethod
    def status(host):
        return json.loads(host.execute(CONTROL, "--run-dir", RUN_DIRECTORY, "status", "--json"))["instances"][0]

    def test_the_winner_tells_of_a_conflict_and_of_its_end(self):
        self.a, self.b = self.hosts("a", "b")
        self.a.write("/etc/keepalived/told.sh", "#!/bin/sh\necho told >> /run/told\n", 0o755)
        self.daemon = self.launch(self.a, HEAD + instance(100, extra=TOLD, **FAST))
        self.lab.wait_owner(VIP, self.a, 10)
        self.other = self.launch(self.b, instance(90, **FAST))
        self.other.wait_log(r"\(VI_1\) Entering BACKUP STATE", 10)
        self.lab.wait(lambda: self.status(self.b)["master_address"] == self.a.address, 10, "a backup that knows its master")
        self.b.cut()
        self.lab.wait(lambda: self.b.has(VIP), 10, "a second master")
        self.assertTrue(self.a.has(VIP))
        self.b.heal()
        self.lab.wait_owner(VIP, self.a, 10)
        self.daemon.wait_log(rf"\(VI_1\) {self.b.address}, priority 90, was MASTER too for [0-9.]+ seconds "
                             r"\([0-9]+ adverts?\), now we are alone", 10)
        self.lab.wait(lambda: self.a.exists("/run/told") and len(self.a.read("/run/told").splitlines()) >= 2, 10,
                      "the script once at the beginning and once at the end")
        self.assertEqual(self.status(self.a)["conflicts"], 1)
        self.assertIn('INSTANCE "VI_1" MASTER_RX_LOWER_PRI 100',
                      self.a.shell("timeout 1 cat /run/all.fifo", check=False).splitlines())


if __name__ == "__main__":
    unittest.main(verbosity=2)
