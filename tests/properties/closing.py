"""An open alarm is closed by clear words only, and never becomes milder."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st
from said import is_alarm, open_tier, tap_of, turn_of

from spineline.danger.tiers import Tier
from spineline.dialogue.alarms import REPLIES, said_to_close
from spineline.dialogue.conversation import respond
from spineline.dialogue.intake import take_in
from spineline.dialogue.turn import Memory
from spineline.text.letters import words
from tests.properties import plays
from tests.properties.plays import Played, Step
from tests.properties.pools import closing_titles, content, small_talk
from tests.properties.prop import Property

CLEAR = (
    "I called 911",
    "we already called an ambulance",
    "my wife called 911",
    "the ambulance is coming",
    "ok, I'm on my way to the hospital",
    "I'm at the ER now",
    "my son is driving me to the emergency room",
    "it was a misunderstanding",
    "ya llamé al 911",
    "mi esposa ya llamó a la ambulancia",
    "ya viene la ambulancia",
    "voy para el hospital",
    "mi hija me lleva a urgencias",
    "fue un malentendido",
)
_FILLERS = (
    "the number option el la numero opcion one please por favor no uno segundo second ok yes sí gracias y".split()
)
_OF_CLEAR = "ambulance ambulancia 911 988 hospital er help ayuda urgencias called llamé coming viene wife".split()
_MOMENTS = (
    "no one",
    "one second",
    "one second please",
    "just one second",
    "a second please",
    "un segundo",
    "un segundo por favor",
    "no, one more thing",
    "option?",
    "number",
)
_QUESTIONS = ("{}?", "¿{}?", "{} ?", "is it true that {}?", "what if {}", "should i say {}?", "¿digo {}?")
_PIECES = tuple(word for title in closing_titles() for word in words(title))


def _fragments(title: str, kept: list[bool]) -> str:
    """A title without at least one of its words."""
    found = words(title)
    left = [word for word, stays in zip(found, kept) if stays]
    return " ".join(left if len(left) < len(found) else left[1:])


def unclear() -> st.SearchStrategy[str]:
    """What a worried person may type that closes nothing."""
    fragments = st.builds(
        _fragments, st.sampled_from(closing_titles()), st.lists(st.booleans(), min_size=7, max_size=7)
    )
    single = st.sampled_from([*_PIECES, *_OF_CLEAR])
    questions = st.builds(str.format, st.sampled_from(_QUESTIONS), st.sampled_from([*closing_titles(), *CLEAR]))
    fillers = st.lists(st.sampled_from(_FILLERS), min_size=2, max_size=3).map(" ".join).filter(_is_no_number)
    return st.one_of(
        fragments, single, questions, fillers, st.sampled_from(_MOMENTS), st.sampled_from(small_talk()), st.just("")
    )


def _is_no_number(text: str) -> bool:
    """Whether it names no number by itself: "the second one" does, "no one" and "one second" do not."""
    named = [word for word in text.split() if word in ("one", "uno", "second", "segundo")]
    return not named or text in _MOMENTS


@st.composite
def alarmed(draw: st.DrawFn) -> Memory:
    """A memory with an open alarm, raised in any conversation."""
    before: Played = draw(plays.memories(3))
    memory, _ = plays.played([draw(plays.danger_steps())], before.memory, content())
    return memory


def closes_by_clear_words_only(memory: Memory, text: str, told: plays.Told) -> None:
    """Fragments, single words, small talk and questions leave it open."""
    assert open_tier(memory), "an emergency left no open alarm"
    reply = respond(turn_of(take_in(text, content()), **dict(told)), memory, content())
    assert open_tier(reply.memory), f"{text!r} closed an alarm"
    assert is_alarm(reply.messages[0])


def closes_by_clear_words(memory: Memory, words_or_tap: str, told: plays.Told) -> None:
    """The buttons, their whole titles and plain sentences close it, whatever the model makes of them."""
    memory = replace(
        memory, concepts=()
    )  # danger comes first: "my son drives me" after "my back hurts" may be a child's
    is_tap = words_or_tap in REPLIES
    turn = tap_of(words_or_tap, **dict(told)) if is_tap else turn_of(take_in(words_or_tap, content()), **dict(told))
    left = respond(turn, memory, content()).memory
    if open_tier(left):  # the body is closed without the crisis, and the other way round
        assert open_tier(left) is not open_tier(memory)
        assert _shows_988(memory)
        left = respond(turn, left, content()).memory
    assert not open_tier(left)


def never_becomes_milder(memory: Memory, steps: list[Step]) -> None:
    """The worst sign leads until the alarm is closed, and 988 stays in view once it was there."""
    worst, has_crisis = open_tier(memory), _shows_988(memory)
    for step in steps:
        if _may_close(step, memory):
            continue
        memory, (reply,) = plays.played([step], memory, content())
        now, first = open_tier(memory), reply.messages[0]
        assert worst
        assert now, "the alarm is gone"
        assert not worst.outranks(now), f"{worst.value} fell to {now.value}"
        assert is_alarm(first)
        has_crisis = has_crisis or _shows_988(reply.memory)
        assert not has_crisis or "988" in first.calls, "988 went out of view"
        worst = now


def _shows_988(memory: Memory) -> bool:
    alarm = memory.alarm or {}
    tiers = [alarm["tier"], *(tier for tier, _ in alarm.get("also", ()))]
    return Tier.CRISIS_988.value in tiers


def _may_close(step: Step, memory: Memory) -> bool:
    typed = step.text
    return bool(said_to_close(typed, memory, content())) or words(typed) in [words(title) for title in closing_titles()]


def _harmless_steps() -> st.SearchStrategy[Step]:
    """Any typed turn and any emergency; nothing that presses a button of the alarm."""

    def unnumbered(step: Step) -> Step:
        return replace(step, understood=tuple({**dict(step.understood), "numbered": False}.items()))

    return (plays.typed_steps() | plays.danger_steps()).map(unnumbered)


CLOSES_BY_CLEAR_WORDS_ONLY = Property(
    "no typed word closes an alarm unless it is clear",
    closes_by_clear_words_only,
    {"memory": alarmed(), "text": unclear(), "told": plays.understood()},
)
CLOSES_BY_CLEAR_WORDS = Property(
    "taps, whole titles and clear sentences close an alarm",
    closes_by_clear_words,
    {
        "memory": alarmed(),
        "words_or_tap": st.sampled_from([*REPLIES, *closing_titles(), *CLEAR]),
        "told": plays.understood(),
    },
)
NEVER_BECOMES_MILDER = Property(
    "an open alarm never becomes milder",
    never_becomes_milder,
    {"memory": alarmed(), "steps": st.lists(_harmless_steps(), min_size=1, max_size=6)},
)
