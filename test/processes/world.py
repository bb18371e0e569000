"""Real daemons on a machine made of files (test/support/fake_ports.h): start, kill, stop, and look at what they left behind."""
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from processes import alive, kill, open_files, processes_of, resident_kb  # noqa: E402, F401 (for the tests, too)

PROGRAM = os.environ.get("HOLDFAST_TEST_KEEPALIVED", "keepalived_test")
VIP = "192.0.2.9/24"
# Sanitizers make a restart take 100-200 ms instead of 10; limits that are about scheduling are stretched by this.
SLOW_S = float(os.environ.get("HOLDFAST_TEST_SLOW_S", "0.3"))


def instance(priority, name="V", vips=(VIP,), advert_int=1, extra="", vrid=51, password="1111"):
    version = "    version 3\n" if advert_int != int(advert_int) else ""
    auth = "" if version else f"    authentication {{\n        auth_type PASS\n        auth_pass {password}\n    }}\n"
    addresses = "".join(f"        {vip}\n" for vip in vips)
    return (f"vrrp_instance {name} {{\n    state BACKUP\n    interface lo\n    virtual_router_id {vrid}\n"
            f"    priority {priority}\n    advert_int {advert_int}\n{version}{auth}{extra}"
            f"    virtual_ipaddress {{\n{addresses}    }}\n}}\n")


class Host:
    """One daemon with its files: own directory, kernel, pid files and log."""

    def __init__(self, world, name, address, configuration, options=(), environment=None):
        self.world, self.name, self.lines = world, name, []
        self.directory = f"{world.directory}/{name}"
        os.makedirs(self.directory + "/tmp")
        self.marker = f"HOLDFAST_TEST_MARK={world.directory}/{name}"
        self.environment = {**os.environ, "HOLDFAST_TEST_WIRE": world.wire, "HOLDFAST_TEST_HOST": name,
                            "HOLDFAST_TEST_LINKS": f"lo={address}", "TMPDIR": self.directory + "/tmp",
                            "HOLDFAST_TEST_CRASH_VRRP": self.directory + "/crash",
                            "HOLDFAST_TEST_MARK": self.marker.split("=", 1)[1],
                            # A finding of a sanitizer is a crash, not exit status 1, which would end the daemon.
                            "ASAN_OPTIONS": "abort_on_error=1:handle_segv=0:quarantine_size_mb=1", "UBSAN_OPTIONS": "abort_on_error=1:print_stacktrace=1",
                            **(environment or {})}
        self.options, self.run_directory = list(options), self.directory
        self.configure(configuration)

    def path(self, name):
        return f"{self.directory}/{name}"

    @property
    def pid_file(self):
        return f"{self.run_directory}/core.pid"

    @property
    def vrrp_pid_file(self):
        return f"{self.run_directory}/vrrp.pid"

    def configure(self, text):
        with open(self.path("keepalived.conf.new"), "w", encoding="utf-8") as handle:
            handle.write(text)
        os.rename(self.path("keepalived.conf.new"), self.path("keepalived.conf"))

    def command(self):
        return [PROGRAM, "-n", "-l", "-G", "-D", "-f", self.path("keepalived.conf"), "-p", self.pid_file, "-r",
                self.vrrp_pid_file, "-c", f"{self.run_directory}/checkers.pid", *self.options]

    def start(self):
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.command(), env=self.environment, stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.pid = self.process.pid
        reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        reader.start()
        return self

    def _read(self, stream):
        for raw in stream:
            self.lines.append((time.monotonic(), raw.decode("utf-8", "replace").rstrip("\n")))
        stream.close()

    # ---- what it says and has ----
    def log(self, pattern, since=0.0):
        return [line for when, line in list(self.lines) if when >= since and re.search(pattern, line)]

    def wait_log(self, pattern, timeout_s=5, since=0.0):
        return self.world.wait(lambda: self.log(pattern, since), timeout_s, f"log of {self.name}: {pattern}")

    def vrrp(self):
        """pid of the living vrrp process."""
        try:
            with open(self.vrrp_pid_file, encoding="ascii") as handle:
                pid = int(handle.read())
        except (OSError, ValueError):
            return None
        return pid if alive(pid) else None

    def wait_vrrp(self, timeout_s=10, other_than=None):
        return self.world.wait(lambda: (pid := self.vrrp()) != other_than and pid, timeout_s, f"a vrrp process of {self.name}")

    def addresses(self):
        try:
            with open(f"{self.world.wire}/{self.name}.kernel", encoding="ascii") as handle:
                return {line.split()[1] for line in handle}
        except FileNotFoundError:
            return set()

    def has(self, vip=VIP):
        return vip in self.addresses()

    def events(self, since=0.0, kinds=("add", "del")):
        """[(time_s, pid, kind, address)] of the kernel's event log."""
        try:
            with open(f"{self.world.wire}/{self.name}.events", encoding="ascii") as handle:
                rows = [line.split() for line in handle]
        except FileNotFoundError:
            return []
        return [(int(r[0]) / 1e6, int(r[1]), r[2], r[4]) for r in rows if r[2] in kinds and int(r[0]) / 1e6 >= since]

    def adverts(self, since=0.0, vrid=51):
        """[(time_s, priority)] that it put on the wire."""
        return [(when, priority) for when, host, _, found, priority in self.world.adverts()
                if host == self.name and when >= since and found == vrid]

    def processes(self):
        return processes_of(self.marker)

    # ---- what is done to it ----
    def signal(self, number):
        when = time.monotonic()
        os.kill(self.pid, number)
        return when

    def stop(self, timeout_s=10):
        self.signal(signal.SIGTERM)
        return self.process.wait(timeout_s)

    def kill_core(self):
        when = self.signal(signal.SIGKILL)
        self.process.wait()
        return when

    def reload(self, text=None, outcome="Reload complete"):
        if text is not None:
            self.configure(text)
        when = self.signal(signal.SIGHUP)
        self.wait_log(outcome, 10, when)
        return when


class World:
    def __init__(self):
        self.directory = tempfile.mkdtemp(prefix="holdfast_processes_")
        self.wire = self.directory + "/wire"
        os.mkdir(self.wire)
        self.hosts, self.mounts, self.since = [], [], time.monotonic()

    def host(self, name, address, configuration, **more):
        host = Host(self, name, address, configuration, **more)
        self.hosts.append(host)
        return host

    def adverts(self):
        """[(time_s, host, pid, vrid, priority)] of everything sent; a line being written is left out."""
        try:
            with open(f"{self.wire}/adverts", encoding="ascii") as handle:
                rows = [line.split() for line in handle if line.endswith("\n")]
        except FileNotFoundError:
            return []
        return [(int(r[0]) / 1e6, r[1], int(r[2]), int(r[4]), int(r[5])) for r in rows]

    def holders(self, vip=VIP):
        return [host.name for host in self.hosts if host.has(vip)]

    def wait(self, condition, timeout_s, what):
        deadline = time.monotonic() + timeout_s
        while True:
            result = condition()
            if result:
                return result
            if time.monotonic() >= deadline:
                raise AssertionError(f"not within {timeout_s} s: {what}\n{self.story()}")
            time.sleep(0.01)

    def story(self):
        lines = sorted((when, host.name, text) for host in self.hosts for when, text in host.lines)
        return "\n".join(f"{when:.3f} {name}: {text}" for when, name, text in lines[-80:])

    def close(self):
        for host in self.hosts:
            for pid in host.processes():
                kill(pid, signal.SIGCONT)
                kill(pid)
            if hasattr(host, "process"):
                host.process.wait()
        for mount in self.mounts:
            subprocess.run(["umount", "-l", mount], check=False)
        shutil.rmtree(self.directory, ignore_errors=True)


class ProcessCase(unittest.TestCase):
    def setUp(self):
        self.world = World()
        self.addCleanup(self.world.close)

    def tearDown(self):
        for host in self.world.hosts:
            self.assertEqual(host.log("runtime error:|ERROR: [A-Z][a-z]+Sanitizer|contract broken"), [], self.world.story())

    def pair(self, advert_int=1, extra="", head="", wait=True):
        """a (priority 200) is master, b (100) its peer."""
        self.advert_int_s = advert_int
        self.a = self.world.host("a", "10.0.0.1/24", head + instance(200, advert_int=advert_int, extra=extra)).start()
        self.b = self.world.host("b", "10.0.0.2/24", head + instance(100, advert_int=advert_int, extra=extra)).start()
        if wait:
            self.world.wait(lambda: self.a.has() and self.b.log("Entering BACKUP"), 15, "a is master, b is backup")
            time.sleep(0.3)
        self.begin()
        return self.a, self.b

    def begin(self):
        self.since = time.monotonic()

    def down_s(self, priority=100):
        """The peer's master-down time."""
        skew = (256 - priority) / 256 * (self.advert_int_s if self.advert_int_s != int(self.advert_int_s) else 1)
        return 3 * self.advert_int_s + skew

    def peer_never_active(self, since=None):
        since = self.since if since is None else since
        self.assertEqual(self.b.adverts(since), [], self.world.story())
        self.assertEqual(self.b.events(since), [], self.world.story())

    def nothing_happened(self, slack_s=None, since=None):
        """No address event anywhere, peer never Active, no gap in the adverts longer than the interval and the slack."""
        since = self.since if since is None else since
        self.peer_never_active(since)
        self.assertEqual(self.a.events(since), [], self.world.story())
        self.assertEqual(self.world.holders(), ["a"])
        self.rhythm_held(0.05 + SLOW_S if slack_s is None else slack_s, since)

    def rhythm_held(self, slack_s, since=None):
        since = self.since if since is None else since
        times = [when for when, _ in self.a.adverts(since - 2 * self.advert_int_s)] + [time.monotonic()]
        gaps = [later - earlier for earlier, later in zip(times, times[1:])]
        self.assertTrue(gaps, "a has sent adverts")
        self.assertLessEqual(max(gaps), self.advert_int_s + slack_s, self.world.story())
