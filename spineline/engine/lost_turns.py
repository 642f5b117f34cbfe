"""Writes down a message that Rasa could not answer, so that nothing a person was answered to is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from spineline.content.library import Content
from spineline.dialogue.alarms import raise_alarm
from spineline.dialogue.recall import changed_slots, memory_of
from spineline.turns.engine import Asked

_UNKNOWN = {"name": "nlu_fallback", "confidence": 1.0}


async def record_lost_turn(agent: Any, asked: Asked, replies: Iterable[Mapping[str, Any]], content: Content) -> None:
    """Add the message and what was said instead of an answer, unless it is stored already.

    An alarm that was raised without Rasa is open for the next messages.
    """
    async with agent.lock_store.lock(asked.conversation):
        tracker = await agent.processor.fetch_tracker_with_initial_session(asked.conversation)
        said = [event for event in tracker.events if isinstance(event, UserUttered)]
        if any(event.message_id == asked.id for event in said):
            return
        for event in [*_said(asked, replies), *_alarm(asked, tracker, content), ActionExecuted("action_listen")]:
            tracker.update(event, agent.domain)
        await agent.tracker_store.save(tracker)


def _said(asked: Asked, replies: Iterable[Mapping[str, Any]]) -> list[Event]:
    spoken = [BotUttered(r["text"], {"buttons": r.get("buttons")}, dict(r.get("metadata", {}))) for r in replies]
    return [
        UserUttered(
            asked.text,
            _UNKNOWN,
            [],
            {"text": asked.text, "intent": _UNKNOWN, "entities": []},
            input_channel=asked.channel,
            message_id=asked.id,
            metadata=asked.intake.metadata,
        ),
        *spoken,
    ]


def _alarm(asked: Asked, tracker: DialogueStateTracker, content: Content) -> list[Event]:
    """What an alarm changes in the memory, as if the conversation had raised it."""
    flag = asked.intake.red_flag
    if flag is None:
        return []
    reply = raise_alarm(flag.tier, flag.id, memory_of(tracker.get_slot, content), content)
    return [SlotSet(slot, value) for slot, value in changed_slots(tracker.get_slot, reply.memory).items()]
