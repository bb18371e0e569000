"""Links of a host as `ip -j` tells them, and what happens to them."""
import json
import subprocess
import threading
import time

VMAC = "vrrp.101"  # what use_vmac makes for VRID 101
TIMEOUT_S = 10


def link(host, name=VMAC):
    """`ip -j -d link` of one link, or None."""
    text = host.execute("ip", "-d", "-j", "link", "show", "dev", name, check=False)
    return json.loads(text)[0] if text.strip() else None


def addresses(host, name=VMAC):
    """Of both families, without prefix; [] when there is no such link."""
    text = host.execute("ip", "-j", "address", "show", "dev", name, check=False)
    return [entry["local"] for part in json.loads(text or "[]") for entry in part.get("addr_info", [])]


def knob(host, name, what, family="ipv4"):
    return host.shell(f"cat /proc/sys/net/{family}/conf/{name}/{what}").strip()


def is_up(host, name=VMAC):
    found = link(host, name)
    return bool(found) and "UP" in found["flags"]


class Monitor:
    """`ip monitor`: what happens to the links, addresses or neighbours of one host."""

    def __init__(self, host, *objects):
        self.process = host.start("ip", "monitor", *objects, stdout=subprocess.PIPE, text=True)
        time.sleep(0.3)
        assert self.process.poll() is None, "ip monitor does not run"

    def about(self, name):
        """Ends it; the lines with this name."""
        time.sleep(0.3)
        self.process.terminate()
        out, _ = self.process.communicate()
        return [line for line in out.splitlines() if name in line]


class Story:
    """`ip -o monitor` that is read all the time: `lines` is [(time of reading, text)]. Begun when it is seen to work: marks are routes
    of 203.0.113.0/24 on lo."""

    def __init__(self, case, host, *objects, options=()):
        self.lines = []
        self.process = host.start("ip", *options, "monitor", *objects, stdout=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        case.addCleanup(self.close)
        marks = iter(range(1, 250))

        def seen():
            host.execute("ip", "route", "replace", f"203.0.113.{next(marks)}/32", "dev", "lo")
            return any("203.0.113." in line for _, line in list(self.lines))
        host.lab.wait(seen, TIMEOUT_S, "ip monitor")

    def _read(self):
        for line in self.process.stdout:
            self.lines.append((time.monotonic(), line.rstrip()))

    def close(self):
        self.process.terminate()
        self.process.wait()
        self.reader.join(5)
        self.process.stdout.close()
