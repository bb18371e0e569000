"""no_accept, strict mode and macvlans against nftables in the kernel: what answers, what `nft` lists, crash, reload, stop."""
import json
import os
import re
import signal
import subprocess
import threading
import time
import unittest

import ipv6
from case import FAST, REFERENCE, VIP, LabCase, instance
from ipv6 import LINK_LOCAL_VIP, VIP_6, instance_6

NO = "    no_accept\n"
EXCLUDED = "    virtual_ipaddress_excluded {\n        172.18.8.232/24\n    }\n"


def pings(client, address=VIP):
    return bool(client.shell(f"ping -c 1 -W 1 {address} >/dev/null && echo yes", check=False).strip())


def listing(host):
    return host.execute("nft", "list", "ruleset")


def tables(host):
    """(family, name) of what there is."""
    return {(entry["table"]["family"], entry["table"]["name"])
            for entry in json.loads(host.execute("nft", "-j", "list", "tables"))["nftables"] if "table" in entry}


def elements(host, family="ip", name="vips", table="keepalived"):
    found = json.loads(host.execute("nft", "-j", "list", "set", family, table, name, check=False) or '{"nftables":[]}')
    sets = [entry["set"] for entry in found["nftables"] if "set" in entry]
    return sorted(str(element) for element in sets[0].get("elem", [])) if sets else None


def meaning(host):
    """The ruleset without handles, counters' values, comments, and the order of objects: comparable between programs."""
    kinds = {"table": [], "set": [], "map": [], "chain": [], "rule": []}
    for entry in json.loads(host.execute("nft", "-j", "list", "ruleset"))["nftables"]:
        for kind, what in entry.items():
            if kind not in kinds:
                continue
            what = {key: value for key, value in what.items() if key not in ("handle", "comment")}
            if "elem" in what:
                what["elem"] = sorted(json.dumps(element) for element in what["elem"])
            kinds[kind].append(json.dumps(what, sort_keys=True).replace(
                # two spellings of the same test, which nft prints alike
                '{"match": {"left": {"payload": {"field": "nexthdr", "protocol": "ip6"}}, "op": "==", "right": 58}}, ', ""))
    rules = kinds.pop("rule")
    by_chain = {}
    for rule in rules:  # their order counts within a chain
        rule = re.sub(r'"(bytes|packets)": \d+', r'"\1": 0', rule)
        parsed = json.loads(rule)
        by_chain.setdefault((parsed["family"], parsed["chain"]), []).append(rule)
    for (_, chain), found in by_chain.items():
        if chain.endswith("link_local"):
            found.sort()  # all drop; 2.2.7 has them in the order in which they were needed
    return {kind: sorted(found) for kind, found in kinds.items()} | {"rules": by_chain}


class Firewall(LabCase):
    def owner(self, extra=NO, priority=100, head="", **options):
        a, client = self.host_a(), self.client()
        daemon = self.launch(a, head + instance(priority, extra=extra, **(FAST | options)))
        self.lab.wait_owner(VIP, a, 10)
        return a, client, daemon

    def host_a(self):
        return self.hosts("a")[0]

    def test_addresses_of_no_accept_do_not_answer_those_of_accept_do(self):
        a, client, daemon = self.owner(NO + EXCLUDED)
        self.assertEqual(elements(a), [VIP, "172.18.8.232"])
        self.assertFalse(pings(client))
        self.assertFalse(pings(client, "172.18.8.232"))
        self.assertTrue(pings(client, a.address), "the host's own address is nobody's business")
        self.assertIn(VIP, client.shell("ip neighbour"), "ARP answers")
        self.assertNotIn("lladdr 00:00:00", client.shell("ip neighbour"))
        daemon.configure(instance(100, extra=EXCLUDED, **FAST))
        began = time.monotonic()
        daemon.signal(signal.SIGHUP)
        self.lab.wait(lambda: pings(client), 5, "an answer after the reload to accept")
        self.assertEqual(tables(a), set(), "nobody needs the table any more")
        daemon.configure(instance(100, extra=NO, **FAST))
        daemon.signal(signal.SIGHUP)
        self.lab.wait(lambda: not pings(client), 5, "silence after the reload to no_accept")
        self.assertEqual(elements(a), [VIP])
        self.assertEqual(daemon.log("Entering (BACKUP|FAULT)", since=began), [])
        daemon.stop()
        self.assertEqual(tables(a), set())
        self.assertEqual(daemon.log("(?i)cannot|refused"), [])

    def test_an_owner_accepts_and_strict_mode_does_not(self):
        a, client, owner = self.owner(NO, priority=255)
        self.assertTrue(pings(client), "priority 255 owns the address")
        self.assertEqual(tables(a), set())
        owner.stop()
        strict = "global_defs {\n    vrrp_strict\n}\n"
        daemon = self.launch(a, strict + instance(100, **FAST))
        self.lab.wait_owner(VIP, a, 10)
        self.assertFalse(pings(client))
        daemon.configure(strict + instance(100, extra="    accept\n", **FAST))
        daemon.signal(signal.SIGHUP)
        self.lab.wait(lambda: pings(client), 5, "an answer with accept and version 3")

    def test_what_is_sent_from_an_address_is_dropped_too(self):
        a, client, _ = self.owner()
        self.assertFalse(a.shell(f"ping -c 1 -W 1 -I {VIP} {client.address} >/dev/null && echo yes", check=False).strip())

    def test_a_crash_opens_no_window(self):
        a, client, daemon = self.owner()
        answers = []

        def ask():
            pinger = client.start("ping", "-n", "-i", "0.002", VIP, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
            threading.Thread(target=lambda: answers.extend(line for line in pinger.stdout if "bytes from" in line)).start()
            return pinger

        pinger = ask()
        time.sleep(0.5)
        for _ in range(3):
            pid = daemon.wait_vrrp()
            os.kill(pid, signal.SIGKILL)
            daemon.wait_vrrp(other_than=pid)
            time.sleep(0.6)
            self.assertEqual(elements(a), [VIP])
        self.assertTrue(a.has(VIP))
        pinger.terminate()
        pinger.wait()
        self.assertEqual(answers, [], "nobody ever answered")

    def test_a_table_that_dead_daemons_left_is_replaced_or_goes(self):
        a, client, daemon = self.owner()
        vrrp = daemon.wait_vrrp()
        daemon.kill_core()
        os.kill(vrrp, signal.SIGKILL)
        time.sleep(0.3)
        self.assertEqual(elements(a), [VIP])
        second = self.launch(a, instance(100, **FAST))  # accepts
        self.lab.wait(lambda: a.has(VIP) and pings(client), 10, "an answer of the next daemon")
        self.assertEqual(tables(a), set())
        second.stop()
        a.shell("nft add table ip keepalived; nft add set ip keepalived stale '{ type mark; }'")
        third = self.launch(a, instance(100, extra=NO, **FAST))
        self.lab.wait_owner(VIP, a, 10)
        self.assertNotIn("stale", listing(a))
        self.assertEqual(elements(a), [VIP])
        third.stop()

    def test_a_flushed_ruleset_comes_back(self):
        a, client, daemon = self.owner()
        a.shell("nft flush ruleset")
        self.lab.wait(lambda: elements(a) == [VIP], 15, "the table again")
        self.assertFalse(pings(client))

    def test_a_backup_has_no_element_and_takes_over_with_one(self):
        (a, first), (b, _) = self.pair(extra=NO, **FAST)
        self.assertEqual(elements(a), [VIP])
        self.assertIn(elements(b), (None, []))
        first.stop()
        self.lab.wait_owner(VIP, b, 5)
        self.assertEqual(elements(b), [VIP])
        self.assertEqual(tables(a), set())

    def test_ipv6_is_dropped_and_its_neighbour_discovery_is_not(self):
        a, client = self.hosts("a", "client")
        ipv6.enable(a, client)
        daemon = self.launch(a, instance_6(100, extra=NO))
        ipv6.wait_owner(self.lab, VIP_6, a, [], 10)
        self.assertFalse(pings(client, VIP_6))
        self.assertFalse(pings(client, f"{LINK_LOCAL_VIP}%ens33"))
        self.assertTrue(pings(client, ipv6.link_local(a) + "%ens33"))
        for address in (VIP_6, LINK_LOCAL_VIP):
            self.assertRegex(client.shell("ip -6 neighbour"), rf"{address} .*lladdr [0-9a-f:]+ ", "resolved")
        daemon.stop()
        self.assertEqual(tables(a), set())

    def test_keywords_of_the_table(self):
        head = ("global_defs {\n    nftables mine\n    nftables_priority 5\n    nftables_counters\n    nftables_ifindex\n"
                "    vrrp_iptables IN OUT\n}\n")
        a, client, daemon = self.owner(head=head)
        self.assertFalse(pings(client))
        text = listing(a)
        self.assertIn("table ip mine", text)
        self.assertIn("priority filter + 5", text)
        self.assertRegex(text, r"ip daddr @vips counter packets [1-9]\d* bytes \d+ drop")
        self.assertEqual(len(daemon.log("vrrp_iptables.*nftables")), 1)
        daemon.configure(head.replace("mine", "other") + instance(100, extra=NO, **FAST))
        daemon.signal(signal.SIGHUP)
        daemon.wait_log("nftables", 5)
        self.assertIn("table ip mine", listing(a))
        daemon.configure(head.replace("    nftables_counters\n", "") + instance(100, extra=NO, **FAST))
        daemon.signal(signal.SIGHUP)
        self.lab.wait(lambda: "counter" not in listing(a), 5, "rules without counters")
        self.assertEqual(elements(a, table="mine"), [VIP])

    def test_the_table_means_what_that_of_2_2_7_means(self):
        if not os.path.exists(REFERENCE):
            self.fail(f"{REFERENCE} is missing")
        a, b = self.hosts("a", "b")
        ipv6.enable(a, b)
        text = ("global_defs {\n    nftables_counters\n}\n" + instance(100, extra=NO + EXCLUDED, **FAST) +
                instance_6(100, vrid=102, extra=NO) +
                instance_6(100, name="VI_7", vrid=103, vips=("fe80::233/64",), extra=NO + "    dont_track_primary\n") +
                instance(100, name="VI_8", vrid=104, vips=("172.18.8.240/24",), extra=NO + "    use_vmac\n", **FAST) +
                instance_6(100, name="VI_9", vrid=105, vips=("fe80::234/64",), extra="    use_vmac\n"))
        found = []
        for host, options in ((a, {}), (b, {"program": REFERENCE})):
            daemon = self.launch(host, text, **options)
            self.lab.wait(lambda: host.has(VIP) and "fe80::233" in listing(host) and "172.18.8.240" in listing(host)
                          and "vmac_set" in listing(host), 15, f"all of {host.name}'s table")
            time.sleep(0.5)
            found.append(meaning(host))
            daemon.stop()
            self.assertEqual(tables(host), set())
        self.maxDiff = None
        for kind in found[0]:
            self.assertEqual(found[0][kind], found[1][kind], kind)

    def test_group_reports_of_a_macvlan_leave_by_the_interface_below(self):
        a = self.host_a()
        daemon = self.launch(a, instance(100, extra="    use_vmac\n", **FAST))
        self.lab.wait(lambda: elements(a, name="vmac_map") is None and "vrrp.101" in listing(a), 10, "the map")
        self.assertRegex(listing(a), r'"vrrp.101" : "ens33"')
        daemon.stop()
        self.assertEqual(tables(a), set())

    def test_promote_secondaries_is_on_while_it_is_used(self):
        a = self.host_a()
        knob = "/proc/sys/net/ipv4/conf/ens33/promote_secondaries"
        a.shell(f"echo 0 > {knob}")
        daemon = self.launch(a, instance(100, extra="    promote_secondaries\n", **FAST))
        self.lab.wait_owner(VIP, a, 10)
        self.assertEqual(a.shell(f"cat {knob}").strip(), "1")
        pid = daemon.wait_vrrp()
        os.kill(pid, signal.SIGKILL)
        daemon.wait_vrrp(other_than=pid)
        time.sleep(0.5)
        self.assertEqual(a.shell(f"cat {knob}").strip(), "1")
        daemon.stop()
        self.assertEqual(a.shell(f"cat {knob}").strip(), "0")


if __name__ == "__main__":
    unittest.main()
