"""Routines: from approved blocks, as long as was asked, with nothing that the person is kept from."""

from __future__ import annotations

from itertools import product

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.content.routines import LEVELS, PLACES
from spineline.dialogue.conversation import respond
from spineline.dialogue.routines import Plan, blocks_for, compose
from spineline.dialogue.turn import Memory, Reply, Turn

each_language = pytest.mark.parametrize("language", LANGUAGES)
MINUTES = (3, 5, 7, 10, 12, 15, 20, 25, 30, 45, 60)
ASKED = {"en": "give me a 10 minute routine", "es": "deme una rutina de 10 minutos"}


def say(content: Content, text: str, memory: Memory, **turn: object) -> Reply:
    return respond(Turn(text, "out_of_scope", **turn), memory, content)  # type: ignore[arg-type]


def blocks_of(reply: Reply, content: Content) -> list[str]:
    named = [part.id or "" for message in reply.messages for part in message.parts]
    return [block.id for block in content.routines.blocks if f"routines.blocks.{block.id}.title" in named]


def people(content: Content) -> dict[str, dict[str, object]]:
    """Somebody for each row of the table, and somebody of whom nothing is known."""
    told: dict[str, dict[str, object]] = {"nothing": {}}
    for condition in content.conditions.table:
        number = (condition.below or 0) - 1 if condition.below else condition.starting
        told[condition.id] = {condition.fact: number if number else True}
    return told


@pytest.mark.parametrize("minutes", MINUTES)
@pytest.mark.parametrize(("level", "place"), list(product(LEVELS, PLACES)))
def test_a_routine_is_as_long_as_asked_and_holds_nothing_that_somebody_is_kept_from(
    level: str, place: str, minutes: int, content: Content
) -> None:
    for name, person in people(content).items():
        plan = Plan(minutes=minutes, level=level, place=place)
        blocks, rounds = compose(plan, blocks_for(plan, person, content))
        assert abs(sum(block.minutes for block in blocks) * rounds - minutes) <= 2, (name, blocks, rounds)
        for condition in content.conditions.of(person):
            assert not [block.id for block in blocks if set(block.movements) & set(condition.avoid)], name


def test_two_conditions_at_once_are_both_honoured(content: Content) -> None:
    person = {"pregnant": 30, "disc": True, "stenosis": True, "osteoporosis": True}
    plan = Plan(minutes=20)
    blocks, rounds = compose(plan, blocks_for(plan, person, content))
    assert abs(sum(block.minutes for block in blocks) * rounds - 20) <= 2
    assert not {"on_back", "bend", "twist", "arch"} & {family for block in blocks for family in block.movements}


def test_every_block_says_when_to_stop(content: Content) -> None:
    for block in content.routines.blocks:
        assert "top" in content.part(f"routines.blocks.{block.id}", "en").read, block.id
        assert "are" in content.part(f"routines.blocks.{block.id}", "es").read, block.id


@pytest.mark.parametrize(
    "text",
    [
        "give me a 10 minute routine",
        "i need a quick workout for my back",
        "could you build me a plan for one week",
        "exercises i can do in 5 minutes",
        "quiero una rutina para la espalda",
        "deme un plan de ejercicios",
        "ejercicios de 15 minutos en silla",
    ],
)
def test_a_routine_can_be_asked_for(text: str, content: Content) -> None:
    assert [message.card for message in say(content, text, Memory("en")).messages] == ["routine"]


@pytest.mark.parametrize(
    "text",
    [
        "how often should i do my routine",
        "my usual routine hurts my back",
        "do you have a payment plan",
        "what are the workout mistakes",
        "por qué me duele después de mi rutina",
        "plan de pago",
        "is this a good plan for me",
        "how do i soothe aches after a workout",
        "stretching before a workout",
        "do i stretch before or after my workout",
        "sounds like a plan",
        "are you a program",
        "calentar antes de una rutina pesada",
    ],
)
def test_other_questions_are_no_requests(text: str, content: Content) -> None:
    assert not content.routines.is_asked_for(text)


@each_language
def test_a_routine_is_short_and_can_be_had_whole(language: str, content: Content) -> None:
    short = say(content, ASKED[language], Memory(language))
    whole = respond(Turn("", "help", choice="routine:whole"), short.memory, content)
    assert blocks_of(short, content) == blocks_of(whole, content)
    assert len(short.messages[0].text.split()) < 100
    assert "1. " in whole.messages[0].text
    assert content.part("routines.lines.stop", language).read in short.messages[0].text


@each_language
def test_it_goes_step_by_step(language: str, content: Content) -> None:
    short = say(content, ASKED[language], Memory(language))
    reply = say(content, "step by step" if language == "en" else "paso a paso", short.memory)
    seen = list[str]()
    for _ in blocks_of(short, content):
        seen += blocks_of(reply, content)
        reply = say(content, "next" if language == "en" else "siguiente", reply.memory)
    assert sorted(seen) == sorted(blocks_of(short, content))
    assert reply.messages[0].parts[-1].id == "routines.lines.finished"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("how many days", "days"),
        ("what order", "order"),
        ("how many of each", "count"),
        ("do i need equipment", "gear"),
        ("can i do it at night", "time"),
        ("when should i add more", "progress"),
        ("can you email it to me", "send"),
        ("i only have 3 days", "days"),
        ("cuántos días", "days"),
        ("en qué orden", "order"),
        ("cuántas de cada una", "count"),
        ("no tengo tapete", "gear"),
        ("me la puede mandar", "send"),
    ],
)
def test_questions_about_the_routine_are_answered(text: str, line: str, content: Content) -> None:
    memory = say(content, ASKED["en"], Memory("en")).memory
    reply = respond(Turn(text, "report_mild_pain"), memory, content)
    assert f"routines.lines.{line}" in [part.id for part in reply.messages[-1].parts]


@pytest.mark.parametrize(
    ("text", "language"),
    [("no floor please", "en"), ("sin piso por favor", "es"), ("on a chair", "en"), ("en silla", "es")],
)
def test_no_floor_changes_the_last_one(text: str, language: str, content: Content) -> None:
    memory = say(content, ASKED[language], Memory(language)).memory
    reply = say(content, text, memory)
    on_the_floor = {block.id for block in content.routines.blocks if block.place == "floor"}
    assert blocks_of(reply, content)
    assert not on_the_floor & set(blocks_of(reply, content))


@pytest.mark.parametrize(("text", "language"), [("make it easier", "en"), ("más fácil", "es"), ("too hard", "en")])
def test_easier_takes_the_easy_blocks(text: str, language: str, content: Content) -> None:
    memory = say(content, ASKED[language], Memory(language)).memory
    easy = {block.id for block in content.routines.blocks if block.level == "easy"}
    assert set(blocks_of(say(content, text, memory), content)) <= easy


@pytest.mark.parametrize(("text", "language"), [("for a week", "en"), ("para toda la semana", "es")])
def test_a_week_names_the_days(text: str, language: str, content: Content) -> None:
    memory = say(content, ASKED[language], Memory(language)).memory
    assert content.part("routines.lines.week", language).read in say(content, text, memory).messages[0].text


def test_another_one_is_another(content: Content) -> None:
    first = say(content, ASKED["en"], Memory("en"))
    assert blocks_of(say(content, "another one", first.memory), content) != blocks_of(first, content)


@each_language
def test_what_is_known_of_the_person_is_named_and_honoured(language: str, content: Content) -> None:
    reply = say(content, ASKED[language], Memory(language, person={"pregnant": 30}))
    assert reply.messages[0].parts[0].id == "conditions.conditions.pregnant.line"
    moves = {
        family
        for block in content.routines.blocks
        if block.id in blocks_of(reply, content)
        for family in block.movements
    }
    assert "on_back" not in moves


def test_who_told_that_the_floor_does_not_work_gets_none(content: Content) -> None:
    reply = say(content, ASKED["en"], Memory("en", person={"no_floor": True}))
    assert reply.memory.routine is not None
    assert reply.memory.routine["place"] == "standing"


def test_advice_to_leave_training_holds_for_routines(content: Content) -> None:
    memory = Memory("en", after={"card": "triage_call", "facts": {}})
    assert [message.card for message in say(content, ASKED["en"], memory).messages] == ["checkin:binds"]


def test_another_answer_ends_the_talk_about_a_routine(content: Content) -> None:
    memory = say(content, ASKED["en"], Memory("en")).memory
    memory = respond(Turn("", "ask_core", choice="heat/how"), memory, content).memory
    assert [message.card for message in say(content, "easier", memory).messages] != ["routine"]


@pytest.mark.parametrize("choice", ["minutes_5", "minutes_20", "chair", "standing", "week", "next", "whole"])
def test_a_routine_can_be_changed_by_a_tap(choice: str, content: Content) -> None:
    memory = say(content, ASKED["en"], Memory("en")).memory
    reply = respond(Turn("", "help", choice=f"routine:{choice}"), memory, content)
    assert [message.card for message in reply.messages] == ["routine"]


@each_language
def test_a_routine_is_given_while_our_question_waits(language: str, content: Content) -> None:
    state = {"pending": "course", "facts": {"sign": "none", "score": 3}}
    reply = say(content, ASKED[language], Memory(language, triage=state))
    assert [message.card for message in reply.messages] == ["routine", "triage:course"]
    assert reply.memory.offered == reply.messages[-1].choices


def test_none_is_given_while_danger_may_be_there(content: Content) -> None:
    state = {"pending": "signs", "vote": True, "lead": [], "then": [], "before": None, "facts": {}}
    reply = say(content, ASKED["en"], Memory("en", triage=state))
    assert "routine" not in [message.card for message in reply.messages]


@each_language
def test_the_same_blocks_are_not_said_to_be_easier(language: str, content: Content) -> None:
    easier = "easier" if language == "en" else "más fácil"
    memory = Memory(language, person={"no_floor": True})
    once = say(content, easier, say(content, ASKED[language], memory).memory)
    assert [message.card for message in say(content, easier, once.memory).messages] == ["routine:easier"]
