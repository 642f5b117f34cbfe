"""One file with everything that is kept, taken while the server runs, and the way back."""

from __future__ import annotations

import os
import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from spineline.errors import ConfigError
from spineline.keep.damage import unusable
from spineline.keep.serving import is_served
from spineline.keep.takeover import old_files
from spineline.settings import DATABASE_FILE, Settings

_BESIDE = ("turns.spool", "writes.spool", "secret")  # before the database: what is in both is not written twice


def backup(settings: Settings, file: Path) -> int:
    """Write a new file that only this user can read; returns its size in bytes. ConfigError says what is in the way."""
    folder = settings.data_dir
    _check_sqlite(settings, "pg_dump")
    if file.exists():
        raise ConfigError([f"{file}: is there already. Name a file that is not."])
    if old_files(folder) or not (folder / DATABASE_FILE).is_file():
        raise ConfigError([f"DATA_DIR={folder}: there is no {DATABASE_FILE} in it. Name the server's folder."])
    aside = file.with_name(f"{file.name}.part")
    with TemporaryDirectory(dir=folder) as kept:
        try:
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
                with tarfile.open(fileobj=written, mode="w") as archive:
                    for name in _BESIDE:
                        if (folder / name).is_file():
                            archive.add(folder / name, name)
                    archive.add(_copied(folder / DATABASE_FILE, Path(kept) / DATABASE_FILE), DATABASE_FILE)
                written.flush()
                os.fsync(written.fileno())
            aside.rename(file)
        finally:
            aside.unlink(missing_ok=True)
    return file.stat().st_size


def restore(settings: Settings, file: Path) -> None:
    """Put everything back into a folder in which nothing is kept. ConfigError says what is in the way."""
    folder = settings.data_dir
    _check_sqlite(settings, "pg_restore")
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    in_the_way = [name for name in (DATABASE_FILE, *_BESIDE) if (folder / name).exists()]
    if in_the_way or is_served(folder):
        raise ConfigError(
            [f"DATA_DIR={folder}: something is kept there ({', '.join(in_the_way)}). Stop the server and move it away."]
        )
    try:
        with tarfile.open(file) as archive:
            for name in (*_BESIDE, DATABASE_FILE):
                if name in archive.getnames():
                    _unpack(archive, name, folder)
    except (OSError, tarfile.TarError) as error:
        raise ConfigError([f"{file}: cannot be read as a backup ({error}). Name a file that `backup` made."]) from None


def _check_sqlite(settings: Settings, tool: str) -> None:
    if not settings.database.startswith("sqlite:///"):
        raise ConfigError([f"DATABASE_URL: is no file. Use {tool} of PostgreSQL, and keep DATA_DIR/secret with it."])
    if settings.database_url:
        raise ConfigError(
            ["DATABASE_URL: names a file of its own. Unset it, or copy that file with sqlite3's .backup."]
        )


def _copied(database: Path, to: Path) -> Path:
    """The database as it is at one moment, with what is still in its write-ahead file."""
    with closing(sqlite3.connect(database)) as source, closing(sqlite3.connect(to)) as copy:
        try:
            source.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.DatabaseError as error:
            raise ConfigError([unusable(database, str(error))]) from None
    return to


def _unpack(archive: tarfile.TarFile, name: str, folder: Path) -> None:
    content = archive.extractfile(name)
    if content is not None:
        with os.fdopen(os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while some := content.read(1 << 20):
                file.write(some)
            file.flush()
            os.fsync(file.fileno())
