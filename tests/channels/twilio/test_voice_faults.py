"""Whatever fails behind the telephone line, the caller hears words with a number, in time, and is not left alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from patience import SHORT_S, hurried
from structlog.testing import capture_logs
from voice_server import TUESDAY_NIGHT, VoiceServer, fail, hang

from spineline.channels.twilio.voice import line as voice
from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.text.letters import spelled

EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
BROKEN = {"an error": fail, "a hang": hang}
DANGER = {"en": "I feel numb between my legs and I can't pee", "es": "se me durmió la entrepierna y no puedo orinar"}
CLINIC = "+15205550142"


@pytest.fixture
async def line(example: Content) -> AsyncIterator[VoiceServer]:
    async with VoiceServer(example) as server:
        yield server


@EACH_LANGUAGE
@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_a_turn_that_fails_is_told_and_connected(broken: Any, language: str, line: VoiceServer) -> None:
    call, _ = await line.call()
    await line.press(call, "9" if language == "es" else "1")
    line.on_message = broken
    with hurried(line.turns):
        said = await line.say(call, {"en": "how do I stretch my back", "es": "cómo me estiro la espalda"}[language])
    assert spelled(line.content.line("safe_text", language)) in said.text
    assert said.dials == CLINIC


@EACH_LANGUAGE
@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
async def test_an_emergency_is_answered_when_all_else_fails(broken: Any, language: str, line: VoiceServer) -> None:
    line.on_message = broken
    call, _ = await line.call()
    with hurried(line.turns):
        said = await line.say(call, DANGER[language])
    assert "9 1 1" in said.texts[0][1]
    assert said.texts[0] == said.texts[1]
    assert said.dials is None
    assert said.gather is not None


async def test_what_fails_at_night_is_told_without_dialling(line: VoiceServer) -> None:
    line.now, line.on_message = TUESDAY_NIGHT, fail
    call, _ = await line.call()
    said = await line.say(call, "how do I stretch my back")
    assert said.dials is None
    assert said.text.count(spelled(line.content.clinic.phone)) >= 2


@EACH_LANGUAGE
async def test_a_store_that_fails_keeps_nobody_waiting(
    language: str, line: VoiceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> bool:
        raise OSError("no disk")

    monkeypatch.setattr(line.hub.courier.deliveries, "was_seen", broken)
    call, _ = await line.call()
    assert "9 1 1" in (await line.say(call, DANGER[language])).texts[0][1]


async def test_a_store_that_fails_after_the_answer_does_not_ask_twice(
    line: VoiceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("no disk")

    monkeypatch.setattr(line.hub.courier.deliveries, "finish", broken)
    call, _ = await line.call()
    said = await line.say(call, "why is my core important")
    assert line.content.answer("core/why").say["en"] in said.text
    assert len(line.agent.heard) == 1


@pytest.mark.parametrize("where", ["heard", "asks_for_a_person"])
async def test_a_fault_of_ours_is_told_and_connected(
    where: str, line: VoiceServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError

    call, _ = await line.call()
    monkeypatch.setattr(voice if where == "heard" else type(line.line._words), where, broken)
    said = await line.say(call, "why is my core important")
    assert spelled(line.content.line("safe_text", "en")) in said.text
    assert said.dials == CLINIC


async def test_twilio_does_not_wait_longer_than_it_can(line: VoiceServer) -> None:
    line.on_message = hang
    call, _ = await line.call()
    line.line.answers_within_s = SHORT_S
    assert (await line.say(call, "why is my core important")).dials == CLINIC


async def test_logs_hold_no_words_numbers_or_calls(line: VoiceServer) -> None:
    with capture_logs() as logs:
        call, _ = await line.call()
        line.on_message = fail
        await line.say(call, "my name is Anita Torrez")
    written = repr(logs)
    assert logs
    assert not any(told in written for told in ("Torrez", call.fields["CallSid"], call.fields["From"], "secret words"))
