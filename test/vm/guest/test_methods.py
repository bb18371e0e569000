"""Requests spread as the scheduler says: NAT, DR and TUN, IPv4 and IPv6, plain and TLS; by mark, by datagram, in a group."""
from collections import Counter

from lvs_case import LvsCase, check, head, real, virtual
from lvs_lab import VIP, VIP6
from traffic import Requests, ask_by_datagram, names_by_datagram

# method → port of the VIP, for both families
NAT, DR, TUN, WRR, TLS = 8080, 80, 81, 82, 8443
UDP_SERVICE = 5300


class Methods(LvsCase):
    def configuration(self):
        """One virtual server per method and family. DR and TUN leave port and address as they are."""
        servers, text = self.servers, head()
        for vip, address, back in ((VIP, "address", "back_address"), (VIP6, "address6", "back_address6")):
            text += virtual(f"{vip} {NAT}", [real(getattr(s, back)) for s in servers])
            text += virtual(f"{vip} {DR}", [real(getattr(s, address), DR) for s in servers], kind="DR")
            text += virtual(f"{vip} {TUN}", [real(getattr(s, back), TUN) for s in servers], kind="TUN")
            text += virtual(f"{vip} {WRR}", [real(getattr(s, address), WRR, weight=w) for s, w in zip(servers, (3, 2, 1))],
                            kind="DR", scheduler="wrr")
            text += virtual(f"{vip} {TLS}", [real(getattr(s, back), 443, checks=check("SSL_GET")) for s in servers])
        return text

    def spread(self, vip, port, count, tls=False):
        requests = Requests(self.client, vip, port, count=count, tls=tls, timeout_s=3).finished(60)
        self.assert_no_failures(requests)
        return dict(requests.servers())

    def test_spread_as_the_scheduler_says(self):
        daemon = self.launch(self.configuration())
        self.wait(lambda: len(self.director.table()) == 10 and all(len(d) == 3 for d in self.director.table().values()),
                  "10 services with 3 destinations")
        even, weighted = {"s1": 8, "s2": 8, "s3": 8}, {"s1": 12, "s2": 8, "s3": 4}
        for vip in (VIP, VIP6):
            for name, port, expected in (("NAT rr", NAT, even), ("DR rr", DR, even), ("TUN rr", TUN, even),
                                         ("DR wrr", WRR, weighted), ("NAT TLS rr", TLS, even)):
                with self.subTest(vip=vip, method=name):
                    self.assertEqual(self.spread(vip, port, 24, tls=port == TLS), expected)
        methods = {service.rsplit(":", 1)[1]: {entry[0] for entry in found.values()}
                   for service, found in self.director.table().items()}
        self.assertEqual(methods, {"8080": {"Masq"}, "80": {"Route"}, "81": {"Tunnel"}, "82": {"Route"}, "8443": {"Masq"}})
        self.assertEqual(daemon.log("(?i)removing service"), [])

    def further_configuration(self):
        servers = self.servers
        other_port = check(extra="connect_port 80")
        text = head() + virtual("fwmark 7", [real(s.address, 0, checks=other_port) for s in servers], kind="DR", protocol="")
        text += virtual(f"{VIP} {TUN}", [real(s.back_address6, TUN) for s in servers], kind="TUN")
        text += virtual(f"{VIP} 53", [real(s.back_address, UDP_SERVICE, checks=other_port) for s in servers],
                        protocol="UDP", extra=" ops\n")
        text += f"virtual_server_group two {{\n {VIP} 8081\n {VIP} 8082\n}}\n"
        return text + virtual("group two", [real(s.back_address) for s in servers])

    def test_marks_groups_datagrams_and_ipv4_in_ipv6(self):
        self.director.shell("nft 'add table ip lab; add chain ip lab pre { type filter hook prerouting priority -150; }; "
                            f"add rule ip lab pre ip daddr {VIP} tcp dport {DR} meta mark set 7'")
        self.addCleanup(self.director.shell, "nft delete table ip lab")
        for server in self.servers:
            names_by_datagram(server, UDP_SERVICE)
        self.launch(self.further_configuration())
        self.wait(lambda: len(self.director.table()) == 5 and all(len(d) == 3 for d in self.director.table().values()),
                  "5 services with 3 destinations")
        even = {"s1": 6, "s2": 6, "s3": 6}
        for name, port in (("mark", DR), ("IPv4 in IPv6", TUN), ("first of the group", 8081), ("second of the group", 8082)):
            with self.subTest(service=name):
                self.assertEqual(self.spread(VIP, port, 18), even)
        with self.subTest(service="datagrams"):
            self.assertEqual(Counter(ask_by_datagram(self.client, VIP, 53) for _ in range(18)), even)
