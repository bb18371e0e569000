"""The guest's LAN: a client, one or two directors and real servers, on the lab of test/netns.

    front  172.18.8.0/24, fd00:8::/64   interface ens33: client, directors, real servers
    back   10.0.0.0/24,   fd00:9::/64   interface back: directors, real servers; gateway .1 is the director

Each real server can be reached by all methods at once. NAT: by its back address; what it sends from there goes through the
gateway. DR: the VIP stands on lo and is not told by ARP. TUN: tunl0 and ip6tnl0 are up. Used by case.py.
"""
import itertools
import os
import re
import signal
import socket
import subprocess
import time

import namespaces
from daemon import Daemon
from lab import Host, Lab

FRONT6, BACK, BACK6 = "fd00:8::", "10.0.0", "fd00:9::"
VIP, VIP6 = "172.18.8.200", "fd00:8::200"
GATEWAY, GATEWAY6 = f"{BACK}.1", f"{BACK6}1"
PORTS = (80, 81, 82, 83)


class Node(Host):
    """A host with IPv6 and, unless it is the client, the back interface."""

    back = True

    def __init__(self, lab, name, last_octet):
        super().__init__(lab, name, last_octet)
        self.address6 = f"{FRONT6}{last_octet}"
        self.back_address, self.back_address6 = f"{BACK}.{last_octet}", f"{BACK6}{last_octet}"
        lines = ["cd /proc/sys/net/ipv6/conf; echo 0 >all/accept_dad; echo 0 >default/accept_dad; echo 0 >ens33/accept_dad",
                 "echo 0 >all/disable_ipv6; echo 0 >default/disable_ipv6", f"ip address add {self.address6}/64 dev ens33 nodad"]
        if self.back:
            namespaces.run("ip", "-n", lab.switch, "link", "add", f"back-{name}", "master", "br1", "type", "veth", "peer", "name",
                           "back", "netns", self.namespace)
            namespaces.run("ip", "-n", lab.switch, "link", "set", f"back-{name}", "up")
            lines += ["ip link set back up", f"ip address add {self.back_address}/24 dev back",
                      f"ip address add {self.back_address6}/64 dev back nodad"]
        self.shell("set -e\n" + "\n".join(lines + self.further_setup()))

    def further_setup(self):
        """Lines of shell."""
        return []


class Client(Node):
    back = False


class Director(Node):
    """A host whose table of the kernel's IPVS can be read without starting a program."""

    def __init__(self, lab, name, last_octet):
        super().__init__(lab, name, last_octet)
        self._table = self._open_table()

    def further_setup(self):
        return ["echo 1 >/proc/sys/net/ipv4/ip_forward", "echo 1 >/proc/sys/net/ipv6/conf/all/forwarding"]

    def _open_table(self):
        return namespaces.open_inside(self.namespace, lambda: os.open("/proc/thread-self/net/ip_vs", os.O_RDONLY))

    def read_table_again(self):
        """After the module was unloaded and loaded the file is another."""
        self.close()
        self._table = self._open_table()

    def own_addresses(self):
        """The VIPs and the gateway, where no VRRP brings them."""
        self.shell(f"set -e; ip address add {VIP}/32 dev ens33; ip address add {VIP6}/128 dev ens33 nodad preferred_lft 0\n"
                   f"ip address add {GATEWAY}/24 dev back; ip address add {GATEWAY6}/64 dev back nodad")

    def table(self):
        """{service: {destination: (method, weight, active connections)}}, as in /proc/net/ip_vs."""
        services, service = {}, None
        for line in self._lines()[3:]:
            words = line.split()
            if words[0] == "->":
                service[endpoint(words[1])] = (words[2], int(words[3]), int(words[4]))
            else:
                service = services[f"{words[0]} {endpoint(words[1])}"] = {}
        return services

    def _lines(self):
        text, part = b"", b"more"
        while part:
            part = os.pread(self._table, 1 << 20, len(text))
            text += part
        return text.decode().splitlines()

    def weights(self, service):
        """{destination: weight} of a service, None when there is none."""
        found = self.table().get(service)
        return None if found is None else {name: entry[1] for name, entry in found.items()}

    def saved(self):
        """`ipvsadm -Sn`, sorted."""
        return sorted(self.execute("ipvsadm", "-Sn").splitlines())

    def ipvsadm(self, text):
        return self.execute("ipvsadm", *text.split())

    def close(self):
        os.close(self._table)


def endpoint(text):
    """The kernel's 0A00000B:0050 or [fd00:0009:…]:0050 as 10.0.0.11:80 or [fd00:9::11]:80; a firewall mark as its number."""
    found = re.fullmatch(r"(?:([0-9A-F]{8})|\[([0-9a-f:]+)\]):([0-9A-F]{4})", text)
    if not found:
        return str(int(text, 16))
    port = int(found.group(3), 16)
    if found.group(1):
        return f"{socket.inet_ntoa(bytes.fromhex(found.group(1)))}:{port}"
    return f"[{socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, found.group(2)))}]:{port}"


class RealServer(Node):
    """nginx on ports 80 to 83 and with TLS on 443. / tells the name, /health is 500 while sick, /big trickles for minutes."""

    def further_setup(self):
        return ["cd /proc/sys/net/ipv4/conf",
                "for name in all default lo ens33 back; do echo 1 >$name/arp_ignore; echo 2 >$name/arp_announce; done",
                f"ip rule add from {BACK}.0/24 table 100 pref 100; ip -6 rule add from {BACK6}/64 table 100 pref 100",
                f"ip route add default via {GATEWAY} dev back table 100",
                f"ip -6 route add default via {GATEWAY6} dev back table 100",
                f"ip route add {BACK}.0/24 dev back table 100; ip -6 route add {BACK6}/64 dev back table 100",
                f"ip address add {VIP}/32 dev lo; ip address add {VIP6}/128 dev lo nodad",
                "ip -6 tunnel change ip6tnl0 mode any; ip link set tunl0 up; ip link set ip6tnl0 up"]

    def start_web(self):
        if self.web is not None:
            return
        folders = "".join(f"{kind}_temp_path /run/tmp; " for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        listens = "".join(f"listen {port}; listen [::]:{port}; " for port in PORTS)
        self.write("/run/nginx.conf", f"""daemon off; worker_processes 1; pid /run/nginx.pid; error_log stderr crit;
events {{ worker_connections 256; }}
http {{ access_log off; {folders} keepalive_timeout 30; root /run; ssl_certificate {self.lab.directory}/cert.pem;
  ssl_certificate_key {self.lab.directory}/key.pem;
  server {{ {listens} listen 443 ssl; listen [::]:443 ssl;
    location / {{ return 200 '{self.name}\\n'; }}
    location /health {{ if (-f /run/sick) {{ return 500; }} return 200 'well\\n'; }}
    location /big {{ limit_rate 8k; }} }} }}
""")
        self.shell("truncate -s 6M /run/big")
        self.web = self.start("nginx", "-e", "stderr", "-c", "/run/nginx.conf", stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)
        self.lab.wait(self._answers, 20, f"nginx on {self.name}")

    def _answers(self):
        try:
            return get(lambda: namespaces.open_inside(self.namespace, lambda: connect("127.0.0.1", 80, 1))) == self.name
        except OSError:
            return False

    def stop_web(self):
        return None if self.web is None else self._stopped()

    def _stopped(self):
        when = super().stop_web()
        self.web = None
        return when

    def sick(self, yes):
        """While sick, /health answers 500 and / still its name: a request that reaches a server out of service is seen."""
        when = time.monotonic()
        self.shell("touch /run/sick" if yes else "rm -f /run/sick")
        return when

    def freeze(self, yes):
        """nginx stops: the kernel accepts connections, nobody answers."""
        workers = self.execute("pgrep", "-P", str(self.web.pid), check=False).split()
        for pid in [self.web.pid, *map(int, workers)]:
            os.kill(pid, signal.SIGSTOP if yes else signal.SIGCONT)


# The kernel deals the ports of clients anew every ten seconds and comes back to some of the minute before. IPVS still knows those:
# their packets would follow the old connection to a server that is gone, and nobody would answer.
_fresh_ports = itertools.count(10000)


def connect(address, port, timeout_s):
    """A connection from a port that none came from since the VM started."""
    return socket.create_connection((address, port), timeout_s, source_address=("", next(_fresh_ports)))


def get(opener, path="/"):
    """The body of one HTTP request over the socket that opener() makes; OSError when there is no complete answer of 200."""
    with opener() as sock:
        sock.sendall(f"GET {path} HTTP/1.0\r\nHost: vm\r\n\r\n".encode())
        answer = b""
        while part := sock.recv(65536):
            answer += part
    head, separator, body = answer.partition(b"\r\n\r\n")
    if not separator or b" 200 " not in head.split(b"\r\n")[0]:
        raise OSError(f"answer {answer[:60]!r}")
    return body.decode().strip()


class LvsDaemon(Daemon):
    """A keepalived with its checker process."""

    def checker(self):
        """pid of the living checker process as its pid file says, None while there is none."""
        try:
            with open(self.prefix + "/run/ka/checkers.pid", encoding="ascii") as handle:
                pid = int(handle.read())
        except (OSError, ValueError):
            return None
        return pid if namespaces.alive(pid) else None

    def wait_checker(self, other_than=None, timeout_s=20):
        return self.host.lab.wait(lambda: (pid := self.checker()) != other_than and pid, timeout_s,
                                  f"a checker process on {self.host.name}")

    def reload(self, text):
        self.configure(text)
        return self.signal(signal.SIGHUP)

    def end(self):
        """SIGTERM, and SIGKILL for all of it when that is not enough."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class LvsLab(Lab):
    """Lab with the second switch, the certificate, and hosts of our kinds."""

    def __init__(self):
        super().__init__()
        namespaces.run("ip", "-n", self.switch, "link", "add", "br1", "type", "bridge", "mcast_snooping", "0", "stp_state", "0")
        namespaces.run("ip", "-n", self.switch, "link", "set", "br1", "up")
        namespaces.run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
                       "2", "-subj", "/CN=vm", "-keyout", f"{self.directory}/key.pem", "-out", f"{self.directory}/cert.pem",
                       timeout=60)

    def add(self, kind, name, last_octet):
        self.hosts[name] = kind(self, name, last_octet)
        return self.hosts[name]

    def switch_port(self, port, forwards):
        """A port of either switch forwards, or drops everything without taking the carrier away."""
        namespaces.run("bridge", "-n", self.switch, "link", "set", "dev", port, "state", "3" if forwards else "0")

    def close(self):
        for host in self.hosts.values():
            if isinstance(host, Director) and not self._closed:
                host.close()
        super().close()
