"""Spineline as `make run` starts it, with conversations in memory or in SQLite: `python -m benchmarks.serve memory`."""

from __future__ import annotations

import os
import sys
from unittest.mock import patch

from spineline.__main__ import _quiet
from spineline.server import app
from spineline.server.run import serve
from spineline.settings import Settings, read_settings
from spineline.stores.tracker import MEMORY, ConversationStore


def in_memory(_: Settings) -> ConversationStore:
    return ConversationStore(host=MEMORY)


if __name__ == "__main__":
    _quiet()
    with patch.object(app, "open_store", in_memory if sys.argv[1] == "memory" else app.open_store):
        serve(read_settings(os.environ))
