"""Spineline as `make run` starts it, with conversations in memory or in SQLite: `python -m benchmarks.serve memory`."""

from __future__ import annotations

import sys
from unittest.mock import patch

from spineline.__main__ import _quiet

_quiet()  # before numpy is loaded, as `python -m spineline` does

from spineline.environment import settings_of_environment  # noqa: E402
from spineline.keep.database import Database  # noqa: E402
from spineline.server import app  # noqa: E402
from spineline.server.run import serve  # noqa: E402


def in_memory(*_: object) -> Database:
    return Database()


if __name__ == "__main__":
    with patch.object(app, "open_database", in_memory if sys.argv[1] == "memory" else app.open_database):
        serve(settings_of_environment())
