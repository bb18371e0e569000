#!/usr/bin/python3
"""Pings one address every few milliseconds and tells when nothing came back: `pinger.py ADDRESS INTERVAL_S`.

Runs in the client's namespace. On standard output: `up START END` for each silence that ended (seconds of CLOCK_MONOTONIC:
first unanswered probe, first answered one after it). SIGTERM: waits for stragglers, then one line of JSON with all silences.
A silence is made of probes that got no answer, so lateness of this process is not mistaken for one.
"""
import json
import os
import select
import signal
import socket
import struct
import sys
import time

LATE_S = 0.25  # an answer later than this is no answer


def checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total & 0xFFFF) + (total >> 16)
    return ~(total + (total >> 16)) & 0xFFFF


def echo_request(identity, number):
    payload = struct.pack("!I", number)
    header = struct.pack("!BBHHH", 8, 0, 0, identity, number & 0xFFFF)
    return struct.pack("!BBHHH", 8, 0, checksum(header + payload), identity, number & 0xFFFF) + payload


class Pinger:
    def __init__(self, address, interval_s):
        self.address, self.interval_s = address, interval_s
        self.identity = os.getpid() & 0xFFFF
        self.sent, self.answered, self.longest_rtt_s = [], [], 0.0
        self.checked, self.silent_since, self.silences = 0, None, []
        self.sock = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        self.sock.setblocking(False)
        self.stopping = False

    def send(self):
        self.sent.append(time.monotonic())
        self.answered.append(False)
        try:
            self.sock.sendto(echo_request(self.identity, len(self.sent) - 1), (self.address, 0))
        except OSError:
            pass  # no route, no neighbour: a probe without an answer

    def receive(self):
        while True:
            try:
                packet, (source, _) = self.sock.recvfrom(2048)
            except OSError:
                return
            body = packet[(packet[0] & 15) * 4:]
            if source != self.address or len(body) < 12 or body[0] != 0:
                continue
            if struct.unpack("!H", body[4:6])[0] != self.identity:
                continue
            number = struct.unpack("!I", body[8:12])[0]
            if number < len(self.sent):
                rtt = time.monotonic() - self.sent[number]
                self.longest_rtt_s = max(self.longest_rtt_s, rtt)
                self.answered[number] = self.answered[number] or rtt < LATE_S

    def judge(self, now):
        """Walks over the probes that are old enough to be judged, or answered."""
        while self.checked < len(self.sent):
            when, answered = self.sent[self.checked], self.answered[self.checked]
            if not answered and now - when < LATE_S:
                return
            if not answered and self.silent_since is None:
                self.silent_since = when
            elif answered and self.silent_since is not None:
                self.end_silence(when)
            self.checked += 1

    def end_silence(self, when):
        self.silences.append((self.silent_since, when))
        print(f"up {self.silent_since:.6f} {when:.6f}", flush=True)
        self.silent_since = None

    def run(self):
        due = time.monotonic()
        while not self.stopping:
            now = time.monotonic()
            if now >= due:
                self.send()
                due = max(due + self.interval_s, now)
            self.receive()
            self.judge(now)
            select.select([self.sock], [], [], max(0.0, due - time.monotonic()))
        end = time.monotonic() + LATE_S
        while time.monotonic() < end:
            select.select([self.sock], [], [], 0.02)
            self.receive()
        self.judge(time.monotonic() + LATE_S)
        if self.silent_since is not None:
            self.silences.append((self.silent_since, self.sent[-1]))
        print(json.dumps({"sent": len(self.sent), "lost": self.answered.count(False), "silences": self.silences,
                          "longest_rtt_s": self.longest_rtt_s}), flush=True)


def main():
    pinger = Pinger(sys.argv[1], float(sys.argv[2]))

    def stop(_signal, _frame):
        pinger.stopping = True

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pinger.run()


if __name__ == "__main__":
    main()
