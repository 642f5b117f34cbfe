"""The real model and the real store, with one part broken at a time."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from faulty import DANGER, PHONE, SAID, TELLING, cards, make_turns, texts
from kept import run_sql
from patience import NEVER_S, SHORT_S, hurried
from rasa.shared.core.events import BotUttered, UserUttered
from sqlalchemy.exc import OperationalError

from spineline.content.library import Content
from spineline.engine.agent import ClinicAgent
from spineline.engine.rasa_engine import RasaEngine
from spineline.errors import ConfigError
from spineline.keep.database import Database
from spineline.server.app import load_agent
from spineline.settings import Settings
from spineline.stores.tracker import ConversationStore
from spineline.turns.turns import Turns

pytestmark = pytest.mark.trained
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])


@pytest.fixture(scope="module")
def loaded(model: Path, content: Content, tmp_path_factory: pytest.TempPathFactory) -> ClinicAgent:
    return load_agent(Settings(model=model), content, Database())


@pytest.fixture
async def agent(loaded: ClinicAgent, tmp_path: Path) -> AsyncIterator[ClinicAgent]:
    """The loaded model with an empty store."""
    store = ConversationStore(loaded.domain, f"sqlite:///{tmp_path}/conversations.db")
    loaded.tracker_store = store
    assert loaded.processor is not None
    loaded.processor.tracker_store = store
    yield loaded
    with contextlib.suppress(OperationalError):
        await store.close()


@pytest.fixture
def turns(content: Content, agent: ClinicAgent) -> Turns:
    return make_turns(content, RasaEngine(lambda: agent, content))


@pytest.fixture
def hasty(content: Content, agent: ClinicAgent) -> Turns:
    """Turns that only give up: for parts that hang."""
    return make_turns(content, RasaEngine(lambda: agent, content), deadline_s=SHORT_S, alarm_wait_s=SHORT_S)


def _break_actions(agent: ClinicAgent, monkeypatch: pytest.MonkeyPatch, run: Any) -> None:
    actions = agent.action_endpoint._executor.actions  # type: ignore[union-attr]
    for name in list(actions):
        monkeypatch.setitem(actions, name, run)


async def _raise(*_: Any) -> Any:
    raise RuntimeError("words of a patient")


async def _hang(*_: Any) -> Any:
    await asyncio.sleep(NEVER_S)


async def _rubbish(*_: Any) -> Any:
    return "rubbish"


async def _rubbish_events(*_: Any) -> Any:
    return [{"event": "nonsense"}, 5]


async def _nothing(*_: Any) -> Any:
    return None


async def said(agent: ClinicAgent, sender: str) -> list[str]:
    tracker = await agent.tracker_store.retrieve_full_tracker(sender)
    return [str(e.text) for e in tracker.events if isinstance(e, UserUttered)] if tracker else []


@LANGUAGES
@pytest.mark.parametrize("run", [_raise, _hang, _rubbish, _rubbish_events, _nothing], ids=lambda f: f.__name__)
async def test_a_broken_action(
    turns: Turns, hasty: Turns, agent: ClinicAgent, monkeypatch: pytest.MonkeyPatch, run: Any, language: str
) -> None:
    _break_actions(agent, monkeypatch, run)
    turns = hasty if run is _hang else turns
    replies = await turns.answer(SAID[language], "rest:anna", "rest")
    assert PHONE in texts(replies)
    assert TELLING[language] in texts(replies)
    replies = await turns.answer(DANGER[language], "rest:anna", "rest")
    assert cards(replies)[0] == "alarm"
    await turns.stop()
    assert await said(agent, "rest:anna") == [SAID[language], DANGER[language]], "each message is stored once"


@LANGUAGES
async def test_a_broken_pipeline(
    turns: Turns, agent: ClinicAgent, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    nodes = agent.processor.graph_runner._instantiated_nodes  # type: ignore[union-attr, attr-defined]
    (detector,) = [n._component for n in nodes.values() if type(n._component).__name__ == "RedFlagDetector"]
    with monkeypatch.context() as broken:
        broken.setattr(detector, "_judged", None)
        replies = await turns.answer(SAID[language], "rest:anna", "rest")
        assert TELLING[language] in texts(replies)
        replies = await turns.answer(DANGER[language], "rest:anna", "rest")
        assert cards(replies)[0] == "alarm"
        await turns.stop()
    turns.limits.is_stopping = False
    assert await said(agent, "rest:anna") == [SAID[language], DANGER[language]]
    replies = await turns.answer(SAID[language], "rest:anna", "rest")
    assert cards(replies) == ["alarm"], "the alarm that was raised without Rasa is open in Rasa"


@LANGUAGES
@pytest.mark.parametrize("pragma", ["query_only=ON", "max_page_count=1"], ids=["read-only", "full disk"])
async def test_a_database_that_cannot_be_written(turns: Turns, agent: ClinicAgent, pragma: str, language: str) -> None:
    await turns.answer("hello", "rest:anna", "rest")
    await run_sql(agent.tracker_store.database, f"PRAGMA {pragma}")
    for _ in range(3):
        assert texts(await turns.answer(SAID[language] + " x" * 400, "rest:anna", "rest"))
    assert cards(await turns.answer(DANGER[language], "rest:anna", "rest"))[0] == "alarm"
    await turns.stop()


@LANGUAGES
async def test_a_database_that_is_gone(
    turns: Turns, agent: ClinicAgent, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    for name in ("retrieve", "save"):
        monkeypatch.setattr(agent.tracker_store, name, _raise)
    replies = await turns.answer(SAID[language], "rest:anna", "rest")
    assert TELLING[language] in texts(replies)
    assert cards(await turns.answer(DANGER[language], "rest:anna", "rest"))[0] == "alarm"


@LANGUAGES
async def test_a_database_that_hangs(
    hasty: Turns, agent: ClinicAgent, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    monkeypatch.setattr(agent.tracker_store, "retrieve", _hang)
    replies = await hasty.answer(SAID[language], "rest:anna", "rest")
    assert TELLING[language] in texts(replies)


async def test_what_was_said_instead_of_an_answer_is_stored(
    turns: Turns, agent: ClinicAgent, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken, hurried(turns):
        _break_actions(agent, broken, _hang)
        await turns.answer(SAID["en"], "rest:anna", "rest")
        await turns.stop()
    turns.limits.is_stopping = False
    tracker = await agent.tracker_store.retrieve_full_tracker("rest:anna")
    assert [PHONE in str(e.text) for e in tracker.events if isinstance(e, BotUttered)] == [True]
    assert cards(await turns.answer(SAID["en"], "rest:anna", "rest")) == ["hamstring_stretch/how_long"]


def test_a_model_that_cannot_be_loaded_stops_the_start(content: Content, tmp_path: Path) -> None:
    path = tmp_path / "broken.tar.gz"
    path.write_bytes(b"this is no model")
    with pytest.raises(ConfigError, match=r"broken\.tar\.gz.*make train"):
        load_agent(Settings(model=path), content, Database())
