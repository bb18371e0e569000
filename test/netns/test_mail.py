"""smtp_alert against a real mail server on the same LAN, and one that hangs: the VIP and the rhythm of the adverts do not care
(behaviour.md d.12, e.2, f.6). What is mailed when is tested in test/processes/test_mail.py."""
import os
import signal
import socket
import sys
import time
import unittest

from case import FAST, PROGRAM, REFERENCE, VIP, LabCase, instance
from namespaces import open_inside

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from smtp_box import Mailbox, Nuisance  # noqa: E402

INTERVAL_S = 0.1
TEST_PROGRAM = os.environ.get("HOLDFAST_TEST_KEEPALIVED", PROGRAM)  # has an IPVS table of its own


def head(server, port, extra=""):
    return (f"global_defs {{\n    router_id RID\n    notification_email {{\n        root@example.org\n    }}\n"
            f"    notification_email_from keeper@example.org\n    smtp_server {server} {port}\n    smtp_connect_timeout 1\n"
            f"    smtp_alert\n{extra}}}\n")


class Mail(LabCase):
    def box(self, host, port=25):
        host.write("/run/mails", "", 0o666)
        box = Mailbox(host.address, port, "/run/mails", start=host.start, seen=host.run_directory + "/mails")
        self.addCleanup(box.close)
        return box.open()

    def wait_subjects(self, box, subjects, limit_s=20):
        self.lab.wait(lambda: box.subjects() == subjects, limit_s, f"{subjects}, there is {box.subjects()}")

    def test_a_pair_and_a_cut_link_are_mailed_over_the_lan_by_name(self):
        a, b, post = self.hosts("a", "b", "post")
        box = self.box(post)
        text = head("post.example", 25)
        name = socket.gethostname()
        hosts = f"127.0.0.1 localhost\n{post.address} post.example\n10.9.9.9 {name}.example.net {name}\n"
        for host in (a, b):
            host.write("/run/hosts", hosts)
            host.shell("mount --bind /run/hosts /etc/hosts")
        daemon = self.launch(a, text + instance(100, **FAST))
        self.lab.wait_owner(VIP, a, 10)
        states = ["[RID] VRRP Instance VI_1 - Entering BACKUP state", "[RID] VRRP Instance VI_1 - Entering MASTER state"]
        self.wait_subjects(box, states)
        self.assertEqual(box.mails()[0]["helo"], f"{name}.example.net", "the host name in full")
        other = self.launch(b, text + instance(200, **FAST))
        self.lab.wait_owner(VIP, b, 10)
        states += ["[RID] VRRP Instance VI_1 - Entering BACKUP state"] * 2 + ["[RID] VRRP Instance VI_1 - Entering MASTER state"]
        self.lab.wait(lambda: sorted(box.subjects()) == sorted(states), 20, f"mails of both, there is {box.subjects()}")
        b.carrier(False)
        self.lab.wait_owner(VIP, a, 10)
        other.wait_log("trying again in 5 seconds", 20)
        b.carrier(True)
        fault = "[RID] VRRP Instance VI_1 - Entering FAULT state"
        self.lab.wait(lambda: fault in box.subjects(), 20, "the fault is mailed when the link is back, at the second try")
        self.assertEqual(daemon.stop()[2], 0)
        self.lab.wait(lambda: "[RID] VRRP Instance VI_1 - Stopping" in box.subjects(), 10, "the stop is mailed")

    def balanced(self, host, servers):
        """A director whose IPVS table is a file (keepalived_test), beside an instance on the real wire."""
        reals = "".join(f"    real_server {server.address} 80 {{\n        HTTP_GET {{\n            url {{\n                path /\n"
                        "                status_code 200\n            }\n            connect_timeout 1\n            retry 0\n        }\n    }\n"
                        for server in servers)
        text = (f"virtual_server {VIP} 80 {{\n    delay_loop 0.2\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n    warmup 0\n"
                f"    quorum 2\n    smtp_alert\n{reals}}}\n")
        environment = {"HOLDFAST_TEST_REAL_PORTS": "1", "HOLDFAST_TEST_IPVS": "/run/ipvs"}
        return self.launch(host, self.director_head + text + instance(200, **FAST), TEST_PROGRAM, environment=environment)

    def test_real_servers_and_a_quorum_are_mailed_over_the_lan(self):
        director, post, one, two = self.hosts("a", "post", "c", "d")
        box = self.box(post)
        self.director_head = head(post.address, 25).replace("    smtp_alert\n", "    smtp_alert_vrrp off\n")
        for server in (one, two):
            server.start_web()
        daemon = self.balanced(director, (one, two))
        self.lab.wait_owner(VIP, director, 10)
        self.lab.wait(lambda: len(daemon.log("succeed on service", daemon.started)) >= 2, 20, "both servers are checked")
        self.assertEqual(box.subjects(), [], "nothing is mailed of what is well")
        service = f"[{VIP}]:tcp:80"

        def real(server, state):
            return f"[RID] Realserver [{server.address}]:tcp:80 of virtual server {service} - {state}"

        since = time.monotonic()
        one.stop_web()
        down = [f"[RID] Virtualserver {service} - DOWN", real(one, "DOWN")]
        self.wait_subjects(box, down)
        self.assertEqual(box.mails()[0]["body"], "=> Lost quorum 2-0=2 > 1 <=")
        one.start_web()
        up = [f"[RID] Virtualserver {service} - UP", real(one, "UP")]
        self.lab.wait(lambda: sorted(box.subjects()[2:]) == sorted(up), 20, f"{up}, there is {box.subjects()[2:]}")
        os.kill(int(director.read("/run/ka/checkers.pid")), signal.SIGKILL)
        time.sleep(2)
        self.assertEqual(len(box.subjects()), 4, "a crash of the checker is no news of a server")
        two.stop_web()
        self.lab.wait(lambda: sorted(box.subjects()[4:]) == sorted([down[0], real(two, "DOWN")]), 20, f"{box.subjects()[4:]}")
        self.assertEqual((self.watch.holders(VIP), self.watch.events_of(VIP, since)), (["a"], []))
        self.assertLess(self.watch.longest_advert_gap(director.address, since, time.monotonic()), INTERVAL_S * 3.2)

    def mails_of(self, program, host, text):
        """What the program mails from its start over a fault to being master again."""
        host.write("/run/mails", "", 0o666)
        box = Mailbox("127.0.0.1", 25, "/run/mails", start=host.start, seen=host.run_directory + "/mails").open()
        try:
            daemon = self.launch(host, text, program)
            self.lab.wait(lambda: len(box.subjects()) == 4, 20, f"mails of BACKUP and MASTER, there are {box.subjects()}")
            host.carrier(False)
            self.lab.wait(lambda: len(box.subjects()) == 6, 20, f"mails of FAULT, there are {box.subjects()}")
            host.carrier(True)
            self.lab.wait(lambda: len(box.subjects()) == 10, 20, f"mails of the return, there are {box.subjects()}")
            daemon.stop()
        finally:
            box.close()
        kept = ("subject", "body", "helo", "from", "to", "headers")
        return sorted([repr({key: mail[key] for key in kept}) for mail in box.mails()[:10]])

    def test_mails_are_those_of_keepalived(self):
        a, = self.hosts("a")
        group = "vrrp_sync_group G {\n    group {\n        VI_1\n    }\n}\n"
        text = head("127.0.0.1", 25) + instance(200, **FAST) + group
        self.assertEqual(self.mails_of(PROGRAM, a, text), self.mails_of(REFERENCE, a, text))

    def test_a_server_that_hangs_does_not_touch_the_vip_or_its_rhythm(self):
        a, b = self.hosts("a", "b")
        listener = open_inside(a.namespace, lambda: socket.create_server(("127.0.0.1", 25)))
        server = Nuisance(listener=listener)
        self.addCleanup(server.close)
        text = head("127.0.0.1", 25)
        master = self.launch(a, text + instance(200, **FAST))
        self.lab.wait_owner(VIP, a, 10)
        backup = self.launch(b, instance(100, **FAST))
        backup.wait_log("Entering BACKUP STATE", 10)
        since = time.monotonic()
        self.lab.wait(lambda: server.connections, 10, "a mailer has connected")
        master.wait_log("trying again in 5 seconds: .*no answer in time", 20)
        master.wait_log("given up: .*no answer in time", 30)
        until = time.monotonic()
        self.assertEqual(backup.log("Entering MASTER", since), [])
        self.assertLess(self.watch.longest_advert_gap(a.address, since, until), INTERVAL_S * 3.2, self.lab.story())
        self.assertEqual(self.watch.holders(VIP), ["a"])
        began = time.monotonic()
        self.assertEqual(master.stop()[2], 0)
        self.assertLess(time.monotonic() - began, 8, "the mail of the stop is not waited for for long")


if __name__ == "__main__":
    unittest.main(verbosity=2)
