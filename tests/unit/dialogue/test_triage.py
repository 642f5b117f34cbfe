"""The four questions after a report of pain: each answer in both languages, each way out, none asked twice."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue import triage
from spineline.dialogue.pain_words import PainText
from spineline.dialogue.triage import Outcome, Progress
from spineline.dialogue.turn import Turn

QUESTIONS = ("signs", "severity", "course", "risks")
MILD_ANSWERS = {"signs": "none", "severity": "mild", "course": "recent_better", "risks": "none"}


def state_at(pending: str, **facts: Any) -> Mapping[str, Any]:
    """The state in which a question waits, everything before it answered without worry."""
    answers: dict[str, Mapping[str, Any]] = {
        "signs": {"sign": "none"},
        "severity": {"score": 3},
        "course": {"trend": "better", "days": 2},
    }
    before = {fact: answers[name][fact] for name in QUESTIONS[: QUESTIONS.index(pending)] for fact in answers[name]}
    return {"pending": pending, "facts": {**before, **facts}}


def answered(text: str, pending: str, content: Content, choice: str | None = None, **facts: Any) -> Progress:
    progress = triage.take(text, choice, state_at(pending, **facts), content)
    assert progress is not None, f"{text!r} does not answer {pending}"
    return progress


def facts_after(text: str, pending: str, content: Content) -> Mapping[str, Any]:
    """What is known after an answer that does not finish the questions."""
    state = answered(text, pending, content).state
    assert state is not None
    return state["facts"]


def end(progress: Progress) -> Outcome:
    assert progress.outcome is not None
    assert progress.state is None
    return progress.outcome


def tap(option: str) -> tuple[str, str]:
    """Text and choice of a tapped quick reply."""
    return "", f"triage:{option}"


def walk(content: Content, report: str = "my back aches", **options: str) -> tuple[Outcome, list[str]]:
    """Tap through all questions; returns the outcome and the questions that were asked, in order."""
    sign = {**MILD_ANSWERS, **options}["signs"]
    facts = {**triage.told(Turn(report, ""), content), "sign": None if sign == "skip" else sign}
    progress, asked = triage.go_on(facts, content), ["signs"]
    while progress.state:
        asked.append(triage.question(progress.state, content))
        text, choice = tap({**MILD_ANSWERS, **options}[asked[-1]])
        taken = triage.take(text, choice, progress.state, content)
        assert taken is not None
        progress = taken
    return end(progress), asked


def test_every_question_can_be_skipped_and_has_short_titles(content: Content) -> None:
    for name in QUESTIONS:
        options = triage.options(state_at(name), content)
        assert "triage:skip" in options or name == "signs"
        titles = [content.triage["options"][option.partition(":")[2]] for option in options]
        for language in LANGUAGES:
            shown = [title[language] for title in titles]
            assert len(set(shown)) == len(shown)
            assert max(map(len, shown)) <= 28


def test_option_titles_are_unique_in_each_language(content: Content) -> None:
    for language in LANGUAGES:
        titles = [title[language] for title in content.triage["options"].values()]
        assert len(set(titles)) == len(titles)


def test_every_outcome_has_a_card(content: Content) -> None:
    for planned in content.triage["outcomes"].values():
        assert content.answer(planned["card"])


@pytest.mark.parametrize("name", QUESTIONS[1:])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_typed_title_means_the_same_as_a_tap(name: str, language: str, content: Content) -> None:
    for choice in triage.options(state_at(name), content):
        option = choice.partition(":")[2]
        typed = triage.take(content.triage["options"][option][language], None, state_at(name), content)
        tapped = triage.take("", choice, state_at(name), content)
        assert tapped is not None
        assert typed is not None, option
        assert typed.outcome == tapped.outcome, option
        assert (typed.state or {}).get("pending") == (tapped.state or {}).get("pending"), option


def test_an_untroubled_walk_asks_four_questions_and_ends_with_self_care(content: Content) -> None:
    outcome, asked = walk(content)

    assert asked == list(QUESTIONS)
    assert outcome == Outcome("triage_self_care/about", None, None, False)


@pytest.mark.parametrize(
    ("option", "flag", "tier"),
    [
        ("numb", "RF10", Tier.ED_NOW),
        ("bladder", "RF10", Tier.ED_NOW),
        ("legs", "RF14", Tier.ED_NOW),
        ("weaker", "RF15", Tier.ED_NOW),
        ("fever", "RF17", Tier.ED_NOW),
        ("injury", "RF05", Tier.CALL_911),
        ("chest", "RF01", Tier.CALL_911),
    ],
)
def test_a_tapped_danger_sign_ends_the_questions_at_once(option: str, flag: str, tier: Tier, content: Content) -> None:
    outcome, asked = walk(content, signs=option)

    assert asked == ["signs"]
    assert (outcome.flag, outcome.tier, outcome.hand_off) == (flag, tier, False)


def test_a_danger_sign_tapped_late_still_counts(content: Content) -> None:
    text, choice = tap("fever")

    assert end(answered(text, "risks", content, choice)).tier is Tier.ED_NOW


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("a bit of fever since last night", "RF17"),
        ("calentura", "RF17"),
        ("my crotch feels numb", "RF10"),
        ("no pero tengo dormida la entrepierna", "RF10"),
        ("no siento las nalgas", "RF10"),
        ("i cant pee", "RF10"),
        ("me cuesta orinar", "RF10"),
        ("both of my legs", "RF14"),
        ("las dos piernas", "RF14"),
        ("the weakness, it gets worse", "RF15"),
        ("cada vez tengo menos fuerza", "RF15"),
        ("i fell hard", "RF05"),
        ("un golpe muy fuerte", "RF05"),
        ("chills and chest pain", "RF01"),
        ("me falta el aire", "RF01"),
    ],
)
def test_a_typed_danger_sign_counts(text: str, flag: str, content: Content) -> None:
    assert end(answered(text, "signs", content)).flag == flag


@pytest.mark.parametrize("text", ["yes", "Yeah", "sí", "Simón", "some of those", "tengo una", "one of them"])
def test_a_plain_yes_to_the_danger_signs_goes_to_the_emergency_department(text: str, content: Content) -> None:
    outcome = end(answered(text, "signs", content))

    assert (outcome.tier, outcome.flag) == (Tier.ED_NOW, None)


@pytest.mark.parametrize(
    "text",
    [
        "none",
        "No",
        "nope",
        "nothing",
        "no, just tight",
        "i don't have any of those",
        "no fever, chills or numbness, none of that",
        "ninguno",
        "nada de eso",
        "no tengo nada",
        "no gracias",
        "no, ninguna",
    ],
)
def test_a_denial_of_all_danger_signs_leads_to_the_next_question(text: str, content: Content) -> None:
    assert facts_after(text, "signs", content)["sign"] == "none"
    assert answered(text, "signs", content).state == {"pending": "severity", "facts": {"sign": "none"}}


@pytest.mark.parametrize("text", ["no fever", "sin calentura", "had a car crash 6 years ago"])
def test_an_answer_that_leaves_danger_signs_open_counts_as_skipped(text: str, content: Content) -> None:
    assert facts_after(text, "signs", content)["sign"] is None


@pytest.mark.parametrize(
    ("text", "score"),
    [
        ("5", 5),
        ("like a 6", 6),
        ("about five", 5),
        ("5ish", 5),
        ("4/10", 4),
        ("3 out of 10", 3),
        ("between 4 and 6", 6),
        ("4-5 i'd say", 5),
        ("it was a 9, now it's a 2", 2),
        ("mild", 2),
        ("not too bad", 2),
        ("moderate i guess", 5),
        ("no pain right now", 0),
        ("un cuatro", 4),
        ("como un 6", 6),
        ("3 de 10", 3),
        ("seis", 6),
        ("entre dos y tres", 3),
        ("leve", 2),
        ("no es tan fuerte", 2),
        ("más o menos", 5),
    ],
)
def test_a_score_under_seven_is_understood(text: str, score: float, content: Content) -> None:
    assert facts_after(text, "severity", content)["score"] == score


@pytest.mark.parametrize(
    "text",
    [
        "7",
        "like an 8",
        "a 6 or 7",
        "8/10",
        "11 out of 10",
        "I'd say 9!!",
        "ten",
        "it's pretty bad",
        "unbearable",
        "3 but i can't sleep",
        "i can walk but can't get dressed",
        "trouble walking",
        "it keeps me awake",
        "4, no",
        "no",
        "un siete",
        "diez",
        "como de 8",
        "insoportable",
        "me duele mucho",
        "no puedo dormir",
        "un 5 pero no me puedo vestir",
        "apenas puedo caminar",
        "me cuesta levantarme",
    ],
)
def test_severe_pain_or_lost_sleep_walking_dressing_is_handed_off_at_once(text: str, content: Content) -> None:
    outcome = end(answered(text, "severity", content))

    assert outcome == Outcome("triage_call/about", Tier.CALL_TODAY, None, True)


@pytest.mark.parametrize(
    "text", ["2, i can sleep and walk", "a 3, no trouble sleeping", "3 y sí puedo dormir", "dos, duermo bien"]
)
def test_being_able_is_not_a_loss(text: str, content: Content) -> None:
    facts = facts_after(text, "severity", content)

    assert facts["loss"] is False


def test_a_typed_number_is_a_score_although_it_also_numbers_a_quick_reply(content: Content) -> None:
    assert answered("3", "severity", content, "triage:severe").outcome is None


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("today", {"days": 0}),
        ("since monday", {"days": 5}),
        ("3 days", {"days": 3}),
        ("3weeks", {"days": 21}),
        ("like 2 weeks", {"days": 14}),
        ("2 or 3 days and it's better", {"days": 3, "trend": "better"}),
        ("under 3 weeks, the same", {"days": 20, "trend": "same"}),
        ("a month", {"days": 30}),
        ("years", {"days": 365}),
        ("it's getting worse", {"trend": "worse"}),
        ("no better", {"trend": "same"}),
        ("better", {"trend": "better"}),
        ("desde ayer", {"days": 1}),
        ("hace tres semanas", {"days": 21}),
        ("quince días, va mejor", {"days": 15, "trend": "better"}),
        ("desde el lunes y cada día peor", {"days": 5, "trend": "worse"}),
        ("ni mejor ni peor", {"trend": "same"}),
        ("no mejora", {"trend": "same"}),
        ("un par de meses", {"days": 60}),
    ],
)
def test_start_and_trend_are_understood_alone_or_together(text: str, known: dict[str, Any], content: Content) -> None:
    facts = facts_after(text, "course", content)

    assert {name: facts[name] for name in ("days", "trend") if name in facts} == known


@pytest.mark.parametrize("text", ["worse", "peor", "empeorando", "4 weeks but better", "hace dos meses", "3 semanas"])
def test_pain_that_worsens_or_lasts_ends_with_a_visit(text: str, content: Content) -> None:
    state = answered(text, "course", content).state
    assert state is not None

    progress = triage.take("none", None, state, content)

    assert progress is not None
    assert end(progress) == Outcome("triage_visit/about", Tier.ROUTINE, None, False)


@pytest.mark.parametrize("risk", ["cancer", "bones", "defenses", "needles", "surgery", "thinners"])
def test_a_tapped_risk_is_handed_off(risk: str, content: Content) -> None:
    outcome, _ = walk(content, risks=risk)

    assert outcome == Outcome("triage_call/about", Tier.CALL_TODAY, None, True)


@pytest.mark.parametrize("risk", ["pregnant", "minor"])
def test_pregnancy_and_childhood_have_their_own_card(risk: str, content: Content) -> None:
    outcome, _ = walk(content, risks=risk)

    assert outcome == Outcome(f"triage_call_{risk}/about", Tier.CALL_TODAY, None, True)


@pytest.mark.parametrize(
    ("text", "card"),
    [
        ("i had cancer a few years ago", "triage_call"),
        ("no but i take blood thinners", "triage_call"),
        ("osteoporosis", "triage_call"),
        ("back surgery last month", "triage_call"),
        ("HIV", "triage_call"),
        ("yes", "triage_call"),
        ("pregnant", "triage_call_pregnant"),
        ("i'm 15", "triage_call_minor"),
        ("my son is 12", "triage_call_minor"),
        ("tomo prednisona", "triage_call"),
        ("no, pero tomo anticoagulantes", "triage_call"),
        ("me inyecto drogas", "triage_call"),
        ("me operaron hace dos meses", "triage_call"),
        ("defensas bajas", "triage_call"),
        ("sí", "triage_call"),
        ("estoy embarazada", "triage_call_pregnant"),
        ("tengo 16 años", "triage_call_minor"),
    ],
)
def test_a_typed_risk_is_handed_off(text: str, card: str, content: Content) -> None:
    outcome = end(answered(text, "risks", content))

    assert (outcome.card, outcome.tier, outcome.hand_off) == (f"{card}/about", Tier.CALL_TODAY, True)


@pytest.mark.parametrize(
    "text", ["none", "no", "nope, nothing", "no cancer, not pregnant, nothing", "ninguno", "nada de eso"]
)
def test_no_risk_ends_with_self_care(text: str, content: Content) -> None:
    assert end(answered(text, "risks", content)).card == "triage_self_care/about"


@pytest.mark.parametrize(
    "text", ["my dad had cancer", "mi papá tuvo cáncer", "not pregnant", "i had spine surgery 9 years ago"]
)
def test_what_is_denied_a_relatives_or_long_ago_is_no_risk(text: str, content: Content) -> None:
    assert end(answered(text, "risks", content)).tier is Tier.ROUTINE


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    "text",
    [
        "skip",
        "I'd rather not say",
        "skip this one",
        "paso",
        "no quiero decir",
        "prefiero no contestar",
    ],
)
def test_each_question_can_be_skipped_in_words(name: str, text: str, content: Content) -> None:
    progress = answered(text, name, content)

    assert (progress.state or {}).get("pending") != name


@pytest.mark.parametrize("name", ["severity", "course", "risks"])
@pytest.mark.parametrize("text", ["i don't know", "not sure", "no sé", "ni idea"])
def test_who_does_not_know_skips_every_question_but_the_danger_signs(name: str, text: str, content: Content) -> None:
    assert (answered(text, name, content).state or {}).get("pending") != name


@pytest.mark.parametrize(
    "text",
    [
        *(
            "i'm not ok",
            "not well",
            "i am not all right",
            "not much",
            "i don't feel anything",
            "never had it like this",
        ),
        *("not me, my husband", "no feeling", "no but", "i can't", "no control"),
        *("no estoy bien", "no siento nada", "no las siento", "no todo bien", "no pero", "no puedo", "nunca así"),
    ],
)
def test_what_only_looks_like_a_no_does_not_deny_the_danger_signs(text: str, content: Content) -> None:
    assert triage.danger_said(text, content) != "none"


def test_skipped_danger_signs_end_with_the_higher_advice_as_information(content: Content) -> None:
    outcome, _ = walk(content, signs="skip")

    assert outcome == Outcome("triage_skipped_signs/about", Tier.ROUTINE, None, False)


def test_skipped_danger_signs_do_not_hide_severe_pain(content: Content) -> None:
    outcome, _ = walk(content, signs="skip", severity="severe")

    assert outcome.tier is Tier.CALL_TODAY


@pytest.mark.parametrize("question", ["severity", "risks"])
def test_what_is_not_told_is_not_taken_for_good_news(question: str, content: Content) -> None:
    outcome, _ = walk(content, **{question: "skip"})

    assert outcome.card == "triage_visit/about"


def test_skipping_everything_ends_after_four_questions(content: Content) -> None:
    outcome, asked = walk(content, signs="skip", severity="skip", course="skip", risks="skip")

    assert asked == list(QUESTIONS)
    assert outcome.card == "triage_skipped_signs/about"


@pytest.mark.parametrize(
    ("report", "asked"),
    [
        ("my lower back hurts, about a 4", ["signs", "course", "risks"]),
        ("sore back since monday, a 3", ["signs", "risks"]),
        ("me duele la cintura desde ayer", ["signs", "severity", "risks"]),
        ("my back hurts and it's getting better", ["signs", "severity", "risks"]),
        ("un dolor de 5 de 10, desde hace una semana", ["signs", "risks"]),
        ("my back is like an 8", ["signs"]),
        ("no puedo dormir del dolor de espalda", ["signs"]),
        ("i'm pregnant and my back aches", ["signs"]),
        ("i did 10 reps and 3 sets and my back is sore", list(QUESTIONS)),
        ("l5 disc acting up", list(QUESTIONS)),
        ("just a minor ache, my dad had cancer but i never did", list(QUESTIONS)),
        ("no fever, my back is stiff", list(QUESTIONS)),
    ],
)
def test_what_the_report_tells_is_not_asked_again(report: str, asked: list[str], content: Content) -> None:
    assert walk(content, report)[1] == asked


def test_an_answer_to_two_questions_spares_the_second(content: Content) -> None:
    state = answered("none, it's about a 4", "signs", content).state

    assert state is not None
    assert state["pending"] == "course"


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.parametrize(
    "text",
    [
        "what is a dead bug?",
        "how many crunches, 10?",
        "does ice make it worse?",
        "is spine surgery dangerous",
        "can i do 10 minutes of planks?",
        "¿qué es el core?",
        "cuántas repeticiones hago, 8?",
        "¿es malo el calor?",
        "puedo hacer sentadillas",
        "i want a strong core",
    ],
)
def test_a_question_in_between_answers_nothing(name: str, text: str, content: Content) -> None:
    assert triage.take(text, None, state_at(name), content) is None


@pytest.mark.parametrize(
    ("name", "text"), [("severity", "10 reps"), ("severity", "3 weeks"), ("course", "pain is worse when i sit")]
)
def test_a_number_or_word_about_something_else_answers_nothing(name: str, text: str, content: Content) -> None:
    assert triage.take(text, None, state_at(name), content) is None


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_cue_can_be_read(name: str, content: Content) -> None:
    assert PainText(content.triage).answer(name, "qwrtz") == {}


def test_a_quick_reply_of_an_earlier_question_answers_nothing(content: Content) -> None:
    text, choice = tap("none")

    assert triage.take(text, choice, state_at("severity"), content) is None


def test_the_state_survives_json_and_holds_no_words_of_the_person(content: Content) -> None:
    state = answered("none, my aunt Berta asks", "signs", content).state

    assert json.loads(json.dumps(state)) == state
    assert "Berta" not in json.dumps(state)


@pytest.mark.parametrize("card", ["triage_call", "triage_call_pregnant", "triage_call_minor"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_hand_off_names_physician_clinic_and_phone_first(card: str, language: str, content: Content) -> None:
    answer = content.cards[card].answers["about"]
    first = answer.text[language].partition(". ")[0]

    assert answer.call
    assert all(name in first for name in ("{clinic.doctor}", "{clinic.name}", "{clinic.phone}"))
