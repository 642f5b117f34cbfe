"""The conversation files of tests/dialogue, held on the website, over every messenger and the telephone line.

One server with the accounts of all of them; `LINES` is the table: a channel is added with one line there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest
from lines import Line
from servers import spineline_server
from talk import play, read_conversations
from telegram_line import TelegramLine
from text_line import TextLine, WhatsAppLine
from voice_line import VoiceLine
from web_line import WebLine

from spineline.content.library import Content

pytestmark = pytest.mark.trained

LINES: dict[str, Callable[[], Line]] = {
    "web": WebLine,
    "telegram": TelegramLine,
    "sms": TextLine,
    "whatsapp": WhatsAppLine,
    "voice": VoiceLine,
}
CONVERSATIONS = read_conversations("spine_institute")


@pytest.fixture(scope="module")
def lines(model: object, content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Line]]:
    folder = tmp_path_factory.mktemp("lines")
    with ExitStack() as stack:
        lines = {name: stack.enter_context(closing(make())) for name, make in LINES.items()}
        accounts = {name: value for line in lines.values() for name, value in line.accounts.items()}
        base = stack.enter_context(spineline_server(folder, accounts=accounts))
        for line in lines.values():
            line.connect(base, folder, content)
        yield lines


@pytest.mark.parametrize("name", CONVERSATIONS)
@pytest.mark.parametrize("channel", LINES)
def test_a_conversation_goes_as_written(channel: str, name: str, lines: dict[str, Line]) -> None:
    line, conversation = lines[channel], CONVERSATIONS[name]
    problems = play(conversation, line.say, line.expected)
    assert not problems, "\n".join([f"{channel}: {conversation.conversation}", *problems])
