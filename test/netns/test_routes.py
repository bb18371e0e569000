"""Routes, rules and static entries against the kernel's real tables (behaviour.md d.10, issue 6)."""
import os
import re
import signal
import time
import unittest

import ipv6
from case import VIP, LabCase, instance
from lab import INTERFACE
from links import TIMEOUT_S, Story

GATEWAY = "172.18.8.77"

# option of a line → what `ip -d route show table all` says of it
ROUTES_4 = {
    f"10.1.0.0/16 via {GATEWAY} dev ens33": rf"unicast 10\.1\.0\.0/16 via {GATEWAY} dev ens33 proto keepalived",
    "to unicast 10.2.0.0/16 dev ens33 metric 5": r"10\.2\.0\.0/16 dev ens33 proto keepalived scope link metric 5",
    "10.3.0.0/16 oif ens33 priority 6": r"10\.3\.0\.0/16 dev ens33 proto keepalived scope link metric 6",
    "blackhole 10.4.0.0/16": r"blackhole 10\.4\.0\.0/16 proto keepalived",
    "unreachable 10.4.1.0/24 no_track": r"unreachable 10\.4\.1\.0/24 proto keepalived",
    "prohibit 10.4.2.0/24": r"prohibit 10\.4\.2\.0/24 proto keepalived",
    "throw 10.4.3.0/24 table 77": r"throw 10\.4\.3\.0/24 table 77 proto keepalived",
    f"10.5.0.0/16 dev ens33 src {VIP}": rf"10\.5\.0\.0/16 dev ens33 proto keepalived scope link src {VIP}",
    "10.6.0.0/16 dev ens33 table 1000": r"10\.6\.0\.0/16 dev ens33 table 1000",
    "10.7.0.0/16 dev ens33 scope global": r"10\.7\.0\.0/16 dev ens33 proto keepalived scope global",
    "10.8.0.0/16 dev ens33 tos 0x10": r"10\.8\.0\.0/16 tos (0x10|lowdelay) dev ens33",
    "10.9.0.0/16 dev ens33 protocol static no_track": r"10\.9\.0\.0/16 dev ens33 proto static",
    "10.10.0.0/16 dev ens33 mtu 1400 advmss lock 1000": r"10\.10\.0\.0/16 .* mtu 1400 .*advmss lock 1000",
    "10.11.0.0/16 dev ens33 mtu lock 1300 hoplimit 9": r"10\.11\.0\.0/16 .* mtu lock 1300 .*hoplimit 9",
    "10.12.0.0/16 dev ens33 rtt 300ms rttvar lock 400ms rto_min 1s":
        r"10\.12\.0\.0/16 .* rtt 300ms rttvar lock 400ms .*rto_min lock 1s",
    "10.13.0.0/16 dev ens33 reordering 4 window 70000 cwnd lock 20 ssthresh 30":
        r"10\.13\.0\.0/16 .* window 70000 .*ssthresh 30 cwnd lock 20 .*reordering 4",
    "10.14.0.0/16 dev ens33 initcwnd 12 initrwnd 13 quickack 1": r"10\.14\.0\.0/16 .*initcwnd 12 .*initrwnd 13 quickack 1",
    "10.15.0.0/16 dev ens33 features ecn fastopen_no_cookie 1": r"10\.15\.0\.0/16 .*features ecn .*fastopen_no_cookie 1",
    "10.16.0.0/16 dev ens33 congctl lock cubic": r"10\.16\.0\.0/16 .*congctl lock cubic",
    "10.17.0.0/16 dev ens33 realms 3/4": r"10\.17\.0\.0/16 dev ens33 .*realms? 3/4",
    "10.18.0.0/16 via 203.0.113.9 dev ens33 onlink": r"10\.18\.0\.0/16 via 203\.0\.113\.9 dev ens33 .*onlink",
    f"10.19.0.0/16 nexthop via {GATEWAY} dev ens33 weight 3 nexthop via 172.18.8.78 dev ens33 onlink":
        rf"10\.19\.0\.0/16 proto keepalived scope global \n\s+nexthop via {GATEWAY} dev ens33 weight 3 \n"
        r"\s+nexthop via 172\.18\.8\.78 dev ens33 weight 1 onlink",
    f"10.20.0.0/16 via {GATEWAY} or 172.18.8.78 dev ens33":
        rf"10\.20\.0\.0/16 proto keepalived scope global \n\s+nexthop via {GATEWAY} .*\n\s+nexthop via 172\.18\.8\.78",
    f"10.21.0.0/16 via {GATEWAY} dev ens33 encap ip id 5 dst 192.0.2.7 src 192.0.2.8 tos 4 ttl 33":
        rf"10\.21\.0\.0/16 +encap ip id 5 src 192\.0\.2\.8 dst 192\.0\.2\.7 ttl 33 tos 4 .*via {GATEWAY}",
    "10.22.0.0/16 dev ens33 add": r"10\.22\.0\.0/16 dev ens33 proto keepalived",
    "10.23.0.0/16 dev ens33 append": r"10\.23\.0\.0/16 dev ens33 proto keepalived",
    "local 10.24.0.1 dev ens33": r"local 10\.24\.0\.1 dev ens33 table local proto keepalived scope host",
}
ROUTES_6 = {
    "2001:db8:1::/48 via 2001:db8::77 dev ens33": r"2001:db8:1::/48 via 2001:db8::77 dev ens33 proto keepalived .*metric 1024",
    "2001:db8:2::/48 dev ens33 metric 7 pref high mtu 1400": r"2001:db8:2::/48 dev ens33 proto keepalived .*metric 7 .*mtu 1400.*pref high",
    "blackhole 2001:db8:3::/48": r"blackhole 2001:db8:3::/48 dev lo proto keepalived",
    "2001:db8:4::/48 dev ens33 expires 3600": r"2001:db8:4::/48 dev ens33 proto keepalived .*expires \d+sec",
    "2001:db8:5::/48 nexthop via 2001:db8::77 dev ens33 weight 2 nexthop via 2001:db8::78 dev ens33":
        r"2001:db8:5::/48 proto keepalived .*\n\s+nexthop via 2001:db8::77 dev ens33 weight 2 .*\n\s+nexthop via 2001:db8::78",
    "default6 via 2001:db8::77 dev ens33 table 66": r"default via 2001:db8::77 dev ens33 table 66",
    "2001:db8:6::/48 via 2001:db8::77 dev ens33 encap ip6 id 9 dst 2001:db8::9 hoplimit 7 tc 3":
        r"2001:db8:6::/48 +encap ip6 id 9 src :: dst 2001:db8::9 hoplimit 7 tc 3 ",
    "2001:db8:7::/48 from 2001:db8:70::/48 dev ens33": r"2001:db8:7::/48 from 2001:db8:70::/48 dev ens33",
}
RULES_4 = {
    "from 10.1.0.0/16 table 100 preference 500": r"500:\s+from 10\.1\.0\.0/16 lookup 100 proto keepalived",
    "to 10.2.0.0/16 lookup main priority 0x1f5": r"501:\s+from all to 10\.2\.0\.0/16 lookup main",
    "not from 10.3.0.0/16 table 100 order 502": r"502:\s+not from 10\.3\.0\.0/16 lookup 100",
    "tos 0x10 table 100 preference 503": r"503:\s+from all tos (0x10|lowdelay) lookup 100",
    "fwmark 0x5/0xf iif ens33 table 101 preference 504 suppress_prefixlength 3 realms 1/2":
        r"504:\s+from all fwmark 0x5/0xf iif ens33 lookup 101 suppress_prefixlength 3 realms 1/2",
    "fwmark 7 oif ens33 table 101 preference 505 suppress_ifgroup 3":
        r"505:\s+from all fwmark 0x7 oif ens33 lookup 101 suppress_ifgroup (3|\S+)",
    "dev ens33 goto 600 preference 506": r"506:\s+from all iif ens33 goto 600",
    "from 10.4.0.0/16 nop preference 507": r"507:\s+from 10\.4\.0\.0/16 nop",
    "from 10.5.0.0/16 blackhole preference 508": r"508:\s+from 10\.5\.0\.0/16 blackhole",
    "from 10.6.0.0/16 type unreachable preference 509": r"509:\s+from 10\.6\.0\.0/16 unreachable",
    "from 10.7.0.0/16 prohibit preference 510": r"510:\s+from 10\.7\.0\.0/16 prohibit",
    "tunnel-id 5 table 100 preference 511": r"511:\s+from all tun_id 5 lookup 100",
    "uidrange 100-200 table 100 preference 512": r"512:\s+from all uidrange 100-200 lookup 100",
    "ipproto tcp sport 80-81 dport 90 table 100 preference 514":
        r"514:\s+from all ipproto tcp sport 80-81 dport 90 lookup 100",
    "from 10.8.0.0/16 table 100 preference 515 protocol static no_track": r"515:\s+from 10\.8\.0\.0/16 lookup 100 proto static",
    "from 10.9.0.0/16 table 100": r"16384:\s+from 10\.9\.0\.0/16 lookup 100",
    "from 10.10.0.0/16 table 100": r"16383:\s+from 10\.10\.0\.0/16 lookup 100",
}
RULES_6 = {
    "inet6 l3mdev preference 600": r"600:\s+from all lookup \[l3mdev-table\]",
    "from 2001:db8:1::/48 to 2001:db8:2::/48 table 100 preference 601": r"601:\s+from 2001:db8:1::/48 to 2001:db8:2::/48 lookup 100",
}


def block(keyword, lines, indent="    "):
    return f"{indent}{keyword} {{\n" + "".join(f"{indent}    {line}\n" for line in lines) + f"{indent}}}\n"


def owner(extra, **configuration):
    """Master at once; adverts every 100 ms."""
    return instance(255, version=3, advert_int=0.1, extra=extra, **configuration)


class Monitor(Story):
    """Of routes and rules; those that the kernel adds for addresses are left out."""

    def __init__(self, case, host):
        super().__init__(case, host, "route", "rule")

    def ours(self):
        return [line for _, line in self.lines if "203.0.113." not in line and "proto kernel" not in line
                and not line.startswith((" ", "\t"))]


class Routes(LabCase):
    def table(self, host, family="-4", kind="route"):
        extra = ["table", "all"] if kind == "route" else []
        return host.execute("ip", family, "-d", kind, "show", *extra).replace(" table main", "")

    def wait_for(self, host, pattern, kind="route", family="-4", gone=False):
        """Until some entry looks so (or none does)."""
        self.lab.wait(lambda: bool(re.search(pattern, self.table(host, family, kind))) != gone, TIMEOUT_S,
                      f"{kind} {'without ' if gone else ''}{pattern}\n{self.table(host, family, kind)}")

    def assert_all(self, host, kind, family, wanted):
        def missing():
            shown = self.table(host, family, kind)
            return [line for line, pattern in wanted.items() if not re.search(pattern, shown)]
        deadline = time.monotonic() + TIMEOUT_S
        while missing() and time.monotonic() < deadline:
            time.sleep(0.05)
        self.assertEqual(missing(), [], self.table(host, family, kind) + self.lab.story())

    def assert_nothing_of_ours(self, host):
        self.wait_for(host, "proto keepalived", gone=True)
        self.wait_for(host, "proto keepalived", kind="rule", gone=True)

    def test_every_option_of_routes_and_rules_reaches_the_kernel_and_leaves_it(self):
        (a,) = self.hosts("a")
        ipv6.enable(a)
        extra = block("virtual_routes", [*ROUTES_4, *ROUTES_6]) + block("virtual_rules", [*RULES_4, *RULES_6])
        before = [self.table(a, family, kind) for family in ("-4", "-6") for kind in ("route", "rule")]
        daemon = self.launch(a, owner(extra))
        self.assert_all(a, "route", "-4", ROUTES_4)
        self.assert_all(a, "route", "-6", ROUTES_6)
        self.assert_all(a, "rule", "-4", RULES_4)
        self.assert_all(a, "rule", "-6", RULES_6)
        self.assertFalse(daemon.log("cannot add|trying again"), self.lab.story())
        daemon.wait_log(r"\(VI_1\) setting Virtual Routes", 5)
        with self.subTest("a crash of vrrp is no event"):
            monitor = Monitor(self, a)
            old = daemon.vrrp()
            os.kill(old, signal.SIGKILL)
            daemon.wait_vrrp(other_than=old)
            time.sleep(1.5)
            self.assertEqual(monitor.ours(), [], self.lab.story())
        daemon.stop()
        self.assertEqual([self.table(a, family, kind) for family in ("-4", "-6") for kind in ("route", "rule")
                          ][1::2], before[1::2], "rules are as before")
        self.assert_nothing_of_ours(a)
        self.assertNotRegex(self.table(a, "-6"), "proto keepalived")
        self.assertNotRegex(self.table(a), r"10\.9\.0\.0/16", "also what another protocol is named for")

    def test_what_others_remove_is_put_back_without_giving_up(self):
        (a,) = self.hosts("a")
        a.shell("ip link add other type veth peer name rehto; ip link set rehto up; ip link set other up; "
                "ip address add 10.77.0.1/24 dev other")
        extra = (block("virtual_routes", [f"10.1.0.0/16 via {GATEWAY} dev ens33", "10.2.0.0/16 via 10.77.0.9 dev other",
                                          "10.3.0.0/16 dev ens33 no_track"])
                 + block("virtual_rules", ["from 10.1.0.0/16 table 100 preference 500"]))
        daemon = self.launch(a, owner(extra))
        self.wait_for(a, r"500:\s+from 10\.1", "rule")
        self.wait_for(a, r"10\.3\.0\.0/16")
        since = time.monotonic()
        a.execute("ip", "route", "del", "10.3.0.0/16")
        a.execute("ip", "route", "del", "10.1.0.0/16")
        self.wait_for(a, rf"10\.1\.0\.0/16 via {GATEWAY}")
        daemon.wait_log(r"\(VI_1\) restoring route 10\.1\.0\.0/16", TIMEOUT_S, since)
        a.execute("ip", "rule", "del", "preference", "500")
        daemon.wait_log(r"\(VI_1\) restoring rule from 10\.1\.0\.0/16", TIMEOUT_S, since)
        self.wait_for(a, r"500:\s+from 10\.1", "rule")
        # The kernel drops the routes of a link that goes down without a word.
        a.execute("ip", "link", "set", "other", "down")
        self.wait_for(a, r"10\.2\.0\.0/16", gone=True)
        a.execute("ip", "link", "set", "other", "up")
        self.wait_for(a, r"10\.2\.0\.0/16 via 10\.77\.0\.9 dev other")
        # Another route in its place.
        a.execute("ip", "route", "replace", "10.1.0.0/16", "via", "172.18.8.99", "dev", INTERFACE, "proto", "keepalived")
        self.wait_for(a, rf"10\.1\.0\.0/16 via {GATEWAY}")
        a.execute("ip", "route", "del", "10.1.0.0/16", "via", "172.18.8.99")  # it is not ours to remove
        self.assertFalse(daemon.log("Entering (BACKUP|FAULT) STATE", since), self.lab.story())
        self.assertNotRegex(self.table(a), r"10\.3\.0\.0/16", "no_track")
        daemon.stop()
        self.assert_nothing_of_ours(a)

    def test_reload_changes_only_what_it_changes(self):
        (a,) = self.hosts("a")
        ipv6.enable(a)
        kept = ["10.1.0.0/16 dev ens33", "2001:db8:1::/48 dev ens33"]
        rules = ["from 10.1.0.0/16 table 100"]
        statics = block("static_routes", ["10.5.0.0/16 dev ens33", "10.6.0.0/16 dev ens33"], "")
        daemon = self.launch(a, statics + owner(block("virtual_routes", kept + ["10.2.0.0/16 dev ens33 mtu 1400", "10.3.0.0/16 dev ens33"])
                                                + block("virtual_rules", rules)))
        self.wait_for(a, r"16384:\s+from 10\.1", "rule")
        self.wait_for(a, r"10\.3\.0\.0/16")
        self.wait_for(a, r"10\.6\.0\.0/16")
        monitor = Monitor(self, a)
        statics = block("static_routes", ["10.5.0.0/16 dev ens33", "10.7.0.0/16 dev ens33"], "")
        daemon.configure(statics + owner(block("virtual_routes", ["10.4.0.0/16 dev ens33"] + kept + ["10.2.0.0/16 dev ens33 mtu 1300"])
                                         + block("virtual_rules", ["from 10.9.0.0/16 table 100"] + rules)))
        daemon.signal(signal.SIGHUP)
        self.wait_for(a, r"10\.3\.0\.0/16", gone=True)
        self.wait_for(a, r"10\.6\.0\.0/16", gone=True)
        self.wait_for(a, r"10\.2\.0\.0/16 .*mtu 1300")
        self.wait_for(a, r"mtu 1400", gone=True)
        self.wait_for(a, r"16383:\s+from 10\.9", "rule")
        time.sleep(0.5)
        touched = {match.group(0) for line in monitor.ours() for match in [re.search(r"10\.\d+\.0\.0/16|2001:\S+", line)] if match}
        self.assertEqual(touched, {"10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16", "10.6.0.0/16", "10.7.0.0/16", "10.9.0.0/16"},
                         "\n".join(monitor.ours()))
        self.assertEqual(len([line for line in monitor.ours() if "10.2.0.0/16" in line]), 2)
        daemon.stop()
        self.assert_nothing_of_ours(a)

    def test_core_takes_them_away_when_nobody_comes_back(self):
        (a,) = self.hosts("a")
        extra = (block("virtual_routes", [f"10.1.0.0/16 via {GATEWAY} dev ens33"])
                 + block("virtual_rules", ["from 10.1.0.0/16 table 100 preference 500"]))
        statics = block("static_routes", ["10.5.0.0/16 dev ens33"], "")
        daemon = self.launch(a, statics + owner(extra), options=("-R",))
        self.wait_for(a, r"500:\s+from 10\.1", "rule")
        self.wait_for(a, r"10\.5\.0\.0/16")
        os.kill(daemon.wait_vrrp(), signal.SIGKILL)
        self.assert_nothing_of_ours(a)
        self.assertFalse(a.has(VIP))

    def test_takeover_moves_them(self):
        extra = (block("virtual_routes", [f"10.1.0.0/16 via {GATEWAY} dev ens33"])
                 + block("virtual_rules", ["from 10.1.0.0/16 table 100 preference 500"]))
        fast = {"version": 3, "advert_int": 0.1, "extra": extra}
        a, b = self.hosts("a", "b")
        first = self.launch(a, instance(100, **fast))
        self.lab.wait_owner(VIP, a, TIMEOUT_S)
        self.wait_for(a, "500:", "rule")
        second = self.launch(b, instance(90, **fast))
        second.wait_log("Entering BACKUP STATE", TIMEOUT_S)
        self.assertNotRegex(self.table(b), r"10\.1\.0\.0/16")
        first.stop()
        self.assert_nothing_of_ours(a)
        self.wait_for(b, rf"10\.1\.0\.0/16 via {GATEWAY}")
        self.wait_for(b, "500:", "rule")
        # What a dead daemon left is taken away by the next one, which is not master.
        b.execute("ip", "route", "add", "10.9.0.0/16", "dev", INTERFACE)
        a.execute("ip", "route", "add", "10.1.0.0/16", "via", GATEWAY, "dev", INTERFACE, "proto", "keepalived")
        first.start()
        first.wait_log("Entering BACKUP STATE", TIMEOUT_S, time.monotonic() - 1)
        self.wait_for(a, r"10\.1\.0\.0/16", gone=True)
        self.assertRegex(self.table(b), r"10\.9\.0\.0/16")

    def test_the_routes_of_others_cost_nothing(self):
        (a,) = self.hosts("a")
        daemon = self.launch(a, owner(block("virtual_routes", ["10.1.0.0/16 dev ens33"])))
        self.wait_for(a, r"10\.1\.0\.0/16")

        def ticks():
            with open(f"/proc/{daemon.vrrp()}/stat", encoding="ascii") as handle:
                return sum(map(int, handle.read().rsplit(")", 1)[1].split()[11:13]))
        before, began = ticks(), time.monotonic()
        a.write("/run/batch", "".join(f"route {verb} 20.{i >> 8}.{i & 255}.1/32 dev ens33 proto bgp table 99\n"
                                      for verb in ("add", "del") for i in range(20000)))
        a.execute("ip", "-batch", "/run/batch", timeout=120)
        # 40 000 changes; an instance that sends ten adverts a second uses about one tick a second.
        self.assertLess(ticks() - before, 15 + 3 * (time.monotonic() - began))
        a.execute("ip", "route", "del", "10.1.0.0/16")
        self.wait_for(a, r"10\.1\.0\.0/16")

    def test_static_entries_are_there_while_the_daemon_runs(self):
        (a,) = self.hosts("a")
        a.write("/etc/keepalived/rt_tables", "")
        statics = ("global_defs {\n    dynamic_interfaces\n}\n"
                   + block("static_ipaddress", ["10.8.0.1/24 dev ens33", "10.8.1.1/24 dev late"], "")
                   + block("static_routes", ["10.7.0.0/16 via 10.8.0.9 dev ens33", "10.6.0.0/16 via 10.8.1.9 dev late"], "")
                   + block("static_rules", ["from 10.8.0.0/24 table main preference 700"], ""))
        daemon = self.launch(a, statics)
        self.wait_for(a, r"10\.7\.0\.0/16 via 10\.8\.0\.9 dev ens33 proto keepalived")
        self.wait_for(a, r"700:\s+from 10\.8\.0\.0/24 lookup main", "rule")
        a.shell("ip link add late type veth peer name etal; ip link set etal up; ip link set late up")
        self.wait_for(a, r"10\.6\.0\.0/16 via 10\.8\.1\.9 dev late")
        since = time.monotonic()
        a.execute("ip", "address", "del", "10.8.0.1/24", "dev", INTERFACE)  # takes the route with it
        daemon.wait_log("Restoring deleted static address 10.8.0.1", TIMEOUT_S, since)
        self.wait_for(a, r"10\.7\.0\.0/16 via 10\.8\.0\.9 dev ens33 proto keepalived")
        monitor = Monitor(self, a)
        old = daemon.vrrp()
        os.kill(old, signal.SIGKILL)
        daemon.wait_vrrp(other_than=old)
        time.sleep(1)
        self.assertEqual(monitor.ours(), [])
        daemon.stop()
        self.assert_nothing_of_ours(a)
        self.assertNotIn("10.8.", a.execute("ip", "-4", "-br", "address"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
