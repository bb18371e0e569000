"""Processes of this machine, seen through /proc: what the tests of test/processes and test/netns ask of them and do to them.

Used by world.py and resilience.py. Nothing here knows keepalived."""
import os
import signal


def alive(pid):
    """The process exists and is no zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as handle:
            return handle.read().rsplit(")", 1)[1].split()[0] not in "ZX"
    except OSError:
        return False


def kill(pid, number=signal.SIGKILL):
    """Sends the signal; False when the process is gone already."""
    try:
        os.kill(pid, number)
        return True
    except ProcessLookupError:
        return False


def open_files(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def resident_kb(pid):
    with open(f"/proc/{pid}/status", encoding="ascii") as handle:
        return next(int(line.split()[1]) for line in handle if line.startswith("VmRSS:"))


def processes_of(marker):
    """pids whose environment holds the marker: every process of one host, scripts included."""
    found = []
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                with open(f"/proc/{name}/environ", "rb") as handle:
                    if marker.encode() in handle.read().split(b"\0") and alive(int(name)):
                        found.append(int(name))
            except OSError:
                pass
    return found
