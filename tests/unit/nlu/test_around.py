"""Stories around what is taught: other words before and behind it, the sentence itself unchanged."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from spineline.content.clinic import LANGUAGES
from spineline.content.library import ROOT
from spineline.errors import ContentError
from spineline.nlu.answer_sentences import ASKED_FOR, AnswerSentences
from spineline.nlu.around import load_around

QUESTION = "how long do i plank"
EVERY_WAY = 40  # tries that meet every shape of a story


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_story_keeps_the_question_and_adds_to_it(language: str) -> None:
    around = load_around(ROOT / "data/around")
    for start in range(EVERY_WAY):
        told = around.told(QUESTION, language, Random(start))
        rest = told.replace(QUESTION, "")
        assert QUESTION in told
        assert any(part in rest for part in (*around.before[language], *around.after[language]))


def test_what_is_wrong_in_a_file_is_named(tmp_path: Path) -> None:
    for language in LANGUAGES:
        (tmp_path / f"{language}.yml").write_text("before: [a, b, c]\n")
    with pytest.raises(ContentError, match="after"):
        load_around(tmp_path)


def test_stories_ask_for_the_same_and_have_no_intent() -> None:
    places = ("content/cards", "data/answers", "data/around", "content/languages.yml")
    danger = [Message({TEXT: f"i lost {n} bladder control", INTENT: "report_red_flag"}) for n in range(EVERY_WAY)]
    greeting = [Message({TEXT: f"good morning {n}", INTENT: "greet"}) for n in range(EVERY_WAY)]
    taught = AnswerSentences(*(ROOT / place for place in places)).process_training_data(
        TrainingData([*danger, *greeting])
    )
    stories = [e for e in taught.training_examples if "bladder control" in e.get(TEXT) and not e.get(INTENT)]
    assert {tuple(story.get(ASKED_FOR)) for story in stories} == {("report_red_flag",)}
    assert not [e for e in taught.training_examples if "good morning 1" in e.get(TEXT) and not e.get(INTENT)]
