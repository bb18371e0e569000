"""IPv6 for the lab: hosts get it switched on, and their IPv6 addresses are read by asking `ip -j`."""
import json
import time

from case import instance
from lab import INTERFACE

VIP_6 = "2001:db8::231"
LINK_LOCAL_VIP = "fe80::231"
ALL_VRRP = "ff02::12"


def enable(*hosts):
    """Switches IPv6 on, adds 2001:db8::<last octet>, waits for usable link-local addresses."""
    for host in hosts:
        host.shell("for each in default all ens33; do echo 0 > /proc/sys/net/ipv6/conf/$each/disable_ipv6; done; "
                   "echo 0 > /proc/sys/net/ipv6/conf/ens33/accept_dad; "
                   f"ip -6 address add {global_address(host)}/64 dev {INTERFACE} nodad; "
                   f"ip link set {INTERFACE} down; ip link set {INTERFACE} up; "
                   f"ip -6 address add {global_address(host)}/64 dev {INTERFACE} nodad 2>/dev/null || true; "
                   f"ip route replace default dev {INTERFACE} 2>/dev/null || true")
    for host in hosts:
        host.lab.wait(lambda: link_local(host), 10, f"a link-local address of {host.name}")


def global_address(host):
    return "2001:db8::" + host.address.rsplit(".", 1)[1]


def addresses(host, interface=INTERFACE):
    """`ip -j` of the IPv6 addresses: text → entry."""
    found = json.loads(host.execute("ip", "-6", "-j", "address", "show", "dev", interface) or "[]")
    return {entry["local"]: entry for link in found for entry in link.get("addr_info", [])}


def link_local(host):
    """The host's own, usable one, or ""."""
    for text, entry in addresses(host).items():
        if text.startswith("fe80::") and text != LINK_LOCAL_VIP and not entry.get("tentative"):
            return text
    return ""


def wait_owner(lab, vip, host, others, timeout_s):
    """Waits until this host alone has the VIP; returns the time at which that was seen."""
    lab.wait(lambda: vip in addresses(host) and not any(vip in addresses(other) for other in others), timeout_s,
             f"{host.name} alone has {vip}")
    return time.monotonic()


def instance_6(priority, *, name="VI_6", vips=(f"{LINK_LOCAL_VIP}/64", f"{VIP_6}/128"), extra="", **configuration):
    return instance(priority, name=name, version=3, advert_int=0.1, vips=vips, extra="    native_ipv6\n" + extra,
                    **configuration)
