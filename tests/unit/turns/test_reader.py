"""Long messages are read apart from the others."""

import asyncio
import gc
import weakref

import pytest

from spineline.content.library import Content
from spineline.dialogue.conversation import LONGEST_MESSAGE
from spineline.turns.reader import Reader


@pytest.mark.parametrize("danger", ["I am numb between my legs", "no siento la entrepierna"])
def test_danger_in_a_long_message_is_found(danger: str, content: Content) -> None:
    reader = Reader(content)
    intake = asyncio.run(reader.read("the gym was fun today. " * (LONGEST_MESSAGE // 10) + danger))
    assert intake.red_flag is not None
    assert intake.red_flag.id == "RF10"


@pytest.mark.parametrize("times", [1, LONGEST_MESSAGE // 10], ids=["short", "long"])
def test_what_was_read_is_not_kept(times: int, content: Content) -> None:
    reader = Reader(content)
    intake = asyncio.run(reader.read("my name is wilhelmina and my back hurts. " * times))
    text = weakref.ref(intake.text)
    del intake
    gc.collect()
    assert text() is None
