"""Pain in a conversation: the number before any question, one safety question, and the ways out."""

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue import pain
from spineline.dialogue.turn import Memory, Reply, Turn

each_language = pytest.mark.parametrize("language", LANGUAGES)
SAFETY = {"pending": "signs", "vote": True, "lead": [], "then": [], "before": None, "facts": {}}
ODD = Turn("it feels odd", "report_red_flag")


def cards(reply: Reply) -> list[str]:
    return [message.card for message in reply.messages]


def waiting(pending: str, language: str = "en", **facts: object) -> Memory:
    return Memory(language, triage={"pending": pending, "facts": facts})


def severe(language: str, content: Content, memory: Memory | None = None) -> Reply:
    return pain.report_severe(Turn("it is unbearable", "report_severe_pain"), memory or Memory(language), content)


def continued(choice: str, memory: Memory, content: Content) -> Reply:
    reply = pain.continue_questions(Turn("/report_mild_pain", "report_mild_pain", choice=choice), memory, content)
    assert reply is not None
    return reply


@each_language
def test_severe_pain_gets_physician_clinic_and_phone_in_the_first_message(
    language: str, content: Content, example: Content
) -> None:
    for clinic in (content, example):
        first = severe(language, clinic).messages[0]
        assert first.calls == ("clinic",)
        for told in (clinic.clinic.doctor, clinic.clinic.name, clinic.clinic.phone):
            assert told in first.text


@each_language
def test_severe_pain_gets_the_danger_list_in_the_same_reply(language: str, content: Content) -> None:
    reply = severe(language, content)
    assert cards(reply) == ["severe_pain/about", "triage:signs"]
    assert "triage:numb" in reply.memory.offered


@each_language
def test_nothing_is_asked_before_the_number(language: str, content: Content) -> None:
    before_any_question = severe(language, content).messages[0].text.partition("?")[0]
    assert content.clinic.phone in before_any_question


def test_severe_pain_is_marked_for_a_call_today(content: Content) -> None:
    assert severe("en", content).messages[0].tier is Tier.CALL_TODAY


def test_severe_pain_in_the_middle_of_the_questions_ends_them(content: Content) -> None:
    reply = severe("en", content, waiting("course", sign="none", score=3))
    assert (cards(reply), reply.memory.triage) == (["severe_pain/about"], None)


@each_language
def test_mild_pain_is_met_with_sympathy_and_the_danger_list(language: str, content: Content) -> None:
    reply = pain.report_mild(Turn("it aches", "report_mild_pain"), Memory(language), content)
    assert cards(reply) == ["pain_acknowledged", "triage:signs"]


def test_a_second_report_of_pain_repeats_the_waiting_question_only(content: Content) -> None:
    memory = waiting("course", sign="none", score=3)
    reply = pain.report_mild(Turn("it aches", "report_mild_pain"), memory, content)
    assert (cards(reply), reply.memory.triage) == (["triage:course"], memory.triage)


@each_language
def test_a_vote_for_danger_shows_the_list_of_signs(language: str, content: Content) -> None:
    reply = pain.vote_for_danger(ODD, (), Memory(language), content)
    assert reply.messages[0].text == content.triage["questions"]["signs"]["first"][language]
    assert reply.memory.offered[-3:] == ("triage:other", "triage:unsure", "triage:none")


def test_a_vote_after_unsure_counts_as_a_yes(content: Content) -> None:
    reply = pain.vote_for_danger(ODD, (), Memory("en", triage={**SAFETY, "again": "unsure"}), content)
    assert reply.messages[0].tier is Tier.ED_NOW


@pytest.mark.parametrize(
    ("turn", "card"),
    [
        (Turn("yes", "affirm"), "alarm"),
        (Turn("sí", "affirm"), "alarm"),
        (Turn("/affirm", "affirm", choice="triage:fever"), "alarm"),
        (Turn("no", "deny"), "triage:severity"),
        (Turn("/deny", "deny", choice="triage:none"), "triage:severity"),
    ],
    ids=["typed yes", "typed sí", "tapped sign", "typed no", "tapped none"],
)
def test_the_list_of_signs_takes_yes_and_no(turn: Turn, card: str, content: Content) -> None:
    reply = pain.continue_questions(turn, Memory("en", triage=SAFETY), content)
    assert reply is not None
    assert cards(reply) == [card]


def test_after_a_no_the_question_that_was_asked_is_answered(content: Content) -> None:
    memory = pain.vote_for_danger(
        Turn("is a plank odd", "ask_core"), (content.answer("plank/safe"),), Memory("en"), content
    ).memory
    reply = pain.continue_questions(Turn("no", "deny"), memory, content)
    assert reply is not None
    assert (cards(reply), reply.memory.topic, reply.memory.triage) == (["plank/safe"], "plank/safe", None)


def test_a_message_that_answers_nothing_leaves_the_question_open(content: Content) -> None:
    turn = Turn("what is a plank", "ask_core")
    assert pain.continue_questions(turn, waiting("signs"), content) is None


def test_nothing_is_continued_when_nothing_waits(content: Content) -> None:
    assert pain.continue_questions(Turn("7", "nlu_fallback"), Memory("en"), content) is None


@each_language
def test_a_tapped_danger_sign_raises_its_alarm(language: str, content: Content) -> None:
    reply = continued("triage:bladder", waiting("signs", language), content)
    assert (reply.messages[0].tier, reply.messages[0].flag) == ("ED_NOW", "RF10")


@pytest.mark.parametrize(
    ("choice", "memory", "card"),
    [
        ("triage:severe", waiting("severity", sign="none"), "triage_call/about"),
        ("triage:function_loss", waiting("severity", sign="none"), "triage_call/about"),
        ("triage:thinners", waiting("risks", sign="none", score=3, days=2), "triage_call/about"),
        ("triage:pregnant", waiting("risks", sign="none", score=3, days=2), "triage_call_pregnant/about"),
        ("triage:minor", waiting("risks", sign="none", score=3, days=2), "triage_call_minor/about"),
    ],
    ids=["7 to 10", "cannot sleep", "blood thinners", "pregnant", "under 18"],
)
def test_a_hand_off_offers_the_clinics_number_first(choice: str, memory: Memory, card: str, content: Content) -> None:
    reply = continued(choice, memory, content)
    (message,) = reply.messages
    assert (cards(reply), message.calls) == ([card], ("clinic",))
    assert content.clinic.doctor in message.text
    assert content.clinic.name in message.text


@each_language
def test_self_care_comes_without_a_tier(language: str, content: Content) -> None:
    memory = waiting("risks", language, sign="none", score=3, days=2, trend="better")
    reply = continued("triage:none", memory, content)
    assert (cards(reply), reply.messages[0].tier) == (["triage_self_care/about"], None)


def test_a_finished_triage_is_what_a_follow_up_means(content: Content) -> None:
    memory = waiting("risks", sign="none", score=3, days=2, trend="better")
    assert continued("triage:none", memory, content).memory.topic == "triage_self_care/about"
