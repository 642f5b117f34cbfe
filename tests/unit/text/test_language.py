"""Which language a message is in: typos, missing accents, mixed sentences, and silence when it does not tell."""

from pathlib import Path

import pytest

from spineline.content.library import Content
from spineline.text.language import load_language_guesser


@pytest.mark.parametrize(
    "text",
    [
        "how long do i hold a plank",
        "my lower back is killing me",
        "whats the best strech for my hamstrings",
        "can u tell me ur hours pls",
        "thanks!",
        "HELP",
        "i dont wanna do crunches anymore",
        "is the doctor in today",
        "what does espalda mean",
    ],
)
def test_english_is_recognised(text: str, content: Content) -> None:
    assert content.languages.guess(text) == "en"


@pytest.mark.parametrize(
    "text",
    [
        "¿cuánto tiempo aguanto la plancha?",
        "cuanto tiempo aguanto la plancha",
        "me duele la cintura desde ayer",
        "ay nomas me truena el cuello cuando volteo",
        "grasias por todo",
        "q puedo aser para el dolor de espalda",
        "NECESITO UNA CITA",
        "hola",
        "hice deadlifts y me duele la espalda baja",
        "el bench press es malo para los hombros?",
        "¿plank?",
    ],
)
def test_spanish_is_recognised(text: str, content: Content) -> None:
    assert content.languages.guess(text) == "es"


@pytest.mark.parametrize(
    "text",
    ["ok", "plank", "8", "👍", "", "?!", "no", "L5 S1", "crunches", "pain dolor", "me"],
)
def test_a_short_or_balanced_message_tells_nothing(text: str, content: Content) -> None:
    assert content.languages.guess(text) is None


@pytest.mark.parametrize(
    "text",
    ["腰が痛いです", "у меня болит спина", "الظهر يؤلمني", "mein rücken schmerzt seit gestern abend sehr stark"],
    ids=["japanese", "russian", "arabic", "german"],
)
def test_other_languages_are_recognised(text: str, content: Content) -> None:
    assert content.languages.guess(text) == "other"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("en español por favor", "es"),
        ("en espanol", "es"),
        ("can we talk in spanish", "es"),
        ("habla castellano?", "es"),
        ("English please", "en"),
        ("prefiero inglés", "en"),
        ("ingles", "en"),
        ("english or spanish?", None),
        ("¿inglés o español?", None),
        ("auf deutsch bitte", None),
        ("", None),
    ],
)
def test_a_wish_names_its_language(text: str, language: str | None, content: Content) -> None:
    assert content.languages.asked_for(text) == language


def test_a_word_of_both_languages_is_no_evidence(tmp_path: Path) -> None:
    path = tmp_path / "languages.yml"
    path.write_text(
        "en: {grammar: the me, common: pain, names: english}\n"
        "es: {grammar: el me, common: dolor, names: ingles}\nothers: french\n"
    )
    guesser = load_language_guesser(path)
    assert [guesser.guess(text) for text in ("me", "the pain", "me dolor")] == [None, "en", "es"]
