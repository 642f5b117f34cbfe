"""Alarms: what to do comes first, both languages when unsure, one note per flag, and how an alarm is closed."""

import itertools
from dataclasses import replace

import pytest

from spineline.content.choice import GETTING_HELP, NOT_MEANT, REPLIES
from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue.alarms import (
    answer_afterwards,
    close_alarm,
    is_open,
    raise_alarm,
    remind,
    said_to_close,
    with_sign,
)
from spineline.dialogue.turn import Memory

ALARMING = [tier for tier in Tier if tier is not Tier.ROUTINE]
CALLS = {
    Tier.CALL_911: ("911",),
    Tier.CRISIS_988: ("988", "911"),
    Tier.ED_NOW: ("911", "clinic"),
    Tier.CALL_TODAY: ("clinic",),
}
each_tier = pytest.mark.parametrize("tier", ALARMING, ids=lambda tier: tier.value)
each_language = pytest.mark.parametrize("language", LANGUAGES)


def alarmed(content: Content, language: str | None = "en", tier: Tier = Tier.ED_NOW) -> Memory:
    return raise_alarm(tier, "RF10", Memory(language), content).memory


@each_tier
@each_language
def test_the_first_line_says_what_to_do(tier: Tier, language: str, content: Content) -> None:
    (message,) = raise_alarm(tier, None, Memory(language), content).messages
    assert message.text.splitlines()[0] == content.fill(content.tiers[tier.value]["do"][language], language)


@each_tier
def test_both_languages_are_spoken_when_the_persons_is_not_known(tier: Tier, content: Content) -> None:
    (message,) = raise_alarm(tier, None, Memory(), content).messages
    for language in LANGUAGES:
        assert content.fill(content.tiers[tier.value]["do"][language], language) in message.text


@each_language
def test_only_the_persons_language_is_spoken_when_it_is_known(language: str, content: Content) -> None:
    (message,) = raise_alarm(Tier.CALL_911, None, Memory(language), content).messages
    (other,) = set(LANGUAGES) - {language}
    assert content.tiers["CALL_911"]["do"][other] not in message.text


@each_tier
def test_the_right_numbers_come_first_and_can_be_tapped(tier: Tier, content: Content, example: Content) -> None:
    for clinic in (content, example):
        (message,) = raise_alarm(tier, None, Memory("en"), clinic).messages
        assert message.calls == CALLS[tier]


@each_tier
@each_language
def test_behind_the_numbers_stand_the_two_ways_to_close(tier: Tier, language: str, content: Content) -> None:
    (message,) = raise_alarm(tier, None, Memory(language), content).messages
    assert message.choices == REPLIES


@each_language
def test_a_flag_brings_its_note(language: str, content: Content) -> None:
    (message,) = raise_alarm(Tier.CALL_911, "RF05", Memory(language), content).messages
    assert content.tiers["notes"]["RF05"][language] in message.text


@each_language
def test_a_note_is_left_out_where_it_would_send_people_elsewhere(language: str, content: Content) -> None:
    (message,) = raise_alarm(Tier.ED_NOW, "RF24", Memory(language), content).messages
    assert content.tiers["notes"]["RF24"][language] not in message.text


def test_the_message_says_its_tier_and_flag_as_data(content: Content) -> None:
    (message,) = raise_alarm(Tier.ED_NOW, "RF10", Memory("es"), content).messages
    assert message.sources
    assert (message.language, message.card, message.tier, message.flag) == ("es", "alarm", Tier.ED_NOW, "RF10")


def test_an_alarm_stops_every_question_of_ours(content: Content) -> None:
    memory = Memory("en", triage={"pending": "course", "facts": {}}, misses=1)
    after = raise_alarm(Tier.CALL_TODAY, "RF22", memory, content).memory
    assert (after.triage, after.misses, after.offered) == (None, 0, REPLIES)


def test_an_alarm_is_open_until_it_is_closed(content: Content) -> None:
    raised = alarmed(content)
    closed = close_alarm(REPLIES[0], raised, content).memory
    assert [is_open(memory) for memory in (Memory(), raised, closed)] == [False, True, False]


@pytest.mark.parametrize("choice", REPLIES)
@each_language
def test_each_way_to_close_has_its_answer(choice: str, language: str, content: Content) -> None:
    (message,) = close_alarm(choice, alarmed(content, language), content).messages
    assert message.text == content.tiers["replies"][choice.partition(":")[2]][language]


@each_tier
@each_language
def test_the_reminder_repeats_what_to_do_and_the_numbers(tier: Tier, language: str, content: Content) -> None:
    memory = alarmed(content, language, tier)
    message, _ = remind("", memory, content)
    assert message.text.startswith(content.fill(content.tiers[tier.value]["do"][language], language))
    assert message.calls == CALLS[tier]


def test_of_two_signs_the_more_urgent_leads_and_of_two_alike_the_later(content: Content) -> None:
    first = with_sign(None, Tier.ED_NOW, "RF10")
    assert with_sign(first, Tier.CALL_TODAY, "RF15") == {**first, "also": [["CALL_TODAY", "RF15"]]}
    assert with_sign(first, Tier.ED_NOW, "RF17") == {**first, "flag": "RF17", "also": [["ED_NOW", "RF10"]]}
    assert with_sign(first, Tier.CALL_911, None)["tier"] == "CALL_911"


def test_the_same_sign_again_changes_nothing() -> None:
    first = with_sign(with_sign(None, Tier.CALL_911, "RF01"), Tier.ED_NOW, "RF10")
    assert with_sign(first, Tier.ED_NOW, "RF10") == first


def test_a_closed_alarm_is_not_carried_on() -> None:
    closed = {"tier": "CALL_911", "flag": "RF01", "open": False}
    assert with_sign(closed, Tier.ED_NOW, "RF10") == {"tier": "ED_NOW", "flag": "RF10", "open": True}


@each_language
def test_a_milder_sign_gets_the_worse_advice_first_and_its_own_note(language: str, content: Content) -> None:
    before = raise_alarm(Tier.CALL_911, "RF01", Memory(language), content).memory
    (message,) = raise_alarm(Tier.ED_NOW, "RF17", before, content).messages
    assert message.text.splitlines()[0] == content.tiers["CALL_911"]["do"][language]
    assert content.tiers["notes"]["RF17"][language] in message.text
    assert message.tier is Tier.CALL_911


@pytest.mark.parametrize("tier", [Tier.CALL_911, Tier.CRISIS_988, Tier.ED_NOW])
@pytest.mark.parametrize("flag", ["RF21", "RF24", "RF26", "RF28", "RF29"])
@each_language
def test_no_note_names_a_slower_way_beside_an_emergency(tier: Tier, flag: str, language: str, content: Content) -> None:
    before = raise_alarm(tier, None, Memory(language), content).memory
    (message,) = raise_alarm(Tier.CALL_TODAY, flag, before, content).messages
    assert content.tiers["notes"][flag][language] not in message.text


@pytest.mark.parametrize("text", ["", "911", "called", "ambulancia", "hospital", "i am", "meant", "years ago", "llamé"])
def test_a_bare_word_is_no_sentence_that_closes(text: str, content: Content) -> None:
    assert said_to_close(text, alarmed(content), content) is None


@pytest.mark.parametrize(
    "text",
    [
        "called 911?",
        "the ambulance is coming?",
        "we're on our way to the hospital ?",
        "¿ya viene la ambulancia?",
        "ya viene la ambulancia?",
        "¿fue un malentendido",
    ],
)
def test_a_question_closes_no_alarm(text: str, content: Content) -> None:
    assert said_to_close(text, alarmed(content), content) is None
    assert said_to_close(text.strip("¿? "), alarmed(content), content)


def said_in(steps: int, text: str, memory: Memory, content: Content) -> list[str]:
    """What the same message gets each time."""
    said = []
    for _ in range(steps):
        message, memory = remind(text, memory, content)
        said.append(message.text)
    return said


@each_tier
@each_language
@pytest.mark.parametrize("text", ["hmm", "i have no insurance", "tengo miedo"])
def test_no_reminder_is_said_twice_running_and_all_name_the_first_step(
    text: str, language: str, tier: Tier, content: Content
) -> None:
    said = said_in(6, text, alarmed(content, language, tier), content)
    first_step = content.fill(content.tiers[tier.value]["do"][language], language)
    assert all(one != other for one, other in itertools.pairwise(said))
    assert all(text.splitlines()[0] == first_step for text in said)


@each_language
def test_the_second_and_third_reminder_are_shorter_than_the_first(language: str, content: Content) -> None:
    first, second, third, *_ = (len(text.split()) for text in said_in(3, "hmm", alarmed(content, language), content))
    assert first > second > third


@each_language
def test_a_sign_that_is_known_brings_the_reminder_instead_of_the_same_text(language: str, content: Content) -> None:
    first = raise_alarm(Tier.ED_NOW, "RF10", Memory(language), content)
    again = raise_alarm(Tier.ED_NOW, "RF10", first.memory, content)
    assert again.messages[0].text != first.messages[0].text
    assert again.messages[0].text.splitlines()[0] == first.messages[0].text.splitlines()[0]


@each_language
def test_a_word_on_cost_or_papers_is_answered_with_the_alarm_itself(language: str, content: Content) -> None:
    said = {"en": "numb between my legs and no insurance", "es": "no siento la entrepierna y no tengo papeles"}
    plain = raise_alarm(Tier.ED_NOW, "RF10", Memory(language), content).messages[0].text
    with_worry = raise_alarm(Tier.ED_NOW, "RF10", Memory(language), content, said[language]).messages[0].text
    assert with_worry.startswith(plain)
    assert len(with_worry) > len(plain)


def both_open(content: Content) -> Memory:
    crisis = raise_alarm(Tier.CRISIS_988, "RF08", Memory("en"), content).memory
    return raise_alarm(Tier.CALL_911, "RF01", crisis, content).memory


def test_the_crisis_line_stays_open_after_help_for_the_body_is_coming(content: Content) -> None:
    reply = close_alarm(REPLIES[0], both_open(content), content)
    assert (is_open(reply.memory), reply.messages[0].tier) == (True, Tier.CRISIS_988)
    assert content.tiers["CRISIS_988"]["do"]["en"] in reply.messages[0].text
    assert not is_open(close_alarm(REPLIES[0], reply.memory, content).memory)


def test_words_about_988_close_the_crisis_and_leave_the_body(content: Content) -> None:
    reply = close_alarm(REPLIES[0], both_open(content), content, "i called 988")
    assert (is_open(reply.memory), reply.messages[0].tier) == (True, Tier.CALL_911)


@pytest.mark.parametrize("flag", ["RF11", "RF12"])
def test_a_sign_is_taken_back_only_while_nothing_else_is_open(flag: str, content: Content) -> None:
    memory = raise_alarm(Tier.ED_NOW, flag, Memory("en"), content).memory
    assert said_to_close("no wait i can pee", memory, content) == REPLIES[1]
    more = raise_alarm(Tier.ED_NOW, "RF17", memory, content).memory
    assert said_to_close("no wait i can pee", more, content) is None


def test_a_joke_takes_back_no_crisis(content: Content) -> None:
    crisis = raise_alarm(Tier.CRISIS_988, "RF08", Memory("en"), content).memory
    assert said_to_close("i was just joking", crisis, content) is None
    assert said_to_close("i was just joking", alarmed(content), content) == REPLIES[1]


@pytest.mark.parametrize("text", ["i called the clinic", "ya llamé a la clínica", "i already got an appointment"])
def test_a_call_to_the_clinic_is_enough_only_where_that_is_the_advice(text: str, content: Content) -> None:
    today = raise_alarm(Tier.CALL_TODAY, "RF16", Memory("en"), content).memory
    assert said_to_close(text, today, content) == REPLIES[0]
    assert said_to_close(text, alarmed(content), content) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ok then i'm going now", "let somebody else drive"),
        ("sale, ya voy para allá", "maneje otra persona"),
        ("can i come to your clinic instead?", "not the right place"),
        ("¿y si voy mejor con ustedes?", "no es el lugar"),
    ],
)
def test_who_goes_or_wants_to_come_to_the_clinic_is_told_what_to_do(text: str, said: str, content: Content) -> None:
    memory = alarmed(content, "es" if any(mark in text for mark in "áí¿") else "en")
    message, memory = remind(text, memory, content)
    assert said in message.text.lower()
    assert is_open(memory)


@pytest.mark.parametrize(("language", "text"), [("en", "what should i tell them?"), ("es", "¿y qué les digo?")])
def test_on_the_way_to_help_questions_are_still_answered(language: str, text: str, content: Content) -> None:
    helped = close_alarm(GETTING_HELP, alarmed(content, language), content).memory
    reply = answer_afterwards(text, helped, content)
    assert reply is not None
    assert reply.messages[0].parts[0].id == "alarm_questions.questions.what_to_say.any"
    later = replace(helped, offered=("plank/how",))
    assert answer_afterwards(text, later, content) is None, "the talk has gone on"
    assert answer_afterwards("thanks", helped, content) is None


@pytest.mark.parametrize(
    "text",
    [
        "No! That is not what I meant.",
        "i didn't mean it like that",
        "No, eso no es lo que quise decir",
        "no quise decir eso",
    ],
)
def test_the_words_of_the_quick_reply_close_in_other_forms_too(text: str, content: Content) -> None:
    assert said_to_close(text, alarmed(content), content) == NOT_MEANT
