"""Reads one service of a director's table again and again, in a thread of its own, and writes down how it changed."""
import threading
import time
from collections import namedtuple

PERIOD_S = 0.004

# A sight that differs from the one before: `before` is the time of that one, `time` its own; weights None: no such service.
Change = namedtuple("Change", "before time weights")


class TableWatch:
    """`changes` begins with the first sight. Used for what must never be seen, not even for a moment."""

    def __init__(self, director, service):
        self.changes, self.sights, self._stop = [], 0, threading.Event()
        self._look = lambda: director.weights(service)
        self._thread = threading.Thread(target=self._loop, daemon=True)
        self._thread.start()

    def _loop(self):
        before, seen = time.monotonic(), object()
        while not self._stop.wait(PERIOD_S):
            now, weights = time.monotonic(), self._look()
            if weights != seen:
                self.changes.append(Change(before, time.monotonic(), weights))
            before, seen = now, weights
            self.sights += 1

    def other_than(self, wanted):
        """Every change to something else."""
        return [change for change in list(self.changes) if change.weights != wanted]

    def removal_during(self, start, end):
        """A destination may have left between these times: a request that was on its way to it is lost, whoever removes it."""
        changes = list(self.changes)
        return any(set(old.weights or ()) - set(new.weights or ()) and new.before <= end and start <= new.time
                   for old, new in zip(changes, changes[1:]))

    def stop(self):
        self._stop.set()
        self._thread.join(10)
        return self
