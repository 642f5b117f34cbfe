"""Conversations for the tests of the stores."""

from __future__ import annotations

import os
from collections.abc import Iterable

import pytest
import sqlalchemy as sa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SessionStarted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
ANY = {"type": "any", "influence_conversation": False, "mappings": [{"type": "custom"}]}
DOMAIN = Domain.from_dict(
    {
        "intents": ["ask_core"],
        "entities": ["muscle"],
        "slots": {"topic_answered": dict(ANY), "misses": dict(ANY)},
        "actions": ["action_answer"],
    }
)


def start() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def turn(text: str, topic: str = "core/why") -> list[Event]:
    found = {"intent": {"name": "ask_core", "confidence": 0.9}, "entities": [{"entity": "muscle", "value": "core"}]}
    return [
        UserUttered(text, found["intent"], found["entities"], input_channel="rest", metadata={"danger": {}}),
        ActionExecuted("action_answer", "RulePolicy", 1.0),
        BotUttered("A strong core helps.", {"buttons": [{"title": "Sí", "payload": "/affirm"}]}, {"card": "core"}),
        SlotSet("topic_answered", topic),
        ActionExecuted("action_listen", "RulePolicy", 1.0),
    ]


def add(tracker: DialogueStateTracker, events: Iterable[Event]) -> DialogueStateTracker:
    for event in events:
        tracker.update(event, DOMAIN)
    return tracker


def texts(tracker: DialogueStateTracker | None) -> list[str]:
    return [e.text for e in tracker.events if isinstance(e, UserUttered)] if tracker else []


def empty_postgresql() -> str:
    """An address where nothing is kept: a schema of this test process, so that two do not disturb each other.

    TEST_POSTGRESQL names a database that may be emptied, e.g. postgresql://postgres@127.0.0.1/spineline_test.
    """
    address = os.environ.get("TEST_POSTGRESQL")
    if not address:
        pytest.skip("TEST_POSTGRESQL names no PostgreSQL database that may be emptied.")
    schema, engine = f"test_{WORKER}", sa.create_engine(address)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
    engine.dispose()
    return f"{address}?options=-csearch_path%3D{schema}"
