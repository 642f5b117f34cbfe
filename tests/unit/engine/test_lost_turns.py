"""What is written down of a message that Rasa could not answer: its alarm, beside a worse one that is open already."""

from collections.abc import Mapping
from typing import Any

import pytest
from fake_rasa import FakeRasa
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
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
ALONE = {"tier": "ED_NOW", "flag": "RF10", "open": True}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (None, ALONE),
        (WORSE, {**WORSE, "also": [["ED_NOW", "RF10"]]}),
        ({**WORSE, "open": False}, ALONE),
    ],
    ids=["none before", "a worse one open", "a worse one closed"],
)
async def test_an_alarm_raised_without_rasa_never_replaces_a_worse_one(
    before: Mapping[str, Any] | None, after: Mapping[str, Any], content: Content
) -> None:
    rasa = FakeRasa(content)
    domain = Domain.load(str(ROOT / "domain.yml"))
    rasa.domain = domain
    tracker = DialogueStateTracker("rest:anna", domain.slots)
    tracker.update(SlotSet("alarm", before), domain)
    asked = Asked("numb", "rest:anna", "rest", Intake("numb", False, FOUND))
    rasa.processor.fetch_tracker_with_initial_session = _given(tracker)
    await record_lost_turn(rasa, asked, [says("Go.")], content)
    assert tracker.get_slot("alarm") == after
    assert tracker.get_slot("offered") == ["alarm:getting_help", "alarm:not_meant"]


def _given(tracker: Any) -> Any:
    async def fetch(_: str) -> Any:
        return tracker

    return fetch
