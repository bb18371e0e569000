"""Conformance on the wire, after the structure of UNH-IOL's VRRP operations suite: 2 packet format and receive checks, 3 states and
transitions, 4 what the Active router answers. For version 2 (RFC 3768), version 3 (RFC 9568) and version 3 over IPv6; the tester's
frames are made with scapy. The numbers within a group are ours. docs/TESTING.md says what is done otherwise than the RFCs, and why.
"""
import struct
import time
import unittest

import vrrp_tester
from conformance import BETTER, LATE_S, PASSWORD, PRIORITY, Row, Stage
from vrrp_tester import GROUP, HIGH, LOW

OWNER, WORSE = 255, 50
STRANGER = 250  # a VRID that nobody has
NOPREEMPT, VMAC, NO_ACCEPT = "    nopreempt\n", "    use_vmac\n", "    no_accept\n"


# ---- group 2: the packet ----

def fixed_fields(case):
    pdu = case.active().pdu
    case.equal(pdu[0], case.version << 4 | 1, "version and type")
    case.equal((pdu[1], pdu[2], pdu[3]), (case.vrid, PRIORITY, 2), "VRID, priority, count of addresses")
    if case.version == 2:
        case.equal((pdu[4], pdu[5]), (1, 1), "authentication type and interval in seconds")
    else:
        case.equal(struct.unpack("!H", pdu[4:6])[0], int(case.interval_s * 100), "reserved bits and interval in centiseconds")


def addresses(case):
    packet = case.active().packet()
    layer = packet["VRRP" if case.version == 2 else "VRRPv3"]
    case.equal(layer.addrlist, case.vips, "addresses in the order of the configuration (IPv6: link-local first)")


def length(case):
    wanted = 8 + 2 * (16 if case.family == 6 else 4) + (8 if case.version == 2 else 0)
    case.equal(len(case.active().pdu), wanted, "octets of the packet")


def checksum(case):
    heard = case.active()
    packet = heard.packet()
    if case.version == 2:
        case.equal(vrrp_tester.ones_complement(heard.pdu), 0, "sum over the packet")
        return
    layer = packet["VRRPv3"]
    said, layer.chksum = layer.chksum, None
    case.equal(said, type(packet)(bytes(packet))["VRRPv3"].chksum, "checksum with the pseudo header")


def ends(case):
    packet, (group, group_mac) = case.active().packet(), GROUP[case.family]
    ip = packet["IP" if case.family == 4 else "IPv6"]
    own = case.host.address if case.family == 4 else case.stage.link_local(case.row.host)
    case.equal((ip.src, ip.dst, packet.dst), (own, group, group_mac), "source, destination, multicast MAC")


def hops(case):
    case.equal(case.active().hops, 255, "TTL or hop limit")


def password(case):
    case.equal(case.active().pdu[-8:], PASSWORD.encode().ljust(8, b"\0"), "authentication data")


def rhythm(case):
    first = case.active()
    case.wait(lambda: len(case.heard(first.time)) >= 6, 8 * case.interval_s + 2, "six adverts")
    times = [advert.time for advert in case.heard(first.time)][1:6]
    case.within((times[-1] - times[0]) / 4, case.interval_s - 0.01, "mean time between adverts", 0.1)


def discards(**changes):
    """A Backup hears good adverts, then only such ones: its timer runs on, it becomes Active as if it heard nothing."""
    def play(case):
        wrong = case.advert(**{name: value(case) if callable(value) else value for name, value in changes.items()})
        case.backup_of_us()
        last = case.let_go()
        case.keep_sending(wrong)
        case.is_active_when(last, case.down_s, "becomes Active after the last good advert")
    return play


def accepts(**changes):
    """A Backup stays so while it hears only such adverts."""
    def play(case):
        other = case.advert(**{name: value(case) if callable(value) else value for name, value in changes.items()})
        case.backup_of_us()
        case.keep_sending(other)
        case.silent(case.down_s + 3 * case.interval_s)
    return play


def learns(case):
    """Adverts every 0.4 s say so; a Backup with 0.1 s of its own waits for 3 of these."""
    case.keep_saying(interval_s=0.4)
    case.silent(2.0, case.log.wait_log(rf"\({case.name}\) Entering BACKUP STATE", 20) + 1.0)
    case.is_active_when(case.let_go(), (3 + (256 - PRIORITY) / 256) * 0.4, "three learned intervals and skew")
    time.sleep(1.0)
    said = case.heard()
    case.equal({struct.unpack("!H", advert.pdu[4:6])[0] for advert in said}, {10}, "as Active it says its own interval")
    case.within((said[-1].time - said[1].time) / (len(said) - 2), 0.09, "and keeps it", 0.1)


GROUP_2 = [
    Row("2.01", "RFC 3768 5.3, RFC 9568 5.2", "version type vrid priority count interval", fixed_fields),
    Row("2.02", "RFC 3768 5.3.9, RFC 9568 5.2.9", "addresses", addresses),
    Row("2.03", "RFC 3768 5.3, RFC 9568 5.2", "length", length),
    Row("2.04", "RFC 3768 5.3.8, RFC 9568 5.2.8", "checksum", checksum),
    Row("2.05", "RFC 3768 5.2.1, 5.2.2, RFC 9568 5.1.1, 5.1.2", "source and destination", ends),
    Row("2.06", "RFC 3768 5.2.3, RFC 9568 5.1.1.3, 5.1.2.3", "ttl or hop limit 255", hops),
    Row("2.07", "RFC 2338 5.3.6.2, 5.3.10", "password padded with zeros", password, "2"),
    Row("2.08", "RFC 3768 6.4.3, RFC 9568 6.4.3", "an advert every interval", rhythm),
    Row("2.20", "RFC 3768 7.1, RFC 9568 7.1", "ttl 254 is discarded", discards(ip={"ttl": 254}), begins=BETTER),
    Row("2.21", "RFC 3768 7.1, RFC 9568 7.1", "ttl 1 is discarded", discards(ip={"ttl": 1}), begins=BETTER),
    Row("2.22", "RFC 3768 7.1, RFC 9568 7.1", "another version is discarded",
        discards(of_version=lambda case: 3 if case.version == 2 else 2), "23", begins=BETTER),
    Row("2.23", "RFC 3768 7.1, RFC 9568 7.1", "an unknown version is discarded", discards(version=4), begins=BETTER),
    Row("2.24", "RFC 3768 5.3.2, RFC 9568 5.2.2", "an unknown type is discarded", discards(type=2), begins=BETTER),
    Row("2.25", "RFC 3768 7.1, RFC 9568 7.1", "a wrong checksum is discarded", discards(chksum=0x1234), begins=BETTER),
    Row("2.26", "RFC 9568 5.2.8", "a checksum without pseudo header is discarded", discards(plain_checksum=True), "36", begins=BETTER),
    Row("2.27", "RFC 3768 7.1, RFC 9568 7.1", "another vrid is discarded", discards(vrid=STRANGER), begins=BETTER),
    Row("2.28", "RFC 3768 7.1, RFC 9568 7.1", "a packet cut in its addresses is discarded", discards(cut=9), begins=BETTER),
    Row("2.29", "RFC 3768 7.1, RFC 9568 7.1", "a packet cut in its header is discarded",
        discards(cut=lambda case: 2 * (16 if case.family == 6 else 4) + (8 if case.version == 2 else 0) + 2), begins=BETTER),
    Row("2.30", "RFC 9568 7.1", "a count beyond the end is discarded", discards(ipcount=3), begins=BETTER),
    Row("2.31", "RFC 3768 7.1, behaviour d.6", "a longer packet is discarded", discards(more=b"\0" * 4), begins=BETTER),
    Row("2.32", "RFC 2338 7.1", "another authentication type is discarded", discards(authtype=0), "2", begins=BETTER),
    Row("2.33", "RFC 2338 7.1", "an unknown authentication type is discarded", discards(authtype=7), "2", begins=BETTER),
    Row("2.34", "RFC 2338 7.1", "another password is discarded", discards(password="1112"), "2", begins=BETTER),
    Row("2.35", "RFC 3768 7.1", "another interval is discarded", discards(adv=2), "2", begins=BETTER),
    Row("2.36", "RFC 9568 5.2.7", "interval 0 is discarded", discards(adv=0), "36", begins=BETTER),
    Row("2.37", "RFC 9568 5.1.1.2, behaviour d.6", "unicast to us is discarded",
        discards(ip=lambda case: {"destination": case.own_address()}, ether=lambda case: {"dst": case.mac()}), begins=BETTER),
    Row("2.38", "RFC 9568 5.2.6", "reserved bits are ignored", accepts(res=15), "36", begins=BETTER),
    Row("2.39", "behaviour d.6", "another list of addresses is used",
        accepts(addresses=lambda case: case.vips[:1] + ["172.18.8.77" if case.family == 4 else "2001:db8::77"]), begins=BETTER),
    Row("2.40", "behaviour d.6", "another order of addresses is used", accepts(addresses=lambda case: case.vips[::-1]), begins=BETTER),
    Row("2.41", "RFC 9568 6.4.2 (140)", "the interval is learned", learns, "36", begins=BETTER, interval_s={3: 0.1, 6: 0.1}),
]


# ---- group 3: states ----

def begins_at_once(case):
    first = case.active()
    case.equal(first.priority, OWNER, "priority of the owner")
    entered = case.log.wait_log(rf"\({case.name}\) Entering MASTER STATE", 20)
    case.within(entered - case.log.wait_log(r"Starting VRRP child|Registering", 20), 0, "from the start to Active", 1.5)


def begins_as_backup(case):
    """The log's line is read when it has gone through core, so the time may seem shorter, too."""
    entered = case.log.wait_log(rf"\({case.name}\) Entering BACKUP STATE", 20)
    case.within(case.active().time - entered, case.down_s - LATE_S, "from Backup to Active", 2 * LATE_S)


def listens_to(priority, source):
    """A Backup stays so while it hears this."""
    def play(case):
        other = case.advert(priority, source=source[case.family])
        case.backup_of_us()
        case.keep_sending(other)
        case.silent(case.down_s + 3 * case.interval_s)
        case.is_active_when(case.let_go(), case.down_s, "the timer starts anew with each")
    return play


def priority_zero_to_backup(case):
    zero = case.advert(0)
    case.backup_of_us()
    case.let_go()
    case.is_active_when(case.tester.send(zero), case.skew_s, "after the skew")


def ignores_lower(case):
    lower = case.advert(WORSE, source=LOW[case.family])
    case.backup_of_us()
    last = case.let_go()
    case.keep_sending(lower)
    case.is_active_when(last, case.down_s, "becomes Active although a lower one speaks")


def replaces_the_fallen(case):
    """Ours (docs/vrrp.md): the Active that it followed tells of a lower priority; the others would wait for the whole time."""
    lower = case.advert(WORSE)
    case.backup_of_us()
    case.let_go()
    case.is_active_when(case.tester.send(lower), case.skew_s, "after the skew")


def asserts_itself(priority, source):
    """An Active stays so, and answers with an advert of its own out of turn."""
    def play(case):
        other = case.advert(priority, source=source[case.family])
        case.active()
        case.wait(lambda: len(case.heard()) >= 3, 5, "three adverts")
        beat = case.heard()[-1].time
        time.sleep(max(0.0, beat + case.interval_s * 0.4 - time.monotonic()))
        case.is_active_when(case.tester.send(other), 0, "answers at once", min(LATE_S, case.interval_s * 0.5))
        time.sleep(case.down_s)
        case.active(time.monotonic(), case.interval_s + LATE_S)
        case.equal(case.kernel_has(case.vips[1]), True, "the addresses stay")
    return play


def yields_to(priority, source):
    """An Active becomes Backup: it gives up the addresses, says nothing more, and waits for the whole time."""
    def play(case):
        case.active()
        case.wait_kernel(True)
        case.keep_saying(priority, source=source[case.family])
        case.log.wait_log(rf"\({case.name}\) Entering BACKUP STATE", 5, time.monotonic() - 0.5)
        case.wait_kernel(False)
        case.silent(case.down_s)
        case.is_active_when(case.let_go(), case.down_s, "Active again")
    return play


def says_goodbye(case):
    case.active()
    began = case.until_stopped()
    last = case.heard()[-1]
    case.equal(last.priority, 0, "the last advert's priority")
    case.equal(len(case.heard(began - 0.001)) >= 1 and [a.priority for a in case.heard()].count(0), 1, "adverts with priority 0")


def leaves_in_silence(case):
    case.backup_of_us()
    case.until_stopped()
    case.equal([advert.priority for advert in case.heard()], [], "adverts of a Backup that ends")


def announces(case):
    """First the advert, then gratuitous ARP (unsolicited neighbour advertisement) for each address."""
    first = case.active()
    for vip in case.vips:
        frame, packet = case.wait(lambda: case.announcements(vip), 5, f"an announcement of {vip}")[0]
        case.within(frame.time - first.time, 0, f"{vip} is announced behind the advert", 0.5)
        if case.family == 4:
            arp = packet["ARP"]
            case.equal((packet.src, packet.dst, arp.hwsrc, arp.psrc, arp.pdst), (case.mac(), "ff:ff:ff:ff:ff:ff", case.mac(), vip, vip),
                       "gratuitous ARP")
        else:
            na = packet["ICMPv6ND_NA"]
            case.equal((packet.src, packet["IPv6"].dst, packet["IPv6"].hlim, na.S, na.O, na["ICMPv6NDOptDstLLAddr"].lladdr),
                       (case.mac(), "ff02::1", 255, 0, 1, case.mac()), "unsolicited neighbour advertisement")


GROUP_3 = [
    Row("3.01", "RFC 3768 6.4.1, RFC 9568 6.4.1", "the owner is active at once", begins_at_once, priority=OWNER),
    Row("3.02", "RFC 3768 6.4.1, RFC 9568 6.4.1", "others begin as backup and wait for the whole time", begins_as_backup),
    Row("3.03", "RFC 3768 6.1, RFC 9568 6.1", "skew of a low priority", begins_as_backup, priority=1),
    Row("3.04", "RFC 3768 6.1, RFC 9568 6.1", "skew of a high priority", begins_as_backup, priority=254),
    Row("3.05", "RFC 3768 6.4.2, RFC 9568 6.4.2", "a backup listens to a higher priority", listens_to(BETTER, LOW), begins=BETTER),
    Row("3.06", "RFC 3768 6.4.2, RFC 9568 6.4.2", "a backup listens to its own priority whatever the address",
        listens_to(PRIORITY, LOW), begins=BETTER),
    Row("3.07", "RFC 3768 6.4.2, RFC 9568 6.4.2", "priority 0 lets a backup wait for the skew only", priority_zero_to_backup,
        begins=BETTER),
    Row("3.08", "RFC 3768 6.4.2, RFC 9568 6.4.2", "a backup that preempts ignores a lower priority", ignores_lower, begins=BETTER),
    Row("3.19", "ours, docs/vrrp.md", "the followed active that falls below us is waited for by the skew only", replaces_the_fallen,
        begins=BETTER),
    Row("3.09", "RFC 3768 6.4.2, RFC 9568 6.4.2", "without preempt a backup listens to a lower priority",
        listens_to(WORSE, LOW), extra=NOPREEMPT, begins=BETTER),
    Row("3.10", "RFC 3768 6.1, RFC 9568 6.1", "the owner preempts always", begins_at_once, priority=OWNER, extra=NOPREEMPT, begins=WORSE),
    Row("3.11", "RFC 3768 6.4.3, RFC 9568 6.4.3", "an active answers priority 0 at once", asserts_itself(0, HIGH)),
    Row("3.12", "RFC 3768 6.4.3, RFC 9568 6.4.3", "an active yields to a higher priority", yields_to(BETTER, LOW)),
    Row("3.13", "RFC 3768 6.4.3, RFC 9568 6.4.3", "an active yields to its own priority from a higher address",
        yields_to(PRIORITY, HIGH)),
    Row("3.14", "RFC 9568 6.4.3, behaviour d.5", "an active answers its own priority from a lower address",
        asserts_itself(PRIORITY, LOW)),
    Row("3.15", "RFC 9568 6.4.3, behaviour d.5", "an active answers a lower priority", asserts_itself(WORSE, HIGH)),
    Row("3.16", "RFC 3768 6.4.3, RFC 9568 6.4.3", "an active ends with priority 0", says_goodbye, until_stop=True),
    Row("3.17", "RFC 3768 6.4.2, RFC 9568 6.4.2", "a backup ends in silence", leaves_in_silence, begins=BETTER, until_stop=True),
    Row("3.18", "RFC 3768 6.4.2, RFC 9568 6.4.2", "becoming active is announced", announces),
]


# ---- group 4: what the Active router does for its addresses ----

def active_answers(case):
    case.active()
    time.sleep(0.5)
    for vip in case.vips:
        found = case.wait(lambda: case.answers(vip), 3, f"an answer for {vip}")
        packet = found[1]
        said = packet["ARP"].hwsrc if case.family == 4 else packet["ICMPv6NDOptDstLLAddr"].lladdr
        case.equal((said, packet.src), (case.mac(), case.mac()), "MAC in the answer and of its frame")


def backup_does_not_answer(case):
    case.silent(case.down_s)
    for vip in case.vips:
        case.equal(case.answers(vip), None, f"an answer for {vip}")
        case.equal(case.echoes(vip, case.mac()), False, f"{vip} answers a ping")


def pinged(case):
    case.active()
    time.sleep(0.5)
    for vip in case.vips:
        case.wait(lambda: case.echoes(vip, case.mac()), 3, f"a ping of {vip} at {case.mac()}")


def answers_only(case):
    """It has the addresses and says so, but takes no packets to them."""
    active_answers(case)
    for vip in case.vips:
        case.equal(case.echoes(vip, case.mac()), False, f"{vip} answers a ping")


def stops_answering(case):
    active_answers(case)
    case.keep_saying()
    case.wait_kernel(False)
    backup_does_not_answer(case)


def virtual_source(case):
    case.equal(case.active().packet().src, case.mac(), "source MAC of adverts")
    case.wait(lambda: len(case.heard()) >= 4, 8, "four adverts")
    case.equal({advert.packet().src for advert in case.heard()}, {case.mac()}, "source MACs of adverts")


def silent_mac(case):
    """A Backup takes nothing that is sent to the virtual MAC: neither for its own address nor for the VIP."""
    backup_does_not_answer(case)
    case.equal(case.echoes(case.own_address(), case.mac()), False, "its own address answers at the virtual MAC")


def own_mac_for_own_address(case):
    case.active()
    packet = case.wait(lambda: case.answers(case.own_address()), 3, "an answer for its own address")[1]
    said = packet["ARP"].hwsrc if case.family == 4 else packet["ICMPv6NDOptDstLLAddr"].lladdr
    case.equal(said, case.stage.mac(case.row.host), "MAC of its own address")


def forwards(case):
    case.active()
    time.sleep(0.5)
    case.wait(case.forwards, 3, f"a packet sent on by {case.mac()}")


def forwards_nothing(case):
    case.silent(case.down_s)
    case.equal(case.forwards(), False, "a Backup sends on what is sent to the virtual MAC")


GROUP_4 = [
    Row("4.01", "RFC 3768 8.2, RFC 9568 6.4.3, 8.2.2", "an active answers arp or nd", active_answers),
    Row("4.02", "RFC 3768 6.4.2, RFC 9568 6.4.2", "a backup answers nothing", backup_does_not_answer, begins=BETTER),
    Row("4.03", "RFC 9568 6.4.3 (Accept_Mode), behaviour d.10", "an active takes packets to its addresses", pinged),
    Row("4.04", "RFC 3768 6.4.3, RFC 9568 6.4.3", "the owner answers and takes packets", pinged, priority=OWNER),
    Row("4.06", "RFC 9568 6.1, 6.4.3 (Accept_Mode false)", "without accept an active answers arp or nd and takes no packets", answers_only,
        "36", extra=NO_ACCEPT),
    Row("4.07", "RFC 9568 6.1 (Accept_Mode false)", "without accept the owner takes packets", pinged, "36", priority=OWNER,
        extra=NO_ACCEPT),
    Row("4.05", "RFC 3768 6.4.3, RFC 9568 6.4.3", "a former active answers nothing", stops_answering),
    Row("4.10", "RFC 3768 7.3, RFC 9568 7.3", "virtual mac is the source of adverts", virtual_source, extra=VMAC, host="v"),
    Row("4.11", "RFC 3768 6.4.2, RFC 9568 6.4.2", "virtual mac is announced", announces, extra=VMAC, host="v"),
    Row("4.12", "RFC 3768 8.2, RFC 9568 8.1.2, 8.2.2", "virtual mac is in answers", active_answers, extra=VMAC, host="v"),
    Row("4.13", "RFC 3768 6.4.3, RFC 9568 6.4.3", "virtual mac takes packets", pinged, extra=VMAC, host="v"),
    Row("4.14", "RFC 3768 6.4.2, RFC 9568 6.4.2", "virtual mac of a backup takes nothing", silent_mac, extra=VMAC, host="v",
        begins=BETTER),
    Row("4.16", "RFC 3768 6.4.3, RFC 9568 6.4.3", "an active forwards what comes to the virtual mac", forwards, extra=VMAC,
        host="v"),
    Row("4.17", "RFC 3768 6.4.2, RFC 9568 6.4.2", "a backup forwards nothing", forwards_nothing, extra=VMAC, host="v",
        begins=BETTER),
    Row("4.15", "RFC 3768 8.2, RFC 9568 8.1.2", "its own address keeps its own mac", own_mac_for_own_address, extra=VMAC, host="v"),
]


class Conformance(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.stage = Stage(GROUP_2 + GROUP_3 + GROUP_4)
        cls.addClassCleanup(cls.stage.close)
        cls.stage.open()

    def judge(self, case):
        case.thread.join(100)
        self.assertFalse(case.thread.is_alive(), "the case does not end")
        self.assertIsNone(self.stage.tester.problem)
        if case.error:
            raise case.error


def as_test(number):
    return lambda self: self.judge(self.stage.cases[number])


for position, each in enumerate(Stage(GROUP_2 + GROUP_3 + GROUP_4).cases):
    setattr(Conformance, each.method, as_test(position))


if __name__ == "__main__":
    unittest.main(verbosity=2)
