"""Danger at any place of any text, in any memory, alarms as urgently as it does alone."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st
from in_turns import Remembering, finished, turns_around
from said import first_steps, is_alarm, to_call

from spineline.danger.tiers import Tier
from spineline.dialogue.intake import LONGEST_READ
from spineline.dialogue.turn import Message
from tests.properties import plays
from tests.properties.plays import Played
from tests.properties.pools import Danger, calm, content, dangers, intents, severe
from tests.properties.prop import Property


@dataclass(frozen=True)
class Story:
    """A text with danger in it."""

    danger: Danger
    text: str


def _fillers() -> st.SearchStrategy[str]:
    """Anything without danger, often long: calm talk, plain severe pain, letters of any kind."""
    pieces = st.one_of(st.sampled_from(calm()), st.sampled_from(severe()), st.text(max_size=30))
    some = st.lists(pieces, max_size=6).map(". ".join)
    return st.builds(lambda text, times: ((text + "\n") * times).strip(), some, st.sampled_from([1, 1, 5, 40, 400]))


def _story(danger: Danger, before: str, after: str, between: str, end: str) -> Story:
    room = LONGEST_READ - len(danger.text) - len(between) - len(end)
    opening = before[:room] + between if before else ""
    return Story(danger, (opening + danger.text + end + ("\n\n" + after if after else ""))[: 2 * LONGEST_READ])


def stories() -> st.SearchStrategy[Story]:
    """A sentence of danger by itself, with any text before it, behind it or on both sides."""
    between, end = st.sampled_from(["\n\n", "\n", ".\n", ". "]), st.sampled_from(["", ".", "!"])
    return st.builds(_story, st.sampled_from(dangers()), _fillers(), _fillers(), between, end)


def alarms_anywhere(played: Played, story: Story, intent: str) -> None:
    """What stands first is what to do about the danger, with the numbers to call."""
    engine = Remembering(content(), played.memory, intent)
    replies = finished(turns_around(engine, content()).answer(story.text, "rest:anna", "rest"))
    alarms_first(replies, story.danger.tier)


def alarms_first(replies: list[Message], least: Tier) -> None:
    """The first message is an alarm of at least this tier: its first step, its numbers."""
    first = replies[0]
    tier = first.tier
    assert is_alarm(first), "no alarm stands first"
    assert tier is not None
    assert not least.outranks(tier), f"{tier.value} for {least.value}"
    assert first.text.startswith(tuple(first_steps(tier, content())))
    assert to_call(tier, content()) <= set(first.calls)


ALARMS_ANYWHERE = Property(
    "danger at any place of any text alarms, in any memory",
    alarms_anywhere,
    {"played": plays.memories(5), "story": stories(), "intent": st.sampled_from(["nlu_fallback", *intents()])},
)
