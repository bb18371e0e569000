"""What the netns tests share: the program under test, the seed configuration, a lab per test, the arithmetic of VRRP.

HOLDFAST_KEEPALIVED names the program under test (ctest sets it), HOLDFAST_REFERENCE Debian's keepalived.
"""
import os
import sys
import time
import unittest

from daemon import Capture, Daemon, Pinger
from lab import Lab

PROGRAM = os.environ.get("HOLDFAST_KEEPALIVED", "/usr/sbin/keepalived")
REFERENCE = os.environ.get("HOLDFAST_REFERENCE", "/usr/sbin/keepalived")
VIP = "172.18.8.231"

# Slack on top of the protocol's own times: the requirement's 100 ms (issue 2).
SLACK_S = 0.100

SEED = """global_defs {   #global part
   notification_email {
     acassen@firewall.loc     #mail 1
     failover@firewall.loc
   }
   notification_email_from Alexandre.Cassen@firewall.loc
   smtp_server 127.0.0.1
   smtp_connect_timeout 30
   router_id HA_HAPROXY
}
vrrp_script check_nginx {
    script "/etc/keepalived/check_nginx.sh"
    interval 2
    weight -30
}
vrrp_instance VI_1 {
    state BACKUP
    interface ens33
    virtual_router_id 101 # unique per instance
    priority 90
    advert_int 1
    authentication {
        auth_type PASS
        auth_pass 1111
    }
    virtual_ipaddress {
  #      192.168.31.60/24
         172.18.8.231/24
    }
    track_script {
        check_nginx
    }
}
"""

# Version 3 at 100 ms: elections take 0.4 s instead of 3.7 s, for tests that are not about the seconds of version 2.
FAST = {"version": 3, "advert_int": 0.1}

# The check script of the seed: non-zero when nginx is gone.
CHECK_NGINX = "#!/bin/sh\nkill -0 $(cat /run/nginx.pid) 2>/dev/null\n"
CHECK_ALWAYS_GOOD = "#!/bin/sh\nexit 0\n"


def seed(priority):
    return SEED.replace("priority 90", f"priority {priority}")


def instance(priority, *, name="VI_1", vrid=101, version=2, advert_int=1, vips=("172.18.8.231/24",), extra="",
             auth="1111", interface="ens33"):
    """A vrrp_instance block; `extra` is put in as it is."""
    authentication = f"    authentication {{\n        auth_type PASS\n        auth_pass {auth}\n    }}\n" if version == 2 else ""
    addresses = "".join(f"        {vip}\n" for vip in vips)
    return (f"vrrp_instance {name} {{\n    state BACKUP\n    version {version}\n    interface {interface}\n"
            f"    virtual_router_id {vrid}\n    priority {priority}\n    advert_int {advert_int}\n{authentication}"
            f"    virtual_ipaddress {{\n{addresses}    }}\n{extra}}}\n")


def skew_s(priority, advert_int=1.0, version=2):
    """RFC 3768 §6.1, RFC 9568 §6.1 (version 3 scales with the interval)."""
    return (256 - priority) / 256 * (advert_int if version == 3 else 1.0)


def master_down_s(priority, advert_int=1.0, version=2):
    return 3 * advert_int + skew_s(priority, advert_int, version)


class LabCase(unittest.TestCase):
    """A lab per test; self.hosts("a", "b") makes hosts, self.launch(host, text) a daemon with the program under test."""

    def setUp(self):
        self.began = time.monotonic()
        self.lab = Lab()
        self.addCleanup(self.lab.close)
        self.watch = self.lab.watch

    def tearDown(self):
        self.note(f"{time.monotonic() - self.began:.1f} s")
        if self.watch.problem:
            self.fail(self.watch.problem)

    def note(self, text):
        print(f"  [{self.id().split('.', 1)[1]}] {text}", file=sys.stderr, flush=True)

    def hosts(self, *names):
        return [self.lab.host(name) for name in names]

    def client(self):
        return self.lab.host("client")

    def launch(self, host, text, program=PROGRAM, **options):
        return Daemon(host, program, text, **options)

    def seed_hosts(self, priorities=(100, 90, 80), check=CHECK_ALWAYS_GOOD, program=PROGRAM):
        """The seed configuration on hosts a, b, c; returns (hosts, daemons) once a alone has the VIP."""
        hosts = self.hosts(*"abcd"[:len(priorities)])
        for host in hosts:
            host.write("/etc/keepalived/check_nginx.sh", check, 0o755)
        daemons = []
        for host, priority in zip(hosts, priorities):  # one after the other: their timers differ by 40 ms only
            daemons.append(self.launch(host, seed(priority), program))
            daemons[-1].wait_log("Entering BACKUP STATE", 10)
        self.lab.wait_owner(VIP, hosts[0], 15)
        return hosts, daemons

    def pair(self, priorities=(100, 90), programs=(PROGRAM, PROGRAM), head="", tail="", options=(), environment=None,
             files=None, **configuration):
        """Two hosts a and b with one instance; returns ((a, daemon a), (b, daemon b)) once a alone has the VIP.

        `files` (path → text) are put on both before; executable."""
        a, b = self.hosts("a", "b")
        for path, text in (files or {}).items():
            a.write(path, text, 0o755)
            b.write(path, text, 0o755)
        texts = [head + instance(priority, **configuration) + tail for priority in priorities]
        first = self.launch(a, texts[0], programs[0], options=options, environment=environment)
        first.wait_log("Entering BACKUP STATE", 10)
        if "nopreempt" in configuration.get("extra", ""):
            self.lab.wait_owner(VIP, a, 15)  # whoever comes first stays
        second = self.launch(b, texts[1], programs[1], options=options, environment=environment)
        second.wait_log("Entering BACKUP STATE", 10)
        self.lab.wait_owner(VIP, a, 15)
        self.lab.wait(lambda: len(self.watch.adverts_from(a.address)) >= 2, 10, "adverts of a")
        return (a, first), (b, second)

    def ping(self, client, address=VIP, interval_s=0.002):
        """Starts the pinger once the address answers."""
        self.lab.wait(lambda: client.shell(f"ping -c 1 -W 1 {address} >/dev/null && echo yes", check=False), 10,
                      f"{address} answers")
        pinger = Pinger(client, address, interval_s)
        time.sleep(0.3)
        return pinger

    def capture(self):
        return Capture(self.lab)

    def assert_within(self, measured_s, bound_s, what, at_least_s=0.0):
        self.note(f"{what}: {measured_s * 1000:.0f} ms (bound {bound_s * 1000:.0f} ms)")
        if not at_least_s <= measured_s <= bound_s:
            self.fail(f"{what}: {measured_s:.3f} s, must be {at_least_s:.3f}..{bound_s:.3f} s\n{self.lab.story()}")

    def assert_untouched(self, vip, since, until=None):
        """No host gained or lost the VIP."""
        events = self.watch.events_of(vip, since, until)
        if events:
            self.fail(f"address events of {vip}: {events}\n{self.lab.story()}")

    def assert_never_active(self, daemon, since):
        lines = daemon.log("Entering MASTER STATE", since)
        if lines:
            self.fail(f"{daemon.host.name} became Active: {lines}\n{self.lab.story()}")
