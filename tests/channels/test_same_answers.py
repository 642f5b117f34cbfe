"""The stock way (`rasa run` beside `rasa run actions`) and our server say the same in the same conversation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from servers import say, spineline_server, stock_servers

pytestmark = pytest.mark.trained

CONVERSATIONS = {
    "follow-ups in two languages": [
        "hello",
        "how long do I hold a plank, and how often should I do it?",
        "and how many?",
        "en español por favor",
        "¿y cuánto tiempo?",
    ],
    "pain questions with a number, a skip and an interruption": [
        "my lower back is a bit stiff",
        "none of these",
        "what is a bird dog?",
        "like a 4",
        "skip",
        "no",
    ],
    "an alarm, a question under it, and the way out": [
        "me duele la espalda y no puedo orinar",
        "¿cuánto tiempo aguanto la plancha?",
        "no quise decir eso",
        "¿cuánto tiempo aguanto la plancha?",
    ],
    "nothing to read and nothing to understand": ["", "!?", "flurbin zanko pelt", "grobble dax mip", "/restart"],
}


@pytest.fixture(scope="module")
def ours_and_stock(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The addresses of both."""
    folders = tmp_path_factory.mktemp("ours"), tmp_path_factory.mktemp("stock")
    with spineline_server(folders[0]) as ours, stock_servers(model, folders[1]) as stock:
        yield ours, stock


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_both_ways_to_run_give_the_same_answers(name: str, ours_and_stock: tuple[str, str]) -> None:
    ours, stock = (_texts(base, CONVERSATIONS[name]) for base in ours_and_stock)
    assert json.dumps(stock, indent=1, ensure_ascii=False) == json.dumps(ours, indent=1, ensure_ascii=False)


def _texts(base: str, messages: list[str]) -> list[list[Any]]:
    return [[(part["text"], part.get("buttons")) for part in say(base, messages[0] or "empty", m)] for m in messages]
