#!/usr/bin/python3
"""Sends VRRP packets that no daemon would: `hostile.py INTERFACE VRID VIP COUNT SEED`. Runs on the attacker's host.

None of them is a valid advert for the instance under test (version 2, PASS 1111, interval 1): each has at least one thing
wrong, so a router that obeys RFC 3768 §7.1 drops every single one. Prints how many were sent of each kind.
"""
import collections
import logging
import random
import sys

logging.getLogger("scapy.runtime").setLevel(logging.ERROR)
from scapy.all import IP, Ether, Raw, conf  # noqa: E402
from scapy.layers.vrrp import VRRP, VRRPv3  # noqa: E402

SOURCE = "172.18.8.99"


def ethernet(payload, **fields):
    header = {"src": SOURCE, "dst": "224.0.0.18", "ttl": 255, "tos": 0xC0, "proto": 112, **fields}
    return Ether(src="02:00:00:00:00:63", dst="01:00:5e:00:00:12") / IP(**header) / payload


def advert(vrid, vip, **fields):
    return VRRP(**{"version": 2, "type": 1, "vrid": vrid, "priority": 254, "ipcount": 1, "authtype": 1, "adv": 1,
                   "addrlist": [vip], "auth1": 0x31313131, "auth2": 0, **fields})


def kinds(vrid, vip, dice):
    """name -> one packet of that kind."""
    good = bytes(advert(vrid, vip))
    other = dice.choice([n for n in range(1, 256) if n != vrid])
    return {
        "wrong VRID": lambda: ethernet(advert(other, vip)),
        "wrong version": lambda: ethernet(VRRPv3(version=3, type=1, vrid=vrid, priority=254, ipcount=1, adv=100,
                                                 addrlist=[vip])),
        "no version": lambda: ethernet(advert(vrid, vip, version=dice.choice([0, 1, 4, 15]))),
        "wrong type": lambda: ethernet(advert(vrid, vip, type=dice.choice([0, 2, 7, 15]))),
        "wrong TTL": lambda: ethernet(advert(vrid, vip), ttl=dice.choice([1, 64, 254])),
        "wrong checksum": lambda: ethernet(advert(vrid, vip, chksum=dice.choice([0, 1, 0xFFFF]))),
        "wrong password": lambda: ethernet(advert(vrid, vip, auth1=dice.randrange(1 << 32) | 0x80000000)),
        "no authentication": lambda: ethernet(advert(vrid, vip, authtype=0)),
        "AH": lambda: ethernet(advert(vrid, vip, authtype=2)),
        "wrong interval": lambda: ethernet(advert(vrid, vip, adv=dice.choice([0, 2, 255]))),
        "count too big": lambda: ethernet(advert(vrid, vip, ipcount=dice.choice([2, 200, 255]))),
        "truncated": lambda: ethernet(Raw(good[:dice.randrange(0, len(good) - 8)])),
        "IP length lies": lambda: ethernet(Raw(good), len=dice.choice([20, 21, 27, 1400, 65535])),
        "garbage": lambda: ethernet(Raw(dice.randbytes(dice.randrange(0, 1400)))),
        "IP options and garbage": lambda: ethernet(Raw(dice.randbytes(60)), ihl=dice.choice([0, 4, 6, 15])),
        "AH protocol": lambda: ethernet(Raw(dice.randbytes(24) + good), proto=51),
    }


def main():
    interface, vrid, vip, count, seed = sys.argv[1], int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
    dice = random.Random(seed)
    makers = kinds(vrid, vip, dice)
    # scapy builds slowly: a pool of each kind, sent again and again in random order
    pool = [(name, bytes(make())) for name, make in makers.items() for _ in range(12)]
    sock = conf.L2socket(iface=interface)
    sent = collections.Counter()
    for _ in range(count):
        name, frame = dice.choice(pool)
        sock.outs.send(frame)
        sent[name] += 1
    print(dict(sent))


if __name__ == "__main__":
    main()
