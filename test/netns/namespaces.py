"""The machine's side of the lab: named network namespaces, what runs inside them, sockets opened inside them.

Used by lab.py only. Needs root. Nothing here knows keepalived.
"""
import ctypes
import os
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

CLONE_NEWNET = 0x40000000
NAME = re.compile(r"^hf(\d+)-[a-z0-9_]+$")
_libc = ctypes.CDLL(None, use_errno=True)


class LabError(Exception):
    """The machine refused something that the lab needs; the text says what and why."""


def run(*command, check=True, timeout=20):
    """Runs a command of the machine to its end; raises LabError with its words when it fails."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout)
    if check and done.returncode != 0:
        raise LabError(f"{' '.join(command)}: {(done.stderr or done.stdout).strip()} (exit {done.returncode})")
    return done.stdout


def require_namespaces():
    """Raises LabError with the reason when this process cannot make network namespaces."""
    if os.geteuid() != 0:
        raise LabError("network namespaces need root (try: sudo)")
    probe = f"hf{os.getpid()}-probe"
    try:
        run("ip", "netns", "add", probe)
        run("ip", "netns", "del", probe)
        run("unshare", "--mount", "--propagation", "private", "true")
    except (LabError, FileNotFoundError) as error:
        raise LabError(f"this machine does not let us make namespaces: {error}") from error


def path_of(name):
    return f"/run/netns/{name}"


def open_inside(name, factory):
    """Calls factory() in a thread that has entered the namespace; sockets made there stay there."""
    box = {}

    def enter():
        try:
            with open(path_of(name), "rb") as handle:
                if _libc.setns(handle.fileno(), CLONE_NEWNET) != 0:
                    raise LabError(f"setns {name}: {os.strerror(ctypes.get_errno())}")
            box["value"] = factory()
        except BaseException as error:  # handed to the caller below
            box["error"] = error

    thread = threading.Thread(target=enter)
    thread.start()
    thread.join()
    if "error" in box:
        raise box["error"]
    return box["value"]


def alive(pid):
    """True while the process exists and is not a zombie."""
    try:
        with open(f"/proc/{pid}/stat", encoding="ascii", errors="replace") as handle:
            return handle.read().rpartition(")")[2].split()[0] not in "ZX"
    except (OSError, IndexError):
        return False


def pids_inside(name):
    """Living processes whose network namespace is this one, oldest first."""
    try:
        inode = os.stat(path_of(name)).st_ino
    except OSError:
        return []
    found = []
    for entry in os.listdir("/proc"):
        try:
            if entry.isdigit() and os.stat(f"/proc/{entry}/ns/net").st_ino == inode and alive(int(entry)):
                found.append(int(entry))
        except OSError:
            continue
    return sorted(found)


def remove(name):
    """Ends what still runs in one of our namespaces, then removes it."""
    for _ in range(100):
        left = pids_inside(name)
        if not left:
            break
        for pid in left:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.02)
    run("ip", "netns", "del", name, check=False)


def remove_left_over():
    """Removes namespaces and folders of earlier runs of this lab that were killed before they could clean up."""
    listed = os.listdir("/run/netns") if os.path.isdir("/run/netns") else []
    for name in filter(_ownerless, listed):
        remove(name)
    for name in filter(_ownerless, os.listdir(tempfile.gettempdir())):
        shutil.rmtree(os.path.join(tempfile.gettempdir(), name), ignore_errors=True)


def _ownerless(name):
    owner = NAME.match(name)
    return owner and not os.path.exists(f"/proc/{owner.group(1)}")
