"""The actions: Rasa's tracker in, one turn, messages and changed slots out."""

from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.answers import Answer, HandOff, NotUnderstood, Talk
from actions.base import read_turn
from actions.pain import Pain, RedFlag
from spineline.dialogue.turn import Entity, Question

PLANK = {"entity": "exercise", "value": "plank", "start": 21, "end": 26}


def tracker(message: dict[str, Any] | None = None, **slots: Any) -> Tracker:
    return Tracker("somebody", slots, message or {}, [], False, None, {}, None)


def parsed(text: str, intent: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "intent": {"name": intent, "confidence": 0.9}, **more}


def test_what_rasa_understood_becomes_a_turn() -> None:
    message = parsed(
        "how long do i hold a plank",
        "ask_core",
        entities=[PLANK],
        language="en",
        intent_ranking=[{"name": "ask_core"}, {"name": "nlu_fallback"}, {"name": "ask_crunches"}],
        questions=[{"text": "how long", "intent": "ask_core", "entities": [PLANK]}],
    )
    turn = read_turn(tracker(message))
    assert (turn.intent, turn.language, turn.ranking) == ("ask_core", "en", ("ask_core", "ask_crunches"))
    assert turn.entities == (Entity("exercise", "plank", 21),)
    assert turn.parts == (Question("how long", "ask_core", turn.entities),)


def test_a_language_switched_to_comes_beside_the_message() -> None:
    assert read_turn(tracker(parsed("1", "affirm", metadata={"wished_language": "es"}))).wished_language == "es"
    assert read_turn(tracker(parsed("1", "affirm"))).wished_language is None


def test_a_quick_reply_is_a_choice_and_no_entity() -> None:
    choice = {"entity": "choice", "value": "plank/how"}
    turn = read_turn(tracker(parsed('/ask_core{"choice": "plank/how"}', "ask_core", entities=[choice])))
    assert (turn.text, turn.choice, turn.entities) == ("", "plank/how", ())


def test_what_the_channel_found_travels_in_the_metadata() -> None:
    flag = {"id": "RF10", "tier": "ED_NOW", "rule": "saddle", "words": ["numb"]}
    turn = read_turn(
        tracker(parsed("…", "ask_core", metadata={"danger": {"flags": [flag]}, "too_long": True, "numbered": True}))
    )
    assert turn.danger is not None
    assert (turn.danger.all[0].as_dict(), turn.too_long, turn.numbered) == (flag, True, True)


def test_a_channel_that_does_not_say_so_shows_no_numbers() -> None:
    assert not read_turn(tracker(parsed("1", "ask_core", metadata={}))).numbered


@pytest.mark.parametrize(
    "message",
    [{}, {"text": None, "intent": None}, {"text": "hi", "intent": {"name": None}, "metadata": None, "questions": None}],
    ids=["nothing", "nulls", "more nulls"],
)
def test_a_message_that_lacks_parts_is_not_understood(message: dict[str, Any]) -> None:
    assert read_turn(tracker(message)).intent == "nlu_fallback"


def test_a_message_that_nobody_judged_brings_no_verdict() -> None:
    assert read_turn(tracker(parsed("hi", "greet", metadata={}))).danger is None


@pytest.mark.parametrize(
    ("text", "language"), [("how long do i hold a plank", "en"), ("cuanto tiempo aguanto la plancha", "es")]
)
async def test_an_action_answers_and_remembers(text: str, language: str) -> None:
    dispatcher = CollectingDispatcher()
    message = parsed(text, "ask_core", entities=[PLANK], language=language)
    events = await Answer().run(dispatcher, tracker(message), {})
    (said,) = dispatcher.messages
    assert said["metadata"]["card"] == "plank/how_long"
    assert {event["name"]: event["value"] for event in events}["language"] == language


async def test_buttons_carry_payloads_and_links() -> None:
    dispatcher = CollectingDispatcher()
    await HandOff().run(dispatcher, tracker(parsed("a person please", "talk_to_human", language="en")), {})
    call, *replies = dispatcher.messages[0]["buttons"]
    assert call["url"].startswith("tel:")
    assert all(reply["payload"].startswith("/") for reply in replies)


@pytest.mark.parametrize("action", [Answer, HandOff, NotUnderstood, Pain, RedFlag, Talk], ids=lambda a: a.__name__)
async def test_danger_is_answered_by_whichever_action_rasa_runs(action: type[Answer]) -> None:
    dispatcher = CollectingDispatcher()
    await action().run(dispatcher, tracker(parsed("i cant feel my legs", "thanks", language="en")), {})
    assert dispatcher.messages[0]["metadata"]["card"] == "alarm"


def said(text: str, at: float) -> dict[str, Any]:
    return {"event": "user", "text": text, "timestamp": at}


def test_what_was_written_in_the_last_two_minutes_is_read_too() -> None:
    events = [
        said("long ago", 100.0),
        said("my", 895.0),
        {"event": "bot", "text": "…", "timestamp": 896.0},
        said('/ask_core{"choice": "core/why"}', 897.0),
        said("legs", 950.0),
        said("are numb", 1000.0),
    ]
    latest = Tracker("somebody", {}, parsed("are numb", "ask_core"), events, False, None, {}, None)
    assert read_turn(latest).recent == ("my", "legs")
    assert read_turn(tracker(parsed("are numb", "ask_core"))).recent == ()
