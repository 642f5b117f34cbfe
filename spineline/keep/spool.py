"""What could not be stored yet, on disk in the order in which it came: nothing that was said is lost while a database
is away."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Container, Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

Entry = dict[str, Any]


class Spool:
    """A private file with one JSON entry a line, each on the disk before `put` says so. For any thread; who only looks
    at what waits does not wait for the disk.

    Args:
        path: made with the first entry, wiped after the last; None keeps everything in memory only.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._memory, self._disk = threading.Lock(), threading.Lock()  # of who holds both, the disk's first
        self._entries = _read(path) if path else {}
        self._unwritten: list[Entry] = []

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def entries(self) -> list[Entry]:
        """All that wait, in order."""
        with self._memory:
            return list(self._entries.values())

    def __contains__(self, one: object) -> bool:
        return one in self._entries

    def put(self, entry: Entry) -> bool:
        """Add an entry, which gets an "id" unless it has one; False when it is in memory only, because there is no
        room: the next one that finds room takes it along."""
        return self.put_all([entry])

    def put_all(self, entries: Iterable[Entry]) -> bool:
        """The same for several, with one wait for the disk."""
        named = [{"id": uuid4().hex, **entry} for entry in entries]
        with self._memory:
            self._entries.update((entry["id"], entry) for entry in named)
            self._unwritten += named
        with self._disk, suppress(OSError):
            unwritten = self._in_memory_only()
            self._append(unwritten.values())
            self._written(unwritten)
        return self._in_memory_only().keys().isdisjoint(entry["id"] for entry in named)

    def drop(self, ids: Iterable[str]) -> None:
        """These are stored now, or not wanted any more."""
        with self._memory:
            for one in ids:
                self._entries.pop(one, None)
            self._unwritten = [entry for entry in self._unwritten if entry["id"] in self._entries]
        with self._disk, suppress(OSError):  # what stays in the file is known to be stored, or is dropped again
            self._rewrite()

    def _in_memory_only(self) -> dict[str, Entry]:
        with self._memory:
            return {entry["id"]: entry for entry in self._unwritten}

    def _written(self, ids: Container[str]) -> None:
        with self._memory:
            self._unwritten = [entry for entry in self._unwritten if entry["id"] not in ids]

    def _append(self, entries: Iterable[Entry]) -> None:
        if self._path is None:
            raise FileNotFoundError
        is_new = not self._path.exists()
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "ab") as file:
            before = file.tell()
            try:
                file.write(b"".join(json.dumps(entry).encode() + b"\n" for entry in entries))
                file.flush()
                os.fsync(descriptor)
            except OSError:
                with suppress(OSError):
                    os.ftruncate(descriptor, before)  # half a line would swallow the next one
                raise
        if is_new:
            _sync_folder(self._path)

    def _rewrite(self) -> None:
        """Without the words of those that are gone; they are overwritten before the file is given back."""
        if self._path is None or not self._path.exists():
            return
        unwritten = self._in_memory_only()
        written = [entry for entry in self.entries if entry["id"] not in unwritten]
        aside = self._path.with_suffix(".new")
        if written:
            aside.touch(mode=0o600)
            with aside.open("wb") as file:
                file.write(b"".join(json.dumps(entry).encode() + b"\n" for entry in written))
                file.flush()
                os.fsync(file.fileno())
        with self._path.open("r+b") as old:
            if written:
                aside.replace(self._path)
            old.write(bytes(os.fstat(old.fileno()).st_size))
            old.flush()
            os.fsync(old.fileno())
        if not written:
            self._path.unlink()


def _read(path: Path) -> dict[str, Entry]:
    """What an earlier process left; half a line was never acknowledged."""
    found: dict[str, Entry] = {}
    if path.is_file():
        for line in path.read_bytes().split(b"\n"):
            with suppress(ValueError):
                entry = json.loads(line)
                found[entry["id"]] = entry
    return found


def _sync_folder(path: Path) -> None:
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
