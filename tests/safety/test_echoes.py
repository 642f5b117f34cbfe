"""Our own texts read back alarm nobody, nor does what a reaction quotes; whatever stands beside them still counts."""

from __future__ import annotations

import pytest

from spineline.content.library import Content
from spineline.danger.rules import RedFlag
from spineline.dialogue.intake import take_in

ASKED = "triage.options."  # titles of quick replies: who types one has that sign


def _flag(text: str, content: Content) -> RedFlag | None:
    return take_in(text, content).red_flag


@pytest.mark.parametrize("language", ["en", "es"])
def test_none_of_our_texts_alarms_when_it_is_sent_back(language: str, content: Content) -> None:
    texts = {id: part.read for (id, spoken), part in content.parts.items() if spoken == language}
    assert len(texts) > 500
    assert [id for id, text in texts.items() if not id.startswith(ASKED) and _flag(text, content)] == []


@pytest.mark.parametrize("language", ["en", "es"])
def test_what_somebody_adds_to_our_words_still_counts(language: str, content: Content) -> None:
    ours = content.part("tiers.CALL_TODAY.more", language).read
    assert _flag(f"{ours}\nmy chest hurts, me duele el pecho", content)
    assert _flag(f"me duele el pecho, my chest hurts. {ours}", content)


@pytest.mark.parametrize("option", ["numb", "bladder", "chest"])
def test_the_title_of_a_danger_sign_that_is_typed_counts(option: str, content: Content) -> None:
    for language in ("en", "es"):
        assert _flag(content.part(f"{ASKED}{option}", language).read, content)


@pytest.mark.parametrize(
    "text",
    [
        "Liked “Call 911 for chest pain or trouble breathing”",
        'Loved "Numbness between the legs: go to an emergency department"',
        "Laughed at “my chest hurts lol”",
        "Reacted 😂 to “I can't feel my legs after leg day”",
        "Removed a heart from “Chest pain or trouble breathing: call 911.”",
        "Le gustó “Dolor de pecho o falta de aire: llame al 911”",
        "Le encantó «no puedo orinar: vaya a emergencias»",
        "👍 to “Chest pain: call 911 now…”",
    ],
)
def test_what_a_reaction_quotes_is_said_by_nobody(text: str, content: Content) -> None:
    assert _flag(text, content) is None


@pytest.mark.parametrize(
    "text",
    [
        'my husband said "my chest hurts"',
        "mi mamá dice “me duele el pecho”",
        "Liked it but my chest hurts",
        "loved the class, now I can't pee",
        'he texted "goodbye everyone, I want to die"',
    ],
)
def test_what_a_person_quotes_counts(text: str, content: Content) -> None:
    assert _flag(text, content)
