"""What the tests in the VM share: one world per boot, the configuration language, waiting, the arithmetic of checks.

HOLDFAST_KEEPALIVED names the program under test, HOLDFAST_REFERENCE Debian's keepalived (test/vm/run sets both).
"""
import os
import sys
import time
import unittest

import namespaces
from lvs_lab import GATEWAY, GATEWAY6, VIP, VIP6, Client, Director, LvsDaemon, LvsLab, RealServer
from table_watch import TableWatch

PROGRAM = os.environ.get("HOLDFAST_KEEPALIVED", "/holdfast/keepalived")
REFERENCE = os.environ.get("HOLDFAST_REFERENCE", "/usr/sbin/keepalived")
SERVERS = 3
RECONCILE_S = 3

# What an emulated processor may add to a bound: starting processes, a loop late.
SLACK_S = 1.5
# How long to wait for something that has no bound of its own.
PATIENCE_S = 30


class World:
    """Hosts made once per boot: client, directors a and b, real servers s1, s2, s3 and the sorry server."""

    _made = None

    @classmethod
    def get(cls):
        if cls._made is None:
            cls._made = cls()
        return cls._made

    def __init__(self):
        began = time.monotonic()
        self.lab = LvsLab()
        self.client = self.lab.add(Client, "client", 100)
        self.a, self.b = (self.lab.add(Director, name, octet) for name, octet in (("a", 11), ("b", 12)))
        self.servers = [self.lab.add(RealServer, f"s{number}", 20 + number) for number in range(1, SERVERS + 1)]
        self.sorry = self.lab.add(RealServer, "sorry", 30)
        for server in [*self.servers, self.sorry]:
            server.start_web()
        print(f"  [world] {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)

    @staticmethod
    def forget(director):
        """No IPVS service or sync daemon, no VIP."""
        networks = [f"{net} dev {interface}" for interface in ("ens33", "back")
                    for net in (f"{VIP}/32", f"{VIP}/24", f"{VIP6}/128", f"{GATEWAY}/24", f"{GATEWAY6}/64")]
        director.shell("{ ipvsadm -C; ipvsadm --stop-daemon master; ipvsadm --stop-daemon backup; "
                       + "".join(f"ip address del {network}; " for network in networks) + "} 2>/dev/null; true")

    def read_tables_again(self):
        """After the module ip_vs was unloaded; loads it when it is not there."""
        namespaces.run("modprobe", "ip_vs")
        for director in (self.a, self.b):
            director.read_table_again()

    def reset(self):
        """Every host as it was: no daemon, no IPVS service, no VIP on a director, all servers well."""
        for director in (self.a, self.b):
            for daemon in director.daemons:
                daemon.end()
            director.daemons.clear()
            self.forget(director)
        for server in [*self.servers, self.sorry]:
            server.start_web()
            if server.exists("/run/sick"):
                server.sick(False)


def check(kind="TCP_CHECK", extra=""):
    """A check block; HTTP_GET asks /health."""
    url = " url { path /health\n status_code 200 }" if kind in ("HTTP_GET", "SSL_GET") else ""
    port = " connect_port 443" if kind == "SSL_GET" else ""
    return f"  {kind} {{{url}{chr(10) + port if port else ''}\n connect_timeout 2\n {extra} }}\n"


def real(address, port=80, *, weight=1, checks=None, extra=""):
    return f" real_server {address} {port} {{\n  weight {weight}\n{checks if checks is not None else check()}{extra} }}\n"


def virtual(head, reals, *, kind="NAT", scheduler="rr", protocol="TCP", extra="", retry=1):
    """A virtual_server with the timing that all tests use: every second, one more try after one second, no warmup."""
    return (f"virtual_server {head} {{\n delay_loop 1\n retry {retry}\n delay_before_retry 1\n warmup 0\n lb_algo {scheduler}\n"
            f" lb_kind {kind}\n" + (f" protocol {protocol}\n" if protocol else "") + f"{extra}{''.join(reals)}}}\n")


def head(extra="", reconcile_s=RECONCILE_S):
    """global_defs. 2.2.7 warns of our keyword and goes on."""
    ours = f" ipvs_reconcile_interval {reconcile_s}\n" if PROGRAM != REFERENCE else ""
    return f"global_defs {{\n router_id vm\n{ours}{extra}}}\n"


# From death to removal: the next check within delay_loop, then one more try after delay_before_retry.
REMOVAL_S = 1 + 1


class LvsCase(unittest.TestCase):
    """self.world, self.director (a, with the VIPs), self.client, self.servers; nothing of the test before is left."""

    own_addresses = True

    def setUp(self):
        self.began = time.monotonic()
        self.world = World.get()
        self.lab, self.client, self.director = self.world.lab, self.world.client, self.world.a
        self.servers, self.sorry = self.world.servers, self.world.sorry
        self.addCleanup(self.world.reset)
        if self.own_addresses:
            self.director.own_addresses()

    def tearDown(self):
        self.note(f"{time.monotonic() - self.began:.1f} s")

    def note(self, text):
        print(f"  [{self.id().split('.', 1)[1]}] {text}", file=sys.stderr, flush=True)

    def launch(self, text, director=None, program=PROGRAM, options=()):
        return LvsDaemon(director or self.director, program, text, options=options)

    def wait(self, condition, what, timeout_s=PATIENCE_S):
        """Polls; returns the time at which the condition held."""
        self.lab.wait(condition, timeout_s, what)
        return time.monotonic()

    def wait_weights(self, service, wanted, timeout_s=PATIENCE_S, director=None):
        """Until the service has exactly these destinations with these weights; returns the time."""
        director = director or self.director
        try:
            return self.wait(lambda: director.weights(service) == wanted, f"{service}: {wanted}", timeout_s)
        except Exception as error:
            raise AssertionError(f"{error}\ntable: {director.table()}") from error

    def assert_within(self, measured_s, bound_s, what):
        self.note(f"{what}: {measured_s:.2f} s (bound {bound_s:.2f} s)")
        if measured_s > bound_s:
            self.fail(f"{what}: {measured_s:.3f} s, must be at most {bound_s:.3f} s\n{self.lab.story()}")

    def watch_table(self, service):
        watch = TableWatch(self.director, service)
        self.addCleanup(watch.stop)
        return watch

    def assert_no_failures(self, requests, since=0.0, until=float("inf"), watch=None):
        """With `watch`, a request is excused that was on its way while a server was removed; a refused one never is: nobody
        was there to serve it."""
        failed = [request for request in requests.failures(since, until)
                  if not watch or "refused" in request.error or not watch.removal_during(request.start, request.end)]
        self.note(f"{len([r for r in requests.seen if since <= r.start <= until])} requests, {len(failed)} failed")
        if failed:
            changes = watch.changes if watch else ""
            self.fail(f"{len(failed)} failed requests, first: {failed[0]}\n{changes}\n{self.lab.story()}")


def nat_addresses(servers):
    return [f"{server.back_address}:80" for server in servers]
