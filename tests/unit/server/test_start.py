"""A server that could not answer does not start, and says everything that is wrong at once."""

import socket
from pathlib import Path

import pytest

from spineline.errors import ConfigError
from spineline.server.app import check_start
from spineline.settings import Settings


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
    (tmp_path / "model.tar.gz").touch()
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    check_start(Settings(model=tmp_path / "model.tar.gz", data_dir=tmp_path / "data", port=port))
