"""Writes down a message that Rasa could not answer, so that nothing a person was answered to is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from rasa.shared.core.events import ActionExecuted, BotUttered, Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from spineline.content.library import Content
from spineline.dialogue.alarms import holds, raise_alarms
from spineline.dialogue.recall import changed_slots, memory_of
from spineline.dialogue.turn import Message
from spineline.dialogue.wire import noted
from spineline.stores.tracker import beside
from spineline.turns.engine import Asked

_UNKNOWN = {"name": "nlu_fallback", "confidence": 1.0}


async def record_lost_turn(agent: Any, asked: Asked, messages: Iterable[Message], content: Content) -> None:
    """Add the message, unless it is stored already, and what was said instead of an answer.

    An alarm that was raised without Rasa is open for the next messages, also when Rasa stored something milder.
    """
    async with agent.lock_store.lock(asked.conversation):
        tracker = await agent.processor.fetch_tracker_with_initial_session(asked.conversation)
        said = [event for event in tracker.events if isinstance(event, UserUttered)]
        is_stored = any(event.message_id == asked.id for event in said)
        is_stored = is_stored or await store_of(agent).holds(asked.conversation, asked.id)
        writes = asked.beside()
        if is_stored and _is_held(asked, tracker, content):
            return
        told = [_told(noted(message, content)) for message in messages]
        heard = [] if is_stored else [_heard(asked, content)]
        for event in [*heard, *told, *_alarm(asked, tracker, content), ActionExecuted("action_listen")]:
            tracker.update(event, agent.domain)
        beside.set(lambda: () if is_stored else writes)  # what is stored has them already
        await agent.tracker_store.save(tracker)


def store_of(agent: Any) -> Any:
    """The conversation store inside the wrappers that Rasa puts around it."""
    store = agent.tracker_store
    while hasattr(store, "_tracker_store"):
        store = store._tracker_store
    return store


def written(asked: Asked, content: Content) -> str:
    """The message as Rasa writes it down: the text, or what a quick reply sends."""
    taps = (asked.choice, *asked.intake.also) if asked.choice else ()
    return "\n".join(content.choices[choice].payload for choice in taps) or asked.text


def _heard(asked: Asked, content: Content) -> Event:
    text = written(asked, content)
    return UserUttered(
        text,
        _UNKNOWN,
        [],
        {"text": text, "intent": _UNKNOWN, "entities": []},
        input_channel=asked.channel,
        message_id=asked.id,
        metadata=asked.intake.metadata,
    )


def _told(message: Mapping[str, Any]) -> Event:
    return BotUttered(message["text"], {"buttons": message["buttons"]}, message["metadata"])


def _is_held(asked: Asked, tracker: DialogueStateTracker, content: Content) -> bool:
    """Whether what is stored is as urgent as the message."""
    flag = asked.intake.red_flag
    return flag is None or holds(memory_of(tracker.get_slot, content), flag.tier)


def _alarm(asked: Asked, tracker: DialogueStateTracker, content: Content) -> list[Event]:
    """What an alarm changes in the memory, as if the conversation had raised it."""
    danger = asked.intake.danger
    if danger is None or not danger.alarms:
        return []
    reply = raise_alarms(danger.alarms, memory_of(tracker.get_slot, content), content)
    return [SlotSet(slot, value) for slot, value in changed_slots(tracker.get_slot, reply.memory).items()]
