"""Long answers for Telegram: cut where a reader would pause, never longer than Telegram takes."""

import pytest
from replies import says

from spineline.channels.telegram.texts import LONGEST, bodies, parts
from spineline.content.library import Content


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("short", ["short"], id="short"),
        pytest.param("One line here.\nAnother. And more", ["One line here.", "Another. And more"], id="line"),
        pytest.param("A sentence. Another one", ["A sentence.", "Another one"], id="sentence"),
        pytest.param("¿Cómo está? Muy bien hoy", ["¿Cómo está?", "Muy bien hoy"], id="spanish sentence"),
        pytest.param("only some words stand here", ["only some words", "stand here"], id="word"),
        pytest.param("x" * 30, ["x" * 18, "x" * 12], id="no place to cut"),
        pytest.param("🔥" * 10, ["🔥" * 9, "🔥"], id="emojis count twice"),
        pytest.param("a" + "🔥" * 9, ["a" + "🔥" * 8, "🔥"], id="no emoji is cut in two"),
        pytest.param("A. bcdefghijklmnopqrstuvw", ["A. bcdefghijklmnop", "qrstuvw"], id="no nearly empty message"),
    ],
)
def test_texts_are_cut_where_a_reader_pauses(text: str, found: list[str]) -> None:
    assert parts(text, longest=18) == found


def test_every_part_fits_and_nothing_is_lost() -> None:
    text = "¿Cómo estirar sin dolor? Poco a poco 🔥, y sin rebotes.\n" * 400
    found = parts(text.strip())
    assert all(0 < units(part) <= LONGEST for part in found)
    assert "".join("".join(found).split()) == "".join(text.split())


def test_the_buttons_stand_under_the_last_part(content: Content) -> None:
    message = says("A sentence. " * 800, choices=("core/why",))
    *before, last = bodies(message, content)
    assert before
    assert not any("reply_markup" in body for body in before)
    title = content.answer("core/why").ask["en"]
    assert last["reply_markup"] == {"inline_keyboard": [[{"text": title, "callback_data": "core/why"}]]}
