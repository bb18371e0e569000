"""Routes with `encap`, of which this machine's kernel has ip and ip6 only: what the daemon puts in is what iproute2 puts in for the
same words; it is tracked, restored and taken away."""
import json
import os
import signal
import time
import unittest

import ipv6
from case import LabCase, instance
from links import Monitor

TABLE = "100"
TIMEOUT_S = 20
GATEWAY, GATEWAY_6 = "via 172.18.8.77 dev ens33", "via 2001:db8::77 dev ens33"
# An identifier of ILA has its type in the first three bits: 1 is a locally unique one.
ROUTES_4 = [
    f"10.1.0.0/16 {GATEWAY} encap mpls 100",
    f"10.2.0.0/16 {GATEWAY} encap mpls 16/200/1048575",
    f"10.3.0.0/16 {GATEWAY} encap ip id 5 dst 192.0.2.7 src 192.0.2.8 tos 4 ttl 33",
    f"10.4.0.0/16 {GATEWAY} encap ip id 4294967295 dst 192.0.2.7",
    f"10.5.0.0/16 {GATEWAY} encap ip6 id 9 dst 2001:db8::9 src 2001:db8::8 tc 3 hoplimit 7",
    "10.6.0.0/16 nexthop via 172.18.8.77 dev ens33 weight 2 encap mpls 300 nexthop via 172.18.8.78 dev ens33 encap ip id 7 dst 192.0.2.9",
]
ROUTES_6 = [
    f"2001:db8:1::/48 {GATEWAY_6} encap mpls 100/200",
    f"2001:db8:2::/48 {GATEWAY_6} encap ip6 id 9 dst 2001:db8::9 hoplimit 7 tc 3",
    f"2001:db8:3::/48 {GATEWAY_6} encap ip id 5 dst 192.0.2.7 ttl 9",
    f"2001:db8:4:0:2000::/96 {GATEWAY_6} encap ila 1:2:3:4",
    f"2001:db8:5:0:2000:0:0:1/128 {GATEWAY_6} encap ila 2001:db8:ffff:0",
]


def configuration(lines, priority=255):
    block = "".join("        " + line.replace(" ", f" table {TABLE} ", 1) + "\n" for line in lines)
    return instance(priority, version=3, advert_int=1, extra=f"    virtual_routes {{\n{block}    }}\n")


def table(host, family):
    """`ip -j` of the table; options of one name twice (dst of a route and of its tunnel) stay both."""
    text = host.execute("ip", family, "-j", "-d", "route", "show", "table", TABLE, check=False).strip()
    if not text.endswith("]"):
        return []  # there is no such table
    return json.loads(text, object_pairs_hook=lambda pairs: sorted((key, json.dumps(value)) for key, value in pairs))


class Encapsulation(LabCase):
    def prepared(self):
        """A host for the daemon, and one to which iproute2 adds the same."""
        a, b = self.hosts("a", "b")
        ipv6.enable(a, b)
        a.execute("modprobe", "-a", "mpls_iptunnel", "ila")  # the kernel asks for the first by itself, not for the second
        for family, lines in (("-4", ROUTES_4), ("-6", ROUTES_6)):
            for line in lines:
                b.shell(f"ip {family} route add {self.for_iproute(line)}")
        return a, b

    @staticmethod
    def for_iproute(line):
        """Options of a hop come before its way with iproute2: encap first."""
        head, *hops = line.split(" nexthop ")
        turned = []
        for part in [head, *hops]:
            way, _, wrap = part.partition(" encap ")
            words = way.split()
            at = words.index("via") if "via" in words else len(words)
            turned.append(" ".join([*words[:at], *(["encap", wrap] if wrap else []), *words[at:]]))
        return f"{turned[0]} table {TABLE} proto 18 " + " ".join(f"nexthop {part}" for part in turned[1:])

    def differences(self, a, b):
        return [(ours, theirs) for family in ("-4", "-6") for ours, theirs in [(table(a, family), table(b, family))] if ours != theirs]

    def wait_same(self, a, b):
        try:
            self.lab.wait(lambda: not self.differences(a, b), TIMEOUT_S, "the tables are the same")
        except Exception as error:
            raise AssertionError(f"{error}\n{self.differences(a, b)}") from error

    def test_each_is_what_iproute2_makes_of_the_same_words(self):
        a, b = self.prepared()
        self.assertEqual([len(table(b, "-4")), len(table(b, "-6"))], [len(ROUTES_4), len(ROUTES_6)])
        daemon = self.launch(a, configuration(ROUTES_4 + ROUTES_6))
        self.wait_same(a, b)
        self.assertEqual(daemon.log("cannot add|trying again|restoring"), [], self.lab.story())
        monitor = Monitor(a, "route")
        pid = daemon.wait_vrrp()
        os.kill(pid, signal.SIGKILL)
        daemon.wait_vrrp(other_than=pid)
        time.sleep(3)
        self.assertEqual(monitor.about("encap"), [], "a crash of vrrp is no event")
        self.wait_same(a, b)
        daemon.stop()
        self.assertEqual([table(a, "-4"), table(a, "-6")], [[], []])

    def test_what_others_remove_comes_back(self):
        a, b = self.prepared()
        daemon = self.launch(a, configuration(ROUTES_4 + ROUTES_6))
        self.wait_same(a, b)
        for line in ROUTES_4 + ROUTES_6:
            with self.subTest(line):
                since = time.monotonic()
                destination = line.split()[0]
                a.execute("ip", "-6" if ":" in destination else "-4", "route", "del", destination, "table", TABLE)
                daemon.wait_log("restoring route", TIMEOUT_S, since)
                self.wait_same(a, b)
        self.assertEqual(daemon.log("Entering (BACKUP|FAULT) STATE"), [])

    def test_a_reload_with_other_labels_replaces_only_that_route(self):
        a, b = self.prepared()
        daemon = self.launch(a, configuration(ROUTES_4 + ROUTES_6))
        self.wait_same(a, b)
        monitor = Monitor(a, "route")
        b.shell(f"ip route del 10.1.0.0/16 table {TABLE}; ip route add 10.1.0.0/16 encap mpls 101/102 via 172.18.8.77 dev ens33 "
                f"table {TABLE} proto 18")
        daemon.configure(configuration([ROUTES_4[0].replace("mpls 100", "mpls 101/102"), *ROUTES_4[1:], *ROUTES_6]))
        daemon.signal(signal.SIGHUP)
        self.wait_same(a, b)
        self.assertEqual([line for line in monitor.about("encap") if "10.1.0.0/16" not in line], [])


if __name__ == "__main__":
    unittest.main()
