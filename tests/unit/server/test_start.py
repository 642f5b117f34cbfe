"""A server that could not answer does not start, and says everything that is wrong at once."""

import socket
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

import pytest

from spineline.errors import ConfigError
from spineline.keep.deliveries import Deliveries
from spineline.keep.links import Links
from spineline.keep.notices import Notices
from spineline.keep.outbox import Outbox
from spineline.server.start import check_chat, check_start
from spineline.settings import Settings

NOW = datetime(2030, 1, 31, tzinfo=timezone.utc)


def good(folder: Path) -> Settings:
    """Settings with which nothing is wrong."""
    (folder / "model.tar.gz").touch()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    return Settings(model=folder / "model.tar.gz", data_dir=folder, port=port)


def test_everything_wrong_is_listed_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        settings = Settings(
            clinic="nowhere", model=tmp_path / "none.tar.gz", data_dir=tmp_path / "file" / "data", port=port
        )
        with pytest.raises(ConfigError) as caught:
            check_start(settings)
    said = "\n".join(caught.value.problems)
    for part in ("CLINIC=nowhere", "Run `make train`", f"DATA_DIR={tmp_path}", f"PORT={port}: is in use"):
        assert part in said


def test_a_good_set_up_starts(tmp_path: Path) -> None:
    check_start(good(tmp_path))


@pytest.mark.parametrize("name", ["notices.db", "links.db", "outbox.db", "deliveries.db", "conversations.db"])
def test_a_damaged_database_is_named_with_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"this is no database, and longer than a header has to be " * 50)
    with pytest.raises(ConfigError) as caught:
        check_start(good(tmp_path))
    (problem,) = caught.value.problems
    assert problem.startswith(f"{tmp_path / name}: cannot be used (file is not a database). Bring it back")


def test_a_page_that_was_overwritten_is_found(tmp_path: Path) -> None:
    path = tmp_path / "notices.db"
    notices = Notices(path)
    for number in range(2000):
        notices.give(f"rest:{number}", NOW)
    notices.close()
    with path.open("r+b") as file:
        file.seek(3 * 4096)
        file.write(b"\xff" * 4096)
    with pytest.raises(ConfigError, match=r"notices\.db: cannot be used"):
        check_start(good(tmp_path))


def test_sound_databases_start(tmp_path: Path) -> None:
    for kept in (
        Notices(tmp_path / "notices.db"),
        Links(tmp_path / "links.db"),
        Deliveries(tmp_path / "deliveries.db"),
    ):
        kept.close()
    Outbox(tmp_path / "outbox.db")
    check_start(good(tmp_path))


def test_a_damaged_database_is_named_when_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / "links.db").write_bytes(b"x" * 5000)
    with pytest.raises(ConfigError, match=r"links\.db: cannot be used \(file is not a database\)"):
        Links(tmp_path / "links.db")


def test_a_short_key_and_a_taken_metrics_port_are_in_the_same_list(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigError) as caught:
            check_start(replace(good(tmp_path), metrics_port=port))
    secret, metrics = caught.value.problems
    assert secret.startswith(f"{tmp_path / 'secret'}: is too short")
    assert metrics == f"METRICS_PORT={port}: is in use on 127.0.0.1. Stop what listens there, or change it."


def test_the_chat_in_the_terminal_needs_no_port(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        check_chat(replace(good(tmp_path), port=other.getsockname()[1]))
