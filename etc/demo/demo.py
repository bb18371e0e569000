#!/usr/bin/python3
"""The play that etc/demo/run shows. Uses the lab of test/netns; HOLDFAST_KEEPALIVED names the program."""
import os
import sys
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "test", "netns"))
from case import CHECK_NGINX, PROGRAM, VIP, seed  # noqa: E402
from daemon import Daemon, Pinger  # noqa: E402
from lab import Lab, LabError  # noqa: E402

PRIORITIES = {"a": 100, "b": 90, "c": 80}
PING_S = 0.005
WORTH_TELLING_S = 0.02  # shorter silences are not shown
COLOURS = {"a": "\033[32m", "b": "\033[33m", "c": "\033[36m"} if sys.stdout.isatty() else {}
RESET = "\033[0m" if COLOURS else ""


class TimeLine:
    """Prints what happens as it happens: who owns the VIP (from the kernel's own events) and what the client saw."""

    def __init__(self, lab):
        self.lab, self.began, self.shown, self.lock = lab, time.monotonic(), 0, threading.Lock()
        self.stop = threading.Event()
        self.thread = threading.Thread(target=self._follow, daemon=True)
        self.thread.start()

    def say(self, text, when=None):
        with self.lock:
            print(f"{(when or time.monotonic()) - self.began:8.3f} s  {text}", flush=True)

    def owners(self):
        held = self.lab.watch.holders(VIP)
        return " ".join(f"{COLOURS.get(name, '')}[{name}{' VIP' if name in held else '    '}]{RESET}" if name in held
                        else f"[{name}    ]" for name in PRIORITIES)

    def silence(self, start, end):
        if end - start >= WORTH_TELLING_S:
            self.say(f"{'':27}client: no answer for {(end - start) * 1000:.0f} ms")

    def _follow(self):
        while not self.stop.wait(0.005):
            events = self.lab.watch.address_events
            while self.shown < len(events):
                event = events[self.shown]
                self.shown += 1
                if event.address.split("/")[0] == VIP and event.kind != "refresh":
                    word = "has" if event.kind == "add" else "gave back"
                    self.say(f"{self.owners()}  {event.host} {word} {VIP}", event.time)


def page(client):
    return client.fetch(f"http://{VIP}/").strip() or "no answer"


def act(lab, line, client, pinger, title, deed, owner, rows):
    """One act: do it, wait until `owner` serves the page, note how long the client saw nothing."""
    line.say(f"--- {title}")
    when = time.monotonic()
    deed()
    lab.wait(lambda: lab.hosts[owner].has(VIP), 20, f"{owner} has the VIP")
    moved = [e.time for e in lab.watch.events_of(VIP, when, kinds=("add",)) if e.host == owner][-1:] or [when]
    lab.wait(lambda: page(client) == f"host {owner}", 60, f"the page of {owner}")
    line.say(f"{'':27}client: page from {page(client)}")
    time.sleep(1.0)
    rows.append((title, owner, moved[0] - when, pinger.longest(when)))


def play(lab):
    hosts = {name: lab.host(name) for name in PRIORITIES}
    client = lab.host("client")
    line = TimeLine(lab)
    daemons = {}
    for name, host in hosts.items():
        host.start_web()
        host.write("/etc/keepalived/check_nginx.sh", CHECK_NGINX, 0o755)
        daemons[name] = Daemon(host, PROGRAM, seed(PRIORITIES[name]))
        line.say(f"host {name} ({host.address}) started: nginx and keepalived, priority {PRIORITIES[name]}")
    lab.wait_owner(VIP, hosts["a"], 20)
    lab.wait(lambda: page(client) == "host a", 10, "the page of a")
    line.say(f"{'':27}client: page from {page(client)}")
    pinger = Pinger(client, VIP, PING_S, line.silence)
    time.sleep(1.0)
    rows = []
    a, b = hosts["a"], hosts["b"]
    act(lab, line, client, pinger, "nginx on a is killed", a.stop_web, "b", rows)
    act(lab, line, client, pinger, "nginx on a is back", a.start_web, "a", rows)
    act(lab, line, client, pinger, "host a is cut off the network", a.cut, "b", rows)
    act(lab, line, client, pinger, "host a is back on the network", a.heal, "a", rows)
    act(lab, line, client, pinger, "keepalived on a is told to stop", daemons["a"].stop, "b", rows)
    act(lab, line, client, pinger, "host b loses its link", lambda: b.carrier(False), "c", rows)
    report = pinger.stop()
    line.stop.set()
    line.thread.join()
    return rows, report


def main():
    try:
        with Lab() as lab:
            rows, report = play(lab)
    except LabError as error:
        return f"the demonstration failed: {error}"
    print(f"\n{'what happened':34} {'VIP on':7} {'moved after':>12}   client saw nothing for")
    for title, owner, moved_s, silence_s in rows:
        print(f"{title:34} {owner:7} {moved_s:10.2f} s   {silence_s * 1000:7.0f} ms")
    print(f"\nThe client sent {report['sent']} pings, {report['lost']} were not answered. (Adverts every second: a host that "
          "vanishes\nis missed after three of them; one that says good-bye or hands over is replaced at once.)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
