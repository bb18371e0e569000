"""Smaller interface options against the kernel: netlink_notify_msg, buffers, disable_local_igmp, dynamic_interfaces, vrf, and a
preempt_delay that outlives its process."""
import ctypes
import os
import re
import signal
import socket
import subprocess
import time
import unittest

from case import FAST, VIP, LabCase, instance

IGMP = "/proc/sys/net/ipv4/igmp_link_local_mcast_reports"


def raw_buffers(pid):
    """Sizes of the receive buffers of its raw sockets, as the kernel counts them (twice what was asked for)."""
    system_call, pidfd_getfd = ctypes.CDLL(None, use_errno=True).syscall, 438
    sizes, process = [], os.pidfd_open(pid)
    for name in os.listdir(f"/proc/{pid}/fd"):
        fd = system_call(pidfd_getfd, process, int(name), 0)
        if fd < 0:
            continue
        try:
            with socket.socket(fileno=fd) as found:
                if found.type == socket.SOCK_RAW and found.family == socket.AF_INET:
                    sizes.append(found.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF))
        except OSError:  # no socket
            os.close(fd)
    os.close(process)
    return sizes


class Options(LabCase):
    def one(self, head="", **configuration):
        (a,) = self.hosts("a")
        return a, self.launch(a, head + instance(100, **{**FAST, **configuration}))

    def test_the_base_is_told_of_again(self):
        (a,) = self.hosts("a")
        monitor = a.start("ip", "monitor", "link", stdout=subprocess.PIPE, text=True)
        time.sleep(0.3)
        self.launch(a, instance(100, extra="    use_vmac netlink_notify_msg\n", **FAST))
        self.lab.wait_owner(VIP, a, 10)
        time.sleep(0.3)
        monitor.terminate()
        out, _ = monitor.communicate()
        lines = out.splitlines()
        up = [i for i, line in enumerate(lines) if " vrrp.101@" in line and ",UP" in line]
        base = [i for i, line in enumerate(lines) if re.search(r"\d: ens33[@:]", line)]
        self.assertTrue(up and base and base[-1] > up[0], out)

    def test_buffers_of_advert_sockets(self):
        head = "global_defs {\n    vrrp_rx_bufs_policy MTU\n    vrrp_rx_bufs_multiplier 4\n}\n"
        a, daemon = self.one(head)
        daemon.wait_log("Entering BACKUP STATE", 10)
        self.assertIn(2 * 4 * 1500, raw_buffers(daemon.vrrp()))
        daemon.configure(head + instance(100, extra="    kernel_rx_buf_size 50000\n", **FAST))
        daemon.signal(signal.SIGHUP)
        self.lab.wait(lambda: 100000 in raw_buffers(daemon.vrrp()), 5, "the other size")

    def test_buffers_of_netlink_sockets(self):
        head = ("global_defs {\n    vrrp_netlink_cmd_rcv_bufs 400000\n    vrrp_netlink_cmd_rcv_bufs_force on\n"
                "    vrrp_netlink_monitor_rcv_bufs 800000\n    vrrp_netlink_monitor_rcv_bufs_force on\n}\n")
        a, daemon = self.one(head)
        daemon.wait_log("Entering BACKUP STATE", 10)
        sizes = [int(size) for size in re.findall(r"rb(\d+)", a.execute("ss", "-n", "-m", "-f", "netlink"))]
        self.assertIn(800000, sizes)
        self.assertIn(1600000, sizes)

    def test_igmp_reports_are_off_while_it_runs_and_back_after(self):
        a, daemon = self.one("global_defs {\n    disable_local_igmp\n}\n")
        daemon.wait_log("Entering BACKUP STATE", 10)
        self.assertEqual(a.shell(f"cat {IGMP}").strip(), "0")
        pid = daemon.wait_vrrp()
        os.kill(pid, signal.SIGKILL)
        daemon.wait_vrrp(other_than=pid)
        daemon.configure(instance(90, **FAST))
        daemon.signal(signal.SIGHUP)
        daemon.wait_log("Cannot change disable_local_igmp", 5)
        daemon.stop()
        self.assertEqual(a.shell(f"cat {IGMP}").strip(), "1")

    def test_an_interface_of_another_kind_is_taken_only_with_allow_if_changes(self):
        for word, taken in (("", False), ("allow_if_changes", True)):
            with self.subTest(word):
                a = self.lab.host("d" if taken else "c")
                a.shell("ip link add eth9 type veth peer name far9; ip link set far9 up; ip link set eth9 up; "
                        "ip address add 10.77.0.1/24 dev eth9")
                text = f"global_defs {{\n    dynamic_interfaces {word}\n}}\n" + instance(100, interface="eth9", **FAST)
                daemon = self.launch(a, text)
                daemon.wait_log("Entering MASTER STATE", 10)
                a.shell("ip link del eth9; ip link add eth9 type bridge; ip link add p0 type veth peer name p1; "
                        "ip link set p0 master eth9 up; ip link set p1 up; ip link set eth9 up; "
                        "ip address add 10.77.0.1/24 dev eth9")
                if taken:
                    self.lab.wait(lambda: len(daemon.log("Entering MASTER STATE")) > 1, 10, "MASTER again")
                else:
                    daemon.wait_log("interface is now bridge", 10)
                    time.sleep(1)
                    self.assertEqual(len(daemon.log("Entering MASTER STATE")), 1)

    def test_a_vrf_that_the_kernel_lacks_is_a_fault_that_names_it(self):
        (a,) = self.hosts("a")
        if "vrf" in a.shell("ip link add blue type vrf table 10; ip -d link show blue", check=False):
            a.shell("ip link set blue up; ip link set ens33 master blue")
        text = (f"vrrp_instance V {{\n    vrf blue\n    virtual_router_id 7\n    priority 100\n    unicast_src_ip {a.address}\n"
                f"    unicast_peer {{\n        172.18.8.250\n    }}\n    virtual_ipaddress {{\n        {VIP}/24\n    }}\n}}\n")
        daemon = self.launch(a, text)
        if a.shell("ip link show type vrf", check=False).strip():
            daemon.wait_log("Entering MASTER STATE", 15)
        else:
            daemon.wait_log(r"entering FAULT state \(no VRF blue\)", 10)

    def test_a_preempt_delay_ends_when_it_would_have_ended(self):
        a, b = self.hosts("a", "b")
        self.launch(b, instance(90, **FAST))
        self.lab.wait_owner(VIP, b, 10)
        daemon = self.launch(a, instance(100, extra="    preempt_delay 4\n", **FAST))
        began = daemon.wait_log("start preempt delay", 10)
        time.sleep(2)
        os.kill(daemon.vrrp(), signal.SIGKILL)
        ended = daemon.wait_log("Entering MASTER STATE", 10)
        self.assert_within(ended - began, 5.5, "from the first lower advert to MASTER", 3.9)


if __name__ == "__main__":
    unittest.main()
