"""The whole server in a thread of this process, with every channel, and the real conversation without a model."""

from __future__ import annotations

import json
import socket
import threading
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from fake_bot_api import ACCOUNT as TELEGRAM
from fake_bot_api import FakeBotApi
from fake_rasa import FakeRasa
from kept import kept_in
from texting import ACCOUNT as TWILIO
from texting import FakeTwilio

from spineline.channels.web import channel as web_channel
from spineline.content.library import Content
from spineline.server import edge as edge_module
from spineline.server import http_line, socket_line
from spineline.server.app import Parts, application_of
from spineline.server.edge import Edge
from spineline.settings import Settings, read_settings
from spineline.turns.turns import make_turns

WAITS_S = 60  # far more than needed: a server that hangs fails, a busy machine does not
PUBLIC = "https://chat.clinic.example"


class Served:
    """What talks to the server: `base`, `port`, and a session of the website's chat."""

    def __init__(self, port: int, edge: Edge) -> None:
        self.port, self.base, self.edge = port, f"http://127.0.0.1:{port}", edge

    def begin(self) -> str:
        headers = {"Content-Type": "application/json", "Origin": self.base}
        request = urllib.request.Request(f"{self.base}/webhooks/web/session", b'{"consent": true}', headers)
        with urllib.request.urlopen(request, timeout=WAITS_S) as answer:
            return str(json.load(answer)["session"])

    def answers_somebody_else(self) -> bool:
        body = json.dumps({"sender": "somebody else", "message": "hello"}).encode()
        with urllib.request.urlopen(f"{self.base}/webhooks/rest/webhook", body, timeout=WAITS_S) as answer:
            return bool(answer.status == 200)


def _settings(folder: Path, telegram: FakeBotApi, twilio: FakeTwilio, more: Mapping[str, str]) -> Settings:
    accounts = {**TELEGRAM, **TWILIO, "PUBLIC_URL": PUBLIC, "TELEGRAM_API": telegram.address}
    limits = {"RATE_PER_SESSION": "0", "RATE_PER_ADDRESS": "0"}
    return read_settings({**accounts, **limits, "TWILIO_API": twilio.address, "DATA_DIR": str(folder), **more})


async def _parse(text: str) -> dict[str, Any]:
    return {"text": text}


@contextmanager
def _impatient() -> Iterator[None]:
    """What waits for slow people waits shortly, so that many examples can be tried."""
    with (
        patch.object(web_channel, "POLL_S", 0.02),
        patch.object(web_channel, "HELLO_S", 0.5),
        patch.object(http_line, "SLOWEST_REQUEST_S", 0.1),
        patch.object(http_line, "_LINGERS_S", 0.1),
        patch.object(socket_line, "SLOWEST_MESSAGE_S", 0.1),
        patch.object(socket_line, "_LINGERS_S", 0.1),
        patch.object(edge_module, "KEEPS_ALIVE_S", 0.1),
    ):
        yield


@contextmanager
def served(content: Content, folder: Path, **more: str) -> Iterator[Served]:
    """A server until the block ends; `more` are its variables."""
    folder.mkdir(exist_ok=True)
    telegram, twilio = FakeBotApi(), FakeTwilio()
    settings = _settings(folder, telegram, twilio, more)
    database = kept_in(folder)
    engine = FakeRasa(content, database)
    agent = SimpleNamespace(parse_message=_parse, tracker_store=engine.tracker_store)
    parts = Parts(make_turns(content, settings, engine, database), agent)
    begins, place = threading.Event(), socket.create_server(("127.0.0.1", 0))
    with _impatient():
        edge = Edge(application_of(parts, settings), settings, begins.set)
        thread = threading.Thread(target=edge.run, args=([place],), daemon=True)
        thread.start()
        assert begins.wait(WAITS_S)
        try:
            yield Served(place.getsockname()[1], edge)
        finally:
            edge.should_exit = True
            thread.join(WAITS_S)
            telegram.close()
            twilio.close()
    assert not thread.is_alive()
