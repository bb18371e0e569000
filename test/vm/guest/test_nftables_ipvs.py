"""nftables_ipvs with the kernel's IPVS: a range of addresses is one service by firewall mark. Beside keepalived 2.2.7."""
import glob
import os
import re
import signal
import time

import namespaces
from lvs_case import RECONCILE_S, REFERENCE, SLACK_S, LvsCase, head, real, virtual
from traffic import Download, Requests

RANGE = [f"172.18.8.{last}" for last in (201, 202, 203)]
RANGE6 = [f"fd00:8::{last}" for last in (201, 202, 203)]
MARKS = " nftables_ipvs\n nftables_ipvs_start_fwmark 2000\n"


def group(name, *entries):
    return f"virtual_server_group {name} {{\n" + "".join(f" {entry}\n" for entry in entries) + "}\n"


class NftablesIpvs(LvsCase):
    def setUp(self):
        super().setUp()
        addresses = [f"{address}/32 dev ens33" for address in RANGE] + [f"{address}/128 dev ens33 nodad" for address in RANGE6]
        self.director.shell("".join(f"ip address add {address}\n" for address in addresses))
        self.addCleanup(self.director.shell, "nft flush ruleset; "
                        + "".join(f"ip address del {address.replace(' nodad', '')}; " for address in addresses) + "true", False)

    def services(self):
        """IPv4 and IPv6, by NAT; each has a check."""
        four = [real(s.back_address) for s in self.servers]
        six = [real(s.back_address6) for s in self.servers]
        return (group("FOUR", "172.18.8.201-202 80", "172.18.8.203 80") + group("SIX", "fd00:8::201-203 80")
                + virtual("group FOUR", four) + virtual("group SIX", six))

    def begin(self, text=None):
        self.daemon = self.launch(text or head(MARKS) + self.services())
        self.wait(lambda: len(self.director.saved()) == 8 and "0x000007d1" in self.ruleset(), "two services with three servers")

    def ruleset(self, director=None):
        return (director or self.director).execute("nft", "list", "ruleset", check=False)

    def meaning(self):
        """The ruleset without comments, its elements in order."""
        lines = [line.strip() for line in self.ruleset().splitlines() if "comment" not in line]
        return sorted(re.sub(r"^elements = \{ | \}$|,$", "", line) for line in lines)

    def answered(self, address, count=6):
        """Who answered, and that nobody failed."""
        requests = Requests(self.client, address, count=count, timeout_s=4).finished(60)
        self.assert_no_failures(requests)
        return dict(requests.servers())

    def test_both_programs_make_the_same_of_it(self):
        text = (head(MARKS) + self.services() + group("DR", "172.18.8.203 81", "172.18.8.201 82")
                + group("MIXED", "172.18.8.201 83", "fwmark 7")
                + virtual("group DR", [real(s.address, 81) for s in self.servers], kind="DR")
                + virtual("group MIXED", [real(s.back_address, 83) for s in self.servers])
                + virtual("group FOUR", [real(s.back_address, 83, checks="") for s in self.servers], protocol="UDP"))
        seen = []
        for program in (REFERENCE, os.environ["HOLDFAST_KEEPALIVED"]):
            daemon = self.launch(text, program=program)
            self.wait(lambda: len(self.director.saved()) == 24, f"{program}: six services")
            self.wait(lambda: "0x000007d3" in self.ruleset(), "the fourth mark is set")
            seen.append((self.director.saved(), self.meaning()))
            daemon.end()
            self.assertEqual((self.director.saved(), self.ruleset().strip()), ([], ""), f"{program} leaves nothing")
        self.assertEqual(seen[0], seen[1])

    def test_requests_to_each_address_are_served_over_both_families(self):
        self.begin()
        for address in (RANGE[0], RANGE[2], RANGE6[0], RANGE6[2]):
            with self.subTest(address=address):
                self.assertEqual(self.answered(address), {"s1": 2, "s2": 2, "s3": 2})

    def test_killed_checker_reload_and_flushed_ruleset(self):
        self.begin()
        services, rules = self.director.saved(), self.meaning()
        running = [Requests(self.client, address, pause_s=0.05, timeout_s=4) for address in (RANGE[0], RANGE6[1])]
        downloads = [Download(self.client, RANGE[1]), Download(self.client, RANGE6[2])]
        for one in (*running, *downloads):
            self.addCleanup(one.stop)
        self.wait(lambda: all(r.servers() for r in running) and all(d.received for d in downloads), "traffic")
        for _ in range(5):
            old = self.daemon.wait_checker()
            os.kill(old, signal.SIGKILL)
            self.daemon.wait_checker(other_than=old)
            self.assertEqual((self.director.saved(), self.meaning()), (services, rules))
        new = group("NEW", "172.18.8.203 8080") + virtual("group NEW", [real(s.back_address) for s in self.servers])
        self.daemon.reload(head(MARKS) + new + self.services())
        self.wait(lambda: "0x000007d2" in self.ruleset(), "the new group has the third mark")
        self.daemon.reload(head(MARKS + " nftables_ipvs_priority 5\n") + new + self.services())
        self.wait(lambda: self.ruleset().count("priority filter + 5") == 2, "the other priority")
        self.daemon.reload(head(MARKS) + self.services())
        self.wait(lambda: (self.director.saved(), self.meaning()) == (services, rules), "as before")
        for requests in running:
            self.assert_no_failures(requests.stop())
        before = [download.received for download in downloads]
        self.director.shell("nft flush ruleset")
        hurt = time.monotonic()
        healed = self.wait(lambda: self.meaning() == rules, "healed after nft flush ruleset")
        self.assert_within(healed - hurt, RECONCILE_S + SLACK_S, "nft flush ruleset until healed")
        self.note("; ".join(line for _, line in self.daemon.log("nftables_ipvs")))
        self.assertEqual(self.answered(RANGE[1], 3), {"s1": 1, "s2": 1, "s3": 1})
        self.wait(lambda: all(d.received > was for d, was in zip(downloads, before)), "the downloads go on")
        self.assertEqual([download.broken for download in downloads], [None, None])

    def test_without_nf_tables_each_address_has_a_service_of_its_own(self):
        module, = glob.glob(f"/lib/modules/{os.uname().release}/kernel/net/netfilter/nf_tables.ko")
        os.rename(module, f"{module}-away")
        self.addCleanup(os.rename, f"{module}-away", module)
        self.director.shell("for name in $(lsmod | awk '/^nft_/ { print $1 }') nf_tables; do rmmod $name; done 2>/dev/null; true")
        with open("/proc/modules", encoding="ascii") as handle:
            self.assertNotIn("nf_tables", handle.read())
        daemon = self.launch(head(MARKS) + self.services())
        self.wait(lambda: len(self.director.saved()) == 6 * 4, "a service for each address")
        self.assertFalse([line for line in self.director.saved() if "-f" in line.split()])
        told = [line for _, line in daemon.log("nftables_ipvs: cannot make")]
        self.note("; ".join(told))
        self.assertEqual(len(told), 1)
        self.assertEqual(self.answered(RANGE[0]), {"s1": 2, "s2": 2, "s3": 2})
        old = daemon.wait_checker()
        services = self.director.saved()
        os.kill(old, signal.SIGKILL)
        daemon.wait_checker(other_than=old)
        time.sleep(RECONCILE_S)
        self.assertEqual(self.director.saved(), services)
        self.assertFalse(namespaces.alive(old))
