"""What every action shares: Rasa's tracker in, one turn of the dialogue, messages and slots out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import replace
from time import time
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from spineline.content.library import Content
from spineline.danger.rules import Assessment
from spineline.danger.tiers import Tier
from spineline.dialogue.conversation import respond
from spineline.dialogue.recall import changed_slots, memory_of
from spineline.dialogue.together import MOST, WITHIN_S
from spineline.dialogue.turn import Candidate, Entity, Question, Turn
from spineline.dialogue.wire import noted
from spineline.environment import current_content
from spineline.text.letters import Typed


class ConversationAction(Action, ABC):
    """Answers by `spineline.dialogue.conversation`; the subclasses give the jobs of domain.yml their names.

    `content` comes from our server; `rasa run actions` gives none, so the environment decides.
    """

    def __init__(self, content: Content | None = None) -> None:
        self._content = content or current_content()

    @abstractmethod
    def name(self) -> str:
        """The name that domain.yml uses."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]
    ) -> list[dict[str, Any]]:
        """Answer the latest message and remember."""
        turn = read_turn(tracker)
        reply = respond(turn, memory_of(tracker.get_slot, self._content), self._content)
        for message in reply.messages:
            dispatcher.utter_message(**noted(replace(message, intent=turn.intent), self._content))
        return [SlotSet(slot, value) for slot, value in changed_slots(tracker.get_slot, reply.memory).items()]


def read_turn(tracker: Tracker) -> Turn:
    """The latest message as Rasa understood it."""
    return replace(turn_of(tracker.latest_message), recent=_recent(tracker.events))


def turn_of(message: Mapping[str, Any]) -> Turn:
    """A message as Rasa understood it."""
    entities, metadata = message.get("entities", []), message.get("metadata") or {}
    choice = next((e["value"] for e in entities if e["entity"] == "choice"), None)
    return Turn(
        text=Typed.of("" if choice else message.get("text") or ""),
        intent=(message.get("intent") or {}).get("name") or "nlu_fallback",
        ranking=tuple(i["name"] for i in message.get("intent_ranking", []) if i["name"] != "nlu_fallback"),
        entities=_entities(entities),
        candidates=_candidates(message),
        language=message.get("language"),
        wished_language=metadata.get("wished_language"),
        parts=tuple(map(_question, message.get("questions") or [])),
        choice=choice,
        also=tuple(metadata.get("also") or ()),
        danger=Assessment.from_dict(metadata["danger"]) if "danger" in metadata else None,
        too_long=bool(metadata.get("too_long")),
        net_alarm=_net_alarm(message.get("net_alarm")),
        net_hints=bool(message.get("net_hints")),
        safety_vote=bool(message.get("safety_vote")),
        likely=tuple(message.get("likely_flags") or ()),
        numbered=bool(metadata.get("numbered")),
        at=int(time() // 60),
    )


def _net_alarm(told: Mapping[str, Any] | None) -> tuple[Tier, str | None] | None:
    return (Tier(told["tier"]), told["flag"]) if told else None


def _question(part: Mapping[str, Any]) -> Question:
    return Question(Typed.of(part["text"]), part["intent"], _entities(part["entities"]), _candidates(part))


def _candidates(understood: Mapping[str, Any]) -> tuple[Candidate, ...]:
    return tuple(Candidate(a["name"], a["confidence"]) for a in understood.get("answers") or ())


def _recent(events: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What was written just before the latest message, in order; taps are no words."""
    said = [event for event in events if event.get("event") == "user"]
    since = (said[-1].get("timestamp") or 0) - WITHIN_S if said else 0
    before = (event["text"] or "" for event in said[-1 - MOST : -1] if (event.get("timestamp") or 0) >= since)
    return tuple(text for text in before if text and not text.startswith("/"))


def _entities(found: list[dict[str, Any]]) -> tuple[Entity, ...]:
    return tuple(Entity(e["entity"], e["value"], e.get("start", 0)) for e in found if e["entity"] != "choice")
