"""Whole turns with the real content: danger first, then what we asked, then what the person asks."""

from itertools import pairwise

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.dialogue.alarms import REPLIES
from spineline.dialogue.conversation import LONGEST_MESSAGE, respond
from spineline.dialogue.turn import Entity, Memory, Question, Reply, Turn

OPEN = {"tier": "ED_NOW", "flag": "RF10", "open": True}
CLOSED = {**OPEN, "open": False}
WAITING = {"pending": "course", "facts": {"sign": "none", "score": 3}}
SAFETY = {"pending": "safety", "then": []}
PLANK = (Entity("exercise", "plank"),)
ASK_PLANK = {"en": "how long do i hold a plank", "es": "cuánto tiempo aguanto la plancha"}
SORRY = ("not_understood_first", "not_understood_again", "out_of_scope/about")

each_language = pytest.mark.parametrize("language", LANGUAGES)


def say(content: Content, text: str, intent: str, memory: Memory | None = None, **turn: object) -> Reply:
    return respond(Turn(text, intent, **turn), memory or Memory("en"), content)  # type: ignore[arg-type]


def ask_plank(content: Content, memory: Memory, language: str = "en") -> Reply:
    return say(content, ASK_PLANK[language], "ask_core", memory, entities=PLANK)


def tap(content: Content, choice: str, memory: Memory | None = None) -> Reply:
    return say(content, "/tapped", "affirm", memory, choice=choice)


def cards(reply: Reply) -> list[str]:
    return [message.data["card"] for message in reply.messages]


def in_spanish(reply: Reply) -> set[bool]:
    return {message.data["language"] == "es" for message in reply.messages}


@each_language
def test_a_question_is_answered_in_the_persons_language(language: str, content: Content) -> None:
    message = ask_plank(content, Memory(language), language).messages[0]
    assert message.text.startswith(content.fill(content.answer("plank/how_long").text[language], language))


def test_two_questions_get_two_answers_and_one_set_of_quick_replies(content: Content) -> None:
    parts = (Question("how long is a plank", "ask_core", PLANK), Question("what are your hours", "ask_hours_location"))
    reply = say(content, "…how long…?", "ask_core", parts=parts)
    assert cards(reply) == ["plank/how_long", "hours_location/about"]
    assert [[b.title for b in m.buttons if not b.url] != [] for m in reply.messages] == [False, True]


@pytest.mark.parametrize(
    ("text", "language", "card"),
    [
        ("and how many of those?", "en", "plank/how_many"),
        ("is it safe?", "en", "plank/safe"),
        ("¿y cuántas de esas?", "es", "plank/how_many"),
        ("es seguro?", "es", "plank/safe"),
    ],
)
def test_a_follow_up_uses_what_was_just_talked_about(text: str, language: str, card: str, content: Content) -> None:
    memory = ask_plank(content, Memory(language), language).memory
    assert cards(say(content, text, "nlu_fallback", memory)) == [card]


@pytest.mark.parametrize(("thanks", "follow_up"), [("thanks", "and how often?"), ("gracias", "¿y cada cuánto?")])
def test_the_topic_survives_a_thank_you(thanks: str, follow_up: str, content: Content) -> None:
    memory = say(content, thanks, "thanks", ask_plank(content, Memory("en")).memory).memory
    assert cards(say(content, follow_up, "nlu_fallback", memory)) == ["plank/how_often"]


@pytest.mark.parametrize("text", ["2", "the second one", "how long", "la segunda", "cuánto tiempo"])
def test_a_quick_reply_can_be_typed(text: str, content: Content) -> None:
    memory = Memory("en", offered=("plank/how", "plank/how_long", "plank/safe"))
    assert cards(say(content, text, "nlu_fallback", memory)) == ["plank/how_long"]


@pytest.mark.parametrize("choice", ["crunches/instead", "contact/about", "thanks/about"])
def test_a_tapped_quick_reply_leads_to_its_answer(choice: str, content: Content) -> None:
    reply = tap(content, choice)
    assert (cards(reply), reply.memory.offered) == ([choice], content.answer(choice).buttons)


@pytest.mark.parametrize("choice", ["triage:fever", "line:yes", "alarm:not_meant"])
def test_a_choice_that_is_no_longer_open_is_met_with_a_way_on(choice: str, content: Content) -> None:
    reply = tap(content, choice)
    assert (cards(reply), reply.memory.offered) == (["choose_again"], ("help/about", "contact/about"))


def test_the_language_is_remembered_over_messages_that_do_not_tell(content: Content) -> None:
    memory = say(content, "hola", "greet", Memory(), language="es").memory
    assert in_spanish(say(content, "ok", "affirm", memory, language=None)) == {True}


def test_another_language_does_not_change_the_conversations_own(content: Content) -> None:
    assert say(content, "ça va", "greet", Memory("es"), language="other").memory.language == "es"


@pytest.mark.parametrize(
    ("text", "guessed", "before", "after"),
    [
        ("en español por favor", "es", "en", "es"),
        ("can you speak Spanish please", "en", "en", "es"),
        ("English please", "en", "es", "en"),
        ("prefiero en inglés", "es", "es", "en"),
    ],
)
def test_a_wish_for_a_language_counts_more_than_the_language_it_is_in(
    text: str, guessed: str, before: str, after: str, content: Content
) -> None:
    reply = say(content, text, "change_language", Memory(before), language=guessed)
    assert (cards(reply), reply.memory.language) == (["switched_language"], after)


def test_a_wish_without_a_language_offers_both(content: Content) -> None:
    assert cards(say(content, "change the language", "change_language")) == ["change_language/about"]


@pytest.mark.parametrize("intent", ["nlu_fallback", "out_of_scope"])
def test_another_language_is_met_in_both_of_ours(intent: str, content: Content) -> None:
    (message,) = say(content, "у меня вопрос", intent, Memory(), language="other").messages
    assert message.text.splitlines() == [content.line("other_language", language) for language in LANGUAGES]
    assert message.buttons[0].url == content.clinic.phone_link


@pytest.mark.parametrize("text", ["", "   ", "👍👍", "?!", "...", "\n"])
@each_language
def test_a_message_without_words_is_said_to_be_empty(text: str, language: str, content: Content) -> None:
    assert say(content, text, "affirm", Memory(language)).messages[0].text == content.line("empty_message", language)


@pytest.mark.parametrize(
    ("text", "too_long"), [("a " * LONGEST_MESSAGE, False), ("cut", True)], ids=["long text", "cut by the channel"]
)
def test_a_long_message_is_asked_to_be_shorter(text: str, too_long: bool, content: Content) -> None:
    assert cards(say(content, text, "ask_core", too_long=too_long)) == ["too_long"]


def test_danger_in_a_long_message_still_raises_the_alarm(content: Content) -> None:
    seen = {"id": "RF10", "tier": "ED_NOW", "rule": "saddle", "words": ["numb"]}
    assert cards(say(content, "cut", "ask_core", too_long=True, red_flag=seen)) == ["alarm"]


def test_the_first_time_the_two_likeliest_topics_are_offered(content: Content) -> None:
    reply = say(content, "blah blah", "nlu_fallback", ranking=("greet", "ask_core", "ask_lifting", "ask_contact"))
    assert cards(reply) == ["not_understood_first"]
    assert reply.memory.offered == ("core/about", "lifting/about", "help/about")


@each_language
def test_the_second_time_the_number_is_given(language: str, content: Content) -> None:
    memory = say(content, "blah blah", "nlu_fallback", Memory(language)).memory
    (message,) = say(content, "bleh bleh", "nlu_fallback", memory).messages
    assert content.clinic.phone in message.text
    assert message.buttons[0].url == content.clinic.phone_link


@pytest.mark.parametrize(
    "intents",
    [
        ["nlu_fallback"] * 6,
        ["out_of_scope"] * 6,
        ["out_of_scope", "nlu_fallback"] * 3,
        ["nlu_fallback", "out_of_scope", "out_of_scope", "nlu_fallback", "nlu_fallback", "out_of_scope"],
    ],
    ids=["unclear", "elsewhere", "in turns", "mixed"],
)
def test_the_same_sorry_is_never_said_twice_running(intents: list[str], content: Content) -> None:
    memory, said = Memory("en"), []
    for intent in intents:
        reply = say(content, "blah blah", intent, memory)
        memory, said = reply.memory, [*said, *cards(reply)]
    assert set(said) <= set(SORRY)
    assert all(one != two for one, two in pairwise(said))


def test_the_same_sorry_is_never_said_twice_running_between_our_questions(content: Content) -> None:
    first = say(content, "blah blah", "nlu_fallback", Memory("en", triage=WAITING))
    second = say(content, "bleh bleh", "nlu_fallback", first.memory)
    assert [cards(first), cards(second)] == [
        ["not_understood_first", "triage:course"],
        ["not_understood_again", "triage:course"],
    ]


def test_an_answer_in_between_starts_the_count_anew(content: Content) -> None:
    memory = ask_plank(content, say(content, "blah", "nlu_fallback").memory).memory
    assert memory.misses == 0


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("i cant pee since yesterday and my back hurts", "en"),
        ("no puedo orinar desde ayer y me duele la espalda", "es"),
        ("i have chest pain and i cant breathe", "en"),
        ("me quiero matar", "es"),
    ],
)
@pytest.mark.parametrize("intent", ["thanks", "report_mild_pain", "out_of_scope", "ask_core"])
def test_danger_raises_the_alarm_whatever_the_intent(text: str, language: str, intent: str, content: Content) -> None:
    reply = say(content, text, intent, Memory(language))
    assert (cards(reply), reply.memory.alarm and reply.memory.alarm["open"]) == (["alarm"], True)


@pytest.mark.parametrize("triage", [WAITING, SAFETY, None], ids=["in the questions", "at the safety question", "else"])
def test_danger_ends_every_flow(triage: dict[str, object] | None, content: Content) -> None:
    reply = say(content, "i cant feel my legs", "nlu_fallback", Memory("en", triage=triage))
    assert (cards(reply), reply.memory.triage) == (["alarm"], None)


@pytest.mark.parametrize(
    "text", ["i have no numbness between my legs", "no tengo dormida la entrepierna", "sin calentura ni nada"]
)
def test_denied_danger_raises_none(text: str, content: Content) -> None:
    assert "alarm" not in cards(say(content, text, "ask_core"))


def test_danger_is_put_together_from_two_messages(content: Content) -> None:
    fever = "and i have a fever since last night"
    memory = say(content, "my back hurts so much today", "ask_why_pain").memory
    assert "alarm" not in cards(say(content, fever, "nlu_fallback"))
    assert cards(say(content, fever, "nlu_fallback", memory)) == ["alarm"]


def test_a_yes_to_the_safety_question_keeps_its_alarm_until_it_is_closed(content: Content) -> None:
    memory = say(content, "yes", "affirm", Memory("en", triage=SAFETY)).memory
    assert cards(ask_plank(content, memory)) == ["alarm"]


@each_language
def test_a_greeting_says_that_no_clinician_has_reviewed_the_texts(language: str, content: Content) -> None:
    assert not content.reviewed
    greeting = say(content, "hi", "greet", Memory(language)).messages[-1].text
    assert greeting.endswith(content.line("pending_review", language))


@pytest.mark.parametrize("intent", ["ask_core", "ask_stretching", "greet", "nlu_fallback", "report_mild_pain", "help"])
@each_language
def test_an_open_alarm_answers_nothing_else(intent: str, language: str, content: Content) -> None:
    reply = say(content, ASK_PLANK[language], intent, Memory(language, alarm=OPEN), entities=PLANK)
    assert (cards(reply), reply.memory.offered) == (["alarm"], REPLIES)


@pytest.mark.parametrize("intent", ["ask_contact", "talk_to_human", "ask_hours_location", "thanks"])
def test_an_open_alarm_still_tells_how_to_reach_people(intent: str, content: Content) -> None:
    assert cards(say(content, "the clinic", intent, Memory("en", alarm=OPEN)))[0] == "alarm"
    assert len(say(content, "the clinic", intent, Memory("en", alarm=OPEN)).messages) == 2


@pytest.mark.parametrize("text", ["I am getting help", "getting help", "1", "recibiendo ayuda"])
def test_an_open_alarm_can_be_closed_by_typing(text: str, content: Content) -> None:
    reply = say(content, text, "nlu_fallback", Memory("en", alarm=OPEN, offered=REPLIES))
    assert (cards(reply), reply.memory.alarm) == (["alarm:getting_help"], CLOSED)


@pytest.mark.parametrize("choice", REPLIES)
@each_language
def test_after_an_alarm_every_answer_ends_with_the_emergency_line(choice: str, language: str, content: Content) -> None:
    closed = tap(content, choice, Memory(language, alarm=OPEN, offered=REPLIES))
    reply = ask_plank(content, closed.memory, language)
    assert cards(reply) == ["plank/how_long"]
    for answer in (closed, reply):
        assert answer.messages[-1].text.endswith("\n" + content.line("not_emergency_line", language))


def test_new_danger_after_a_closed_alarm_opens_a_new_one(content: Content) -> None:
    reply = say(content, "now i have chest pain and cant breathe", "affirm", Memory("en", alarm=CLOSED))
    assert reply.memory.alarm == {"tier": "CALL_911", "flag": "RF01", "open": True}


@each_language
def test_a_vote_of_the_classifier_alone_asks_one_safety_question(language: str, content: Content) -> None:
    reply = say(content, "it feels odd again", "report_red_flag", Memory(language), safety_vote=True)
    assert (cards(reply), reply.memory.alarm) == (["safety_question"], None)


@pytest.mark.parametrize(
    ("text", "intent", "card"),
    [
        ("yes", "affirm", "alarm"),
        ("sí", "affirm", "alarm"),
        ("1", "nlu_fallback", "alarm"),
        ("no", "deny", "triage:severity"),
        ("dos", "nlu_fallback", "triage:severity"),
    ],
)
def test_the_safety_question_is_decided_by_the_next_message(
    text: str, intent: str, card: str, content: Content
) -> None:
    memory = Memory("en", triage=SAFETY, offered=("line:yes", "line:no"))
    assert cards(say(content, text, intent, memory)) == [card]


def test_a_second_vote_for_danger_raises_the_alarm(content: Content) -> None:
    memory = say(content, "it feels odd", "report_red_flag", safety_vote=True).memory
    assert cards(say(content, "it feels odd again", "report_red_flag", memory, safety_vote=True)) == ["alarm"]


@pytest.mark.parametrize(("text", "intent"), [("no", "deny"), ("ninguno de esos", "deny")])
def test_after_a_no_the_question_that_raised_the_vote_is_answered(text: str, intent: str, content: Content) -> None:
    memory = say(content, "is a plank odd", "ask_core", entities=PLANK, safety_vote=True).memory
    assert cards(say(content, text, intent, memory)) == ["plank/about"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("it is getting bad", "report_severe_pain"),
        ("my pain is a 9 out of 10", "report_mild_pain"),
        ("me duele un 9 de 10", "ask_soothing"),
    ],
    ids=["said to the classifier", "said to the rules", "in spanish"],
)
def test_severe_pain_brings_the_number_before_anything_is_asked(text: str, intent: str, content: Content) -> None:
    reply = say(content, text, intent)
    assert cards(reply) == ["severe_pain/about", "triage:signs"]
    assert content.clinic.phone in reply.messages[0].text


@each_language
def test_a_question_interrupts_the_triage_and_is_answered_first(language: str, content: Content) -> None:
    reply = ask_plank(content, Memory(language, triage=WAITING), language)
    assert (cards(reply), reply.memory.triage) == (["plank/how_long", "triage:course"], WAITING)


def test_after_an_interruption_the_triage_goes_on(content: Content) -> None:
    memory = ask_plank(content, Memory("en", triage=WAITING)).memory
    assert cards(say(content, "two days, getting better", "nlu_fallback", memory)) == ["triage:risks"]


def test_what_is_not_understood_in_the_triage_repeats_its_question(content: Content) -> None:
    reply = say(content, "blah blah", "nlu_fallback", Memory("en", triage=WAITING))
    assert cards(reply) == ["not_understood_first", "triage:course"]


@pytest.mark.parametrize(("text", "intent"), [("stop", "cancel"), ("adiós", "goodbye")])
def test_stop_and_goodbye_end_the_triage(text: str, intent: str, content: Content) -> None:
    reply = say(content, text, intent, Memory("en", triage=WAITING))
    assert (cards(reply), reply.memory.triage) == ([f"{intent}/about"], None)


def test_every_intent_gets_an_answer_in_every_state(content: Content) -> None:
    intents = [*content.default_cards, "report_mild_pain", "report_red_flag", "nlu_fallback"]
    states = [Memory(), Memory("es", triage=WAITING), Memory("en", triage=SAFETY), Memory("en", alarm=OPEN)]
    for intent in intents:
        for memory in states:
            assert say(content, "a b c d e f g h", intent, memory).messages[0].text
