"""Strangers, half frames, corrupt frames, frames that are too long: refused, logged, without effect."""
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import unittest

from world import ProcessCase, instance, open_files


def varint(number):
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def field(number, payload):
    return varint(number << 3 | 2) + varint(len(payload)) + payload


def frame(payload):
    return struct.pack(">I", len(payload)) + payload


def hello(pid, cookie, role=1):
    """Envelope{hello{role, pid, cookie}} of proto/supervision.proto."""
    return field(1, varint(1 << 3) + varint(role) + varint(2 << 3) + varint(pid) + field(3, cookie.encode()))


class Hostile(ProcessCase):
    def setUp(self):
        super().setUp()
        self.pair()
        self.path = self.a.pid_file + ".d/rendezvous.sock"
        with open(self.a.pid_file + ".d/cookie", encoding="ascii") as handle:
            self.cookie = handle.read()
        self.vrrp = self.a.vrrp()

    def call(self, data, wait_s=1.0):
        """What a caller gets to hear before it is hung up on; None when it is not."""
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(self.path)
            caller.sendall(data)
            caller.settimeout(wait_s)
            try:
                return caller.recv(100)
            except TimeoutError:
                return None
            except ConnectionResetError:
                return b""

    def refused(self, data, words, wait_s=1.0):
        when = time.monotonic()
        self.assertEqual(self.call(data, wait_s), b"")
        self.a.wait_log(f"Refused: .*{words}", 2, when)

    def unharmed(self):
        time.sleep(1.2)
        self.nothing_happened()
        self.assertEqual(self.a.vrrp(), self.vrrp)
        self.assertEqual(self.a.stop(), 0)

    def test_socket_and_cookie_are_root_s_alone(self):
        for name, mode in (("rendezvous.sock", 0o600), ("cookie", 0o600), ("records", 0o600), ("control.sock", 0o600)):
            path = f"{self.a.pid_file}.d/{name}"
            if os.path.exists(path):
                self.assertEqual(os.stat(path).st_mode & 0o777, mode, name)

    def test_rubbish_is_refused_and_named(self):
        self.refused(struct.pack(">I", 0xFFFFFFFF) + b"x", "frame of 4294967295 octets")
        self.refused(frame(b"\xff\xff\xff\xff"), "did not begin with a greeting")
        self.refused(frame(b""), "did not begin with a greeting")
        self.refused(frame(field(4, b"")), "did not begin with a greeting")  # a Pong
        self.refused(frame(hello(os.getpid(), "0" * 32)), "wrong cookie")
        self.refused(frame(hello(os.getpid(), "")), "wrong cookie")
        self.refused(frame(hello(self.vrrp, self.cookie)), "says it is another process")
        self.refused(frame(hello(os.getpid(), self.cookie)) + b"more", "said more before it was answered")
        self.refused(frame(hello(os.getpid(), self.cookie)), "is not one we wait for")
        self.unharmed()

    def test_half_a_frame_and_silence_are_hung_up_on_after_2_s(self):
        when = time.monotonic()
        self.refused(b"\0\0", "said nothing for 2 seconds", 4)
        self.assertGreaterEqual(time.monotonic() - when, 1.9)
        self.refused(frame(hello(os.getpid(), self.cookie))[:-3], "said nothing for 2 seconds", 4)
        with socket.socket(socket.AF_UNIX) as caller:
            caller.connect(self.path)
        self.a.wait_log("went away without a word", 2)
        self.unharmed()

    def test_a_crowd_at_the_door_leaks_nothing(self):
        before = open_files(self.a.pid)
        for _ in range(5):
            callers = [socket.socket(socket.AF_UNIX) for _ in range(40)]
            for caller in callers:
                caller.settimeout(1)
                caller.connect(self.path)
            time.sleep(0.1)
            for caller in callers:
                caller.close()
        self.a.wait_log("while 16 others waited", 5, self.since)
        self.world.wait(lambda: open_files(self.a.pid) == before, 4, "descriptors are given back")
        self.unharmed()

    def test_who_is_not_root_is_not_heard(self):
        script = ("import os,socket,sys\ns=socket.socket(socket.AF_UNIX)\n"
                  "fd=os.open(sys.argv[1],os.O_PATH)\nos.setgid(65534)\nos.setuid(65534)\n"
                  "s.connect(f'/proc/self/fd/{fd}')\n")
        # The modes keep it out first; widened, SO_PEERCRED does.
        shut = subprocess.run([sys.executable, "-c", script, self.path], capture_output=True, text=True, timeout=5, check=False)
        self.assertIn("PermissionError", shut.stderr)
        for path, mode in ((self.world.directory, 0o755), (self.a.pid_file + ".d", 0o755), (self.path, 0o666)):
            os.chmod(path, mode)
        subprocess.run([sys.executable, "-c", script, self.path], capture_output=True, timeout=5, check=False)
        self.a.wait_log("a process of user 65534 knocked", 2)
        self.unharmed()

    def test_orphan_that_is_not_wanted_does_not_knock_for_ever(self):
        """Core is killed and a stranger holds the door: the orphan keeps serving, and leaves after its grace all the same."""
        self.a.reload("global_defs {\n    orphan_grace 2\n}\n" + instance(200))
        self.a.kill_core()
        os.unlink(self.path)
        refusals = 0
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(self.path)
            door.listen(64)
            door.settimeout(0.2)
            ends = time.monotonic() + 2.0
            while time.monotonic() < ends:
                try:
                    door.accept()[0].close()
                    refusals += 1
                except TimeoutError:
                    pass
            self.assertLess(refusals, 40, "it knocks, it does not hammer")
            self.world.wait(lambda: self.a.processes() == [], 3, "it leaves after its grace")
        self.world.wait(lambda: self.world.holders() == ["b"], 2, "the peer takes over")


class CrashedChild(ProcessCase):
    def test_segmentation_fault_is_survived(self):
        self.pair()
        old = self.a.vrrp()
        os.kill(old, signal.SIGSEGV)
        self.a.wait_vrrp(5, old)
        time.sleep(1.5)
        self.nothing_happened()


if __name__ == "__main__":
    unittest.main(verbosity=2)
