"""The checker process: health outlives kill -9, SIGSTOP, reloads and core itself; a dead server never comes back by accident.

Probes are real, on loopback; the kernel's IPVS table is a journal in a file (test/support/file_ipvs.h)."""
import os
import random
import signal
import socket
import threading
import time
import unittest

from world import VIP, ProcessCase, alive, instance, kill, open_files

KILLS = int(os.environ.get("HOLDFAST_CHECKER_KILLS", "200"))
VIRTUAL = "192.0.2.80"


class Servers:
    """Listeners on 127.8.0.N that can be closed and opened again."""

    def __init__(self, count):
        self.port = self.free_port()
        self.sockets = {f"127.8.0.{n}": None for n in range(1, count + 1)}
        for address in self.sockets:
            self.up(address)

    @staticmethod
    def free_port():
        with socket.socket() as found:
            found.bind(("127.8.0.1", 0))
            return found.getsockname()[1]

    def up(self, address):
        if self.sockets[address]:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, self.port))
        listener.listen(64)
        self.sockets[address] = listener
        threading.Thread(target=self._serve, args=(listener,), daemon=True).start()

    @staticmethod
    def _serve(listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.close()

    def down(self, address):
        listener, self.sockets[address] = self.sockets[address], None
        if listener:
            listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def close(self):
        for address in self.sockets:
            self.down(address)


def configuration(servers, port, retry=1, extra="", head="", delay=0.2):
    text = head + (f"virtual_server {VIRTUAL} 80 {{\n    delay_loop {delay}\n    lb_algo rr\n    lb_kind NAT\n    protocol TCP\n"
                   f"    warmup 0\n{extra}")
    for address in servers:
        text += (f"    real_server {address} {port} {{\n        weight 1\n        TCP_CHECK {{\n            connect_timeout 1\n"
                 f"            retry {retry}\n            delay_before_retry 0.1\n        }}\n    }}\n")
    return text + "}\n"


class Checker(ProcessCase):
    SERVERS = 3

    def setUp(self):
        super().setUp()
        self.servers = Servers(self.SERVERS)
        self.addCleanup(self.servers.close)
        self.journal = self.world.directory + "/ipvs"

    def start(self, text=None, **more):
        text = text or configuration(self.servers.sockets, self.servers.port, **more)
        self.a = self.world.host("a", "10.0.0.1/24", text, environment={"HOLDFAST_TEST_IPVS": self.journal}).start()
        self.world.wait(lambda: len(self.table()) == len(self.servers.sockets), 15, "all servers are in the table")
        return self.a

    # ---- the table of the journal ----
    def lines(self, since=0.0):
        try:
            with open(self.journal, encoding="ascii") as handle:
                rows = [line.split() for line in handle if line.endswith("\n")]
        except FileNotFoundError:
            return []
        return [(int(row[0]) / 1e6, int(row[1]), row[2], row[3:]) for row in rows if int(row[0]) / 1e6 >= since]

    def table(self):
        """{address: weight} of the destinations of the one service."""
        found = {}
        for _, _, word, rest in self.lines():
            if word in ("D+", "D="):
                found[rest[1]] = int(rest[4])
            elif word == "D-":
                found.pop(rest[1], None)
            elif word in ("S-", "C"):
                found.clear()
        return found

    def changes(self, since):
        return [(word, *rest[1:2]) for _, _, word, rest in self.lines(since)]

    def clear_table(self):
        """Somebody's ipvsadm -C."""
        with open(self.journal, "a", encoding="ascii") as handle:
            handle.write(f"{time.monotonic_ns() // 1000} {os.getpid()} C\n")

    def checker(self):
        try:
            with open(self.a.path("checkers.pid"), encoding="ascii") as handle:
                pid = int(handle.read())
        except (OSError, ValueError):
            return None
        return pid if alive(pid) else None

    def wait_checker(self, other_than=None):
        return self.world.wait(lambda: (pid := self.checker()) != other_than and pid, 15, "a checker process")

    def wait_table(self, addresses, limit_s=10):
        self.world.wait(lambda: set(self.table()) == set(addresses), limit_s, f"the table is {sorted(addresses)}")

    def dead_and_alive(self):
        first, *others = self.servers.sockets
        self.servers.down(first)
        self.wait_table(others)
        return first, others

    # ---- tests ----
    def test_dead_server_leaves_and_comes_back(self):
        self.start()
        first, others = self.dead_and_alive()
        self.a.wait_log(rf"Removing service \[{first}\]:tcp:{self.servers.port} from VS \[{VIRTUAL}\]:tcp:80", 5)
        self.servers.up(first)
        self.wait_table([first, *others])
        self.a.wait_log(rf"Adding service \[{first}\]", 5)
        self.assertEqual(self.a.stop(), 0)
        self.assertEqual(self.table(), {}, "an orderly stop removes what is ours")

    def test_killed_many_times_a_dead_server_never_reappears_and_nothing_else_changes(self):
        self.start()
        self.dead_and_alive()
        time.sleep(0.5)
        since, dice, files = time.monotonic(), random.Random(1), None
        for number in range(KILLS):
            pid = self.wait_checker()
            kill(pid)
            time.sleep(dice.random() * 0.1)
            if number % 20 == 7:
                self.a.signal(signal.SIGHUP)
            if number == 20:
                files = open_files(self.a.pid)
        self.wait_checker()
        time.sleep(1)
        self.assertEqual(self.changes(since), [], self.world.story())
        self.assertLessEqual(open_files(self.a.pid), files + 2, "descriptors leak in core")
        self.assertTrue(alive(self.a.pid))

    def test_server_that_dies_while_the_checker_is_dead_leaves_all_the_same(self):
        self.start()
        first, *others = self.servers.sockets
        for _ in range(5):
            pid = self.wait_checker()
            kill(pid)
            self.servers.down(first)
            self.wait_table(others)
            self.servers.up(first)
            self.wait_table([first, *others])

    def test_stopped_checker_is_replaced_and_remembers(self):
        self.start()
        _, others = self.dead_and_alive()
        since, pid = time.monotonic(), self.wait_checker()
        os.kill(pid, signal.SIGSTOP)
        self.wait_checker(other_than=pid)
        time.sleep(1)
        self.assertEqual(self.changes(since), [], self.world.story())
        self.assertEqual(set(self.table()), set(others))

    def test_core_killed_the_checker_serves_on_and_is_adopted(self):
        self.start()
        first, others = self.dead_and_alive()
        pid, since = self.wait_checker(), time.monotonic()
        self.a.kill_core()
        self.servers.up(first)
        self.wait_table([first, *others])
        self.a.start()
        self.a.wait_log("adopted|Adopt", 10, since)
        time.sleep(0.5)
        self.assertEqual(self.checker(), pid, "the same process")
        self.servers.down(first)
        self.wait_table(others)
        self.assertEqual(self.a.stop(), 0)
        self.assertEqual(self.table(), {})

    def test_core_and_checker_killed_together_health_is_remembered(self):
        self.start()
        self.dead_and_alive()
        since = time.monotonic()
        pid = self.wait_checker()
        self.a.kill_core()
        kill(pid)
        time.sleep(0.3)
        self.a.start()
        self.wait_checker(other_than=pid)
        time.sleep(1.5)
        self.assertEqual(self.changes(since), [], self.world.story())

    def test_reloads_change_only_what_changed(self):
        self.start()
        first, others = self.dead_and_alive()
        since = time.monotonic()
        self.a.reload(configuration(self.servers.sockets, self.servers.port))
        self.assertEqual(self.changes(since), [])
        self.a.reload(configuration(self.servers.sockets, self.servers.port).replace("lb_algo rr", "lb_algo wrr"))
        self.world.wait(lambda: self.changes(since), 5, "the scheduler is edited")
        self.assertEqual([change[0] for change in self.changes(since)], ["S="])
        since = time.monotonic()
        self.a.reload(configuration(self.servers.sockets, self.servers.port).replace("protocol TCP", "protocol LOTS"),
                      outcome="Reload refused")
        self.assertEqual(self.changes(since), [])
        self.a.reload(configuration([first, others[0]], self.servers.port).replace("lb_algo rr", "lb_algo wrr"))
        self.wait_table([others[0]])
        self.assertEqual([change[0] for change in self.changes(since)], ["D-"])

    def test_table_that_somebody_cleared_is_restored_and_told(self):
        self.start(head="global_defs {\n    ipvs_reconcile_interval 1\n}\n")
        _, others = self.dead_and_alive()
        since = time.monotonic()
        self.clear_table()
        self.world.wait(lambda: set(self.table()) == set(others), 5, "the table is healed")
        self.a.wait_log("IPVS: service .* was missing - put right", 5, since)

    def test_vrrp_and_checker_do_not_disturb_each_other(self):
        text = instance(200) + configuration(self.servers.sockets, self.servers.port)
        self.start(text)
        self.world.wait(self.a.has, 15, "a has the VIP")
        self.dead_and_alive()
        since = time.monotonic()
        for _ in range(5):
            kill(self.wait_checker())
            time.sleep(0.05)
            kill(self.a.wait_vrrp())
            time.sleep(0.3)
        time.sleep(1.5)
        self.assertEqual(self.a.events(since), [], "no address event")
        self.assertEqual(self.changes(since), [], self.world.story())
        self.assertTrue(self.a.has(VIP))


if __name__ == "__main__":
    unittest.main(verbosity=2)
