"""A raw message on its way in: cleaned, cut, searched for danger over its whole length; payloads only from buttons."""

import pytest

from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.dialogue.conversation import LONGEST_MESSAGE
from spineline.dialogue.intake import LONGEST_READ, take_in

FILLER = "the gym was fun today. "


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("  how long\x00 is a plank? ", "how long is a plank?"),
        ("/restart", "restart"),
        ("///greet", "greet"),
        ("/ \n/help", "help"),
        ('/greet{"choice": "plank/how"}', 'greet{"choice": "plank/how"}'),
        ('/ask_core{"choice": "plank/nonsense"}', 'ask_core{"choice": "plank/nonsense"}'),
        ('/ask_core{"choice": "plank/how"} and more', 'ask_core{"choice": "plank/how"} and more'),
        ('{"message": 1}', '{"message": 1}'),
        ("<script>alert(1)</script> plank?", "alert(1)  plank?"),
        ("\u200b\x01", ""),
        ("", ""),
    ],
    ids=[
        "control character",
        "rasa command",
        "many slashes",
        "slash, break, slash",
        "payload of another intent",
        "payload of no choice",
        "payload with a tail",
        "json",
        "html",
        "invisible only",
        "empty",
    ],
)
def test_what_is_typed_is_handed_on_as_plain_text(raw: str, text: str, content: Content) -> None:
    assert take_in(raw, content).text == text


def test_the_payload_of_every_quick_reply_is_its_id(content: Content) -> None:
    choices = list(content.choices)
    taken = [take_in(content.choices[choice].payload, content) for choice in choices]
    assert [(intake.text, intake.choice) for intake in taken] == [("", choice) for choice in choices]


@pytest.mark.parametrize(
    ("severe", "danger"),
    [
        ("My back pain is 10 out of 10. ", "Since this morning I cannot pee."),
        ("Un dolor de espalda de 10 de 10. ", "Desde hoy no puedo orinar."),
    ],
)
def test_severe_pain_at_the_beginning_does_not_hide_danger_at_the_end(
    severe: str, danger: str, content: Content
) -> None:
    flag = take_in(severe + "and so on " * 150 + danger, content).red_flag
    assert flag is not None
    assert flag.tier is Tier.ED_NOW


def test_a_message_of_the_longest_length_is_not_too_long(content: Content) -> None:
    assert not take_in("a" * LONGEST_MESSAGE, content).too_long


def test_a_longer_message_is_cut_and_marked(content: Content) -> None:
    intake = take_in("a" * (LONGEST_MESSAGE + 1), content)
    assert (len(intake.text), intake.metadata["too_long"]) == (LONGEST_MESSAGE, True)


@pytest.mark.parametrize("danger", ["I am numb between my legs", "no siento la entrepierna"])
def test_danger_is_found_behind_the_cut(danger: str, content: Content) -> None:
    found = take_in(FILLER * 100 + danger, content).metadata["danger"]["flags"][0]
    assert (found["id"], found["tier"]) == ("RF10", "ED_NOW")
    assert found["rule"]
    assert found["words"]


@pytest.mark.parametrize("calm", ["I have no numbness between my legs", "no tengo dormida la entrepierna"])
def test_what_is_denied_is_no_danger(calm: str, content: Content) -> None:
    assert "flags" not in take_in(calm, content).metadata["danger"]


@pytest.mark.parametrize("text", ["my pain is a 9 out of 10", "me duele un 9 de 10"])
def test_severe_pain_alone_is_left_to_the_conversation(text: str, content: Content) -> None:
    assert take_in(text, content).red_flag is None


@pytest.mark.parametrize(
    "text", ["<i have chest pain and cant breathe>", "<b>i have chest pain</b> and cant breathe", "<no puedo respirar>"]
)
def test_angle_brackets_do_not_hide_danger(text: str, content: Content) -> None:
    assert take_in(text, content).red_flag is not None


def test_a_slash_does_not_hide_danger(content: Content) -> None:
    assert take_in("/I have chest pain and can't breathe", content).red_flag is not None


def test_what_lies_beyond_the_longest_read_is_not_looked_at(content: Content) -> None:
    assert len(take_in("a " * LONGEST_READ, content).text) == LONGEST_MESSAGE
