"""Our shortcuts through Rasa give what Rasa gives."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from patience import LONG_S, until
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.rule_policy import RulePolicy
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor

from spineline.dialogue.together import MOST
from spineline.engine.actions_here import ActionHere, ActionsHere
from spineline.engine.processor import Processor, _takes_from_messages
from spineline.engine.rules import RecentRules

pytestmark = pytest.mark.trained
SENTENCES = ["why do i need a strong core", "¿dónde están?", "", "/ask_core", "asdf", "my leg hurts and it is an 8"]


def _processor(kind: type[MessageProcessor], model: Path) -> MessageProcessor:
    parts: Any = {"lock_store": None, "generator": None, "action_endpoint": ActionsHere("actions")}
    return kind(model, tracker_store=InMemoryTrackerStore(None), **parts)


@pytest.fixture(scope="module")
def processors(model: Path) -> tuple[MessageProcessor, Processor]:
    return _processor(MessageProcessor, model), _processor(Processor, model)  # type: ignore[return-value]


@pytest.mark.parametrize("text", SENTENCES)
async def test_a_message_is_understood_the_same(processors: tuple[MessageProcessor, Processor], text: str) -> None:
    theirs, ours = [await processor.parse_message(UserMessage(text)) for processor in processors]
    assert ours == theirs


async def test_who_writes_at_the_same_time_is_understood_as_alone(
    processors: tuple[MessageProcessor, Processor],
) -> None:
    theirs, ours = processors
    together = await asyncio.gather(*(ours.parse_message(UserMessage(text)) for text in SENTENCES))
    for text, understood in zip(SENTENCES, together, strict=True):
        alone = await theirs.parse_message(UserMessage(text))
        assert understood["intent"]["name"] == alone["intent"]["name"]
        assert understood["intent"]["confidence"] == pytest.approx(alone["intent"]["confidence"], abs=1e-4)


async def test_a_tapped_reply_means_the_same(processors: tuple[MessageProcessor, Processor]) -> None:
    tapped = UserMessage('/ask_core{"choice": "core/why"}')
    theirs, ours = [await processor.parse_message(tapped) for processor in processors]
    assert ours["intent"]["name"] == theirs["intent"]["name"] == "ask_core"
    choices = [[e["value"] for e in parsed["entities"] if e["entity"] == "choice"] for parsed in (theirs, ours)]
    assert choices == [["core/why"], ["core/why"]]


def _trackers(theirs: MessageProcessor) -> list[DialogueStateTracker]:
    trackers = []
    for intent in [*theirs.domain.intents, "nlu_fallback"]:
        tracker = DialogueStateTracker("anna", theirs.domain.slots)
        for _ in range(3):
            for event in (
                ActionExecuted("action_listen"),
                UserUttered("x", {"name": intent, "confidence": 0.9}, []),
                SlotSet("topic_answered", "core/why"),
            ):
                tracker.update(event)
        trackers += [tracker, tracker.copy()]
        trackers[-1].update(ActionExecuted("action_answer"))
    return trackers


def test_the_next_action_is_the_same(processors: tuple[MessageProcessor, Processor]) -> None:
    theirs, ours = processors
    for tracker in _trackers(theirs) * 2:
        expected = theirs._predict_next_with_tracker(tracker.copy())
        found = ours._predict_next_with_tracker(tracker.copy())
        assert found.probabilities == expected.probabilities
        assert (found.hide_rule_turn, found.is_end_to_end_prediction) == (expected.hide_rule_turn, False)


def test_rules_are_looked_up_by_ours_and_only_ours_changed(processors: tuple[MessageProcessor, Processor]) -> None:
    used = [[type(node._component) for node in p.graph_runner._instantiated_nodes.values()] for p in processors]  # type: ignore[attr-defined]
    assert [RecentRules if component is RulePolicy else component for component in used[0]] == used[1]


@pytest.mark.parametrize(
    ("mapping", "is_taken"),
    [
        ({"type": "custom"}, False),
        ({"type": "custom", "action": "action_fills"}, True),
        ({"type": "from_entity", "entity": "muscle"}, True),
    ],
)
def test_slots_are_looked_for_in_a_message_where_the_domain_maps_any(mapping: dict[str, str], is_taken: bool) -> None:
    slots = {"muscle": {"type": "any", "influence_conversation": False, "mappings": [mapping]}}
    domain = Domain.from_dict({"entities": ["muscle"], "slots": slots})
    assert _takes_from_messages(domain) is is_taken


def test_slots_are_looked_for_where_an_action_checks_them() -> None:
    assert _takes_from_messages(Domain.from_dict({"actions": ["action_validate_slot_mappings"]}))


def test_what_an_action_changes_in_its_slots_stays_its_own(processors: tuple[MessageProcessor, Processor]) -> None:
    tracker = _trackers(processors[0])[0]
    tracker.update(SlotSet("triage", {"facts": {"signs": ["numb"]}}))
    request = ActionHere("action_answer", ActionsHere("actions"), {})._action_call_format(tracker, processors[0].domain)
    request["tracker"]["slots"]["triage"]["facts"]["signs"].append("weak")
    assert tracker.get_slot("triage") == {"facts": {"signs": ["numb"]}}


async def test_an_action_gets_the_last_words_and_the_slots_but_no_history(
    processors: tuple[MessageProcessor, Processor],
) -> None:
    tracker = _trackers(processors[0])[0]
    request = ActionHere("action_answer", ActionsHere("actions"), {})._action_call_format(tracker, processors[0].domain)
    events = request["tracker"]["events"]
    assert 1 < len(events) <= 1 + MOST
    assert {frozenset(event) for event in events} == {frozenset(("event", "text", "timestamp"))}
    assert request["tracker"]["slots"]["topic_answered"] == "core/why"
    assert request["tracker"]["latest_message"]["text"] == "x"


@pytest.mark.parametrize("result", [None, [], {"events": {}}, {"events": ["x"]}, {"responses": [1]}, {"events": [{}]}])
def test_rubbish_from_an_action_is_refused(result: Any) -> None:
    with pytest.raises(ValueError, match="must be a list of objects"):
        ActionHere("action_answer", ActionsHere("actions"), {})._validate_action_result(result)


class _PlainActionThatWaits(Action):
    def name(self) -> str:
        return "action_waits"

    def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[Any]:
        BEGUN.set()
        RELEASED.wait(LONG_S)
        dispatcher.utter_message(text="done")
        return []


BEGUN, RELEASED = threading.Event(), threading.Event()


async def test_a_plain_action_that_waits_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ActionExecutor, "register_package", lambda self, _: self.register_action(_PlainActionThatWaits))
    call = {"next_action": "action_waits", "sender_id": "anna", "tracker": {"sender_id": "anna"}, "domain": {}}
    running = asyncio.ensure_future(ActionsHere("actions").request(json=call))
    await until(BEGUN.is_set)
    assert not running.done()
    RELEASED.set()
    assert (await running)["responses"][0]["text"] == "done"
