"""Content changes while conversations wait: whatever was remembered under names that are gone, all are answered."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue.conversation import respond
from spineline.dialogue.recall import changed_slots, known_memory, memory_of
from spineline.dialogue.turn import Memory, Turn

ANSWERS = ["plank/how", "gone/how", "plank/gone", "ask_core"]
CHOICES = [
    *ANSWERS,
    "triage:numb",
    "triage:gone",
    "alarm:not_meant",
    "alarm:gone",
    "line:yes",
    "line:gone",
    "gone:gone",
]
FACTS = {
    "sign": ["numb", "gone", "none", "unsaid", None],
    "risk": ["minor", "gone", "none", None],
    "score": [3, 9, None],
    "loss": [True, False],
    "days": [2, 40, None],
    "trend": ["worse", "better", None],
    "gone": [1],
}
MESSAGES = [
    Turn("hello", "greet", language="en"),
    Turn("1", "nlu_fallback"),
    Turn("how", "nlu_fallback", ranking=("ask_core",)),
    Turn("no", "deny", language="es"),
    Turn("sí", "affirm", language="es"),
    Turn("an 8", "report_mild_pain", language="en"),
    Turn("me duele la espalda", "report_mild_pain", language="es"),
    Turn("and how many of those?", "ask_core", language="en"),
    Turn("otra cosa rara", "report_red_flag", language="es", safety_vote=True),
    Turn("I can't pee and my saddle is numb", "thanks", language="en"),
    Turn("skip", "nlu_fallback", language="en"),
    Turn("/ask_core", "ask_core", choice="plank/how"),
]

facts = st.fixed_dictionaries({}, optional={name: st.sampled_from(values) for name, values in FACTS.items()})
questions = st.fixed_dictionaries(
    {"pending": st.sampled_from(["signs", "severity", "course", "risks", "gone"]), "facts": facts}
)
safety = st.fixed_dictionaries(
    {
        "pending": st.just("safety"),
        "then": st.lists(st.sampled_from(ANSWERS), max_size=2),
        "before": st.none() | questions,
    }
)
alarms = st.fixed_dictionaries(
    {
        "tier": st.sampled_from([*(tier.value for tier in Tier), "GONE"]),
        "flag": st.sampled_from(["RF10", "RF99", None]),
        "open": st.booleans(),
    }
)
memories = st.builds(
    Memory,
    language=st.sampled_from(["en", "es", "fr", None]),
    topic=st.none() | st.sampled_from(ANSWERS),
    offered=st.lists(st.sampled_from(CHOICES), max_size=4, unique=True).map(tuple),
    misses=st.integers(0, 3),
    concepts=st.lists(st.sampled_from(["back_pain", "fever", "gone"]), unique=True).map(tuple),
    alarm=st.none() | alarms,
    triage=st.none() | questions | safety,
)


@settings(max_examples=300)
@given(memory=memories, turn=st.sampled_from(MESSAGES))
def test_whatever_was_remembered_every_message_is_answered(memory: Memory, turn: Turn, content: Content) -> None:
    reply = respond(turn, known_memory(memory, content), content)
    assert reply.messages
    assert all(message.text for message in reply.messages)


@settings(max_examples=100)
@given(memory=memories)
def test_what_is_known_stays_known(memory: Memory, content: Content) -> None:
    once = known_memory(memory, content)
    assert known_memory(once, content) == once


@settings(max_examples=100)
@given(alarm=alarms)
def test_an_open_alarm_is_never_forgotten(alarm: dict[str, Any], content: Content) -> None:
    kept = known_memory(Memory(alarm=alarm), content).alarm
    assert kept is not None
    assert kept["open"] == alarm["open"]
    assert kept["tier"] == (alarm["tier"] if alarm["tier"] != "GONE" else "ED_NOW")


def test_a_memory_that_is_all_known_is_left_alone(content: Content) -> None:
    state = {"pending": "course", "facts": {"sign": "none", "score": 3}}
    alarm = {"tier": "ED_NOW", "flag": "RF10", "open": False}
    memory = Memory("es", "plank/how", ("plank/safe", "triage:numb"), 1, ("back_pain",), alarm, state)
    assert known_memory(memory, content) == memory


def test_one_quick_reply_that_is_gone_takes_the_numbers_of_all(content: Content) -> None:
    memory = Memory(offered=("gone/how", "plank/how", "plank/safe"))
    assert known_memory(memory, content).offered == ()


@pytest.mark.parametrize(("fact", "value"), [("sign", "gone"), ("risk", "gone")])
def test_a_fact_that_means_nothing_any_more_is_asked_again(fact: str, value: str, content: Content) -> None:
    told = {"sign": "none", "score": 3, "days": 2, "risk": "none", fact: value}
    kept = known_memory(Memory(triage={"pending": "risks", "facts": told}), content).triage
    assert kept is not None
    assert fact not in kept["facts"]
    assert kept["pending"] == {"sign": "signs", "risk": "risks"}[fact]


def test_a_milder_sign_beside_the_worst_stays(content: Content) -> None:
    alarm = {"tier": "CALL_911", "flag": "RF01", "open": True, "also": [["CRISIS_988", "RF08"], ["GONE", "RF99"]]}
    kept = known_memory(Memory(alarm=alarm), content).alarm
    assert kept is not None
    assert kept["also"] == [["CRISIS_988", "RF08"], ["ED_NOW", None]]


@pytest.mark.parametrize(
    "state",
    [
        {"pending": "signs", "lead": [], "facts": {"score": 5}, "again": "unsure", "from": 6, "grouped": True},
        {
            "pending": "signs",
            "vote": True,
            "lead": ["stroke"],
            "then": [],
            "before": None,
            "facts": {},
            "again": "unsure",
        },
        {"pending": None, "verdict": "triage_visit/about", "facts": {"score": 5, "risk": "none"}},
    ],
    ids=["signs", "vote", "verdict"],
)
def test_what_was_asked_again_and_told_stays(state: dict[str, Any], content: Content) -> None:
    assert known_memory(Memory(triage=state), content).triage == state


def test_the_yes_or_no_question_of_the_first_version_goes_on_as_the_list(content: Content) -> None:
    before = {"pending": "safety", "then": ["plank/how"], "before": None, "facts": {"risk": "pregnant"}}
    kept = known_memory(Memory(triage=before), content).triage
    assert kept == {**before, "pending": "signs", "vote": True, "lead": []}


def test_slots_that_were_never_set_are_an_empty_memory(content: Content) -> None:
    assert memory_of({}.get, content) == Memory()
    assert changed_slots({}.get, Memory()) == {}


def test_a_memory_survives_the_slots(content: Content) -> None:
    also = {"tier": "CALL_911", "flag": "RF01", "open": True, "also": [["CRISIS_988", "RF08"]]}
    state = {
        "pending": "signs",
        "vote": True,
        "lead": ["calf"],
        "then": ["plank/how"],
        "before": None,
        "facts": {"risk": "pregnant"},
        "again": "unsure",
    }
    memory = Memory("es", "plank/how", ("plank/safe",), 1, ("back_pain",), also, state)
    slots = json.loads(json.dumps(changed_slots({}.get, memory)))
    assert memory_of(slots.get, content) == memory
    assert changed_slots(slots.get, memory) == {}


def test_only_what_changed_is_written(content: Content) -> None:
    slots = {"language": "en", "misses": 1, "offered": []}
    assert changed_slots(slots.get, Memory("en", misses=0)) == {"misses": 0}
