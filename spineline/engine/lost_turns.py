"""Writes down a message that Rasa could not answer, so that nothing a person was answered to is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered

from spineline.danger.tiers import Tier
from spineline.dialogue.alarms import REPLIES, with_sign
from spineline.turns.engine import Asked

_UNKNOWN = {"name": "nlu_fallback", "confidence": 1.0}


async def record_lost_turn(agent: Any, asked: Asked, replies: Iterable[Mapping[str, Any]]) -> None:
    """Add the message and what was said instead of an answer, unless it is stored already.

    An alarm that was raised without Rasa is open for the next messages.
    """
    async with agent.lock_store.lock(asked.conversation):
        tracker = await agent.processor.fetch_tracker_with_initial_session(asked.conversation)
        said = [event for event in tracker.events if isinstance(event, UserUttered)]
        if any(event.message_id == asked.id for event in said):
            return
        for event in _events(asked, replies, tracker.get_slot("alarm")):
            tracker.update(event, agent.domain)
        await agent.tracker_store.save(tracker)


def _events(asked: Asked, replies: Iterable[Mapping[str, Any]], alarm: Mapping[str, Any] | None) -> list[Event]:
    metadata = asked.intake.metadata
    spoken = [BotUttered(r["text"], {"buttons": r.get("buttons")}, dict(r.get("metadata", {}))) for r in replies]
    return [
        UserUttered(
            asked.text,
            _UNKNOWN,
            [],
            {"text": asked.text, "intent": _UNKNOWN, "entities": []},
            input_channel=asked.channel,
            message_id=asked.id,
            metadata=metadata,
        ),
        *spoken,
        *_alarm(metadata.get("red_flag"), alarm),
        ActionExecuted("action_listen"),
    ]


def _alarm(flag: Mapping[str, Any] | None, before: Mapping[str, Any] | None) -> list[Event]:
    if not flag:
        return []
    alarm = with_sign(before, Tier(flag["tier"]), flag["id"])
    return [SlotSet("alarm", alarm), SlotSet("triage", None), SlotSet("offered", list(REPLIES))]
