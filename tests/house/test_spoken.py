"""Every text that callers hear: there in both languages, short, without digits and without "tap here"."""

import re
from collections.abc import Iterator

import pytest
from text_rules import FORBIDDEN, NUMBERS, answers

from spineline.channels.twilio.voice.spoken import URGENT
from spineline.content.clinic import LANGUAGES
from spineline.content.library import ROOT, Content
from spineline.content.voice_words import VoiceWords, load_voice_words
from spineline.errors import ContentError
from spineline.text.letters import spelled
from spineline.text.yaml_file import read_yaml

VOICE = ROOT / "content" / "voice.yml"
FEWEST_WORDS, MOST_WORDS, LONGEST_OPTION = 8, 42, 12
READ_NOT_HEARD = {
    "en": re.compile(r"\b(?:tap|taps|click|type|typed|button|this chat|you wrote|write)\b", re.I),
    "es": re.compile(r"\b(?:toque aqu[ií]|haga clic|escriba|teclee|bot[oó]n|este chat|escribió)\b", re.I),
}
UNITS = {
    "en": "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split(),
    "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis".split(),
}
TENS = {
    "en": {
        "twenty": 20,
        "thirty": 30,
        "forty": 40,
        "fifty": 50,
        "sixty": 60,
        "seventy": 70,
        "eighty": 80,
        "ninety": 90,
    },
    "es": {"veinte": 20, "treinta": 30, "cuarenta": 40, "cincuenta": 50, "sesenta": 60, "setenta": 70, "noventa": 90},
}
HUNDREDS = {
    "en": {"three hundred": 300, "five hundred": 500, "one hundred fifty": 150},
    "es": {"cien": 100, "trescientas": 300, "quinientas": 500, "ciento cincuenta": 150},
}
NOT_SAID = {
    "call_button",
    "call_911",
    "call_988",
    "privacy_notice",
    "text_notice",
    "only_text",
}  # lines of other channels
EMERGENCY_NUMBERS = re.compile(r"nine one one|nueve uno uno|nine eight eight|nueve ocho ocho", re.I)
each_language = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def voice(content: Content) -> VoiceWords:
    return load_voice_words(VOICE, content)


def numbers_said(text: str, language: str) -> set[int]:
    """Numbers that stand in a text as digits or as words; "one" is left out, it is an article too."""
    text = EMERGENCY_NUMBERS.sub(" ", re.sub(r"(?<=[a-z])-(?=[a-z])", " ", text.lower()))
    found = {int(digits) for digits in re.findall(r"\d+", text)}
    for words, number in number_words(language):
        text, count = re.subn(rf"\b{words}\b", " ", text)
        found |= {number} if count else set()
    return found - {0, 1}


def number_words(language: str) -> Iterator[tuple[str, int]]:
    """Number words, the longest first: "forty eight" before "forty" and "eight"."""
    units = {word: number for number, word in enumerate(UNITS[language], 2)}
    joint = {"en": " ", "es": " y "}[language]
    both = {f"{ten}{joint}{unit}": TENS[language][ten] + units[unit] for ten in TENS[language] for unit in units}
    table = {**HUNDREDS[language], **both, **TENS[language], **units}
    yield from sorted(table.items(), key=lambda entry: -len(entry[0]))


def said_lines(content: Content) -> Iterator[tuple[str, str, str]]:
    """Every fixed line that a caller can hear, as it is written."""
    for name, line in content.lines.items():
        is_heard = not name.startswith(("telegram_", "text_", "link_")) and name not in NOT_SAID
        if is_heard and not name.endswith("_known"):
            yield from ((f"lines.{name}", language, line[language]) for language in LANGUAGES)
    for tier in ("CALL_911", "CRISIS_988", "ED_NOW", "CALL_TODAY"):
        for part in ("do", "more"):
            yield from ((f"tiers.{tier}.{part}", lang, content.tiers[tier][part][lang]) for lang in LANGUAGES)
    for name, note in content.tiers["notes"].items():
        yield from ((f"tiers.notes.{name}", language, note[language]) for language in LANGUAGES)
    for name, asked in content.triage["questions"].items():
        yield from ((f"triage.questions.{name}", language, asked[language]) for language in LANGUAGES)


def test_every_answer_has_a_text_for_people_who_listen() -> None:
    silent = [
        f"{path.stem}/{kind}"
        for path in (ROOT / "content/cards").glob("*.yml")
        for kind, answer in read_yaml(path)["answers"].items()
        if "say" not in answer
    ]
    assert not silent


@each_language
def test_what_is_said_is_short_and_has_no_digits(language: str, content: Content) -> None:
    for answer in answers(content):
        text = answer.say[language]
        assert FEWEST_WORDS <= len(text.split()) <= MOST_WORDS, f"{answer.ref}: {len(text.split())} words"
        assert not re.search(r"\d", text), f"{answer.ref}: write numbers as words: {text}"


@each_language
def test_nobody_is_told_to_tap_or_type(language: str, content: Content) -> None:
    texts = {answer.ref: answer.say[language] for answer in answers(content)}
    texts |= {name: content.part(name, language).said for name, _, _ in said_lines(content)}
    for name, text in texts.items():
        found = READ_NOT_HEARD[language].search(text)
        assert not found, f"{name}: '{found and found[0]}' makes no sense to a caller"


@each_language
def test_a_number_to_call_is_said_where_it_is_written(language: str, content: Content) -> None:
    for answer in answers(content):
        written, said = ("{clinic.phone}" in text[language] for text in (answer.text, answer.say))
        assert said or not written, f"{answer.ref} {language}: the phone number is not said"


@each_language
def test_numbers_said_are_numbers_written(language: str, content: Content) -> None:
    for answer in answers(content):
        if answer.ref.partition("/")[2] in NUMBERS:
            made_up = numbers_said(answer.say[language], language) - numbers_said(answer.text[language], language)
            assert not made_up, f"{answer.ref} {language}: {made_up} is not in the written text"


@each_language
def test_a_question_about_a_number_is_answered_with_it(language: str, content: Content) -> None:
    one = {"en": r"\b(?:one|once|half|zero)\b", "es": r"\b(?:uno|una|un|media|medio|cero)\b"}
    for answer in answers(content):
        if answer.ref.partition("/")[2] in NUMBERS:
            text = answer.say[language]
            assert numbers_said(text, language) or re.search(one[language], text, re.I), f"{answer.ref} {language}"


def test_no_text_of_the_line_diagnoses_clears_doses_or_poses_as_a_clinician(content: Content) -> None:
    for part in ("says", "options", "instead_of", "wishes"):
        for name, text in read_yaml(VOICE)[part].items():
            for language in LANGUAGES:
                assert not FORBIDDEN.search(content.fill(text[language], language)), f"{part}: {name}"


@each_language
def test_each_voice_speaks_its_own_language(language: str, content: Content) -> None:
    for part in ("says", "instead_of", "wishes"):
        for name, text in read_yaml(VOICE)[part].items():
            guess = content.languages.guess(content.fill(text[language], language))
            assert guess in (language, None), f"{part}: {name}: {guess}"
    for name, spoken, text in said_lines(content):
        if spoken == language:
            assert content.languages.guess(content.fill(text, language)) in (language, None), name


@each_language
def test_a_written_text_is_said_in_its_spoken_words(language: str, content: Content) -> None:
    for name, text in read_yaml(VOICE)["instead_of"].items():
        assert content.part(name, language).said == spelled(content.fill(text[language], language)), name


@each_language
def test_what_to_do_in_an_emergency_begins_with_the_help(language: str, content: Content) -> None:
    help_ = {"en": r"9 1 1|9 8 8|emergency department", "es": r"9 1 1|9 8 8|sala de emergencias"}
    for tier in URGENT:
        first = content.part(f"tiers.{tier.value}.do", language).said
        assert re.search(help_[language], re.split(r"(?<=[.!])\s", first)[0]), first


@each_language
def test_options_are_short(language: str, voice: VoiceWords) -> None:
    long = {name for name, text in voice.options.items() if len(text[language].split()) > LONGEST_OPTION}
    assert not long


def test_no_question_has_more_options_than_keys(content: Content) -> None:
    for name, asked in content.triage["questions"].items():
        assert len(set(asked["options"]) - {"none", "skip"}) <= 8, f"{name}: 9 and 0 are taken"


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("lines.too_long:", "lines.too_lang:", "instead_of: there is no text 'lines.too_lang'"),
        ("connects: [book_appointment", "connects: [book_apointment", "connects: there is no card 'book_apointment'"),
        ('"triage:numb"', '"triage:nub"', "options: triage:numb is missing"),
        ("{en: For yes, es: Para sí}", "{en: For yes}", "options.line:yes: no Spanish text"),
        (
            "{en: I want to talk to a person, es",
            "{xx: I want to talk to a person, es",
            "wishes.person: no English text",
        ),
        ("es: {sero: cero", "xx: {sero: cero", "misheard: no Spanish text"),
    ],
    ids=[
        "a text that is none",
        "a card that is none",
        "an option that nobody hears",
        "one language",
        "another language",
        "a language in which nothing is misheard",
    ],
)
def test_what_is_wrong_in_the_texts_of_the_line_is_said(
    old: str, new: str, problem: str, content: Content, tmp_path_factory: pytest.TempPathFactory
) -> None:
    text, path = VOICE.read_text(encoding="utf-8"), tmp_path_factory.mktemp("voice") / "voice.yml"
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        load_voice_words(path, content)
    assert problem in str(caught.value)
