"""The description of the routes names all there are, and nothing else."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from engines import EngineOf
from fake_bot_api import ACCOUNT as TELEGRAM
from faulty import say_ok
from starlette.routing import Route
from texting import ACCOUNT as TWILIO

from spineline.content.library import Content
from spineline.keep.database import Database
from spineline.server.app import Parts, application_of
from spineline.server.guard import Guard
from spineline.server.openapi import PATH, description_of
from spineline.settings import Settings, read_settings
from spineline.text.yaml_file import read_yaml
from spineline.turns.turns import make_turns

WHOLE: dict[str, Any] = read_yaml(Path(description_of.__globals__["_FILE"]))
VERBS = {"get", "post", "options"}


def routes(content: Content, settings: Settings) -> list[Route]:
    parts = Parts(make_turns(content, settings, EngineOf(say_ok), Database()), SimpleNamespace(parse_message=None))
    guard: Any = application_of(parts, settings).asgi
    assert isinstance(guard, Guard)
    return [route for route in guard._app.routes if isinstance(route, Route)]  # type: ignore[attr-defined]


@pytest.fixture
def served(content: Content, tmp_path: Path) -> list[Route]:
    accounts = {**TELEGRAM, **TWILIO, "PUBLIC_URL": "https://chat.clinic.example"}
    return routes(content, read_settings({**accounts, "DATA_DIR": str(tmp_path)}))


def test_every_route_is_described_with_its_methods(served: list[Route]) -> None:
    there: dict[str, set[str]] = {}
    for route in served:
        there.setdefault(route.path, set()).update(method.lower() for method in route.methods or ())
    described = {path: VERBS & set(told) for path, told in WHOLE["paths"].items()}
    assert {path: methods - {"head"} for path, methods in there.items()} == described


def test_a_channel_that_is_off_is_not_described(content: Content, tmp_path: Path) -> None:
    paths = set(description_of(routes(content, Settings(data_dir=tmp_path)))["paths"])
    assert "/webhooks/rest/webhook" in paths
    assert not [path for path in paths if "twilio" in path or "telegram" in path]


def test_a_server_for_strangers_describes_nothing(content: Content, tmp_path: Path) -> None:
    paths = {route.path for route in routes(content, Settings(host="0.0.0.0", data_dir=tmp_path))}
    assert PATH not in paths
    assert "/model/parse" not in paths
