"""Starts the server."""

from __future__ import annotations

import logging

from spineline.server.app import create_app
from spineline.settings import Settings


def serve(settings: Settings) -> None:
    """Serve until stopped; one process, one event loop."""
    _configure_logging()
    app = create_app(settings)

    @app.listener("after_server_start")
    async def announce(*_: object) -> None:
        print(f"Spineline is ready: http://{settings.host}:{settings.port}", flush=True)  # noqa: T201

    print("Loading the model ...", flush=True)  # noqa: T201
    app.run(host=settings.host, port=settings.port, workers=1, access_log=False, motd=False)


def _configure_logging() -> None:
    """Warnings and errors only: what people write is never logged, and Rasa logs it below that level."""
    import structlog

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s", force=True)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL), cache_logger_on_first_use=True
    )
