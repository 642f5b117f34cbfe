"""Starts the server."""

from __future__ import annotations

import ctypes
import gc
import os
import sys
from contextlib import suppress

from spineline.keep.serving import Serving
from spineline.server.app import create_app
from spineline.server.edge import Edge
from spineline.server.guard import allow_many_connections
from spineline.server.start import check_start
from spineline.settings import Settings
from spineline.turns.logs import configure_logs


def serve(settings: Settings) -> None:
    """Serve until stopped; one process, one event loop."""
    configure_logs(settings.log_level)
    os.umask(0o077)  # whatever is written is for this user only
    check_start(settings)
    serving = Serving(settings.data_dir)
    allow_many_connections()
    sys.setswitchinterval(0.001)  # a long message that is read in a thread makes the others wait less
    print("Loading the model ...", flush=True)  # noqa: T201

    def announce() -> None:
        print(f"Spineline is ready: http://{settings.host}:{settings.port}", flush=True)  # noqa: T201

    edge = Edge(create_app(settings), settings, announce)
    _give_back_memory()
    edge.run()
    serving.close()


def _give_back_memory() -> None:
    """What only the start needed goes back to the system, where the C library can do that.

    What is left stays for good; looking through all of it for garbage would stop everybody for a third of a second.
    """
    gc.collect()
    gc.freeze()
    with suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
