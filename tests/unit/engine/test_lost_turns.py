"""What is written down of a message that Rasa could not answer: its alarm, beside a worse one that is open already."""

from collections.abc import Mapping
from typing import Any

import pytest
from fake_rasa import FakeRasa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from replies import says

from spineline.content.library import ROOT, Content
from spineline.danger.rules import Assessment, RedFlag
from spineline.danger.tiers import Tier
from spineline.dialogue.intake import Intake
from spineline.engine.lost_turns import record_lost_turn
from spineline.turns.engine import Asked

WORSE = {"tier": "CALL_911", "flag": "RF01", "open": True}
FOUND = Assessment((RedFlag("RF10", Tier.ED_NOW, "saddle", ("numb",)),))
ASKED = Asked("numb", "rest:anna", "rest", Intake("numb", False, FOUND))
ALONE = {"tier": "ED_NOW", "flag": "RF10", "open": True}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, ALONE),
        (WORSE, {**WORSE, "also": [["ED_NOW", "RF10"]], "told": 1}),
        ({**WORSE, "open": False}, ALONE),
    ],
    ids=["none before", "a worse one open", "a worse one closed"],
)
async def test_an_alarm_raised_without_rasa_never_replaces_a_worse_one(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], content: Content
) -> None:
    rasa, tracker = _rasa_with(before, content)
    await record_lost_turn(rasa, ASKED, [says("Go.")], content)
    assert tracker.get_slot("alarm") == after
    assert tracker.get_slot("offered") == ["alarm:getting_help", "alarm:not_meant"]


@pytest.mark.parametrize(
    ("stored", "said"),
    [(None, ["Fine!", "Go."]), ({**WORSE, "open": False}, ["Fine!", "Go."]), (WORSE, ["Fine!"]), (ALONE, ["Fine!"])],
    ids=["no alarm", "a closed one", "a worse one", "this one"],
)
async def test_a_message_is_stored_once_and_its_alarm_added_when_what_is_stored_is_milder(
    stored: Mapping[str, Any] | None, said: list[str], content: Content
) -> None:
    rasa, tracker = _rasa_with(stored, content)
    tracker.update(UserUttered("numb", message_id=ASKED.id), rasa.domain)
    tracker.update(BotUttered("Fine!"), rasa.domain)
    await record_lost_turn(rasa, ASKED, [says("Go.")], content)
    events = list(tracker.events)
    assert sum(isinstance(event, UserUttered) for event in events) == 1
    assert [event.text for event in events if isinstance(event, BotUttered)] == said
    assert tracker.get_slot("alarm")["open"]


def _rasa_with(alarm: Mapping[str, Any] | None, content: Content) -> tuple[Any, DialogueStateTracker]:
    rasa: Any = FakeRasa(content)
    rasa.domain = Domain.load(str(ROOT / "domain.yml"))
    tracker = DialogueStateTracker("rest:anna", rasa.domain.slots)
    tracker.update(SlotSet("alarm", alarm), rasa.domain)
    rasa.processor.fetch_tracker_with_initial_session = _given(tracker)
    return rasa, tracker


def _given(tracker: Any) -> Any:
    async def fetch(_: str) -> Any:
        return tracker

    return fetch
