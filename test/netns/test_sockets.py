"""Sockets in the run directory: nobody but root with the cookie is listened to, and garbage on them has no effect (issue 3)."""
import os
import random
import socket
import stat
import struct
import time
import unittest

from case import FAST, VIP, LabCase

SEED = int(os.environ.get("HOLDFAST_SEED", "3"))


def sockets_below(directory):
    return [os.path.join(path, name) for path, _, names in os.walk(directory) for name in names
            if stat.S_ISSOCK(os.lstat(os.path.join(path, name)).st_mode)]


def hostile_streams(dice):
    """Corrupt, oversized and half frames, whatever the byte order of the length."""
    yield b""
    yield b"\0"
    yield struct.pack("!I", 0xFFFFFFFF) + b"x" * 1000
    yield struct.pack("<I", 0x7FFFFFFF) + b"x" * 1000
    yield struct.pack("!I", 100) + b"half"
    yield struct.pack("<I", 100) + b"half"
    yield b"\x0a\x04\x08\x01\x10\x01" * 50
    yield b"GET / HTTP/1.0\r\n\r\n"
    for length in (1, 16, 300, 4096, 65536):
        yield dice.randbytes(length)
        yield struct.pack("!I", length) + dice.randbytes(length)
        yield struct.pack("<I", length) + dice.randbytes(length)


class Sockets(LabCase):
    def talk(self, path, data):
        """Sends to a stream (or sequenced, or datagram) socket; errors of being thrown out are fine."""
        for kind in (socket.SOCK_STREAM, socket.SOCK_SEQPACKET, socket.SOCK_DGRAM):
            with socket.socket(socket.AF_UNIX, kind) as sock:
                sock.settimeout(0.2)
                try:
                    sock.connect(path)
                    sock.sendall(data)
                    sock.recv(4096)
                    return
                except (TimeoutError, ConnectionError, BlockingIOError):
                    return
                except OSError:
                    continue  # another kind of socket

    def test_garbage_on_every_socket_has_no_effect(self):
        (a, first), (_, second) = self.pair(**FAST)
        vrrp = first.wait_vrrp()
        paths = sockets_below(a.run_directory)
        self.note(f"seed {SEED}, sockets: {[path.removeprefix(a.root) for path in paths]}")
        self.assertTrue(paths, "core listens somewhere in its run directory")
        dice, since = random.Random(SEED), time.monotonic()
        for path in paths:
            for data in hostile_streams(dice):
                self.talk(path, data)
        held = [socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) for _ in range(100)]  # and many that say nothing
        for path in paths:
            for sock in held[:50]:
                sock.setblocking(False)
                sock.connect_ex(path)
        time.sleep(1.0)
        for sock in held:
            sock.close()
        self.assert_untouched(VIP, since)
        self.assertEqual((first.vrrp(), first.process.poll()), (vrrp, None))
        self.assert_never_active(second, since)
        self.assert_within(self.watch.longest_advert_gap(a.address, since, time.monotonic()), 0.2, "longest advert gap")
        first.wait_log("(?i)refus|reject|clos|cookie|invalid|unknown|too (long|large|big)", 5, since)

    def test_sockets_and_records_are_for_root_only(self):
        (a, _), _ = self.pair(**FAST)
        self.assertTrue(sockets_below(a.run_directory))
        for path, _, names in os.walk(f"{a.run_directory}/ka"):
            for name in names:
                if name.endswith(".pid") or name == "keepalived.conf":
                    continue
                mode = stat.S_IMODE(os.lstat(os.path.join(path, name)).st_mode)
                closed = stat.S_IMODE(os.stat(path).st_mode) & 0o077 == 0
                self.assertTrue(mode & 0o077 == 0 or closed, f"{name}: {mode:o}")
        listed = a.execute("cat", "/proc/net/unix")
        self.assertNotIn("@", "".join(line.split()[-1] for line in listed.splitlines()[1:] if "keepalived" in line))


if __name__ == "__main__":
    unittest.main(verbosity=2)
