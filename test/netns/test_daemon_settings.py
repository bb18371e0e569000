"""global_defs of the daemon itself: names of processes, places of dumps, groups and paths of scripts, scopes, IPVS sockets."""
import ctypes
import os
import re
import signal
import socket
import stat
import time
import unittest

from case import FAST, LabCase, instance

TIMEOUT_S = 10
SERVICE = ("virtual_server 172.18.8.240 80 {\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n    ha_suspend\n"
           "    real_server 172.18.8.241 80 {\n        weight 1\n        TCP_CHECK {\n        }\n    }\n}\n")


def comm(pid):
    with open(f"/proc/{pid}/comm", encoding="utf-8") as handle:
        return handle.read().strip()


def settings(*lines):
    return "global_defs {\n" + "".join(f"    {line}\n" for line in lines) + "}\n"


class DaemonSettings(LabCase):
    def pid_in(self, host, name):
        return self.lab.wait(lambda: host.exists(f"/run/ka/{name}.pid") and int(host.read(f"/run/ka/{name}.pid") or 0),
                             TIMEOUT_S, f"{name}.pid")

    def test_processes_are_called_as_configured_after_start_reload_and_respawn(self):
        (a,) = self.hosts("a")
        tail = instance(100, **FAST) + SERVICE
        daemon = self.launch(a, settings("process_names", "process_name boss") + tail)
        vrrp, checker = daemon.wait_vrrp(), self.pid_in(a, "checkers")
        self.lab.wait(lambda: (comm(daemon.pid), comm(vrrp), comm(checker)) == ("boss", "keepalived_vrrp",
                                                                               "keepalived_lvs"),
                      TIMEOUT_S, "names after the start")
        daemon.configure(settings("process_name chief", "vrrp_process_name averylongvrrpname") + tail)
        since = daemon.signal(signal.SIGHUP)
        daemon.wait_log("Reload complete", TIMEOUT_S, since)
        self.lab.wait(lambda: (comm(daemon.pid), comm(vrrp), comm(checker)) == ("chief", "averylongvrrpna", "chief"),
                      TIMEOUT_S, "names after the reload")
        os.kill(vrrp, signal.SIGKILL)
        successor = daemon.wait_vrrp(other_than=vrrp)
        self.lab.wait(lambda: comm(successor) == "averylongvrrpna", TIMEOUT_S, "name of the successor")

    def test_dumps_go_where_the_configuration_says(self):
        (a,) = self.hosts("a")
        places = settings("state_dump_file /run/dumps/state.txt", "stats_dump_file /run/dumps/", "json_dump_file mine.json",
                          "data_use_instance")
        a.shell("mkdir /run/dumps; echo precious > /run/victim; ln -s /run/victim /run/dumps/state.one.txt")
        daemon = self.launch(a, "instance one\n" + places + instance(100, **FAST))
        daemon.wait_log("Entering MASTER STATE", TIMEOUT_S)
        for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGRTMIN + 2):
            daemon.signal(number)
        wanted = ("/run/dumps/state.one.txt", "/run/dumps/state_parent.one.txt", "/run/dumps/keepalived.stats",
                  "/run/tmp/mine.json")
        for path in wanted:
            self.lab.wait(lambda: a.exists(path) and not os.path.islink(a.root + path), TIMEOUT_S, path)
            self.assertEqual(stat.S_IMODE(os.stat(a.root + path).st_mode), 0o600)
        self.assertIn("VI_1", a.read("/run/dumps/state.one.txt"))
        self.assertIn(" Instance name = one\n", a.read("/run/dumps/state_parent.one.txt"))
        self.assertEqual(a.read("/run/victim"), "precious\n")
        self.assertFalse(a.exists("/run/tmp/keepalived.data"))

    def script_says(self, lines, wanted):
        """What a notify script says of itself: how it was called, and its groups."""
        (a,) = self.hosts("a")
        a.shell("cp /etc/group /run/group; echo 'hfsupp:x:4242:nobody' >> /run/group; mount --bind /run/group /etc/group;"
                "mkdir -m 755 /run/s; mkdir -m 1777 /run/out; ln -s real /run/s/link")
        a.write("/run/s/real", '#!/bin/sh\necho "$0 $(id -G)" > /run/out/$3.new; mv /run/out/$3.new /run/out/$3\n', 0o755)
        text = settings("script_user nobody", "enable_script_security", *lines)
        self.launch(a, text + instance(100, extra="    notify /run/s/link\n", **FAST))
        said = self.lab.wait(lambda: a.exists("/run/out/MASTER") and a.read("/run/out/MASTER").strip(), TIMEOUT_S, "script")
        self.assertRegex(said, wanted)

    def test_scripts_run_by_their_link_and_with_one_group(self):
        self.script_says([], r"^/run/s/link \d+$")

    def test_scripts_get_all_groups_and_the_path_behind_the_link_when_asked(self):
        self.script_says(["set_supplementary_groups", "use_symlink_paths no"], r"^/run/s/real \d+ 4242$")

    def test_an_address_has_a_scope_that_only_rt_scopes_knows(self):
        (a,) = self.hosts("a")
        a.write("/etc/keepalived/rt_scopes", "77 campus\n")
        text = settings("iproute_etc_dir /etc/keepalived")
        self.launch(a, text + instance(100, vips=("172.19.8.231/24 scope campus",), **FAST))
        self.lab.wait(lambda: re.search(r"172\.19\.8\.231/24 scope 77 ", a.execute("ip", "-N", "-4", "address")), TIMEOUT_S,
                      "scope 77")

    def sockets(self, host, namespace=""):
        """inode → line of /proc/net/netlink of the host, or of a namespace that it made."""
        inside = f"nsenter --net=/run/netns/{namespace} " if namespace else ""
        lines = host.shell(f"{inside}cat /proc/net/netlink").splitlines()[1:]
        return {line.split()[9]: line for line in lines}

    def inodes(self, pid):
        """inode → descriptor of the sockets of a process."""
        found = {}
        for fd in os.listdir(f"/proc/{pid}/fd"):
            try:
                link = os.readlink(f"/proc/{pid}/fd/{fd}")
            except FileNotFoundError:
                continue
            if link.startswith("socket:["):
                found[link[8:-1]] = int(fd)
        return found

    def receive_buffer(self, pid, fd):
        """SO_RCVBUF of a socket of another process."""
        libc, pidfd_getfd = ctypes.CDLL(None, use_errno=True), 438
        process = os.pidfd_open(pid)
        try:
            own = libc.syscall(pidfd_getfd, process, fd, 0)
            self.assertGreaterEqual(own, 0, os.strerror(ctypes.get_errno()))
            with socket.socket(fileno=own) as copy:
                return copy.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        finally:
            os.close(process)

    def test_ipvs_is_reached_in_its_namespace_with_the_buffers_asked_for(self):
        (a,) = self.hosts("a")
        a.shell("ip netns add blue")
        text = ("net_namespace_ipvs blue\n"
                + settings("lvs_netlink_cmd_rcv_bufs 300000", "lvs_netlink_cmd_rcv_bufs_force",
                           "lvs_netlink_monitor_rcv_bufs 400000", "lvs_netlink_monitor_rcv_bufs_force"))
        daemon = self.launch(a, text + SERVICE)
        checker = self.pid_in(a, "checkers")
        generic, route = "16", "0"

        def found(namespace, protocol):
            mine = self.inodes(checker)
            return [mine[inode] for inode, line in self.sockets(a, namespace).items()
                    if inode in mine and line.split()[1] == protocol]

        self.lab.wait(lambda: found("blue", generic), TIMEOUT_S, "IPVS sockets in blue")
        self.assertEqual(found("", generic), [])
        self.lab.wait(lambda: found("", route), TIMEOUT_S, "socket for addresses")
        self.assertEqual(found("blue", route), [])
        self.lab.wait(lambda: 600000 in [self.receive_buffer(checker, fd) for fd in found("blue", generic)], TIMEOUT_S,
                      "IPVS buffer")
        self.assertIn(800000, [self.receive_buffer(checker, fd) for fd in found("", route)])
        daemon.configure(text.replace("net_namespace_ipvs blue\n", "") + SERVICE)
        since = daemon.signal(signal.SIGHUP)
        daemon.wait_log("Cannot change net_namespace_ipvs at a reload", TIMEOUT_S, since)

    def test_a_namespace_that_is_missing_touches_no_other_table(self):
        (a,) = self.hosts("a")
        daemon = self.launch(a, "net_namespace_ipvs nowhere\n" + SERVICE)
        daemon.wait_log("net_namespace_ipvs: /run/netns/nowhere", TIMEOUT_S)
        checker = self.pid_in(a, "checkers")
        time.sleep(0.5)
        mine = self.inodes(checker)
        self.assertEqual([line for inode, line in self.sockets(a).items() if inode in mine and line.split()[1] == "16"], [])


if __name__ == "__main__":
    unittest.main(verbosity=2)
