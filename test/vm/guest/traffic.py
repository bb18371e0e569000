"""The client's requests: one after the other in a thread of the client's namespace, each written down with its times.

A thread started by a thread that has entered a namespace is in that namespace too; so are its sockets.
"""
import socket
import ssl
import threading
import time
from collections import Counter, namedtuple

import namespaces
from lvs_lab import connect, get

Request = namedtuple("Request", "start end server error")  # server "" and an error, or the name that answered and None


def ask(address, port, timeout_s, tls):
    """One request from the calling thread's namespace."""
    def opener():
        sock = connect(address, port, timeout_s)
        return context.wrap_socket(sock) if tls else sock

    context = ssl._create_unverified_context() if tls else None
    start = time.monotonic()
    try:
        server, error = get(opener), None
    except OSError as failure:
        server, error = "", repr(failure)
    return Request(start, time.monotonic(), server, error)


def names_by_datagram(server, port):
    """Starts a thread in the server's namespace that answers each datagram with the server's name. Ends with the VM."""
    def serve():
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
            sock.bind(("", port))
            while True:
                sock.sendto(server.name.encode(), sock.recvfrom(2048)[1])

    namespaces.open_inside(server.namespace, lambda: threading.Thread(target=serve, daemon=True).start())


def ask_by_datagram(client, address, port):
    """The name that answers, "" after a second."""
    with namespaces.open_inside(client.namespace, lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as sock:
        sock.settimeout(1)
        sock.sendto(b"who", (address, port))
        try:
            return sock.recv(64).decode()
        except OSError:
            return ""


class _Loop:
    """A thread in the client's namespace that calls _step() until stop()."""

    def _begin(self, client):
        self._stop = threading.Event()
        self._thread = namespaces.open_inside(client.namespace, self._started)

    def _started(self):
        thread = threading.Thread(target=self._loop, daemon=True)
        thread.start()
        return thread

    def _loop(self):
        while not self._stop.is_set() and self._step():
            pass

    def stop(self):
        self._stop.set()
        self._thread.join(30)
        return self


class Requests(_Loop):
    """`count` requests (None: until stopped); `seen` grows."""

    def __init__(self, client, address, port=80, count=None, pause_s=0.0, timeout_s=10, tls=False):
        self.seen, self._count, self._pause_s = [], count, pause_s
        self._ask = lambda: ask(address, port, timeout_s, tls)
        self._begin(client)

    def _step(self):
        if len(self.seen) == self._count:
            return False
        self.seen.append(self._ask())
        if self._pause_s:
            self._stop.wait(self._pause_s)
        return True

    def finished(self, timeout_s=120):
        self._thread.join(timeout_s)
        return self

    def servers(self, since=0.0):
        """How often each server answered."""
        return Counter(request.server for request in list(self.seen) if request.start >= since and not request.error)

    def failures(self, since=0.0, until=float("inf")):
        """Failed requests that began in the span."""
        return [request for request in list(self.seen) if since <= request.start <= until and request.error]

    def longest_outage_s(self):
        """Longest time between the ends of two good requests."""
        ends = [request.end for request in self.seen if not request.error]
        return max((later - earlier for earlier, later in zip(ends, ends[1:])), default=0.0)


class Download(_Loop):
    """One long request for /big: bytes trickle while the connection lives; `broken` says why it ended early."""

    def __init__(self, client, address, port=80):
        self.received, self.broken, self._address, self._sock = 0, None, (address, port), None
        self._begin(client)

    def _step(self):
        try:
            if self._sock is None:
                self._sock = connect(*self._address, 10)
                self._sock.sendall(b"GET /big HTTP/1.0\r\nHost: vm\r\n\r\n")
                self._sock.settimeout(10)
            part = self._sock.recv(65536)
            self.received += len(part)
            if not part:
                self.broken = f"closed after {self.received} bytes"
        except OSError as error:
            self.broken = f"{error!r} after {self.received} bytes"
        return self.broken is None

    def stop(self):
        super().stop()
        if self._sock is not None:
            self._sock.close()
        return self
