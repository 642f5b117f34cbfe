"""What can fail below a server: each begins and ends around a block, from outside the process."""

from __future__ import annotations

import errno
import resource
import sqlite3
import struct
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Protocol

from spineline.settings import DATABASE_FILE

SLOW_MS, CLOCK_S = 200, 3600
MORE_BYTES = 2**20  # of memory, and then no more


class Running(Protocol):
    """A server: its process, its folder, which is a file system of its own, the file that the shim reads, and the way
    to its PostgreSQL, if that is where it keeps everything."""

    pid: int
    folder: Path
    shim: Path

    def cut(self, is_cut: bool) -> None:
        """Let nothing through to the database, in either direction."""


Fault = Callable[[Running], AbstractContextManager[None]]


@contextmanager
def full_disk(server: Running) -> Iterator[None]:
    ballast = server.folder / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (2**16, 2**12, 1):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass
    try:
        yield
    finally:
        ballast.unlink()


@contextmanager
def locked_database(server: Running) -> Iterator[None]:
    with closing(sqlite3.connect(server.folder / DATABASE_FILE, timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def _limited(server: Running, what: int, most: int) -> Iterator[None]:
    before = resource.prlimit(server.pid, what)
    resource.prlimit(server.pid, what, (most, before[1]))
    try:
        yield
    finally:
        resource.prlimit(server.pid, what, before)


def no_more_files(server: Running) -> AbstractContextManager[None]:
    opened = max(int(one.name) for one in Path(f"/proc/{server.pid}/fd").iterdir())
    return _limited(server, resource.RLIMIT_NOFILE, opened + 1)


def no_more_memory(server: Running) -> AbstractContextManager[None]:
    pages = int(Path(f"/proc/{server.pid}/statm").read_text().split()[0])
    return _limited(server, resource.RLIMIT_AS, pages * resource.getpagesize() + MORE_BYTES)


def no_larger_files(server: Running) -> AbstractContextManager[None]:
    return _limited(server, resource.RLIMIT_FSIZE, 1)


def _shim(sync_ms: int = 0, hangs: int = 0, error: int = 0, clock_s: int = 0) -> Fault:
    @contextmanager
    def fault(server: Running) -> Iterator[None]:
        tell_shim(server.shim, sync_ms, hangs, error, clock_s)
        try:
            yield
        finally:
            tell_shim(server.shim)

    return fault


def tell_shim(shim: Path, sync_ms: int = 0, hangs: int = 0, error: int = 0, clock_s: int = 0) -> None:
    with shim.open("r+b" if shim.exists() else "wb") as file:
        file.write(struct.pack("4i", sync_ms, hangs, error, clock_s))


@contextmanager
def no_network(server: Running) -> Iterator[None]:
    server.cut(True)
    try:
        yield
    finally:
        server.cut(False)


FAULTS: dict[str, Fault] = {
    "the disk is full": full_disk,
    "another process holds the database": locked_database,
    "no file can be opened": no_more_files,
    "there is no more memory": no_more_memory,
    "no file may grow": no_larger_files,
    "the disk hangs": _shim(hangs=1),
    "the disk is slow": _shim(sync_ms=SLOW_MS),
    "the folder is read-only": _shim(error=errno.EROFS),
    "the clock jumps back": _shim(clock_s=-CLOCK_S),
}
OF_POSTGRESQL: dict[str, Fault] = {"the network is cut": no_network}
