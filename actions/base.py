"""What every action shares: Rasa's tracker in, one turn of the dialogue, messages and slots out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from spineline.content.library import current_content
from spineline.dialogue.conversation import respond
from spineline.dialogue.turn import Entity, Memory, Question, Turn

_SLOTS = {
    "language": "language",
    "topic": "topic_answered",
    "offered": "offered",
    "misses": "misses",
    "concepts": "concepts",
    "alarm": "alarm",
    "triage": "triage",
}
_LISTS = ("offered", "concepts")


class ConversationAction(Action, ABC):
    """Answers by `spineline.dialogue.conversation`; the subclasses give the jobs of domain.yml their names."""

    @abstractmethod
    def name(self) -> str:
        """The name that domain.yml uses."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer the latest message and remember."""
        before = read_memory(tracker)
        turn = read_turn(tracker)
        reply = respond(turn, before, current_content())
        for message in reply.messages:
            buttons = [button.as_dict() for button in message.buttons]
            metadata = {**message.data, "intent": turn.intent}
            dispatcher.utter_message(text=message.text, buttons=buttons, metadata=metadata)
        return changed_slots(before, reply.memory)


def read_turn(tracker: Tracker) -> Turn:
    """The latest message as Rasa understood it."""
    message = tracker.latest_message
    entities, metadata = message.get("entities", []), message.get("metadata") or {}
    return Turn(
        text=message.get("text") or "",
        intent=(message.get("intent") or {}).get("name") or "nlu_fallback",
        ranking=tuple(i["name"] for i in message.get("intent_ranking", []) if i["name"] != "nlu_fallback"),
        entities=_entities(entities),
        language=message.get("language"),
        parts=tuple(Question(q["text"], q["intent"], _entities(q["entities"])) for q in message.get("questions") or []),
        choice=next((e["value"] for e in entities if e["entity"] == "choice"), None),
        red_flag=metadata.get("red_flag"),
        too_long=bool(metadata.get("too_long")),
        safety_vote=bool(message.get("safety_vote")),
    )


def _entities(found: list[dict[str, Any]]) -> tuple[Entity, ...]:
    return tuple(Entity(e["entity"], e["value"], e.get("start", 0)) for e in found if e["entity"] != "choice")


def read_memory(tracker: Tracker) -> Memory:
    """What the slots hold."""
    slots = {field: tracker.get_slot(slot) for field, slot in _SLOTS.items()}
    lists = {field: tuple(slots[field] or ()) for field in _LISTS}
    return Memory(**{**slots, **lists, "misses": slots["misses"] or 0})


def changed_slots(before: Memory, after: Memory) -> list[dict[str, Any]]:
    """One event for each remembered thing that changed."""
    changes = {field: getattr(after, field) for field in _SLOTS if getattr(after, field) != getattr(before, field)}
    return [SlotSet(_SLOTS[field], list(v) if isinstance(v, tuple) else v) for field, v in changes.items()]
