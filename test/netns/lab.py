"""A LAN in network namespaces: a switch, hosts whose interface is called ens33, and everything that runs on them.

    with Lab() as lab:
        a, b = lab.host("a"), lab.host("b")
        ...

A host has its own network and its own mounts: /run and /etc/keepalived are private, so that daemons with default paths do
not meet. Leaving the `with`, an exception, SIGTERM, SIGINT and the end of the interpreter all clean up: no process,
namespace or file of the lab stays. Names are hf<pid>-<host>, so several labs can run side by side.
"""
import atexit
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import namespaces
from namespaces import LabError, run
from watch import Watch, address_socket, packet_socket

INTERFACE = "ens33"
NETWORK = "172.18.8"
POLL_S = 0.002
_open_labs = []


def close_all():
    for lab in list(_open_labs):
        lab.close()


def _leave(number, _frame):
    close_all()
    sys.exit(128 + number)


class Host:
    """One machine of the LAN. `run_directory` is where its /run is seen from the harness."""

    def __init__(self, lab, name, last_octet):
        self.lab, self.name = lab, name
        self.address = f"{NETWORK}.{last_octet}"
        self.namespace = f"hf{os.getpid()}-{name}"
        self.daemons, self.web = [], None
        run("ip", "netns", "add", self.namespace)
        lab.namespaces.append(self.namespace)
        lab.watch.add_host(name, namespaces.open_inside(self.namespace, address_socket))
        run("ip", "-n", lab.switch, "link", "add", f"port-{name}", "type", "veth", "peer", "name", INTERFACE, "netns",
            self.namespace)
        run("ip", "-n", lab.switch, "link", "set", f"port-{name}", "master", "br0", "up")
        self._anchor()
        self.shell(f"echo 1 > /proc/sys/net/ipv6/conf/all/disable_ipv6; ip link set lo up; ip link set {INTERFACE} up; "
                   f"ip address add {self.address}/24 dev {INTERFACE}")

    def _anchor(self):
        """Starts the process that keeps the host's private mounts alive."""
        mounts = ("mount -t tmpfs -o size=8m,mode=0755 tmpfs /run && mount -t tmpfs -o size=1m,mode=0755 tmpfs "
                  "/etc/keepalived && mkdir /run/tmp && { mount -t sysfs sysfs /sys 2>/dev/null || true; } && "
                  "echo ready && exec sleep infinity")
        self.anchor = subprocess.Popen(
            ["nsenter", f"--net={namespaces.path_of(self.namespace)}", "unshare", "--mount", "--propagation", "private",
             "sh", "-c", mounts], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        if self.anchor.stdout.readline() != "ready\n":
            raise LabError(f"host {self.name}: no private mounts: {self.anchor.stderr.read().strip()}")
        self.root = f"/proc/{self.anchor.pid}/root"
        self.run_directory = f"{self.root}/run"

    def inside(self, *command, private_mounts=True):
        """The command line that runs `command` on this host (it becomes the command: the pid is the command's)."""
        mounts = [f"--mount=/proc/{self.anchor.pid}/ns/mnt"] if private_mounts else []
        return ["nsenter", f"--net={namespaces.path_of(self.namespace)}", *mounts, "--", *command]

    def execute(self, *command, check=True, timeout=20):
        return run(*self.inside(*command), check=check, timeout=timeout)

    def shell(self, text, check=True):
        return self.execute("sh", "-c", text, check=check)

    def start(self, *command, **options):
        """A process on this host that the lab ends at the latest with itself."""
        return subprocess.Popen(self.inside(*command), stdin=subprocess.DEVNULL, **options)

    def write(self, path, text, mode=0o644):
        """Writes a file that this host sees at `path` (below /run or /etc/keepalived), replacing it in one step."""
        target = self.root + path
        with open(target + ".new", "w", encoding="utf-8") as handle:
            handle.write(text)
        os.chmod(target + ".new", mode)
        os.rename(target + ".new", target)

    def read(self, path):
        with open(self.root + path, encoding="utf-8", errors="replace") as handle:
            return handle.read()

    def exists(self, path):
        return os.path.lexists(self.root + path)

    def processes(self):
        """pids of what runs on this host, without the lab's own anchor."""
        return [pid for pid in namespaces.pids_inside(self.namespace) if pid != self.anchor.pid]

    def has(self, vip):
        return self.name in self.lab.watch.holders(vip)

    def cut(self):
        """The cable to the switch forwards nothing any more; the interface does not notice. Returns the time just before."""
        when = time.monotonic()
        run("bridge", "-n", self.lab.switch, "link", "set", "dev", f"port-{self.name}", "state", "0")
        return when

    def heal(self):
        when = time.monotonic()
        run("bridge", "-n", self.lab.switch, "link", "set", "dev", f"port-{self.name}", "state", "3")
        return when

    def carrier(self, up):
        """Switch port off or on: the host's interface loses or regains its carrier."""
        when = time.monotonic()
        run("ip", "-n", self.lab.switch, "link", "set", f"port-{self.name}", "up" if up else "down")
        return when

    def start_web(self):
        """Real nginx, one worker, answering `host NAME` on port 80 of every address; pid in /run/nginx.pid."""
        self.write("/run/nginx.conf", "daemon off; worker_processes 1; pid /run/nginx.pid; error_log stderr;\n"
                   "events { worker_connections 64; }\nhttp { access_log off; "
                   + "".join(f"{kind}_temp_path /run/tmp; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
                   + f"server {{ listen 80; location / {{ return 200 'host {self.name}\\n'; }} }} }}\n")
        self.web = self.start("nginx", "-e", "stderr", "-c", "/run/nginx.conf", stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
        self.lab.wait(lambda: self.shell("curl -s -m 1 http://127.0.0.1/", check=False) == f"host {self.name}\n", 10,
                      f"nginx on {self.name}")

    def stop_web(self):
        """Ends nginx at once and removes its pid file; returns the time."""
        workers = self.execute("pgrep", "-P", str(self.web.pid), check=False).split()
        when = time.monotonic()
        for pid in [self.web.pid, *map(int, workers)]:
            os.kill(pid, signal.SIGKILL)
        self.web.wait()
        self.shell("rm -f /run/nginx.pid")
        return when

    def fetch(self, url, timeout_s=1):
        """The page as text, "" when there is none."""
        return self.execute("curl", "-s", "-m", str(timeout_s), url, check=False)


class Lab:
    def __init__(self):
        namespaces.require_namespaces()
        namespaces.remove_left_over()
        self.namespaces, self.hosts, self.captures, self._closed = [], {}, [], False
        self.started = time.monotonic()
        self.directory = tempfile.mkdtemp(prefix=f"hf{os.getpid()}-")
        self._made_etc = not os.path.isdir("/etc/keepalived")
        if self._made_etc:
            os.mkdir("/etc/keepalived", 0o755)
        _open_labs.append(self)
        self._old_handlers = {}
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
                self._old_handlers[number] = signal.signal(number, _leave)
        self.watch = Watch()
        self.switch = f"hf{os.getpid()}-switch"
        try:
            run("ip", "netns", "add", self.switch)
            self.namespaces.append(self.switch)
            run("ip", "-n", self.switch, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0", "stp_state", "0")
            run("ip", "-n", self.switch, "link", "set", "br0", "up")
            self.watch.add_switch(namespaces.open_inside(self.switch, lambda: packet_socket("br0")))
        except BaseException:
            self.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def host(self, name):
        """A new host: a is .11, b .12, …; those with longer names (lower-case letters) are .101, .102, …"""
        host = Host(self, name, 11 + ord(name) - ord("a") if len(name) == 1 else 101 + len(self.hosts))
        self.hosts[name] = host
        return host

    def wait(self, condition, timeout_s, what):
        """Polls until the condition holds and returns its value; LabError with what was seen when it never does."""
        end = time.monotonic() + timeout_s
        while True:
            value = condition()
            if value:
                return value
            if time.monotonic() > end:
                raise LabError(f"waited {timeout_s} s in vain for: {what}\n{self.story()}")
            time.sleep(POLL_S)

    def wait_owner(self, vip, host, timeout_s):
        """Waits until exactly this host has the VIP; returns the time at which it got it."""
        self.wait(lambda: self.watch.holders(vip) == [host.name], timeout_s, f"{host.name} alone has {vip}")
        return [event for event in self.watch.events_of(vip, 0.0, kinds=("add",)) if event.host == host.name][-1].time

    def story(self, lines=25):
        """What happened, for the message of a failed test."""
        text = [f"  {e.time - self.started:9.3f} {e.host}: {e.kind} {e.address}" for e in self.watch.address_events[-lines:]]
        for host in self.hosts.values():
            for daemon in host.daemons:
                text.append(f"  -- log of {host.name} (pid {daemon.pid})")
                text += [f"  {when - self.started:9.3f} {line}" for when, line in list(daemon.lines)[-lines:]]
        return "\n".join(text)

    def close(self):
        if self._closed:
            return
        self._closed = True
        for capture in self.captures:
            capture.stop()
        for name in self.namespaces[::-1]:
            namespaces.remove(name)
        for host in self.hosts.values():
            for process in [host.anchor, host.web, *(daemon.process for daemon in host.daemons)]:
                if process is not None:
                    process.kill()
                    process.wait()
            for daemon in host.daemons:
                daemon.close()
            host.anchor.stdout.close()
            host.anchor.stderr.close()
        self.watch.close()
        shutil.rmtree(self.directory, ignore_errors=True)
        if self._made_etc:
            shutil.rmtree("/etc/keepalived", ignore_errors=True)
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        _open_labs.remove(self)


atexit.register(close_all)
