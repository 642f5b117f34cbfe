"""Long messages are read apart from the others."""

import asyncio

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
