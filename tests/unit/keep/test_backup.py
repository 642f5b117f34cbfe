"""One command copies everything while the server runs, and one brings it back."""

from __future__ import annotations

import asyncio
import stat
from datetime import datetime, timezone
from pathlib import Path

import pytest
from kept import kept_in

from spineline.errors import ConfigError
from spineline.keep.backup import backup, restore
from spineline.keep.notices import Notices
from spineline.keep.serving import Serving
from spineline.keep.sessions import read_secret
from spineline.settings import Settings

NOW = datetime(2030, 1, 31, tzinfo=timezone.utc)


async def _told(folder: Path, *senders: str) -> list[bool]:
    notices = Notices(kept_in(folder))
    return [await notices.were_given(sender) for sender in senders]


def test_what_is_restored_is_what_was_there_while_the_server_ran(tmp_path: Path) -> None:
    old, new, file = tmp_path / "old", tmp_path / "new", tmp_path / "backup.tar"
    notices = Notices(kept_in(old))  # stays open: its last rows are in the write-ahead file
    asyncio.run(notices.give("rest:anna", NOW))
    secret = read_secret("", old)
    assert backup(Settings(data_dir=old), file) == file.stat().st_size
    asyncio.run(notices.give("rest:ben", NOW))
    restore(Settings(data_dir=new), file)
    assert asyncio.run(_told(new, "rest:anna", "rest:ben")) == [True, False]
    assert read_secret("", new) == secret, "so that people on messengers are no strangers"
    assert {stat.S_IMODE(one.stat().st_mode) for one in (file, *new.iterdir())} == {0o600}
    assert sorted(one.name for one in tmp_path.iterdir()) == ["backup.tar", "new", "old"], "nothing else is left"


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    settings, file = Settings(data_dir=tmp_path / "kept"), tmp_path / "backup.tar"
    kept_in(settings.data_dir)
    backup(settings, file)
    with pytest.raises(ConfigError, match=r"backup\.tar: is there already"):
        backup(settings, file)
    with pytest.raises(ConfigError, match=r"something is kept there \(spineline\.db\)"):
        restore(settings, file)


def test_where_nothing_is_kept_nothing_is_backed_up(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"there is no spineline\.db in it"):
        backup(Settings(data_dir=tmp_path), tmp_path / "backup.tar")


def test_what_is_no_backup_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no tar at all")
    with pytest.raises(ConfigError, match="file: cannot be read as a backup"):
        restore(Settings(data_dir=tmp_path / "new"), tmp_path / "file")


def test_postgresql_has_tools_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="Use pg_dump"):
        backup(Settings(data_dir=tmp_path, database_url="postgresql://localhost/x"), tmp_path / "backup.tar")


def test_two_servers_do_not_share_a_folder(tmp_path: Path) -> None:
    first = Serving(tmp_path)
    with pytest.raises(ConfigError, match="another server uses it"):
        Serving(tmp_path)
    first.close()
    Serving(tmp_path).close()
