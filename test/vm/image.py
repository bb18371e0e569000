"""Makes the root file system of the VM: archives in the "newc" cpio format, which the kernel unpacks one after the other.

Used by `prepare` (the base: kernel modules, system programs, python) and by `run` (on top: the programs under test, the
guest's scripts, files from the command line). Programs come from this machine, each with the shared libraries that ldd names.
"""
import os
import re
import stat
import subprocess
import sys

LDD_LINE = re.compile(r"^\s*(?:\S+ => )?(/\S+) \(0x[0-9a-f]+\)$", re.MULTILINE)


class ImageError(Exception):
    """The image cannot be made; the text says what is missing."""


def libraries(program):
    """Paths of the shared libraries that a program or library of this machine needs; none for a static one."""
    done = subprocess.run(["ldd", program], capture_output=True, text=True, check=False)
    if "not found" in done.stdout:
        raise ImageError(f"{program}: a library is missing: {done.stdout.strip()}")
    return LDD_LINE.findall(done.stdout)


class Image:
    """What will be in the archive, by path in the guest. `write` makes the archive."""

    def __init__(self):
        self._entries = {}  # path in the guest → ("file", path here) | ("link", target) | ("folder",) | ("text", bytes, mode)

    def folder(self, path):
        while path not in ("/", "") and path not in self._entries:
            self._entries[path] = ("folder",)
            path = os.path.dirname(path)

    def _put(self, path, entry):
        self.folder(os.path.dirname(path))
        self._entries[path] = entry

    def link(self, path, target):
        if path not in self._entries:
            self._put(path, ("link", target))

    def text(self, path, text, mode=0o644):
        self._put(path, ("text", text.encode(), mode))

    def file(self, source, path=None):
        """One file of this machine, at the same path in the guest unless another is given."""
        if not os.path.isfile(source):
            raise ImageError(f"there is no file {source}")
        self._put(_merged(path or source), ("file", os.path.realpath(source)))

    def program(self, source, path=None):
        """A program and the shared libraries that it needs."""
        self.file(source, path)
        for library in libraries(source):
            self.file(library)

    def tree(self, source, path=None, leave_out=()):
        """A folder with everything below it, but for files and folders whose name is in `leave_out`."""
        path = path or source
        self.folder(path)
        for parent, folders, files in os.walk(source):
            folders[:] = [name for name in folders if name not in leave_out]
            for name in files:
                full = os.path.join(parent, name)
                if name not in leave_out and os.path.isfile(full):
                    self.file(full, path + full[len(source):])

    def write(self, target):
        """Writes the archive in one step: nobody sees half of it."""
        temporary = f"{target}.{os.getpid()}"
        with open(temporary, "wb") as out:
            for number, path in enumerate(sorted(self._entries), 1):
                mode, changed_s, content = _content(self._entries[path])
                _write_entry(out, number, path.lstrip("/"), mode, changed_s, content)
            _write_entry(out, 0, "TRAILER!!!", 0, 0, b"")
            out.write(b"\0" * (-out.tell() % 512))
        os.rename(temporary, target)


def _merged(path):
    """Debian's /bin, /lib, … are links into /usr; so they are in the guest."""
    return re.sub(r"^/(bin|sbin|lib|lib64)/", r"/usr/\1/", path)


def _content(entry):
    """(mode, time of change in seconds, bytes). Python believes a compiled module only if its source has the right time."""
    kind, *rest = entry
    if kind == "folder":
        return stat.S_IFDIR | 0o755, 0, b""
    if kind == "link":
        return stat.S_IFLNK | 0o777, 0, rest[0].encode()
    if kind == "text":
        return stat.S_IFREG | rest[1], 0, rest[0]
    with open(rest[0], "rb") as handle:
        status = os.fstat(handle.fileno())
        return stat.S_IFREG | (status.st_mode & 0o777), int(status.st_mtime), handle.read()


def _write_entry(out, number, name, mode, changed_s, content):
    """Header of thirteen hexadecimal numbers, name, content; name and content end at multiples of four."""
    raw = name.encode() + b"\0"
    fields = (number, mode, 0, 0, 1, changed_s, len(content), 0, 0, 0, 0, len(raw), 0)
    header = b"070701" + b"".join(b"%08X" % field for field in fields) + raw
    out.write(header + b"\0" * (-len(header) % 4))
    out.write(content + b"\0" * (-len(content) % 4))


def fail(error):
    """Ends the calling script with exit status 1 and the reason."""
    sys.exit(f"{os.path.relpath(sys.argv[0])}: {error}")
