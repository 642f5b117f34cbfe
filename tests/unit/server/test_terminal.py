"""The chat in the terminal is the website's chat: notice, numbers, emergencies, and what is promised about data."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import BotUttered, UserUttered
from stores import DOMAIN

from spineline.content.library import ROOT, Content
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.wire import noted
from spineline.server.app import Parts, build
from spineline.server.terminal import talk
from spineline.settings import Settings
from spineline.stores.tracker import MEMORY, ConversationStore

DANGER = {"en": "I feel numb between my legs and I can't pee", "es": "se me durmió la entrepierna y no puedo orinar"}
NO_DANGER = {"en": "I am not numb and I can pee as always", "es": "no se me durmió nada y orino como siempre"}


class TinyAgent:
    """Keeps what is said, and answers one card or does as it is told about data."""

    def __init__(self, content: Content) -> None:
        self.tracker_store, self._content = ConversationStore(DOMAIN, MEMORY), content
        self.heard: list[str] = []

    async def handle_message(self, message: UserMessage) -> None:
        self.heard.append(message.text)
        if message.text == "fail":
            raise RuntimeError
        said = Speaker(self._content, "en").answer(self._content.answer("hamstring_stretch/how"))
        wish = {"delete my data": "forget", "what do you know about me": "tell"}.get(message.text)
        reply = noted(replace(said, wish=wish), self._content)
        tracker = await self.tracker_store.get_or_create_tracker(message.sender_id)
        tracker.update(UserUttered(message.text))
        tracker.update(BotUttered(reply["text"]))
        await self.tracker_store.save(tracker)
        await message.output_channel.send_response(message.sender_id, reply)


@pytest.fixture
def parts(tmp_path: Path, content: Content) -> Parts:
    return build(Settings(data_dir=tmp_path, deadline_s=60), TinyAgent(content))


def lines(*texts: str, end: type[BaseException] = EOFError) -> Callable[[], str]:
    """What a person types; then Ctrl-D, or another key that ends."""
    typed = iter(texts)

    def read() -> str:
        for text in typed:
            return text
        raise end

    return read


def talked(parts: Parts, *texts: str, **how: Any) -> list[str]:
    said: list[str] = []
    talk(parts, lines(*texts, **how), said.append)
    return said


def test_a_person_is_greeted_and_told_that_the_chat_is_automatic(parts: Parts) -> None:
    (first, *_) = talked(parts)
    assert "Automated assistant, not a person" in first
    assert parts.agent.heard == ["hello"]


def test_quick_replies_are_shown_with_the_numbers_to_type(parts: Parts) -> None:
    (first, *_) = talked(parts)
    shown = [line for line in first.splitlines() if line[:2] in ("1.", "2.", "3.")]
    assert [line[:2] for line in shown] == ["1.", "2.", "3."][: len(shown)]
    assert len(shown) > 1


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt], ids=["Ctrl-D", "Ctrl-C"])
def test_the_end_of_input_ends_it(parts: Parts, end: type[BaseException]) -> None:
    assert talked(parts, "how", end=end)[-1] == ""


@pytest.mark.parametrize("word", ["/stop", " /stop "])
def test_stop_ends_it_and_is_not_said_to_anybody(parts: Parts, word: str) -> None:
    talked(parts, word, "never read")
    assert parts.agent.heard == ["hello"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_an_emergency_shows_although_everything_behind_fails(
    parts: Parts, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(_: UserMessage) -> None:
        raise RuntimeError

    monkeypatch.setattr(parts.agent, "handle_message", fail)
    assert "911" in talked(parts, DANGER[language])[1]
    assert parts.turns.content.clinic.phone in talked(parts, DANGER[language])[1]


@pytest.mark.parametrize("language", ["en", "es"])
def test_no_emergency_is_made_of_its_denial(parts: Parts, language: str) -> None:
    do = parts.turns.content.tiers["ED_NOW"]["do"][language]
    assert parts.turns.content.fill(do, language) not in talked(parts, NO_DANGER[language])[1]


def test_a_failure_gets_the_clinics_number(parts: Parts) -> None:
    assert parts.turns.content.clinic.phone in talked(parts, "fail")[1]


def test_what_is_promised_about_data_is_done(parts: Parts) -> None:
    content = parts.turns.content
    said = talked(parts, "what do you know about me", "delete my data", "what do you know about me")
    assert "2 messages" in said[1]
    assert "1 messages" in said[3]
    for failed in ("tell_failed", "forget_failed"):
        assert not any(content.line(failed, "en") in text for text in said)


@pytest.mark.trained
def test_a_chat_by_pipe_says_what_the_website_says_and_nothing_else(model: Path, tmp_path: Path) -> None:
    typed = ["how long do i hold a hamstring stretch", "1", DANGER["en"], "1", "what do you know about me"]
    typed += ["delete my data", "gracias", DANGER["es"], "what do you know about me"]
    environment = {**os.environ, "DATA_DIR": str(tmp_path), "LOG_LEVEL": "DEBUG", "DEADLINE_S": "60", "CLINIC": ""}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "spineline", "chat"],
        cwd=ROOT,
        env=environment,
        input="\n".join(typed) + "\n",
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert (done.returncode, done.stderr) == (0, "")
    said = done.stdout.split("\n> ")
    parts = ["Automated assistant", "30 seconds", "2 to 4", "Go to an emergency department now", "Good that help"]
    parts += ["keeps 6 messages", "Done. This chat was deleted", "", "911", "keeps 3 messages"]
    assert [part in text for part, text in zip(parts, said)] == [True] * len(parts), done.stdout
    assert "{" not in done.stdout, "no line of a log stands between the answers"
