"""A server that could not answer does not start, and says everything that is wrong at once."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest
from first_version import first_version
from kept import kept_in

from spineline.errors import ConfigError
from spineline.server.start import check_chat, check_start
from spineline.settings import DATABASE_FILE, Settings


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


@pytest.mark.parametrize(
    "name", ["notices.db", "links.db", "outbox.db", "deliveries.db", "conversations.db", DATABASE_FILE]
)
def test_a_damaged_database_is_named_with_what_to_do(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"this is no database, and longer than a header has to be " * 50)
    with pytest.raises(ConfigError) as caught:
        check_start(good(tmp_path))
    (problem,) = caught.value.problems
    assert problem.startswith(f"{tmp_path / name}: cannot be used (file is not a database). Bring it back")


@pytest.mark.parametrize("old", [True, False], ids=["an earlier version's", "today's"])
def test_sound_databases_start(tmp_path: Path, old: bool) -> None:
    if old:
        first_version(tmp_path)
    else:
        kept_in(tmp_path)
    check_start(good(tmp_path))


def test_a_damaged_database_is_named_when_it_is_opened(tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).write_bytes(b"x" * 5000)
    with pytest.raises(ConfigError, match=r"spineline\.db: cannot be used \(file is not a database\)"):
        kept_in(tmp_path)


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
