"""One keepalived on a host: started, spoken to by signals, read by its log. Also the client's pinger and a packet capture."""
import json
import os
import re
import signal
import subprocess
import sys
import threading
import time

from namespaces import LabError, alive, run

HERE = os.path.dirname(os.path.abspath(__file__))
CONFIGURATION = "/etc/keepalived/keepalived.conf"


class Daemon:
    """`program -n -l -D -f … -p … -r … -c …` on the host. `lines` is the log: (time of reading, text)."""

    def __init__(self, host, program, configuration=None, options=(), environment=None, directory="/run/ka",
                 private_mounts=True):
        self.host, self.lines = host, []
        self.prefix = host.root if private_mounts else ""
        os.makedirs(self.prefix + directory, exist_ok=True)
        self.pid_file, self.vrrp_pid_file = f"{directory}/core.pid", f"{directory}/vrrp.pid"
        self.configuration_file = CONFIGURATION if private_mounts else f"{directory}/keepalived.conf"
        if configuration is not None:
            self.configure(configuration)
        temporary = "/run/tmp" if private_mounts else directory
        settings = [f"{name}={value}" for name, value in {"TMPDIR": temporary, **(environment or {})}.items()]
        self.command = ["env", *settings, program, "-n", "-l", "-D", "-f", self.configuration_file, "-p", self.pid_file,
                        "-r", self.vrrp_pid_file, "-c", f"{directory}/checkers.pid", *options]
        self.private_mounts = private_mounts
        self.start()
        host.daemons.append(self)

    def start(self):
        """Starts the same command line (again)."""
        self.started = time.monotonic()
        self.process = subprocess.Popen(self.host.inside(*self.command, private_mounts=self.private_mounts),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.pid = self.process.pid
        self._reader = threading.Thread(target=self._read, args=(self.process.stdout,), daemon=True)
        self._reader.start()

    def _read(self, stream):
        for raw in stream:
            self.lines.append((time.monotonic(), raw.decode("utf-8", "replace").rstrip("\n")))
        stream.close()

    def configure(self, text):
        path = self.prefix + self.configuration_file
        with open(path + ".new", "w", encoding="utf-8") as handle:
            handle.write(text)
        os.chmod(path + ".new", 0o644)
        os.rename(path + ".new", path)

    def log(self, pattern, since=0.0):
        """Log lines that match the regular expression: [(time, text)]."""
        return [(when, line) for when, line in list(self.lines) if when >= since and re.search(pattern, line)]

    def wait_log(self, pattern, timeout_s, since=0.0):
        """Time of the first matching line. Gives up early when the process has ended and its log is read."""
        what = f"log of {self.host.name}: {pattern}"

        def found():
            if self.process.poll() is not None and not self._reader.is_alive() and not self.log(pattern, since):
                raise LabError(f"{what}: exit code {self.process.returncode} before\n{self.host.lab.story()}")
            return self.log(pattern, since)

        return self.host.lab.wait(found, timeout_s, what)[0][0]

    def signal(self, number):
        """Sends the signal to core; returns the time just before."""
        when = time.monotonic()
        os.kill(self.pid, number)
        return when

    def vrrp(self):
        """pid of the living vrrp process as its pid file says, None while there is none."""
        try:
            with open(self.prefix + self.vrrp_pid_file, encoding="ascii") as handle:
                pid = int(handle.read())
        except (OSError, ValueError):
            return None
        return pid if alive(pid) else None

    def wait_vrrp(self, timeout_s=10, other_than=None):
        return self.host.lab.wait(lambda: (pid := self.vrrp()) != other_than and pid, timeout_s,
                                  f"a vrrp process on {self.host.name}")

    def stop(self, timeout_s=10):
        """SIGTERM; returns (time of the signal, time of the end, exit code)."""
        when = self.signal(signal.SIGTERM)
        try:
            code = self.process.wait(timeout_s)
        except subprocess.TimeoutExpired as error:
            raise LabError(f"{self.host.name}: did not stop in {timeout_s} s\n{self.host.lab.story()}") from error
        return when, time.monotonic(), code

    def kill_core(self):
        when = self.signal(signal.SIGKILL)
        self.process.wait()
        return when

    def close(self):
        self._reader.join(2)


class Pinger:
    """The client's eyes: pinger.py on a host."""

    def __init__(self, client, address, interval_s=0.002, on_silence=None):
        self.silences, self._on_silence = [], on_silence
        self.process = client.start("nice", "-n", "-10", sys.executable, f"{HERE}/pinger.py", address, str(interval_s),
                                    stdout=subprocess.PIPE, text=True)
        self._report = None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self.process.stdout:
            if line.startswith("up "):
                _, start, end = line.split()
                self.silences.append((float(start), float(end)))
                if self._on_silence:
                    self._on_silence(float(start), float(end))
            else:
                self._report = json.loads(line)
        self.process.stdout.close()

    def stop(self):
        """The report: sent, lost, silences, longest_rtt_s."""
        self.process.terminate()
        self._reader.join(5)
        self.process.wait()
        if self._report is None:
            raise LabError("the pinger ended without a report")
        self.silences = [tuple(pair) for pair in self._report["silences"]]
        return self._report

    def longest(self, since, until=float("inf")):
        """Longest silence in seconds that overlaps the span."""
        return max((end - start for start, end in self.silences if end >= since and start <= until), default=0.0)


class Capture:
    """tcpdump on the switch into a file; after stop(), tshark decodes it."""

    def __init__(self, lab, expression="vrrp or arp"):
        self.path = f"{lab.directory}/capture-{len(lab.captures)}.pcap"
        self.process = subprocess.Popen(
            ["nsenter", f"--net=/run/netns/{lab.switch}", "tcpdump", "--immediate-mode", "-i", "br0", "-U", "-Z", "root", "-w", self.path,
             expression], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        lab.captures.append(self)
        line = self.process.stderr.readline()
        if "listening on" not in line:
            raise LabError(f"tcpdump: {line}{self.process.stderr.read()}")

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait()
        self.process.stderr.close()

    def fields(self, display_filter, *names):
        """One dict per packet that passes the filter; every value is the text tshark prints."""
        wanted = [word for name in names for word in ("-e", name)]
        out = run("tshark", "-n", "-r", self.path, "-o", "ip.check_checksum:TRUE", "-Y", display_filter, "-T", "fields",
                  "-E", "separator=|", "-E", "aggregator=;", *wanted, timeout=60)
        return [dict(zip(names, line.split("|"))) for line in out.splitlines()]

    def complaints(self):
        """What tshark finds wrong with VRRP packets: malformed, bad checksum, expert items of warning and above."""
        return run("tshark", "-n", "-r", self.path, "-o", "ip.check_checksum:TRUE", "-Y",
                   "vrrp && (_ws.malformed || vrrp.checksum.status == \"Bad\" || ip.checksum.status == \"Bad\" || "
                   "_ws.expert.severity >= 6291456)", timeout=60).splitlines()
