"""People come back: better, same, worse, back again; what was told and advised before counts."""

from __future__ import annotations

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.dialogue.checkin import AWAY_MIN
from spineline.dialogue.conversation import respond
from spineline.dialogue.turn import Entity, Memory, Reply, Turn

each_language = pytest.mark.parametrize("language", LANGUAGES)
SELF_CARE = {"card": "triage_self_care", "facts": {"score": 3, "days": 2}}
CALLED = {"card": "triage_call", "facts": {"score": 8}}
NOON = 30_000_000  # some minute
UNFINISHED = {"pending": "course", "facts": {"sign": "none", "score": 3}}
RESTING = {"card": None, "facts": {}, "unfinished": UNFINISHED, "offered": True}

SAID = {
    "better": [
        "it's much better today",
        "feeling better",
        "the pain is gone",
        "ya está mejor",
        "se me quitó",
        "me siento mejor",
    ],
    "same": ["about the same", "still hurts", "it won't go away", "sigue igual", "no se me quita", "todavía me duele"],
    "worse": [
        "it's worse today",
        "it hurts more",
        "my back is getting worse",
        "está peor",
        "me duele más",
        "cada vez peor",
    ],
    "back": ["the pain is back", "it came back", "otra vez me duele", "me volvió el dolor"],
}


def say(content: Content, text: str, memory: Memory, intent: str = "out_of_scope", **turn: object) -> Reply:
    return respond(Turn(text, intent, **turn), memory, content)  # type: ignore[arg-type]


def tap(content: Content, choice: str, memory: Memory) -> Reply:
    return respond(Turn("", "ask_core", choice=choice), memory, content)


def cards(reply: Reply) -> list[str | None]:
    return [message.card for message in reply.messages]


@pytest.mark.parametrize(("state", "text"), [(state, text) for state, texts in SAID.items() for text in texts])
def test_how_somebody_is_is_heard_in_own_words(state: str, text: str, content: Content) -> None:
    assert content.check_in.state(text) == state


@pytest.mark.parametrize(
    "text", ["is it better to use ice", "which is worse", "¿es mejor el hielo?", "more", "mejor no", "igual a usted"]
)
def test_other_messages_are_no_check_in(text: str, content: Content) -> None:
    assert content.check_in.state(text) is None


@each_language
def test_better_gets_praise_and_the_next_step(language: str, content: Content) -> None:
    reply = say(content, SAID["better"][0], Memory(language, after=SELF_CARE), "feedback")
    assert cards(reply) == ["checkin:better"]
    assert reply.memory.after is None
    assert "walking/how" in reply.memory.offered


@each_language
@pytest.mark.parametrize("state", ["worse", "back"])
def test_worse_and_back_again_ask_for_danger_and_nothing_that_is_known(
    state: str, language: str, content: Content
) -> None:
    text = SAID[state][0] if language == "en" else SAID[state][3]
    reply = say(content, text, Memory(language, after=SELF_CARE), "goodbye")
    assert cards(reply) == ["pain_acknowledged", "triage:signs"]
    assert reply.memory.triage is not None
    assert reply.memory.triage["facts"]["days"] == 2
    assert "sign" not in reply.memory.triage["facts"]


def test_worse_without_danger_leads_to_a_person(content: Content) -> None:
    memory = say(content, "it's worse today", Memory("en", after=SELF_CARE)).memory
    for answer in ("none of these", "4", "none"):
        reply = say(content, answer, memory)
        memory = reply.memory
    assert cards(reply)[0] in ("triage_visit/about", "triage_call/about")


@each_language
def test_the_same_is_given_days_then_a_visit(language: str, content: Content) -> None:
    text = "sigue igual" if language == "es" else "about the same"
    first = say(content, text, Memory(language, after=SELF_CARE), "affirm")
    again = say(content, text, first.memory, "affirm")
    assert (cards(first), cards(again)) == (["checkin:same"], ["checkin:same_again"])
    assert first.messages[0].calls == again.messages[0].calls == ("clinic",)


def test_the_same_after_advice_to_call_stays_that_advice(content: Content) -> None:
    assert cards(say(content, "still the same", Memory("en", after=CALLED))) == ["checkin:same_call"]


def test_a_pain_of_which_nothing_is_known_is_asked_about(content: Content) -> None:
    assert cards(say(content, "sigue igual", Memory("es"), "affirm"))[-1] == "triage:signs"


@each_language
def test_after_the_verdict_the_questions_do_not_begin_again(language: str, content: Content) -> None:
    text = "me duele la espalda" if language == "es" else "my back hurts"
    reply = say(content, text, Memory(language, after=SELF_CARE), "report_mild_pain")
    assert cards(reply) == ["checkin:known"]
    assert reply.memory.triage is None


@pytest.mark.parametrize(("text", "language"), [("now my neck hurts", "en"), ("también me duele el cuello", "es")])
def test_another_pain_is_asked_about(text: str, language: str, content: Content) -> None:
    reply = say(content, text, Memory(language, after=SELF_CARE), "report_mild_pain")
    assert cards(reply)[-1] == "triage:signs"


def test_a_verdict_is_remembered_with_what_was_told(content: Content) -> None:
    state = {"pending": "risks", "facts": {"sign": "none", "score": 3, "days": 2, "trend": "same"}}
    reply = say(content, "none", Memory("en", triage=state))
    assert reply.memory.after == {"card": "triage_self_care", "facts": {"score": 3, "days": 2}, "at": 0}


@pytest.mark.parametrize(
    "text", ["my back still hurts", "it hurts", "me sigue doliendo", "maybe a 5", "hace dos semanas"]
)
def test_what_is_no_news_is_noted_and_nothing_is_asked_again(text: str, content: Content) -> None:
    reply = say(content, text, Memory("en", after=SELF_CARE), "report_mild_pain")
    assert cards(reply) in (["checkin:known"], ["checkin:same"])


def test_what_else_is_told_after_the_verdict_is_kept(content: Content) -> None:
    reply = say(content, "i would say a 5 out of 10", Memory("en", after=SELF_CARE), "report_mild_pain")
    assert (reply.memory.after or {})["facts"]["score"] == 5


@pytest.mark.parametrize("text", ["my back is getting worse", "la espalda va empeorando"])
def test_what_is_worse_begins_with_the_danger_signs(text: str, content: Content) -> None:
    reply = say(content, text, Memory("en", after=SELF_CARE), "report_mild_pain")
    assert cards(reply)[-1] == "triage:signs"


@pytest.mark.parametrize(("days", "card"), [(10, "checkin:known"), (20, "triage:signs")])
def test_a_pain_after_weeks_is_asked_about_anew(days: int, card: str, content: Content) -> None:
    memory = Memory("en", after={**SELF_CARE, "at": NOON}, at=NOON)
    reply = say(content, "my back hurts", memory, "report_mild_pain", at=NOON + days * 24 * 60)
    assert cards(reply)[-1] == card


@each_language
@pytest.mark.parametrize("exercise", ["deadlift", "plank"])
def test_who_was_asked_to_leave_training_is_not_taught_an_exercise(
    exercise: str, language: str, content: Content
) -> None:
    entities = (Entity("exercise", exercise),)
    reply = say(content, f"how do i do a {exercise}", Memory(language, after=CALLED), "ask_core", entities=entities)
    assert cards(reply) == ["checkin:binds"]
    assert reply.messages[0].calls == ("clinic",)


@pytest.mark.parametrize(
    ("text", "language"),
    [("my doctor said i can train again", "en"), ("el doctor me dijo que ya puedo entrenar", "es")],
)
def test_a_person_can_open_training_again(text: str, language: str, content: Content) -> None:
    reply = say(content, text, Memory(language, after=CALLED))
    assert cards(reply) == ["checkin:cleared"]
    assert reply.memory.after is None


def test_remedies_stay_open(content: Content) -> None:
    assert cards(tap(content, "heat/how", Memory("en", after=CALLED))) == ["heat/how"]


@each_language
def test_who_comes_back_after_hours_is_asked_how_it_is(language: str, content: Content) -> None:
    memory = Memory(language, after=SELF_CARE, at=NOON, said=("x",))
    reply = say(content, "hola", memory, "greet", at=NOON + AWAY_MIN)
    assert cards(reply) == ["checkin:welcome"]
    assert reply.memory.offered == ("checkin:better", "checkin:same", "checkin:worse")


@each_language
def test_an_unfinished_question_of_yesterday_is_offered(language: str, content: Content) -> None:
    memory = Memory(language, triage=UNFINISHED, at=NOON)
    reply = say(content, "hola", memory, "greet", at=NOON + AWAY_MIN)
    assert cards(reply) == ["greet/about", "checkin:unfinished"]
    assert cards(tap(content, "checkin:go_on", reply.memory)) == ["triage:course"]
    assert tap(content, "checkin:leave", reply.memory).memory.after is None


def test_one_of_an_hour_ago_is_not(content: Content) -> None:
    reply = say(content, "hello", Memory("en", triage=UNFINISHED, at=NOON), "greet", at=NOON + 60)
    assert reply.memory.triage == {**UNFINISHED, "interrupted": 1}


def test_a_question_about_danger_stays_open_for_days(content: Content) -> None:
    vote = {"pending": "signs", "vote": True, "lead": [], "then": [], "before": None, "facts": {}}
    memory = Memory("en", triage=vote, at=NOON)
    assert say(content, "hello", memory, "greet", at=NOON + AWAY_MIN).memory.triage


def test_an_answer_to_the_question_counts_after_hours_too(content: Content) -> None:
    memory = Memory("en", triage={"pending": "signs", "facts": {}}, at=NOON)
    reply = say(content, "i have a fever", memory, at=NOON + AWAY_MIN)
    assert cards(reply) == ["alarm"]


@pytest.mark.parametrize(
    ("text", "language"),
    [("last week my back hurt, now it's better", "en"), ("la otra semana me dolía, ya estoy mejor", "es")],
)
def test_the_last_clause_counts(text: str, language: str, content: Content) -> None:
    assert cards(say(content, text, Memory(language), "report_mild_pain")) == ["checkin:better"]


def test_advice_that_binds_names_the_condition(content: Content) -> None:
    entities = (Entity("exercise", "plank"),)
    memory = Memory("en", after=CALLED, person={"pregnant": 20})
    reply = say(content, "how do i do a plank", memory, "ask_core", entities=entities)
    assert [part.id for part in reply.messages[0].parts] == [
        "conditions.conditions.pregnant.line",
        "checkin.lines.binds",
    ]


@pytest.mark.parametrize(("text", "language"), [("two days, the same", "en"), ("desde ayer, igual", "es")])
def test_a_late_answer_takes_the_resting_question_up(text: str, language: str, content: Content) -> None:
    memory = Memory(language, topic="ice/how", after=RESTING)
    assert cards(say(content, text, memory)) == ["triage:risks"]


@pytest.mark.parametrize("text", ["no", "yes", "ok"])
def test_a_mere_yes_or_no_does_not(text: str, content: Content) -> None:
    memory = Memory("en", topic="ice/how", after=RESTING)
    assert say(content, text, memory, "affirm").memory.triage is None


@pytest.mark.parametrize("text", ["ok calling now", "I'll call them tomorrow", "ya los llamo", "voy a llamar"])
def test_who_calls_is_encouraged_and_asked_nothing_more(text: str, content: Content) -> None:
    reply = say(content, text, Memory("en", triage=UNFINISHED))
    assert cards(reply) == ["checkin:calling"]
    assert reply.messages[0].calls == ("clinic",)
    assert not reply.memory.is_asked


def test_the_danger_signs_wait_for_who_calls(content: Content) -> None:
    signs = {"pending": "signs", "lead": [], "facts": {}}
    reply = say(content, "calling you now", Memory("en", triage=signs))
    assert cards(reply) == ["checkin:calling", "triage:signs"]


@pytest.mark.parametrize("text", ["call", "what number do I call", "llame", "¿a qué número llamo?"])
def test_to_ask_for_the_number_is_not_to_call(text: str, content: Content) -> None:
    assert content.check_in.state(text) != "calling"


@pytest.mark.parametrize("text", ["they sent me home", "the er let me go home", "me mandaron a la casa"])
def test_who_was_sent_home_hears_when_to_go_back(text: str, content: Content) -> None:
    reply = say(content, text, Memory("en"))
    assert cards(reply) == ["checkin:home"]
    assert "911" in reply.messages[0].text


@pytest.mark.parametrize("text", ["just tell me", "what do I do now", "solo dígame qué hago"])
def test_who_has_enough_of_our_questions_gets_what_follows(text: str, content: Content) -> None:
    reply = say(content, text, Memory("en", triage=UNFINISHED))
    assert cards(reply) == ["triage_visit/about"]
    assert not reply.memory.is_asked


def test_a_yes_after_the_verdict_keeps_to_it(content: Content) -> None:
    memory = Memory("en", after=SELF_CARE, topic="triage_self_care/about")
    assert cards(say(content, "yes since this morning", memory, "affirm")) == ["checkin:known"]


def test_who_is_back_gets_the_question_that_waited(content: Content) -> None:
    assert cards(say(content, "im back", Memory("en", triage=UNFINISHED))) == ["checkin:here_again", "triage:course"]


def test_who_is_back_after_a_verdict_is_asked_how_it_is(content: Content) -> None:
    assert cards(say(content, "ya regresé", Memory("es", after=SELF_CARE))) == ["checkin:welcome"]


def test_a_zero_to_the_risks_is_none(content: Content) -> None:
    known = {"sign": "none", "score": 3, "days": 2, "trend": "better"}
    reply = say(content, "0", Memory("en", triage={"pending": "risks", "facts": known}))
    assert cards(reply) == ["triage_self_care/about"]


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("no change really", "checkin:same"),
        ("no se me ha quitado", "checkin:same"),
        ("cada día está peor", "triage:signs"),
    ],
)
def test_what_would_answer_our_own_question_is_heard(text: str, card: str, content: Content) -> None:
    assert cards(say(content, text, Memory("en", after=SELF_CARE)))[-1] == card


@pytest.mark.parametrize("text", ["is it better to rest", "no change really"])
def test_it_is_heard_of_a_pain_that_is_known_only(text: str, content: Content) -> None:
    after = None if text.startswith("no") else SELF_CARE
    assert not {"checkin:same", "checkin:better"} & set(cards(say(content, text, Memory("en", after=after))))


@pytest.mark.parametrize(("person", "kept"), [({"surgery": 5}, {"surgery": 12}), ({"c_section": 8}, {"c_section": 26})])
def test_who_is_cleared_after_an_operation_may_train(
    person: dict[str, object], kept: dict[str, object], content: Content
) -> None:
    reply = say(content, "my doctor cleared me", Memory("en", person=person))
    assert (cards(reply), reply.memory.person) == (["checkin:cleared"], kept)


def test_who_comes_back_unfinished_goes_on_when_nothing_changed(content: Content) -> None:
    assert cards(say(content, "amanecí igual", Memory("es", after=RESTING)))[-1] == "triage:risks"


@each_language
def test_no_training_is_offered_to_who_was_asked_to_leave_it(language: str, content: Content) -> None:
    text = "estoy embarazada" if language == "es" else "i'm pregnant"
    reply = say(content, text, Memory(language, after=CALLED))
    assert not {"core/about", "stretching/about"} & set(reply.messages[-1].choices)
