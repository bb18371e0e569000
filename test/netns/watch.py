"""The lab's eyes: one thread that writes down every address event of every host and every VRRP and ARP packet on the LAN.

Address events come from each host's own rtnetlink socket (time: when this thread read them); packets come from a packet
socket on the switch with the kernel's receive time. All times are seconds of CLOCK_MONOTONIC. Lists only grow.
"""
import selectors
import socket
import struct
import threading
import time
from dataclasses import dataclass

RTM_NEWADDR, RTM_DELADDR = 20, 21
RTMGRP_IPV4_IFADDR = 0x10
IFA_ADDRESS, IFA_LOCAL, IFA_CACHEINFO = 1, 2, 6
SO_RCVBUFFORCE, SO_TIMESTAMPNS = 33, 35
ETH_P_ALL, ETH_P_IP, ETH_P_ARP = 3, 0x0800, 0x0806
PROTO_VRRP = 112


@dataclass(frozen=True)
class AddressEvent:
    time: float
    host: str
    kind: str  # "add", "refresh" (it was there already), "del"
    address: str  # with prefix: 10.0.0.1/24
    valid_lifetime_s: int  # 0xffffffff = forever


@dataclass(frozen=True)
class Advert:
    time: float
    source: str
    version: int
    vrid: int
    priority: int
    interval_s: float
    addresses: tuple
    source_mac: str
    raw: bytes  # IP packet


@dataclass(frozen=True)
class GratuitousArp:
    time: float
    source_mac: str
    address: str
    opcode: int
    target_mac: str
    destination_mac: str


def address_socket():
    sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 8 << 20)
    sock.bind((0, RTMGRP_IPV4_IFADDR))
    return sock


def packet_socket(interface):
    sock = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
    sock.setsockopt(socket.SOL_SOCKET, SO_RCVBUFFORCE, 16 << 20)
    sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    sock.bind((interface, ETH_P_ALL))
    return sock


def mac_text(raw):
    return ":".join(f"{byte:02x}" for byte in raw)


def parse_advert(frame, when):
    """An Advert from an Ethernet frame, or None when it is not IPv4 VRRP or too short to read."""
    packet = frame[14:]
    if len(packet) < 28 or packet[9] != PROTO_VRRP:
        return None
    header = (packet[0] & 15) * 4
    body = packet[header:struct.unpack("!H", packet[2:4])[0]]
    if len(body) < 8:
        return None
    version, count = body[0] >> 4, body[3]
    if version == 2:
        interval = float(body[5])
    else:
        interval = (struct.unpack("!H", body[4:6])[0] & 0xFFF) / 100
    addresses = tuple(socket.inet_ntoa(body[8 + 4 * i:12 + 4 * i]) for i in range(count) if len(body) >= 12 + 4 * i)
    return Advert(when, socket.inet_ntoa(packet[12:16]), version, body[1], body[2], interval, addresses,
                  mac_text(frame[6:12]), bytes(packet))


def parse_garp(frame, when):
    """A GratuitousArp (sender address = target address), or None."""
    arp = frame[14:42]
    if len(arp) < 28 or arp[14:18] != arp[24:28]:
        return None
    return GratuitousArp(when, mac_text(arp[8:14]), socket.inet_ntoa(arp[14:18]), struct.unpack("!H", arp[6:8])[0],
                         mac_text(arp[18:24]), mac_text(frame[0:6]))


class Watch:
    def __init__(self):
        self.address_events = []
        self.adverts = []
        self.garps = []
        self.problem = None
        self._held = {}  # host -> {address with prefix}
        self._selector = selectors.DefaultSelector()
        self._wall_minus_monotonic = time.time() - time.monotonic()
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def add_host(self, name, sock):
        self._held[name] = set()
        self._selector.register(sock, selectors.EVENT_READ, lambda: self._addresses(name, sock))

    def add_switch(self, sock):
        self._selector.register(sock, selectors.EVENT_READ, lambda: self._packet(sock))

    def holders(self, vip):
        """Hosts that have the VIP (no prefix) now."""
        return sorted(host for host, held in list(self._held.items())
                      if any(entry.split("/")[0] == vip for entry in tuple(held)))

    def events_of(self, vip, since, until=None, kinds=("add", "del")):
        return [event for event in list(self.address_events)
                if event.address.split("/")[0] == vip and event.kind in kinds
                and event.time >= since and (until is None or event.time <= until)]

    def ownership(self, vip, since, until):
        """[(start, end, hosts)]: who had the VIP when, over the whole span."""
        spans, hosts, start = [], set(), since
        for event in list(self.address_events):
            if event.address.split("/")[0] != vip or event.kind == "refresh" or event.time > until:
                continue
            if event.time > start:
                spans.append((start, event.time, frozenset(hosts)))
                start = event.time
            (hosts.add if event.kind == "add" else hosts.discard)(event.host)
        spans.append((start, until, frozenset(hosts)))
        return spans

    def seconds_with(self, vip, since, until, owners):
        """Seconds of the span in which so many hosts had the VIP (owners=2 means two or more)."""
        return sum(end - start for start, end, hosts in self.ownership(vip, since, until)
                   if len(hosts) == owners or (owners == 2 and len(hosts) > 2))

    def adverts_from(self, source, since=0.0, vrid=None):
        return [advert for advert in list(self.adverts)
                if advert.source == source and advert.time >= since and (vrid is None or advert.vrid == vrid)]

    def longest_advert_gap(self, source, since, until, vrid=None):
        """Longest time between two adverts of this source; the last advert before `since` counts as the first."""
        times = [advert.time for advert in self.adverts_from(source, 0.0, vrid) if advert.time <= until]
        before = [t for t in times if t < since][-1:]
        marks = before + [t for t in times if t >= since] + [until]
        return max((later - earlier for earlier, later in zip(marks, marks[1:])), default=until - since)

    def close(self):
        self._stop.set()
        self._thread.join(5)
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()

    def _loop(self):
        while not self._stop.is_set():
            try:
                for key, _ in self._selector.select(0.1):
                    key.data()
            except Exception as error:  # kept for the test's end: a recorder that lost events proves nothing
                self.problem = f"the lab's recorder lost events: {error!r}"

    def _addresses(self, host, sock):
        data = sock.recv(65536)
        now = time.monotonic()
        while len(data) >= 16:
            length, kind = struct.unpack("=IH", data[:6])
            if kind in (RTM_NEWADDR, RTM_DELADDR):
                self._address(host, kind, data[16:length], now)
            data = data[(length + 3) & ~3:]

    def _address(self, host, kind, body, now):
        prefix, attributes, address, lifetime = body[1], body[8:], None, 0xFFFFFFFF
        while len(attributes) >= 4:
            length, tag = struct.unpack("=HH", attributes[:4])
            if length < 4:
                break
            value = attributes[4:length]
            if tag == IFA_LOCAL or (tag == IFA_ADDRESS and address is None):
                address = f"{socket.inet_ntoa(value)}/{prefix}"
            elif tag == IFA_CACHEINFO:
                lifetime = struct.unpack("=II", value[:8])[1]
            attributes = attributes[(length + 3) & ~3:]
        held = self._held[host]
        word = "del" if kind == RTM_DELADDR else "refresh" if address in held else "add"
        self.address_events.append(AddressEvent(now, host, word, address, lifetime))  # first: who asks for holders finds it
        (held.discard if word == "del" else held.add)(address)

    def _packet(self, sock):
        frame, ancillary, _, _ = sock.recvmsg(2048, 64)
        when = time.monotonic()
        for level, kind, data in ancillary:
            if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
                seconds, nanoseconds = struct.unpack("@qq", data[:16])
                when = seconds + nanoseconds / 1e9 - self._wall_minus_monotonic
        ether_type = struct.unpack("!H", frame[12:14])[0]
        found = None
        if ether_type == ETH_P_IP and (found := parse_advert(frame, when)):
            self.adverts.append(found)
        elif ether_type == ETH_P_ARP and (found := parse_garp(frame, when)):
            self.garps.append(found)
