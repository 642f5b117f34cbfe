"""What is written down of a message that Rasa could not answer: its alarm, beside a worse one that is open already."""

from collections.abc import Mapping
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import SlotSet

from spineline.engine.lost_turns import _events

WORSE = {"tier": "CALL_911", "flag": "RF01", "open": True}
FOUND = {"id": "RF10", "tier": "ED_NOW", "rule": "saddle", "words": ["numb"]}
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
def test_an_alarm_raised_without_rasa_never_replaces_a_worse_one(
    before: Mapping[str, Any] | None, after: Mapping[str, Any]
) -> None:
    events = _events(UserMessage("numb", sender_id="rest:anna", metadata={"red_flag": FOUND}), (), before)
    assert {event.key: event.value for event in events if isinstance(event, SlotSet)}["alarm"] == after
