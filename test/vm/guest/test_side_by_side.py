"""Debian's keepalived 2.2.7 and the program under test: same configuration, same servers, and after each event the same table.

Director a runs the reference, b the program under test. After an event the reference's table must become what the event is
expected to bring; then both tables, as `ipvsadm -Sn` prints them, must become equal and stay so.
The expectation is a small model of behaviour.md e.2, so that a step is not called equal before it happened.
"""
import time

from lvs_case import PROGRAM, REFERENCE, LvsCase, check, real, virtual
from lvs_lab import VIP, VIP6

NAT, DR, TUN, NEW, DYNAMIC = f"TCP {VIP}:8080", f"TCP {VIP}:80", f"TCP [{VIP6}]:81", f"UDP {VIP}:5353", f"TCP {VIP}:8081"
MARK = "FWM 7"
STEADY_S = 1.0


class SideBySide(LvsCase):
    own_addresses = False

    def setUp(self):
        super().setUp()
        self.directors = (self.world.a, self.world.b)
        self.dead, self.sick, self.status, self.with_dynamic = set(), set(), 0, False
        self.weight, self.with_s3, self.with_new, self.with_mark, self.scheduler = 3, True, False, True, "wrr"
        for director in self.directors:
            director.write("/run/weight.sh", "#!/bin/sh\nexit $(cat /run/weight)\n", 0o755)
            director.write("/run/weight", "0\n")

    def configuration(self):
        servers = self.servers if self.with_s3 else self.servers[:2]
        sorry = f" sorry_server {self.sorry.back_address} 80\n"
        misc = "  MISC_CHECK {\n misc_path /run/weight.sh\n misc_timeout 5\n misc_dynamic\n }\n"
        text = "global_defs {\n router_id vm\n script_user root\n}\n"
        text += virtual(f"{VIP} 8080", [real(s.back_address) for s in servers], extra=f" quorum 2\n hysteresis 1\n{sorry}")
        text += virtual(f"{VIP} 80", [real(s.address, weight=self.weight, checks=check("HTTP_GET"), extra="  inhibit_on_failure\n")
                                      for s in servers], kind="DR", scheduler=self.scheduler)
        text += virtual(f"{VIP6} 81", [real(s.back_address6, 81) for s in servers], kind="TUN", scheduler="sh",
                        extra=" sh-port\n persistence_timeout 120\n")
        if self.with_dynamic:
            text += virtual(f"{VIP} 8081", [real(self.servers[0].back_address, weight=5, checks=misc),
                                            real(self.servers[1].back_address, weight=5)], scheduler="wlc")
        if self.with_mark:
            text += virtual("fwmark 7", [real(s.back_address, 0, checks=check(extra="connect_port 80")) for s in servers],
                            kind="DR", scheduler="lc", protocol="")
        if self.with_new:
            text += virtual(f"{VIP} 5353", [real(s.back_address, 53, weight=2, checks=check(extra="connect_port 80"))
                                            for s in servers], protocol="UDP", scheduler="sed", extra=" ops\n")
        return text

    def reload(self, **changes):
        for name, value in changes.items():
            setattr(self, name, value)
        for daemon in self.daemons:
            daemon.reload(self.configuration())

    def stop(self, *servers):
        for server in servers:
            server.stop_web()
        self.dead |= {*servers}

    def start(self, *servers):
        for server in servers:
            server.start_web()
        self.dead -= {*servers}

    def freeze(self, yes, server):
        server.freeze(yes)
        self.sick ^= {server}

    def fall_ill(self, yes, server):
        server.sick(yes)
        self.sick ^= {server}

    def dynamic(self, status):
        self.status = status
        for director in self.directors:
            director.write("/run/weight", f"{status}\n")

    def expected(self):
        """{service: {destination: weight}} that the state of the servers and the configuration bring."""
        servers = self.servers if self.with_s3 else self.servers[:2]
        alive = [server for server in servers if server not in self.dead]
        s1, s2 = self.servers[:2]
        dynamic = {f"{s1.back_address}:80": {0: 5}.get(self.status, self.status - 2)} if self.status != 1 else {}
        table = {
            NAT: {f"{s.back_address}:80": 1 for s in alive or [self.sorry]},
            DR: {f"{s.address}:80": self.weight if s in alive and s not in self.sick else 0 for s in servers},
            TUN: {f"[{s.back_address6}]:81": 1 for s in alive},
        }
        if self.with_dynamic:
            table[DYNAMIC] = {**dynamic, **{f"{s2.back_address}:80": 5 for s in alive if s is s2}}
        if self.with_mark:
            table[MARK] = {f"{s.back_address}:0": 1 for s in alive}
        if self.with_new:
            table[NEW] = {f"{s.back_address}:53": 2 for s in alive}
        return table

    def events(self):
        """(what happens, how)"""
        s1, s2, s3 = self.servers
        yield "server down", lambda: self.stop(s1)
        yield "server up", lambda: self.start(s1)
        yield "server frozen: it accepts and never answers", lambda: self.freeze(True, s2)
        yield "server thawed", lambda: self.freeze(False, s2)
        yield "weight changed by reload", lambda: self.reload(weight=7)
        yield "server removed by reload", lambda: self.reload(with_s3=False)
        yield "server added by reload", lambda: self.reload(with_s3=True)
        yield "inhibit: weight 0", lambda: self.fall_ill(True, s3)
        yield "inhibit over", lambda: self.fall_ill(False, s3)
        yield "virtual server added", lambda: self.reload(with_new=True)
        yield "scheduler changed", lambda: self.reload(scheduler="wlc")
        yield "virtual servers removed", lambda: self.reload(with_new=False, with_mark=False)
        # From here on no reload: it sets the weight of a server with misc_dynamic to 0 in 2.2.7 (docs/keepalived.md).
        yield "virtual server with dynamic weights added", lambda: self.reload(with_dynamic=True)
        yield "dynamic weight", lambda: self.dynamic(13)
        yield "dynamic failure", lambda: self.dynamic(1)
        yield "dynamic: as configured", lambda: self.dynamic(0)
        yield "quorum lost: the sorry server", lambda: self.stop(s1, s2, s3)
        yield "quorum regained", lambda: self.start(s1, s2, s3)

    def equal(self):
        """Both tables, without the counters of connections."""
        first, second = (self.without_counters(director) for director in self.directors)
        return first == second

    @staticmethod
    def without_counters(director):
        return {service: {name: entry[:2] for name, entry in found.items()} for service, found in director.table().items()}

    def compare(self, what):
        """Waits until both are equal, and sees that they stay so."""
        try:
            self.wait(lambda: self.equal() and self.directors[0].saved() == self.directors[1].saved(), f"equal after: {what}")
            end = time.monotonic() + STEADY_S
            while time.monotonic() < end:
                self.assertTrue(self.equal(), f"no longer equal after: {what}")
                time.sleep(0.05)
        except Exception as error:
            tables = "\n".join(f"{name}: {line}" for name, director in zip(("reference", "ours"), self.directors)
                               for line in director.saved())
            raise AssertionError(f"{what}: {error}\n{tables}") from error

    def weights(self, director):
        return {service: {name: entry[1] for name, entry in found.items()} for service, found in director.table().items()}

    def reference_shows(self, what):
        reference = self.directors[0]
        try:
            self.wait(lambda: self.weights(reference) == self.expected(), f"the reference after: {what}")
        except Exception as error:
            raise AssertionError(f"{what}: {error}\nexpected {self.expected()}\n     got {self.weights(reference)}") from error

    def test_after_each_event_both_tables_are_equal(self):
        self.daemons = [self.launch(self.configuration(), director, program)
                        for director, program in zip(self.directors, (REFERENCE, PROGRAM))]
        self.reference_shows("start")
        self.compare("start")
        for number, (what, act) in enumerate(self.events(), 1):
            act()
            happened = time.monotonic()
            self.reference_shows(what)
            seen = time.monotonic() - happened
            self.compare(what)
            equal = time.monotonic() - happened - STEADY_S
            self.note(f"{number}. {what}: reference after {seen:.1f} s, equal after {equal:.1f} s")
        for daemon in self.daemons:
            daemon.end()
        self.assertEqual([director.saved() for director in self.directors], [[], []])
