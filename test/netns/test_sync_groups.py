"""vrrp_sync_group against real kernels: members move together, also after a crash (behaviour.md d.11)."""
import os
import signal
import time
import unittest

from case import FAST, VIP, LabCase, instance

SECOND_VIP = "172.18.8.232"
GROUP = "vrrp_sync_group G {\n    group {\n        VI_1\n        VI_2\n    }\n    notify /etc/keepalived/tell.sh\n}\n"
TELL = '#!/bin/sh\necho "$@" >> /run/told\n'
HEAD = "global_defs {\n    enable_script_security\n    script_user root\n}\n"


def second(priority, timing):
    """Faults when the interface `watched` goes down."""
    return instance(priority, name="VI_2", vrid=102, vips=(f"{SECOND_VIP}/24",),
                    extra="    track_interface {\n        watched\n    }\n", **timing)


class SyncGroups(LabCase):
    def start(self, timing):
        self.a, self.b = self.hosts("a", "b")
        self.daemons = []
        for host, priority in ((self.a, 100), (self.b, 90)):
            host.execute("ip", "link", "add", "watched", "type", "veth", "peer", "name", "far")
            host.execute("ip", "link", "set", "far", "up")
            host.execute("ip", "link", "set", "watched", "up")
            host.write("/etc/keepalived/tell.sh", TELL, 0o755)
            text = HEAD + instance(priority, **timing) + second(priority, timing) + GROUP
            self.daemons.append(self.launch(host, text))
            self.daemons[-1].wait_log("Entering BACKUP STATE", 10)
            self.both_on(self.a)  # the first is Active before the second begins: their timers differ by 4 ms only

    def both_on(self, host):
        for address in (VIP, SECOND_VIP):
            self.lab.wait_owner(address, host, 10)

    def told(self, host):
        return host.shell("cat /run/told 2>/dev/null", check=False).splitlines()

    def test_a_fault_in_one_member_moves_both_and_the_group_is_told(self):
        self.start(FAST)
        self.lab.wait(lambda: self.told(self.a) == ["GROUP G BACKUP 0", "GROUP G MASTER 0"], 5, "notify of a's group")
        since = time.monotonic()
        self.a.execute("ip", "link", "set", "watched", "down")
        self.both_on(self.b)
        self.daemons[0].wait_log(r"VRRP_Group\(G\) Syncing instances to FAULT state", 5, since)
        self.lab.wait(lambda: self.told(self.a)[-1] == "GROUP G FAULT 0", 5, "fault of a's group")
        self.assertFalse(self.a.has(VIP) or self.a.has(SECOND_VIP))
        self.a.execute("ip", "link", "set", "watched", "up")
        self.both_on(self.a)

    def test_killed_vrrp_comes_back_with_the_whole_group(self):
        self.start({"advert_int": 1})
        told = self.told(self.a)
        for _ in range(5):
            since = time.monotonic()
            vrrp = self.daemons[0].vrrp()
            os.kill(vrrp, signal.SIGKILL)
            self.lab.wait(lambda: self.daemons[0].vrrp() not in (None, vrrp), 5, "another vrrp")
            time.sleep(1.2)
            for address in (VIP, SECOND_VIP):
                self.assert_untouched(address, since)
            self.assert_never_active(self.daemons[1], since)
        self.assertEqual(self.told(self.a), told, "nobody is told what has not changed")


if __name__ == "__main__":
    unittest.main(verbosity=2)
