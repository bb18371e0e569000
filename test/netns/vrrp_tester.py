"""A tester in the sense of the UNH-IOL suites: one host of the lab whose frames are made by hand (scapy), all others are under test.

It opens one packet socket in the tester's namespace. A thread writes down every frame with the kernel's time; another sends what
play() asks for, again and again. Nothing here knows keepalived. Frames say the lab's switch nothing but their Ethernet source, so one
tester is as many routers as it likes: LOW and HIGH are addresses below and above those of every host.
"""
import heapq
import logging
import os
import socket
import struct
import threading
import time
from dataclasses import dataclass

import namespaces
from watch import SO_TIMESTAMPNS, packet_socket

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)
from scapy.all import ARP, ICMP, IP, Ether, ICMPv6EchoRequest, ICMPv6ND_NS, ICMPv6NDOptSrcLLAddr, IPv6, Raw  # noqa: E402
from scapy.layers.vrrp import VRRP, VRRPv3  # noqa: E402

LOW = {4: "172.18.8.2", 6: "fe80::1"}
HIGH = {4: "172.18.8.250", 6: "feb0::ffff:ffff:ffff:ffff"}
GROUP = {4: ("224.0.0.18", "01:00:5e:00:00:12"), 6: ("ff02::12", "33:33:00:00:00:12")}


@dataclass(frozen=True)
class Frame:
    time: float
    data: bytes

    def packet(self):
        return Ether(self.data)


@dataclass(frozen=True)
class Heard:
    """A VRRP packet by its fixed positions; `pdu` is what follows the IP header."""
    time: float
    data: bytes
    family: int
    hops: int
    pdu: bytes

    vrid = property(lambda self: self.pdu[1])
    priority = property(lambda self: self.pdu[2])

    def packet(self):
        return Ether(self.data)


def before_others():
    """Lets the calling thread run before what else the machine does: a tester that is late itself proves nothing."""
    os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), -15)


def is_talk(data):
    kind = data[12:14]
    return kind == b"\x08\x06" or (kind == b"\x08\x00" and data[23] == 1) or (kind == b"\x86\xdd" and data[20] == 58)


def heard_from(frame):
    kind, packet = frame.data[12:14], frame.data[14:]
    if kind == b"\x08\x00" and len(packet) >= 28 and packet[9] == 112:
        pdu = packet[(packet[0] & 15) * 4:struct.unpack("!H", packet[2:4])[0]]
        found = Heard(frame.time, frame.data, 4, packet[8], pdu)
    elif kind == b"\x86\xdd" and len(packet) >= 48 and packet[6] == 112:
        found = Heard(frame.time, frame.data, 6, packet[7], packet[40:40 + struct.unpack("!H", packet[4:6])[0]])
    else:
        return None
    return found if len(found.pdu) >= 8 else None


class Tester:
    """`self.talk` (ARP, ICMP, ND) only grows; heard() looks through the adverts."""

    def __init__(self, host):
        self.host = host
        self.mac = host.execute("cat", "/sys/class/net/ens33/address").strip()
        self.sock = namespaces.open_inside(host.namespace, lambda: packet_socket("ens33"))
        self.sock.settimeout(0.1)
        self.talk, self.problem = [], None
        self._heard = {}  # (family, vrid) → adverts of others
        self._sent = {}  # (family, vrid) → when the tester spoke last
        self._offset = time.time() - time.monotonic()
        self._playing, self._queue, self._wake, self._stopped = {}, [], threading.Condition(), False
        self._threads = [threading.Thread(target=work, daemon=True) for work in (self._listen, self._send_what_is_due)]
        for thread in self._threads:
            thread.start()

    def close(self):
        with self._wake:
            self._stopped = True
            self._wake.notify()
        for thread in self._threads:
            thread.join(5)
        self.sock.close()

    def send(self, frame):
        """Sends it once; returns the time just before (a socket does not hear what it says itself)."""
        when = time.monotonic()
        self.sock.send(frame)
        if advert := heard_from(Frame(when, frame)):
            self._sent[(advert.family, advert.vrid)] = when
        return when

    def play(self, key, frame, interval_s):
        """Sends this frame now and every interval_s until hush(key); a second play replaces the first."""
        with self._wake:
            token = object()
            self._playing[key] = (token, frame, interval_s)
            heapq.heappush(self._queue, (time.monotonic(), id(token), key, token))
            self._wake.notify()

    def hush(self, key):
        """Returns the time after which nothing of it is sent any more."""
        with self._wake:
            self._playing.pop(key, None)
        return time.monotonic()

    def heard(self, family, vrid, since=0.0):
        """Adverts of the hosts under test."""
        return [advert for advert in list(self._heard.get((family, vrid), ())) if advert.time >= since]

    def last_sent(self, family, vrid):
        """When the tester sent its last advert of this VRID."""
        return self._sent.get((family, vrid))

    def others(self, address, accept, since=0.0):
        """ARP, ICMP and ND of the hosts under test since then that name the address and that `accept(packet)` takes."""
        octets = socket.inet_pton(socket.AF_INET6 if ":" in address else socket.AF_INET, address)
        found = [(frame, frame.packet()) for frame in list(self.talk) if frame.time >= since and octets in frame.data]
        return [(frame, packet) for frame, packet in found if accept(packet)]

    def _listen(self):
        before_others()
        try:
            while not self._stopped:
                try:
                    data, ancillary, _, _ = self.sock.recvmsg(2048, 64)
                except socket.timeout:
                    continue
                when = time.monotonic()
                for level, kind, text in ancillary:
                    if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
                        seconds, nanoseconds = struct.unpack("@qq", text[:16])
                        when = seconds + nanoseconds / 1e9 - self._offset
                frame = Frame(when, data)
                if is_talk(data):
                    self.talk.append(frame)
                elif advert := heard_from(frame):
                    self._heard.setdefault((advert.family, advert.vrid), []).append(advert)
        except OSError as error:
            self.problem = f"the tester went deaf: {error!r}"

    def _send_what_is_due(self):
        before_others()
        with self._wake:
            while not self._stopped:
                now = time.monotonic()
                while self._queue and self._queue[0][0] <= now:
                    when, number, key, token = heapq.heappop(self._queue)
                    playing = self._playing.get(key)
                    if playing is None or playing[0] is not token:
                        continue
                    self.send(playing[1])
                    heapq.heappush(self._queue, (max(when + playing[2], now), number, key, token))
                self._wake.wait(max(0.0, self._queue[0][0] - time.monotonic()) if self._queue else 0.5)


def ip_of(family, source, destination=None, **fields):
    group, _ = GROUP[family]
    if family == 4:
        return IP(**{"src": source, "dst": destination or group, "ttl": 255, "tos": 0xC0, "proto": 112, **fields})
    hops = {"hlim": fields.pop("ttl")} if "ttl" in fields else {}
    return IPv6(**{"src": source, "dst": destination or group, "hlim": 255, "nh": 112, **hops, **fields})


def advert(format_version, family, source, mac, *, vrid, priority, interval_s, addresses, password=None, ip=None, ether=None, cut=0,
           more=b"", plain_checksum=False, **fields):
    """The octets of an Ethernet frame. `fields` are scapy's of VRRP or VRRPv3, `ip` and `ether` those below; `cut` octets are
    taken from the end, `more` are added behind it."""
    if format_version == 2:
        words = struct.unpack("!II", (password or "").encode().ljust(8, b"\0"))
        body = VRRP(**{"version": 2, "type": 1, "vrid": vrid, "priority": priority, "ipcount": len(addresses), "addrlist": addresses,
                       "authtype": 1 if password else 0, "adv": int(interval_s), "auth1": words[0], "auth2": words[1], **fields})
    else:
        body = VRRPv3(**{"version": 3, "type": 1, "vrid": vrid, "priority": priority, "ipcount": len(addresses),
                         "adv": int(round(interval_s * 100)), "addrlist": addresses, **fields})
    if plain_checksum:
        body.chksum = 0
    low = ip_of(family, source, **(ip or {}))
    octets = bytes(low / body)[len(bytes(low)):]
    if plain_checksum:
        octets = octets[:6] + struct.pack("!H", ones_complement(octets)) + octets[8:]
    if cut:
        octets = octets[:-cut]
    ends = {"src": mac, "dst": GROUP[family][1], **(ether or {})}
    return bytes(Ether(**ends) / low / Raw(octets + more))


def ones_complement(octets):
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def who_has(family, source, address, mac):
    """ARP request or neighbour solicitation for the address, as a client would send it."""
    if family == 4:
        return bytes(Ether(src=mac, dst="ff:ff:ff:ff:ff:ff") / ARP(op=1, hwsrc=mac, psrc=source, pdst=address))
    low = socket.inet_pton(socket.AF_INET6, address)[-3:]
    group = socket.inet_ntop(socket.AF_INET6, socket.inet_pton(socket.AF_INET6, "ff02::1:ff00:0")[:13] + low)
    return bytes(Ether(src=mac, dst="33:33:ff:" + low.hex(":")) / IPv6(src=source, dst=group, hlim=255)
                 / ICMPv6ND_NS(tgt=address) / ICMPv6NDOptSrcLLAddr(lladdr=mac))


def ping(family, source, address, mac, to_mac, identity, number):
    """An echo request; `identity` tells the pings of one case from those of others."""
    ether = Ether(src=mac, dst=to_mac)
    if family == 4:
        return bytes(ether / IP(src=source, dst=address, ttl=64) / ICMP(id=identity, seq=number) / b"conformance")
    return bytes(ether / IPv6(src=source, dst=address, hlim=64) / ICMPv6EchoRequest(id=identity, seq=number) / b"conformance")
