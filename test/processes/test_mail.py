"""smtp_alert against a real mail server (python3-aiosmtpd): instances, sync groups, real servers and quorum; several recipients;
a server that is down at first, hangs or trickles; children and core that die (behaviour.md d.12, e.2, f.6)."""
import os
import re
import signal
import socket
import time
import unittest

from test_checker import Servers
from world import VIP, ProcessCase, alive, instance, kill
from smtp_box import Mailbox, Nuisance, Trickling

TO = ("root@example.org", "\"Night Shift\" <night@example.org>")
VIRTUAL = "192.0.2.80"


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def head(port, extra="smtp_alert", recipients=TO, timeout=1, server="127.0.0.1"):
    lines = "".join(f"        {recipient}\n" for recipient in recipients)
    return (f"global_defs {{\n    router_id RID\n    notification_email {{\n{lines}    }}\n"
            f"    notification_email_from Keeper <keeper@example.org>\n    smtp_server {server} {port}\n"
            f"    smtp_helo_name helo.example.org\n    smtp_connect_timeout {timeout}\n    {extra}\n}}\n")


def balanced(servers, port):
    text = (f"virtual_server {VIRTUAL} 80 {{\n    delay_loop 0.2\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n    warmup 0\n"
            "    smtp_alert\n")
    for address in servers:
        text += f"    real_server {address} {port} {{\n        TCP_CHECK {{\n            connect_timeout 1\n            retry 0\n        }}\n    }}\n"
    return text + "}\n"


class Mail(ProcessCase):
    def box(self, refused=(), opened=True):
        box = Mailbox("127.0.0.1", free_port(), self.world.directory + "/mails", refused=refused)
        self.addCleanup(box.close)
        return box.open() if opened else box

    def host(self, text, **more):
        self.a = self.world.host("a", "10.0.0.1/24", text, **more).start()
        return self.a

    def wait_subjects(self, box, subjects, limit_s=20):
        self.world.wait(lambda: box.subjects() == subjects, limit_s, f"{subjects}, there is {box.subjects()}")

    def wait_mail(self, box, subject, limit_s=20, after=0):
        self.world.wait(lambda: subject in box.subjects()[after:], limit_s, f"{subject}, there is {box.subjects()}")

    def mailers(self):
        """pids of the mailers of this host."""
        found = []
        for pid in self.a.processes():
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as handle:
                    if b"mailer" in handle.read():
                        found.append(pid)
            except OSError:
                pass
        return found

    def test_an_instance_and_its_group_from_start_to_stop(self):
        box = self.box()
        text = head(box.port) + instance(200, advert_int=0.1) + "vrrp_sync_group G {\n    group {\n        V\n    }\n}\n"
        self.host(text)
        states = [f"[RID] VRRP {what} - Entering {state} state" for state in ("BACKUP", "MASTER")
                  for what in ("Instance V", "Group G")]
        self.wait_subjects(box, states)
        self.assertEqual(self.a.stop(), 0)
        self.wait_subjects(box, states + ["[RID] VRRP Instance V - Stopping", "[RID] VRRP Group G - Stopping"])
        mail = box.mails()[2]
        self.assertEqual((mail["helo"], mail["extended"], mail["from"], mail["to"]),
                         ("helo.example.org", False, "keeper@example.org", ["root@example.org", "night@example.org"]))
        self.assertEqual(mail["headers"], ["Date", "From", "Subject", "X-Mailer", "To"])
        message = mail["message"]
        self.assertEqual(message["From"], "Keeper <keeper@example.org>")
        self.assertEqual(message["To"], "root@example.org, Night Shift <night@example.org>")
        self.assertEqual(message["X-Mailer"], "Keepalived")
        self.assertRegex(message["Date"], r"^[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d [+-]\d{4}$")
        self.assertEqual(mail["body"], "=> VRRP Instance is now owning VRRP VIPs <=")
        self.a.wait_log("SMTP alert successfully sent", 5)
        self.a.wait_log(rf"Remote SMTP server \[127.0.0.1\]:{box.port} connected", 5)

    def test_a_fault_is_mailed_unless_it_is_not_wanted(self):
        box = self.box()
        failing = "    track_script {\n        chk\n    }\n"
        script = f"vrrp_script chk {{\n    script \"/usr/bin/test ! -e {self.world.directory}/bad\"\n    interval 1\n}}\n"
        text = head(box.port) + script + instance(200, advert_int=0.1, extra=failing)
        self.host(text)
        self.wait_mail(box, "[RID] VRRP Instance V - Entering MASTER state")
        open(self.world.directory + "/bad", "w", encoding="ascii").close()
        self.wait_mail(box, "[RID] VRRP Instance V - Entering FAULT state")
        os.unlink(self.world.directory + "/bad")
        self.wait_mail(box, "[RID] VRRP Instance V - Entering MASTER state", after=3)
        self.a.reload(text.replace("    smtp_alert\n", "    smtp_alert\n    no_email_faults\n"))
        seen = len(box.subjects())
        open(self.world.directory + "/bad", "w", encoding="ascii").close()
        self.a.wait_log("Entering FAULT STATE", 10, time.monotonic() - 0.1)
        os.unlink(self.world.directory + "/bad")
        self.wait_mail(box, "[RID] VRRP Instance V - Entering MASTER state", after=seen)
        self.assertNotIn("[RID] VRRP Instance V - Entering FAULT state", box.subjects()[seen:])

    def test_real_servers_and_quorum(self):
        box, servers = self.box(), Servers(1)
        self.addCleanup(servers.close)
        address, port = next(iter(servers.sockets)), servers.port
        real, service = f"[{address}]:tcp:{port}", f"[{VIRTUAL}]:tcp:80"
        self.host(head(box.port, extra="") + balanced([address], port),
                  environment={"HOLDFAST_TEST_IPVS": self.world.directory + "/ipvs"})
        self.a.wait_log("TCP connection to .* success", 15)
        servers.down(address)
        down = [f"[RID] Virtualserver {service} - DOWN", f"[RID] Realserver {real} of virtual server {service} - DOWN"]
        self.wait_subjects(box, down)
        self.assertEqual([mail["body"] for mail in box.mails()],
                         ["=> Lost quorum 1-0=1 > 0 <=", "=> TCP CHECK failed on service <="])
        servers.up(address)
        self.wait_subjects(box, down + [f"[RID] Virtualserver {service} - UP",
                                        f"[RID] Realserver {real} of virtual server {service} - UP"])
        self.assertEqual([mail["body"] for mail in box.mails()[2:]],
                         ["=> Gained quorum 1+0=1 <= 1 <=", "=> TCP CHECK succeed on service <="])

    def test_one_refused_recipient_does_not_lose_the_others_the_mail(self):
        box = self.box(refused=["root@example.org"])
        self.host(head(box.port) + instance(200, advert_int=0.1))
        self.wait_mail(box, "[RID] VRRP Instance V - Entering MASTER state")
        self.assertEqual(box.mails()[0]["to"], ["night@example.org"])
        self.a.wait_log("refuses recipient root@example.org, RCPT TO: 550 nobody of that name", 5)

    def test_all_recipients_refused_is_tried_once_more_and_named(self):
        box = self.box(refused=["root@example.org"])
        self.host(head(box.port, recipients=["root@example.org"]) + instance(200, advert_int=0.1))
        self.a.wait_log(r"could not be sent, trying again in 5 seconds: SMTP server 127.0.0.1 port \d+, RCPT TO: 550", 10)
        self.a.wait_log(r'"\[RID\] VRRP Instance V - Entering BACKUP state" could not be sent, given up: .*RCPT TO: 550', 15)
        self.assertEqual(box.mails(), [])

    def test_a_server_that_is_down_at_first_gets_the_mails_at_the_second_try_in_order(self):
        box = self.box(opened=False)
        self.host(head(box.port) + instance(200, advert_int=0.1))
        self.a.wait_log(f"Error connecting SMTP server .*:{box.port}", 10)
        self.a.wait_log("trying again in 5 seconds: .*connecting: .*Connection refused", 5)
        box.open()
        self.wait_subjects(box, [f"[RID] VRRP Instance V - Entering {state} state" for state in ("BACKUP", "MASTER")])

    def test_a_server_that_never_comes_is_given_up_with_server_and_step(self):
        port = free_port()
        self.host(head(port) + instance(200, advert_int=0.1))
        self.a.wait_log(rf"given up: SMTP server 127.0.0.1 port {port}, connecting: \[127.0.0.1\]:{port}: Connection refused", 20)

    def test_a_name_that_means_nothing_is_named(self):
        self.host(head(25, server="nothing.invalid") + instance(200, advert_int=0.1))
        self.a.wait_log("trying again in 5 seconds: SMTP server nothing.invalid port 25, looking up the server", 30)

    def test_servers_that_hang_or_trickle_cost_their_time_and_no_advert(self):
        for kind, step in ((Nuisance, "greeting: no answer in time"), (Trickling, "greeting: no answer in time")):
            server = kind()
            self.addCleanup(server.close)
            host = self.world.host(kind.__name__.lower(), "10.0.0.1/24", head(server.port) + instance(200, advert_int=0.1)).start()
            self.a = host
            self.world.wait(host.has, 10, "it is master")
            self.since, self.advert_int_s = time.monotonic(), 0.1
            host.wait_log(step, 15)
            self.rhythm_held(0.5)
            self.assertEqual(host.stop(), 0)

    def test_a_mailer_that_hangs_is_killed_at_its_deadline(self):
        server = Nuisance()
        self.addCleanup(server.close)
        self.host(head(server.port) + instance(200, advert_int=0.1))
        mailer = self.world.wait(self.mailers, 10, "a mailer")[0]
        os.kill(mailer, signal.SIGSTOP)
        self.a.wait_log("no end in 4 s, killed", 15)
        self.assertFalse(alive(mailer))

    def test_the_mailer_is_nobody_and_may_run_nothing(self):
        server = Nuisance()
        self.addCleanup(server.close)
        self.host(head(server.port, timeout=5) + instance(200, advert_int=0.1))
        self.world.wait(lambda: server.connections, 10, "a connection")
        mailer = self.mailers()[0]
        with open(f"/proc/{mailer}/status", encoding="ascii") as handle:
            status = dict(re.findall(r"^(\w+):[ \t]*(.*)$", handle.read(), re.M))
        self.assertNotIn("0", status["Uid"].split())
        self.assertEqual(status["Groups"].split(), [])
        self.assertEqual(int(status["CapEff"], 16) | int(status["CapPrm"], 16), 0)
        self.assertEqual((status["Seccomp"], status["NoNewPrivs"]), ("2", "1"))
        self.assertLessEqual({int(fd) for fd in os.listdir(f"/proc/{mailer}/fd")}, {0, 1, 2, 3, 4})

    def test_mails_outlive_the_child_that_asked_for_them(self):
        box = self.box(opened=False)
        self.host(head(box.port) + instance(200, advert_int=0.1))
        self.world.wait(self.a.has, 10, "it is master")
        self.a.wait_log("trying again in 5 seconds", 10)
        kill(self.a.wait_vrrp())
        box.open()
        self.wait_subjects(box, [f"[RID] VRRP Instance V - Entering {state} state" for state in ("BACKUP", "MASTER")])
        time.sleep(0.5)
        self.assertEqual(len(box.subjects()), 2, "what a predecessor has mailed is not mailed again")

    def test_what_happens_without_a_core_is_mailed_by_the_next(self):
        box = self.box()
        self.host(head(box.port) + instance(200, advert_int=0.1))
        self.wait_mail(box, "[RID] VRRP Instance V - Entering MASTER state")
        self.a.kill_core()
        peer = self.world.host("b", "10.0.0.9/24", instance(250, advert_int=0.1)).start()
        self.world.wait(lambda: peer.has(VIP) and not self.a.has(VIP), 10, "the peer took over")
        self.a.start()
        self.wait_mail(box, "[RID] VRRP Instance V - Entering BACKUP state", after=2)

    def test_many_mails_share_connections_and_keep_their_order(self):
        box = self.box(opened=False)
        names = [f"V{number}" for number in range(1, 31)]
        vips = [f"192.0.2.{number}/24" for number in range(101, 131)]
        self.host(head(box.port) + "".join(instance(200, advert_int=0.1, name=name, vips=(vip,), vrid=50 + at)
                                           for at, (name, vip) in enumerate(zip(names, vips))))
        self.a.wait_log("trying again in 5 seconds", 10)
        box.open()
        self.world.wait(lambda: len(box.subjects()) == 60, 30, f"60 mails, there are {len(box.subjects())}")
        for name in names:
            own = [subject.rsplit(" ", 2)[1] for subject in box.subjects() if f"Instance {name} " in subject]
            self.assertEqual(own, ["BACKUP", "MASTER"])
        self.assertLessEqual(len(self.a.log("Remote SMTP server .* connected")), 4)

    def test_without_a_server_or_recipients_nothing_is_started(self):
        self.host("global_defs {\n    smtp_alert\n    notification_email {\n        a@b\n    }\n}\n" + instance(200, advert_int=0.1))
        self.world.wait(self.a.has, 10, "it is master")
        self.assertEqual(self.mailers(), [])
        self.assertEqual(self.a.log("SMTP"), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
