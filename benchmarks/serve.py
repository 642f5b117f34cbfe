"""Spineline as `make run` starts it, with conversations in memory or in SQLite: `python -m benchmarks.serve memory`."""

from __future__ import annotations

import sys
from unittest.mock import patch

from spineline.__main__ import _quiet

_quiet()  # before numpy is loaded, as `python -m spineline` does

from spineline.environment import settings_of_environment  # noqa: E402
from spineline.server import app  # noqa: E402
from spineline.server.run import serve  # noqa: E402
from spineline.settings import Settings  # noqa: E402
from spineline.stores.tracker import MEMORY, ConversationStore  # noqa: E402


def in_memory(_: Settings) -> ConversationStore:
    return ConversationStore(host=MEMORY)


if __name__ == "__main__":
    with patch.object(app, "open_store", in_memory if sys.argv[1] == "memory" else app.open_store):
        serve(settings_of_environment())
