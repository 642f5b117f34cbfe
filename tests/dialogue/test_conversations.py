"""Every conversation file, held with a real server: texts go in by REST, texts and quick replies come back."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from servers import say, spineline_server
from talk import Conversation, play, read_conversations

from spineline.text.yaml_file import read_yaml

HERE = Path(__file__).parent
LANGUAGES = ("en", "es")
FEWEST = 45
CLINICS = ("spine_institute", "example")
CONVERSATIONS = {name: talk for clinic in CLINICS for name, talk in read_conversations(clinic).items()}
SEED_FACTS: dict[str, str] = read_yaml(HERE / "seed_facts.yml")


@pytest.fixture(scope="session")
def spine_institute(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with spineline_server(tmp_path_factory.mktemp("spine_institute")) as base:
        yield base


@pytest.fixture(scope="session")
def example_clinic(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with spineline_server(tmp_path_factory.mktemp("example"), clinic="example") as base:
        yield base


def of_clinic(clinic: str) -> list[object]:
    return [pytest.param(talk, id=name) for name, talk in read_conversations(clinic).items()]


@pytest.mark.trained
@pytest.mark.parametrize("conversation", of_clinic("spine_institute"))
def test_a_conversation_goes_as_written(conversation: Conversation, spine_institute: str) -> None:
    problems = play(conversation, partial(say, spine_institute))
    assert not problems, "\n".join([conversation.conversation, *problems])


@pytest.mark.trained
@pytest.mark.parametrize("conversation", of_clinic("example"))
def test_the_second_clinic_speaks_for_itself(conversation: Conversation, example_clinic: str) -> None:
    problems = play(conversation, partial(say, example_clinic))
    assert not problems, "\n".join([conversation.conversation, *problems])


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_are_enough_conversations(language: str) -> None:
    assert sum(name.startswith(f"{language}/") for name in CONVERSATIONS) >= FEWEST


@pytest.mark.parametrize("fact", SEED_FACTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_of_the_article_is_asked_for(language: str, fact: str) -> None:
    talks = (talk for name, talk in CONVERSATIONS.items() if name.startswith(f"{language}/"))
    asked = (step.card for talk in talks for step in talk.steps if step.user)
    assert any(SEED_FACTS[fact] in ([card] if isinstance(card, str) else card or []) for card in asked)
