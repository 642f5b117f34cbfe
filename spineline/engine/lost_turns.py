"""Writes down a message that Rasa could not answer, so that nothing a person was answered to is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered

from spineline.dialogue.alarms import REPLIES

_UNKNOWN = {"name": "nlu_fallback", "confidence": 1.0}


async def record_lost_turn(agent: Any, message: UserMessage, replies: Iterable[Mapping[str, Any]]) -> None:
    """Add the message and what was said instead of an answer, unless it is stored already.

    An alarm that was raised without Rasa is open for the next messages.
    """
    async with agent.lock_store.lock(message.sender_id):
        tracker = await agent.processor.fetch_tracker_with_initial_session(message.sender_id)
        said = [event for event in tracker.events if isinstance(event, UserUttered)]
        if any(event.message_id == message.message_id for event in said):
            return
        for event in _events(message, replies):
            tracker.update(event, agent.domain)
        await agent.tracker_store.save(tracker)


def _events(message: UserMessage, replies: Iterable[Mapping[str, Any]]) -> list[Event]:
    metadata = message.metadata or {}
    spoken = [BotUttered(r["text"], {"buttons": r.get("buttons")}, dict(r.get("metadata", {}))) for r in replies]
    return [
        UserUttered(
            message.text,
            _UNKNOWN,
            [],
            {"text": message.text, "intent": _UNKNOWN, "entities": []},
            input_channel=message.input_channel,
            message_id=message.message_id,
            metadata=metadata,
        ),
        *spoken,
        *_alarm(metadata.get("red_flag")),
        ActionExecuted("action_listen"),
    ]


def _alarm(flag: Mapping[str, Any] | None) -> list[Event]:
    if not flag:
        return []
    alarm = {"tier": flag["tier"], "flag": flag["id"], "open": True}
    return [SlotSet("alarm", alarm), SlotSet("triage", None), SlotSet("offered", list(REPLIES))]
