"""nftables_ipvs against nftables in the kernel: what `nft` lists, which packets get a mark, healing, crash, reload, stop.

The IPVS table is a file (keepalived_test, test/support/file_ipvs.h); test/vm has the same with the kernel's.
"""
import json
import os
import re
import signal
import time
import unittest

from case import PROGRAM, LabCase

TEST_PROGRAM = os.environ.get("HOLDFAST_TEST_KEEPALIVED", PROGRAM)
ENVIRONMENT = {"HOLDFAST_TEST_REAL_PORTS": "1", "HOLDFAST_TEST_IPVS": "/run/ipvs"}
TABLE = "keepalived_ipvs"
RECONCILE_S = 1


def head(lines=" nftables_ipvs\n"):
    return f"global_defs {{\n router_id a\n ipvs_reconcile_interval {RECONCILE_S}\n{lines}}}\n"


def group(name, *entries):
    return f"virtual_server_group {name} {{\n" + "".join(f"    {entry}\n" for entry in entries) + "}\n"


def service(name, protocol="TCP", real="10.0.0.1"):
    return (f"virtual_server group {name} {{\n lb_algo rr\n lb_kind NAT\n protocol {protocol}\n"
            f" real_server {real} 80 {{\n }}\n}}\n")


WEB = group("WEB", "172.18.8.201-203 80", "172.18.8.209 443")
SIX = group("SIX", "fd00:8::1-3 80")
TEXT = WEB + SIX + service("WEB") + service("SIX", real="fd00:9::1") + service("WEB", "UDP")


class NftablesIpvs(LabCase):
    def setUp(self):
        super().setUp()
        self.host, = self.hosts("a")

    def director(self, text=head() + TEXT, **more):
        self.daemon = self.launch(self.host, text, TEST_PROGRAM, environment=ENVIRONMENT, **more)
        return self.daemon

    # ---- what is there ----
    def marks(self, family="ip", protocol="tcp", table=TABLE):
        """{"FIRST-LAST . PORT": mark} of a map; None when it is not there."""
        text = self.host.execute("nft", "list", "map", family, table, f"{protocol}_map", check=False)
        found = re.findall(r"([0-9a-f.:/-]+ \. [0-9-]+)(?: counter packets \d+ bytes \d+)? : (0x[0-9a-f]+)", text)
        return {key: int(mark, 16) for key, mark in found} if "map" in text else None

    def ruleset(self):
        return self.host.execute("nft", "list", "ruleset")

    def tables(self):
        return sorted(self.host.execute("nft", "list", "tables").splitlines())

    def services(self):
        """Keys FAMILY/MARK/PROTOCOL/ADDRESS/PORT of the IPVS table."""
        keys = set()
        for line in self.host.read("/run/ipvs").splitlines():
            words = line.split()
            if words[2] == "S+":
                keys.add(words[3])
            elif words[2] == "S-":
                keys.discard(words[3])
        return keys

    def wait_marks(self, wanted, timeout_s=10):
        self.lab.wait(lambda: self.marks() == wanted, timeout_s, f"marks {wanted}")

    ALL = {"172.18.8.201-172.18.8.203 . 80": 1000, "172.18.8.209 . 443": 1000}

    def wait_all(self):
        self.wait_marks(self.ALL)

    def checker(self):
        return int(self.host.read("/run/ka/checkers.pid"))

    def reload(self, text):
        self.daemon.configure(text)
        since = self.daemon.signal(signal.SIGHUP)
        self.daemon.wait_log("Reload complete", 10, since)
        return since

    # ---- tests ----
    def test_a_group_is_one_service_by_mark_and_its_table_is_that_of_keepalived(self):
        self.director()
        self.wait_all()
        self.assertEqual(self.services(), {"4/1000/6/0.0.0.0/0", "6/1001/6/0.0.0.0/0", "4/1002/6/0.0.0.0/0"})
        self.assertEqual(self.marks("ip6"), {"fd00:8::1-fd00:8::3 . 80": 1001})
        self.assertEqual(self.marks(protocol="udp"), dict.fromkeys(self.ALL, 1002))
        self.assertEqual(self.tables(), [f"table ip {TABLE}", f"table ip6 {TABLE}"])
        for part in ("type filter hook input priority filter - 1; policy accept;", "type ipv4_addr . inet_service : mark",
                     "meta mark set ip daddr . tcp dport map @tcp_map return",
                     "meta mark set ip6 daddr . tcp dport map @tcp_map return"):
            self.assertIn(part, self.ruleset())

    def test_packets_to_the_addresses_are_marked_and_others_are_not(self):
        client = self.client()
        self.host.shell("for last in 201 203 204; do ip address add 172.18.8.$last/32 dev ens33; done\n"
                        "nft 'add table ip see; add chain ip see in { type filter hook input priority 50; }'\n"
                        "nft 'add rule ip see in meta mark 1000 counter; add rule ip see in meta mark 1002 counter'")
        self.director()
        self.wait_all()
        knock = "import socket; s = socket.socket(); s.settimeout(1); print(s.connect_ex(('{}', {})))"

        def seen():
            return [int(count) for count in re.findall(r"packets (\d+)", self.host.execute("nft", "list", "table", "ip", "see"))]

        for address, port, wanted in (("172.18.8.201", 80, [1, 0]), ("172.18.8.203", 80, [2, 0]), ("172.18.8.204", 80, [2, 0]),
                                      ("172.18.8.201", 81, [2, 0])):
            client.execute("python3", "-c", knock.format(address, port))
            self.assertEqual(seen(), wanted, f"{address}:{port}")
        datagram = "import socket; socket.socket(type=socket.SOCK_DGRAM).sendto(b'x', ('172.18.8.203', 80))"
        client.execute("python3", "-c", datagram)
        self.lab.wait(lambda: seen() == [2, 1], 5, "a datagram has the mark of its own service")

    def test_what_others_do_to_the_table_is_told_and_put_right(self):
        daemon = self.director()
        self.wait_all()
        good = self.meaning()
        for harm, told in (("flush ruleset", "map tcp_map of table ip keepalived_ipvs was missing"),
                           (f"delete element ip {TABLE} tcp_map {{ 172.18.8.209 . 443 }}", "lacked 1 of 2 elements"),
                           (f"flush chain ip {TABLE} in", "had 0 rules instead of 2"), (f"delete table ip6 {TABLE}", "table ip6")):
            with self.subTest(harm=harm):
                since = time.monotonic()
                self.host.execute("nft", harm)
                self.assertNotEqual(self.meaning(), good)
                self.lab.wait(lambda: self.meaning() == good, RECONCILE_S + 5, f"healed after nft {harm}")
                self.assertTrue(daemon.log(re.escape(told), since), self.lab.story())
                self.assertTrue(daemon.log("nftables_ipvs: .* - put right", since))
        since = time.monotonic()
        time.sleep(2 * RECONCILE_S)
        self.assertEqual(daemon.log("put right", since), [], "what is well is not touched")

    def meaning(self):
        """The ruleset without handles."""
        found = [{kind: {key: value for key, value in what.items() if key != "handle"} for kind, what in entry.items()}
                 for entry in json.loads(self.host.execute("nft", "-j", "list", "ruleset"))["nftables"]]
        return sorted(json.dumps(entry, sort_keys=True) for entry in found)

    def test_a_reload_moves_no_mark_and_a_crash_neither(self):
        daemon = self.director()
        self.wait_all()
        new = group("NEW", "172.18.8.220-222 80") + service("NEW")
        less = group("WEB", "172.18.8.201-203 80") + SIX + service("WEB") + service("SIX", real="fd00:9::1")
        since = self.reload(head() + new + less)
        marks = {"172.18.8.201-172.18.8.203 . 80": 1000, "172.18.8.220-172.18.8.222 . 80": 1003}
        self.wait_marks(marks)
        services = {"4/1000/6/0.0.0.0/0", "6/1001/6/0.0.0.0/0", "4/1003/6/0.0.0.0/0"}
        self.assertEqual(self.services(), services)
        journal = len(self.host.read("/run/ipvs"))
        for _ in range(3):
            old = self.checker()
            os.kill(old, signal.SIGKILL)
            self.lab.wait(lambda: self.host.exists("/run/ka/checkers.pid") and self.checker() != old, 10, "a new checker")
            self.assertEqual(self.marks(), marks, "never missing")
        time.sleep(2 * RECONCILE_S)
        self.assertEqual((self.marks(), self.services()), (marks, services))
        self.assertEqual(len(self.host.read("/run/ipvs")), journal, "no service was touched")
        self.assertEqual(daemon.log("put right", since), [])

    def test_a_killed_core_is_followed_by_one_that_knows_the_marks(self):
        daemon = self.director()
        self.wait_all()
        self.reload(head() + group("NEW", "172.18.8.220-222 80") + service("NEW") + TEXT)
        marks = {**self.ALL, "172.18.8.220-172.18.8.222 . 80": 1003}
        self.wait_marks(marks)
        for with_checker in (False, True):
            journal, since = len(self.host.read("/run/ipvs")), time.monotonic()
            checker = self.checker()
            daemon.kill_core()
            if with_checker:
                os.kill(checker, signal.SIGKILL)
            time.sleep(0.3)
            self.assertEqual(self.marks(), marks)
            daemon.start()
            time.sleep(2.5 * RECONCILE_S)
            self.assertEqual(self.marks(), marks, self.lab.story())
            self.assertEqual(len(self.host.read("/run/ipvs")), journal, "no service was touched")
            self.assertEqual(daemon.log("nftables_ipvs", since), [])

    def test_the_name_cannot_be_changed_by_a_reload_but_priority_and_counters_can(self):
        daemon = self.director()
        self.wait_all()
        for lines in (" nftables_ipvs other\n", ""):
            daemon.configure(head(lines) + TEXT)
            since = daemon.signal(signal.SIGHUP)
            daemon.wait_log("Cannot change IPVS nftables table name at a reload - please restart keepalived", 10, since)
        self.assertEqual(self.marks(), self.ALL)
        self.reload(head(" nftables_ipvs\n nftables_ipvs_priority 7\n nftables_counters\n") + TEXT)
        self.lab.wait(lambda: "priority filter + 7" in self.ruleset(), 10, "the new priority")
        self.assertIn("map @tcp_map counter packets 0 bytes 0 return", self.ruleset())
        self.assertEqual(self.marks(), self.ALL)

    def test_a_stop_removes_the_table_unless_the_services_stay(self):
        self.director()
        self.wait_all()
        self.assertEqual(self.daemon.stop()[2], 0)
        self.assertEqual((self.tables(), self.services()), ([], set()))
        self.director(options=("-I",))
        self.wait_all()
        self.assertEqual(self.daemon.stop()[2], 0)
        self.assertEqual(self.marks(), self.ALL)
        self.assertEqual(len(self.services()), 3)

    def test_without_the_keyword_no_table_is_made(self):
        self.director(head("") + TEXT)
        self.lab.wait(lambda: self.host.exists("/run/ipvs") and len(self.services()) == 4 + 3 + 4, 10, "a service for each address")
        self.assertEqual(self.tables(), [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
