import pytest
from patience import ending

from spineline.content.library import ROOT, Content
from spineline.text.yaml_file import read_yaml

WISHES = {
    "ask": {
        "en": [
            "link my chats",
            "Connect this chat with my phone chat",
            "can you link my chat on Telegram with my text messages?",
            "how do I link my chats",
            "merge both conversations please",
            "link",
        ],
        "es": [
            "vincular mis chats",
            "Conectar este chat con WhatsApp",
            "quiero unir mis chats",
            "¿puede conectar mi plática con el teléfono?",
            "enlace estas conversaciones",
            "Vincular.",
        ],
    },
    "leave": {
        "en": ["unlink", "Please unlink my chats", "separate my chats", "disconnect this chat"],
        "es": ["desvincular", "Desvincule este chat", "separe mis chats", "desconectar mi chat"],
    },
    None: {
        "en": [
            "how are the discs linked",
            "are stress and back pain linked",
            "connect me with a person",
            "connect this chat to a nurse",
            "don't link my chats",
            "send me a link to this chat",
            "link between sitting and pain",
            "code 911",
            "link l4-l5",
            "connect 310-828-7757",
            "link exercise",
            "link stretching",
            "link my chats " + "please " * 20,
            "",
        ],
        "es": [
            "¿cómo se conectan los discos?",
            "conecte este chat con una persona",
            "no quiero vincular mis chats",
            "¿qué une las vértebras?",
            "separar las piernas",
            "código 988",
            "vincular ejercicio",
        ],
    },
}
CODES = {
    "en": [
        "link BCDF-3479",
        "LINK bcdf3479",
        "Link: BCDF 3479.",
        "code BCDF-3479",
        "my code is BCDF–3479",
        "please connect “bcdf-3479”",
    ],
    "es": [
        "vincular BCDF-3479",
        "VINCULAR bcdf3479",
        "vincule BCDF 3479 por favor",
        "código BCDF-3479",
        "mi código es bcdf 3479",
    ],
}
SAID = [(kind, language, text) for kind, both in WISHES.items() for language, texts in both.items() for text in texts]


@pytest.mark.parametrize(("kind", "language", "text"), SAID)
def test_what_people_want_done_with_their_chats(content: Content, kind: str | None, language: str, text: str) -> None:
    wish = content.link_words.wish(text)
    assert (wish and (wish.kind, wish.language)) == (kind and (kind, language))


@pytest.mark.parametrize(
    ("language", "text"), [(language, text) for language, texts in CODES.items() for text in texts]
)
def test_a_code_is_read_however_it_is_written(content: Content, language: str, text: str) -> None:
    wish = content.link_words.wish(text)
    assert wish
    assert (wish.kind, wish.language, wish.code) == ("join", language, "BCDF3479")


@pytest.mark.parametrize("text", ["link ABCD-EFGH", "link BCDF-34O9", "link bcdf34790", "código abcd1234"])
def test_a_mistyped_code_is_taken_for_one(content: Content, text: str) -> None:
    wish = content.link_words.wish(text)
    assert wish
    assert wish.kind == "join"


@pytest.mark.parametrize(
    ("line", "language", "kind"),
    [
        *[("link_code", language, "join") for language in ("en", "es")],
        *[("link_wrong", language, "ask") for language in ("en", "es")],
        *[("link_none", language, "ask") for language in ("en", "es")],
        *[("link_done", language, "leave") for language in ("en", "es")],
        *[("link_known", language, "leave") for language in ("en", "es")],
    ],
)
def test_what_the_answers_tell_people_to_write_is_understood(
    content: Content, line: str, language: str, kind: str
) -> None:
    said = content.line(line, language).replace("$code", "BCDF-3479").rpartition(": ")[2]
    wish = content.link_words.wish(said)
    assert (wish and (wish.kind, wish.language)) == (kind, language)


def test_nothing_that_people_say_about_their_back_is_taken_for_it(content: Content) -> None:
    sentences = {
        line.lstrip("- ")
        for folder in ("data/nlu", "tests/nlu")
        for path in (ROOT / folder).glob("*/*.yml")
        for line in path.read_text(encoding="utf8").splitlines()
    }
    assert len(sentences) > 5000
    assert not [sentence for sentence in sentences if content.link_words.wish(sentence)]


@pytest.mark.parametrize(
    "text", ["link " * 24, "-" * 120, f"link {'b' * 114}", f"link {'a1' * 57}", "vincular mi " * 10]
)
def test_no_message_is_searched_without_end(content: Content, text: str) -> None:
    """A pattern that tried every way to read repeated words would need years for these."""
    with ending():
        content.link_words.wish(text[:120])


@pytest.mark.parametrize("kind", ["ask", "join", "leave"])
def test_every_pattern_is_there_in_both_languages(kind: str) -> None:
    assert set(read_yaml(ROOT / "content" / "privacy.yml")["links"][kind]) == {"en", "es"}
