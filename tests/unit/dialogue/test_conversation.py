"""Whole turns with the real content: danger first, then what we asked, then what the person asks."""

from itertools import pairwise
from typing import Any

import pytest

from spineline.content.choice import REPLIES
from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.danger.rules import Assessment, RedFlag
from spineline.danger.tiers import Tier
from spineline.dialogue.conversation import LONGEST_MESSAGE, respond
from spineline.dialogue.turn import Candidate, Entity, Kind, Memory, Question, Reply, Turn

OPEN = {"tier": "ED_NOW", "flag": "RF10", "open": True}
SADDLE = Assessment((RedFlag("RF10", Tier.ED_NOW, "saddle", ("numb",)),))
CLOSED = {**OPEN, "open": False}
WAITING = {"pending": "course", "facts": {"sign": "none", "score": 3}}
SAFETY = {"pending": "signs", "vote": True, "lead": [], "then": [], "before": None, "facts": {}}
PLANK = (Entity("exercise", "plank"),)
ASK_PLANK = {"en": "how long do i hold a plank", "es": "cuánto tiempo aguanto la plancha"}
SORRY = ("not_understood_first", "nothing_near", "not_understood_again", "not_understood_third", "out_of_scope/about")

each_language = pytest.mark.parametrize("language", LANGUAGES)


def say(content: Content, text: str, intent: str, memory: Memory | None = None, **turn: object) -> Reply:
    return respond(Turn(text, intent, **turn), memory or Memory("en"), content)  # type: ignore[arg-type]


def ask_plank(content: Content, memory: Memory, language: str = "en") -> Reply:
    return say(content, ASK_PLANK[language], "ask_core", memory, entities=PLANK)


def tap(content: Content, choice: str, memory: Memory | None = None) -> Reply:
    return say(content, "", "affirm", memory, choice=choice)


def cards(reply: Reply) -> list[str]:
    return [message.card for message in reply.messages]


def in_spanish(reply: Reply) -> set[bool]:
    return {message.language == "es" for message in reply.messages}


@each_language
def test_a_question_is_answered_in_the_persons_language(language: str, content: Content) -> None:
    message = ask_plank(content, Memory(language), language).messages[0]
    assert message.text.startswith(content.fill(content.answer("plank/how_long").text[language], language))


def test_two_questions_get_two_answers_and_one_set_of_quick_replies(content: Content) -> None:
    parts = (Question("how long is a plank", "ask_core", PLANK), Question("what are your hours", "ask_hours_location"))
    reply = say(content, "…how long…?", "ask_core", parts=parts)
    assert cards(reply) == ["plank/how_long", "hours_location/about"]
    assert [m.choices != () for m in reply.messages] == [False, True]


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
    assert message.calls == ("clinic",)


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
    assert cards(say(content, "cut", "ask_core", too_long=True, danger=SADDLE)) == ["alarm"]


NEAR = (
    Candidate("core/why", 0.19),
    Candidate("core/how", 0.15),
    Candidate("plank/how", 0.12),
    Candidate("ice/why", 0.1),
)
FAR = (Candidate("core/why", 0.05), Candidate("ice/why", 0.04))


def test_between_answers_the_three_nearest_are_offered(content: Content) -> None:
    reply = say(content, "blah blah", "nlu_fallback", candidates=NEAR)
    assert cards(reply) == ["not_understood_first"]
    assert reply.memory.offered == ("core/why", "core/how", "plank/how")


@each_language
def test_where_no_answer_is_near_it_says_so_and_names_the_number(language: str, content: Content) -> None:
    reply = say(content, "blah blah", "nlu_fallback", Memory(language), candidates=FAR)
    assert cards(reply) == ["nothing_near"]
    assert content.clinic.phone in reply.messages[0].text
    assert reply.messages[0].calls == ("clinic",)


@each_language
def test_the_second_time_the_number_is_given(language: str, content: Content) -> None:
    memory = say(content, "blah blah", "nlu_fallback", Memory(language)).memory
    (message,) = say(content, "bleh bleh", "nlu_fallback", memory).messages
    assert content.clinic.phone in message.text
    assert message.calls == ("clinic",)


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


@pytest.mark.parametrize("intent", ["ask_contact", "talk_to_human", "ask_hours_location"])
def test_an_open_alarm_still_tells_how_to_reach_people(intent: str, content: Content) -> None:
    assert cards(say(content, "the clinic", intent, Memory("en", alarm=OPEN)))[0] == "alarm"
    assert len(say(content, "the clinic", intent, Memory("en", alarm=OPEN)).messages) == 2


@pytest.mark.parametrize(("text", "intent"), [("thanks", "thanks"), ("goodbye", "goodbye"), ("adiós", "goodbye")])
def test_no_small_talk_and_no_goodbye_while_an_alarm_is_open(text: str, intent: str, content: Content) -> None:
    reply = say(content, text, intent, Memory("en", alarm=OPEN))
    assert (cards(reply), sign_of(reply)) == (["alarm"], OPEN)


@pytest.mark.parametrize(
    "text",
    [
        "I am getting help",
        "1",
        "ya estoy recibiendo ayuda",
        "I called 911 already",
        "ok, called 911",
        "my sister called an ambulance",
        "the ambulance is on its way",
        "i'm at the ER now",
        "my neighbor is driving me to the hospital",
        "ya llamé al 911",
        "mi hija ya llamó al 911",
        "ya viene la ambulancia",
        "estoy en el hospital",
        "me lleva mi esposo a emergencias",
    ],
)
def test_an_open_alarm_can_be_closed_by_typing(text: str, content: Content) -> None:
    reply = say(content, text, "nlu_fallback", Memory("en", alarm=OPEN, offered=REPLIES), numbered=True)
    assert (cards(reply), reply.memory.alarm) == (["alarm:getting_help"], {**CLOSED, "helped": True})


@pytest.mark.parametrize(
    "text",
    [
        "that was a misunderstanding",
        "no, i meant my uncle 3 years ago",
        "fue un malentendido",
        "hablaba de mi abuela hace muchos años",
    ],
)
def test_an_open_alarm_can_be_cleared_up_in_a_sentence(text: str, content: Content) -> None:
    reply = say(content, text, "nlu_fallback", Memory("en", alarm=OPEN, offered=REPLIES))
    assert (cards(reply), reply.memory.alarm) == (["alarm:not_meant"], CLOSED)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "help",
            "Help!",
            "I am",
            "no",
            "what?",
            "that",
            "thanks",
            "ok",
            "yes",
            "911",
            "call",
            "ambulance",
            "not",
            "1",
        ),
        *("ayuda", "estoy", "ya", "ya estoy", "no quise", "eso", "gracias", "sí", "ambulancia", "should i call 911"),
        *("i want to call 911 but i can't", "they called 911 last year for my dad", "no llamé al 911"),
    ],
)
@pytest.mark.parametrize("intent", ["affirm", "deny", "nlu_fallback", "thanks"])
def test_less_than_a_sentence_closes_no_alarm(text: str, intent: str, content: Content) -> None:
    reply = say(content, text, intent, Memory("en", alarm=OPEN, offered=REPLIES))
    assert (cards(reply)[0], sign_of(reply)) == ("alarm", OPEN)


def sign_of(reply: Reply) -> dict[str, object]:
    """The alarm without how often it was said again and what was asked."""
    return {name: value for name, value in (reply.memory.alarm or {}).items() if name not in ("told", "asked")}


CHEST = {"tier": "CALL_911", "flag": "RF01", "open": True}
CRISIS = {"tier": "CRISIS_988", "flag": "RF08", "open": True}


@pytest.mark.parametrize(
    ("text", "alarm"),
    [
        ("also i can't pee since yesterday", CHEST),
        ("y no puedo orinar desde ayer", CHEST),
        ("i have a fever and my back hurts", CRISIS),
    ],
)
def test_a_milder_sign_is_added_to_the_worse_alarm(text: str, alarm: dict[str, object], content: Content) -> None:
    reply = say(content, text, "nlu_fallback", Memory("en", alarm=alarm))
    kept = reply.memory.alarm or {}
    assert (kept["tier"], kept["flag"], kept["open"]) == (alarm["tier"], alarm["flag"], True)
    assert [tier for tier, _ in kept["also"]] == ["ED_NOW"]
    assert reply.messages[0].text.startswith(content.tiers[str(alarm["tier"])]["do"]["en"])


def test_a_worse_sign_leads_and_the_milder_one_is_kept(content: Content) -> None:
    memory = say(content, "i have chest pain and cant breathe", "nlu_fallback", Memory("en", alarm=OPEN)).memory
    assert memory.alarm == {**CHEST, "also": [["ED_NOW", "RF10"]]}
    assert cards(say(content, "ok", "affirm", memory)) == ["alarm"]


@each_language
@pytest.mark.parametrize(
    ("alarm", "text"),
    [(CRISIS, "chest pain and i can't breathe"), (CHEST, "i want to kill myself")],
    ids=["911 over 988", "988 beside 911"],
)
def test_the_crisis_line_stays_in_view_beside_another_alarm(
    alarm: dict[str, object], text: str, language: str, content: Content
) -> None:
    raised = say(content, text, "nlu_fallback", Memory(language, alarm=alarm), language=language)
    for reply in (raised, say(content, "ok", "affirm", raised.memory)):
        (message,) = reply.messages
        assert content.tiers["CRISIS_988"]["do"][language] in message.text
        assert message.text.startswith(content.tiers["CALL_911"]["do"][language])
        assert {"911", "988"} <= set(message.calls)


@each_language
def test_the_emergency_department_is_named_beside_the_crisis_line(language: str, content: Content) -> None:
    reply = say(content, "i cant pee and my crotch is numb", "nlu_fallback", Memory(language, alarm=CRISIS))
    assert content.tiers["ED_NOW"]["do"][language] in reply.messages[0].text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_milder_signs_note_never_contradicts_the_worse_alarm(language: str, content: Content) -> None:
    reply = say(content, "my 12 year old son has back pain", "nlu_fallback", Memory(language, alarm=CHEST))
    assert content.tiers["notes"]["RF26"][language] not in reply.messages[0].text
    assert sign_of(reply) == {**CHEST, "also": [["CALL_TODAY", "RF26"]]}


@pytest.mark.parametrize("text", ["back pain 10 out of 10", "my back is killing me, 10/10", "un dolor de 10 de 10"])
def test_danger_that_the_channel_found_counts_beside_severe_pain(text: str, content: Content) -> None:
    whole = content.red_flags.assess(f"{text}. {'and so on ' * 150}since this morning I am numb between my legs")
    assert content.red_flags.assess(text).red_flag is not None
    reply = say(content, text, "report_severe_pain", too_long=True, danger=whole)
    assert reply.messages[0].tier == "ED_NOW"


def test_a_message_is_judged_once(content: Content) -> None:
    """What came with it counts, whatever its text is by now: the core reads it no second time."""
    assert cards(say(content, "i cant pee since yesterday", "greet", danger=Assessment())) == ["greet/about"]
    assert cards(say(content, "hello", "greet", danger=SADDLE)) == ["alarm"]


@pytest.mark.parametrize(
    ("before", "now"), [("my back hurts", "since yesterday I have a fever"), ("me duele la espalda", "y tengo fiebre")]
)
def test_a_verdict_is_completed_by_what_was_said_before(before: str, now: str, content: Content) -> None:
    earlier = content.red_flags.assess(before).concepts
    alone = Assessment.from_dict(content.red_flags.assess(now).as_dict())
    assert alone.alarm is None
    reply = say(content, now, "report_mild_pain", Memory(concepts=tuple(earlier)), danger=alone)
    assert cards(reply) == ["alarm"]


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
    assert (cards(reply), reply.memory.alarm) == (["triage:signs"], None)


@pytest.mark.parametrize(
    ("text", "intent", "card"),
    [
        ("yes", "affirm", "alarm"),
        ("sí", "affirm", "alarm"),
        ("1", "nlu_fallback", "alarm"),
        ("no", "deny", "triage:severity"),
        ("cinco", "nlu_fallback", "triage:severity"),
    ],
)
def test_the_safety_question_is_decided_by_the_next_message(
    text: str, intent: str, card: str, content: Content
) -> None:
    offered = ("triage:numb", "triage:bladder", "triage:legs", "triage:unsure", "triage:none")
    memory = Memory("en", triage=SAFETY, offered=offered)
    assert cards(say(content, text, intent, memory, numbered=True)) == [card]


YES = [
    *(
        "yes",
        "unfortunately yes",
        "yes 1",
        "I think so",
        "kinda",
        "yep sadly",
        "yeah a little",
        "the second one",
        "all",
    ),
    *("some of them", "several", "afraid so", "both of those", "sort of, sorry", "i do", "a bit", "yes for a week now"),
    *("pues sí", "creo que sí", "la primera", "todas", "sí, tengo varias", "un poco", "varias", "claro que sí doctor"),
    *("por desgracia sí", "simón", "algunas de esas", "sí pero poquito", "yes but only a little", "3 of them"),
]
NO = [
    *("no", "i don't think so", "no ma'am", "nope, thank god", "not at all", "none of them", "no thanks", "nothing"),
    *(
        "no sir, nothing like that",
        "i don't have any of those",
        "not that i know of",
        "neither",
        "I do not",
        "all good",
    ),
    *("fíjese que no", "para nada", "ninguna gracias", "no señor", "creo que no", "nada de eso gracias a Dios"),
    *("no to all", "of course not", "no a todo", "jamás", "nada más", "hell no"),
    *("pues no", "que yo sepa no", "no tengo nada", "claro que no", "ninguno"),
]
UNSURE = [
    *("not sure", "I don't know", "maybe", "idk", "hard to say", "sometimes", "it depends", "no idea", "yes and no"),
    *("well i'm not so sure", "possibly", "on and off", "i really don't know, sorry"),
    *("no sé", "a veces", "tal vez", "quién sabe", "no estoy segura", "a lo mejor", "puede ser", "más o menos"),
    *("la verdad no sé", "ni idea", "sí y no", "yes probably", "i guess", "creo", "es posible"),
]
SMALL_TALK = ["thanks", "goodbye", "cancel", "affirm", "deny", "greet", "feedback", "bot_challenge", "help"]


@pytest.mark.parametrize("intent", ["affirm", "deny", "nlu_fallback", "thanks"])
@pytest.mark.parametrize("text", YES)
def test_a_yes_in_own_words_to_the_safety_question_is_heard(text: str, intent: str, content: Content) -> None:
    assert cards(say(content, text, intent, Memory("en", triage=SAFETY))) == ["alarm"]


@pytest.mark.parametrize("intent", ["affirm", "deny", "nlu_fallback", "thanks"])
@pytest.mark.parametrize("text", NO)
def test_a_no_in_own_words_to_the_safety_question_is_heard(text: str, intent: str, content: Content) -> None:
    assert cards(say(content, text, intent, Memory("en", triage=SAFETY))) == ["triage:severity"]


@pytest.mark.parametrize("intent", ["affirm", "deny", "nlu_fallback", "ask_core"])
@pytest.mark.parametrize("text", UNSURE)
def test_unsure_at_the_safety_question_is_asked_once_more_and_then_a_yes(
    text: str, intent: str, content: Content
) -> None:
    first = say(content, text, intent, Memory("en", triage=SAFETY))
    assert (cards(first), first.memory.alarm) == (["triage:signs"], None)
    assert first.messages[0].text == content.triage["questions"]["signs"]["again"]["en"]
    second = say(content, text, intent, first.memory)
    assert (second.memory.alarm or {})["tier"] == "ED_NOW"


@pytest.mark.parametrize("text", ["skip", "i'd rather not say", "prefiero no decir"])
def test_who_would_rather_not_answer_the_safety_question_is_asked_once_more_and_then_it_is_a_yes(
    text: str, content: Content
) -> None:
    first = say(content, text, "nlu_fallback", Memory("en", triage=SAFETY))
    assert cards(first) == ["triage:signs"]
    assert cards(say(content, text, "nlu_fallback", first.memory)) == ["alarm"]


@pytest.mark.parametrize("text", UNSURE)
def test_unsure_at_the_danger_list_is_asked_once_more_and_then_a_yes(text: str, content: Content) -> None:
    memory = say(content, "it aches", "report_mild_pain").memory
    first = say(content, text, "deny", memory)
    assert cards(first) == ["triage:signs"]
    assert first.messages[0].text == content.triage["questions"]["signs"]["again"]["en"]
    assert (say(content, text, "deny", first.memory).memory.alarm or {})["tier"] == "ED_NOW"


@pytest.mark.parametrize("text", YES)
def test_a_yes_in_own_words_to_the_danger_list_is_heard(text: str, content: Content) -> None:
    if text != "yes for a week now":
        memory = say(content, "it aches", "report_mild_pain").memory
        assert cards(say(content, text, "affirm", memory)) == ["alarm"]


@pytest.mark.parametrize("text", NO)
def test_a_no_in_own_words_to_the_danger_list_is_heard(text: str, content: Content) -> None:
    memory = say(content, "it aches", "report_mild_pain").memory
    assert cards(say(content, text, "deny", memory)) == ["triage:severity"]


@pytest.mark.parametrize("intent", SMALL_TALK)
@pytest.mark.parametrize("text", ["ok then", "bueno pues gracias", "good night", "a b c", "adiós"])
def test_small_talk_never_answers_a_question_about_danger(text: str, intent: str, content: Content) -> None:
    asked = say(content, "it aches", "report_mild_pain").memory
    for memory, card in ((Memory("en", triage=SAFETY), "triage:signs"), (asked, "triage:signs")):
        reply = say(content, text, intent, memory)
        polite = ["thanks/about"] if (intent, memory) == ("thanks", asked) and "thanks/about" in cards(reply) else []
        assert cards(reply) == [*polite, card]
        assert (reply.memory.triage or {})["pending"] == (memory.triage or {})["pending"]


@pytest.mark.parametrize("text", ["stop asking me that", "ya basta, pare"])
def test_a_plain_stop_ends_the_list_but_not_the_safety_question(text: str, content: Content) -> None:
    asked = say(content, "it aches", "report_mild_pain").memory
    assert cards(say(content, text, "cancel", asked)) == ["cancel/about"]
    assert cards(say(content, text, "cancel", Memory("en", triage=SAFETY))) == ["triage:signs"]


@each_language
def test_a_question_at_the_safety_question_is_answered_and_ours_comes_back(language: str, content: Content) -> None:
    reply = ask_plank(content, Memory(language, triage=SAFETY), language)
    assert cards(reply) == ["plank/how_long", "triage:signs"]


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("the chest pain", "CALL_911"),
        ("me falta el aire", "CALL_911"),
        ("hurting myself", "CRISIS_988"),
        ("hacerme daño", "CRISIS_988"),
        ("the fever", "ED_NOW"),
        ("lo de orinar", "ED_NOW"),
        ("the pee thing", "ED_NOW"),
    ],
)
def test_a_sign_named_at_the_safety_question_has_its_own_tier(text: str, tier: str, content: Content) -> None:
    reply = say(content, text, "nlu_fallback", Memory("en", triage=SAFETY))
    assert (reply.memory.alarm or {})["tier"] == tier


@each_language
def test_a_yes_that_names_no_sign_says_when_to_call_911_and_988(language: str, content: Content) -> None:
    reply = say(content, "yes", "affirm", Memory(language, triage=SAFETY))
    assert content.tiers["notes"]["unsaid"][language] in reply.messages[0].text


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("im pregnant and my back feels odd", "triage_call_pregnant/about"),
        ("estoy embarazada y la espalda se siente rara", "triage_call_pregnant/about"),
        ("i'm 15 and it feels odd", "triage_call_minor/about"),
        ("i take blood thinners and it feels odd", "triage_call/about"),
        ("tomo anticoagulantes y siento raro", "triage_call/about"),
        ("i'm 72 and my back feels odd", "triage_call/about"),
        ("tengo 81 años y siento raro", "triage_call/about"),
        ("they operated, i had back surgery two weeks ago", "triage_call/about"),
        ("my back feels odd, about a 4 out of 10", "triage:course"),
    ],
)
@pytest.mark.parametrize("intent", ["report_mild_pain", "report_red_flag"])
def test_after_a_no_the_questions_go_on_with_what_was_known(
    text: str, card: str, intent: str, content: Content
) -> None:
    memory = say(content, text, intent, safety_vote=True).memory
    if not memory.alarm:
        assert cards(say(content, "no", "deny", memory)) == [card]


@pytest.mark.parametrize("text", ["30 weeks", "30 semanas", "since monday", "i'm pregnant", "mejor"])
def test_a_second_vote_that_tells_something_else_is_no_yes(text: str, content: Content) -> None:
    memory = say(content, "it feels odd", "report_red_flag", safety_vote=True).memory
    reply = say(content, text, "report_red_flag", memory, safety_vote=True)
    assert (cards(reply), reply.memory.alarm) == (["triage:signs"], None)


@pytest.mark.parametrize("text", ["7", "3", "8", "1", "1 and 4", "#8", "5/10", "un 7"])
def test_a_score_presses_no_danger_sign_where_no_numbers_are_shown(text: str, content: Content) -> None:
    memory = say(content, "my back hurts", "report_mild_pain").memory
    reply = say(content, text, "nlu_fallback", memory)
    assert (cards(reply), reply.memory.alarm) == (["triage:signs"], None)
    assert reply.messages[0].text == content.triage["questions"]["signs"]["again"]["en"]


def test_a_score_of_ten_said_at_the_danger_list_is_not_asked_again(content: Content) -> None:
    memory = say(content, "my back hurts", "report_mild_pain").memory
    memory = say(content, "5/10", "feedback", memory).memory
    assert cards(say(content, "none of these", "deny", memory)) == ["triage:course"]


@pytest.mark.parametrize(
    ("text", "flag"), [("1", "RF10"), ("3", "RF14"), ("3 and 1", "RF14"), ("uno y dos", "RF10"), ("yes 3", "RF14")]
)
def test_a_number_presses_its_danger_sign_where_numbers_are_shown(text: str, flag: str, content: Content) -> None:
    memory = say(content, "my back hurts", "report_mild_pain", numbered=True).memory
    reply = say(content, text, "nlu_fallback", memory, numbered=True)
    assert (reply.memory.alarm or {})["flag"] == flag


@pytest.mark.parametrize("text", ["4 I can sleep and walk", "5 i can walk", "2 i guess", "4 yo puedo caminar"])
def test_a_score_is_no_childs_age(text: str, content: Content) -> None:
    memory = say(content, "my back hurts", "ask_core").memory
    assert "minor" not in content.red_flags.assess(text, memory.concepts).concepts
    assert "alarm" not in cards(say(content, text, "nlu_fallback", memory))


@each_language
def test_a_waiting_question_comes_back_after_a_fixed_line(language: str, content: Content) -> None:
    memory = say(content, "it aches", "report_mild_pain", Memory(language)).memory
    reply = say(content, "👍", "affirm", memory)
    assert (cards(reply), reply.memory.offered) == (["empty_message", "triage:signs"], memory.offered)


def test_a_second_vote_for_danger_asks_in_other_words_and_a_third_raises_the_alarm(content: Content) -> None:
    memory = say(content, "it feels odd", "report_red_flag", safety_vote=True).memory
    second = say(content, "it feels odd again", "report_red_flag", memory, safety_vote=True)
    assert second.messages[0].text == content.triage["questions"]["signs"]["again"]["en"]
    third = say(content, "it feels so odd", "report_red_flag", second.memory, safety_vote=True)
    assert cards(third) == ["alarm"]


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
    assert cards(reply) == ["plank/how_long", "triage:course"]
    assert reply.memory.triage == {**WAITING, "interrupted": 1}


@each_language
@pytest.mark.parametrize("waiting", [WAITING, SAFETY], ids=["in the questions", "at the danger signs"])
def test_our_question_comes_back_twice_and_is_then_left_with_the_number(
    waiting: dict[str, object], language: str, content: Content
) -> None:
    memory = Memory(language, triage=waiting)
    last = []
    for _ in range(4):
        reply = ask_plank(content, memory, language)
        memory = reply.memory
        last.append(reply.messages[-1])
    assert [message.card for message in last[2:]] == ["questions_left", "plank/how_long"]
    assert content.clinic.phone in last[2].text
    assert all((message.card or "").startswith("triage:") for message in last[:2])


def test_after_an_interruption_the_triage_goes_on(content: Content) -> None:
    memory = ask_plank(content, Memory("en", triage=WAITING)).memory
    assert cards(say(content, "two days, getting better", "nlu_fallback", memory)) == ["triage:risks"]


def test_what_is_not_understood_in_the_triage_repeats_its_question(content: Content) -> None:
    reply = say(content, "blah blah", "nlu_fallback", Memory("en", triage=WAITING))
    assert cards(reply) == ["not_understood_first", "triage:course"]


@pytest.mark.parametrize("text", ["night", "ate", "all", "noche"])
def test_a_misheard_answer_does_not_end_the_triage(text: str, content: Content) -> None:
    reply = say(content, text, "goodbye", Memory("en", triage=WAITING))
    assert cards(reply)[-1] == "triage:course"


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


@pytest.mark.parametrize(("before", "wished"), [("en", "es"), ("es", "en")])
def test_a_language_switched_to_counts_where_the_message_does_not_tell(
    before: str, wished: str, content: Content
) -> None:
    reply = say(content, "1", "affirm", Memory(before, offered=("plank/how", "ice/about")), wished_language=wished)
    assert reply.memory.language == wished
    assert in_spanish(reply) == {wished == "es"}


@each_language
def test_a_language_switched_to_does_not_overrule_what_is_written(language: str, content: Content) -> None:
    other = "en" if language == "es" else "es"
    reply = say(content, ASK_PLANK[language], "ask_core", entities=PLANK, language=language, wished_language=other)
    assert reply.memory.language == language


@pytest.mark.parametrize("wished", ["fr", "other", ""])
def test_a_language_that_the_clinic_does_not_speak_is_not_switched_to(wished: str, content: Content) -> None:
    assert say(content, "1", "affirm", Memory("es"), wished_language=wished).memory.language == "es"


@each_language
def test_switching_the_language_keeps_what_was_offered(language: str, content: Content) -> None:
    reply = say(content, "1", "affirm", Memory("en", offered=("plank/how", "ice/about")), wished_language=language)
    assert cards(reply) == ["plank/how"]


BRIDGE = (Candidate("bridge/about", 0.6), Candidate("bridge/how", 0.2))


@pytest.mark.parametrize(("intent", "vote"), [("report_mild_pain", False), ("ask_core", True)])
def test_a_question_that_only_sounds_like_pain_or_danger_is_answered(intent: str, vote: bool, content: Content) -> None:
    reply = say(content, "on my back, hips to the sky", intent, candidates=BRIDGE, safety_vote=vote)
    assert cards(reply) == ["bridge/about"]


@pytest.mark.parametrize("reported", ["mild_pain/about", "report_red_flag"])
def test_where_the_ranker_hears_a_report_too_nothing_else_is_answered(reported: str, content: Content) -> None:
    candidates = (Candidate(reported, 0.5), Candidate("bridge/about", 0.45))
    reply = say(content, "my back and my hips", "report_mild_pain", candidates=candidates)
    assert "bridge/about" not in cards(reply)


def test_who_tells_of_a_condition_and_of_pain_is_asked_about_the_pain(content: Content) -> None:
    candidates = (Candidate("pregnancy/about", 0.9),)
    text = "I'm 6 months pregnant and my back hurts"
    assert cards(say(content, text, "report_mild_pain", candidates=candidates))[-1] == "triage:signs"


@pytest.mark.parametrize("entities", [(Entity("body_part", "knee"),), (Entity("topic", "another joint"),)])
def test_a_knee_alone_is_no_pain_of_the_spine(entities: tuple[Entity, ...], content: Content) -> None:
    reply = say(content, "my knee hurts", "report_mild_pain", entities=entities)
    assert cards(reply) == ["other_joints/about"]


def test_a_knee_beside_the_back_is_asked_about(content: Content) -> None:
    entities = (Entity("body_part", "knee"), Entity("body_part", "back"))
    reply = say(content, "my knee and my back hurt", "report_mild_pain", entities=entities)
    assert cards(reply)[-1] == "triage:signs"


def test_three_questions_get_three_answers_in_short(content: Content) -> None:
    names = ("plank", "bridge", "dead bug")
    parts = tuple(Question(f"how do i do a {v}", "ask_core", (Entity("exercise", v),)) for v in names)
    reply = say(content, "how do i do all of these", "ask_core", parts=parts)
    assert [m.parts[0].id for m in reply.messages] == ["short/plank/how", "short/bridge/how", "short/dead_bug/how"]


def test_a_yes_that_answers_nothing_gets_our_question_again(content: Content) -> None:
    reply = say(content, "yes", "affirm", Memory("en", triage=WAITING))
    assert cards(reply) == ["triage:course"]


@each_language
def test_an_alarm_of_the_net_is_an_alarm(language: str, content: Content) -> None:
    reply = say(content, "…", "ask_core", Memory(language), net_alarm=(Tier.CALL_911, "RF07"))
    message = reply.messages[0]
    assert (message.kind, message.tier, message.flag) == (Kind.ALARM, Tier.CALL_911, "RF07")
    assert reply.memory.alarm
    assert reply.memory.alarm["open"]


def test_an_alarm_of_the_net_leads_what_the_rules_found_less_urgent(content: Content) -> None:
    today = Assessment((RedFlag("RF15", Tier.CALL_TODAY, "x", ()),))
    reply = say(content, "…", "report_red_flag", danger=today, net_alarm=(Tier.CALL_911, None))
    assert reply.messages[0].tier is Tier.CALL_911


def test_an_open_alarm_is_not_raised_again_by_the_net(content: Content) -> None:
    memory = say(content, "…", "ask_core", net_alarm=(Tier.CALL_911, "RF07")).memory
    reply = say(content, "the ambulance is here", "affirm", memory, net_alarm=(Tier.ED_NOW, "RF10"))
    assert not (reply.memory.alarm or {})["open"]
    worse = say(
        content,
        "…",
        "ask_core",
        say(content, "…", "x", net_alarm=(Tier.ED_NOW, "RF10")).memory,
        net_alarm=(Tier.CALL_911, "RF07"),
    )
    assert worse.messages[0].tier is Tier.CALL_911


HINT = {"net_alarm": (Tier.CRISIS_988, "RF40"), "net_hints": True}


@pytest.mark.parametrize("text", ["and for how long?", "¿y cuánto tiempo?"])
def test_a_few_words_that_hint_at_suicide_mean_first_what_they_mean_in_the_talk(text: str, content: Content) -> None:
    reply = say(content, text, "report_red_flag", Memory("en", topic="plank/how"), **HINT)
    assert cards(reply) == ["plank/how_long"]


@pytest.mark.parametrize(
    ("text", "memory", "more"),
    [
        ("blorb", Memory("en", topic="plank/how"), {}),  # they mean nothing else
        ("and for how long?", Memory("en"), {}),  # there is no talk yet
        ("and for how long?", Memory("en", topic="plank/how"), {"net_hints": False}),  # the net is sure
        ("and for how long must all of this still go on", Memory("en", topic="plank/how"), {}),  # more than a few words
    ],
)
def test_else_the_person_is_asked_directly(text: str, memory: Memory, more: dict[str, Any], content: Content) -> None:
    reply = say(content, text, "report_red_flag", memory, **{**HINT, **more})
    assert (reply.messages[0].card, reply.messages[0].tier) == ("alarm", Tier.CRISIS_988)


@pytest.mark.parametrize(
    "text", ["a little weak i guess", "they kind of tingle", "un poco débiles", "las siento flojas"]
)
def test_weak_or_tingling_answers_the_list_of_danger_signs(text: str, content: Content) -> None:
    waiting = say(content, "my back hurts", "report_mild_pain").memory
    reply = say(content, text, "nlu_fallback", waiting)
    assert (reply.messages[0].tier, reply.messages[0].flag) == (Tier.ED_NOW, "RF14")


TODAY = Assessment((RedFlag("RF26", Tier.CALL_TODAY, "child", ()),))
BAG = {
    "en": ("his backpack is 25 pounds and his back aches, how heavy may it be", "en"),
    "es": ("su mochila pesa un monton y le duele la espalda, cuanto debe pesar", "es"),
}
BAGS = (Candidate("bags/how_much", 0.8),)


@each_language
def test_beside_call_today_there_is_time_for_the_answer(language: str, content: Content) -> None:
    text, _ = BAG[language]
    reply = say(content, text, "ask_lifting", Memory(language), candidates=BAGS, danger=TODAY)
    assert cards(reply) == ["alarm", "bags/how_much"]
    assert reply.messages[0].tier is Tier.CALL_TODAY
    assert reply.memory.alarm == {"tier": "CALL_TODAY", "flag": "RF26", "open": True}


def test_beside_an_emergency_there_is_none(content: Content) -> None:
    reply = say(content, BAG["en"][0], "ask_lifting", candidates=BAGS, danger=SADDLE)
    assert cards(reply) == ["alarm"]


def test_while_call_today_stands_questions_are_answered_with_it_in_view(content: Content) -> None:
    open_today = Memory("en", alarm={"tier": "CALL_TODAY", "flag": "RF26", "open": True})
    reply = say(content, "how heavy may a backpack be", "ask_lifting", open_today, candidates=BAGS)
    assert cards(reply) == ["alarm", "bags/how_much"]
    emergency = Memory("en", alarm=OPEN)
    assert cards(say(content, "how heavy may a backpack be", "ask_lifting", emergency, candidates=BAGS)) == ["alarm"]


DISHES = {"en": "my back hurts when i wash the dishes", "es": "me duele la espalda cuando lavo los trastes"}


@each_language
def test_who_tells_when_it_hurts_hears_of_that_before_the_danger_signs(language: str, content: Content) -> None:
    housework = (Candidate("housework/about", 0.5), Candidate("mild_pain/about", 0.45))
    reply = say(content, DISHES[language], "report_mild_pain", Memory(language), candidates=housework)
    assert cards(reply) == ["pain_acknowledged", "housework/about", "triage:signs"]
    unsure = (Candidate("housework/about", 0.2), Candidate("mild_pain/about", 0.7))
    reply = say(content, DISHES[language], "report_mild_pain", Memory(language), candidates=unsure)
    assert cards(reply) == ["pain_acknowledged", "triage:signs"]


@each_language
def test_a_message_whose_parts_are_not_clear_by_themselves_is_one_question(language: str, content: Content) -> None:
    parts = (
        Question("is that the split muscle thing", "ask_why_pain", candidates=(Candidate("lunge/about", 0.4),)),
        Question("what do i do for it", "ask_core", candidates=(Candidate("core/how", 0.3),)),
    )
    whole = (Candidate("after_birth/about", 0.9),)
    reply = say(content, "my belly domes after birth …", "ask_core", Memory(language), parts=parts, candidates=whole)
    assert cards(reply) == ["after_birth/about"]
    clear = (parts[0], Question("core how", "ask_core", candidates=(Candidate("core/how", 0.9),)))
    both = tuple(Question(one.text, one.intent, candidates=(Candidate(ref, 0.9),)) for one, ref in zip(clear, REFS))
    reply = say(content, "lunges and core", "ask_core", Memory(language), parts=both, candidates=whole)
    assert cards(reply) == list(REFS)


REFS = ("lunge/about", "core/how")
