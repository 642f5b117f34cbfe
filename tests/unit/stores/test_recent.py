"""The recent part of a conversation: what Rasa finds in it is what its own tracker would find."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rasa.shared.core.events import (
    ActionExecuted,
    ActionReverted,
    ActiveLoop,
    BotUttered,
    DefinePrevUserUtteredFeaturization,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUtteranceReverted,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from spineline.stores.recent import LiveTracker

KINDS: dict[str, Callable[[], Event]] = {
    "said": lambda: UserUttered("hello", {"name": "greet"}),
    "said by its intent": lambda: DefinePrevUserUtteredFeaturization(False),
    "answered": lambda: BotUttered("Hello."),
    "acted": lambda: ActionExecuted("action_answer"),
    "listened": lambda: ActionExecuted("action_listen"),
    "remembered": lambda: SlotSet("language", "en"),
    "began": SessionStarted,
    "restarted": Restarted,
    "message taken back": UserUtteranceReverted,
    "action taken back": ActionReverted,
    "in a form": lambda: ActiveLoop("a_form"),
    "form asked": lambda: ActionExecuted("a_form"),
    "out of the form": lambda: ActiveLoop(None),
}


def same(kinds: list[str]) -> None:
    """Compared after each event, as Rasa asks, and on a copy that goes on apart."""
    ours, theirs = LiveTracker("anna", []), DialogueStateTracker("anna", [])
    for kind in kinds:
        event = KINDS[kind]()
        for tracker in (ours, theirs):
            tracker.update(event)
        twin = ours.copy()
        assert ours.applied_events() == twin.applied_events() == theirs.applied_events()
        twin.update(UserUttered("apart"))
        twin.applied_events()


@given(st.lists(st.sampled_from(sorted(KINDS)), max_size=12))
def test_what_was_not_taken_back_is_what_rasa_finds(kinds: list[str]) -> None:
    same(kinds)


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("said", "answered", "remembered")])
def test_so_it_is_in_the_middle_of_a_conversation(kind: str) -> None:
    turn = ["listened", "said", "acted", "answered", "remembered"]
    same([*turn, *turn, kind, *turn, "form asked", "form asked"])
