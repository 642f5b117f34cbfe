"""The telephone line on a real server of this machine, in front of the real conversation without a trained model."""

from __future__ import annotations

import asyncio
from datetime import datetime, timezone
from typing import Any

from fake_call import FakeCall
from in_process import PUBLIC, InProcess
from patience import LONG_S, NEVER_S
from texting import NUMBER, SID, TOKEN
from twiml import Said

from spineline.accounts import Twilio
from spineline.channels.twilio.voice.line import VoiceLine
from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.turn import Memory, Turn
from spineline.settings import Settings
from spineline.turns.engine import Asked, Say

TUESDAY_NOON = datetime(2026, 11, 24, 19, 0, tzinfo=timezone.utc)  # in Phoenix, at the example clinic
TUESDAY_NIGHT = datetime(2026, 11, 24, 6, 0, tzinfo=timezone.utc)
INTENTS = {  # what the tests say, as the trained model would understand it
    "night": "goodbye",
    "ate": "goodbye",
    "why is my core important": "ask_core",
    "por qué es importante el core": "ask_core",
    "how long do i hold a hamstring stretch": "ask_stretching",
    "my back hurts a little": "report_mild_pain",
    "me duele un poco la espalda": "report_mild_pain",
    "the pain is unbearable": "report_severe_pain",
    "el dolor es insoportable": "report_severe_pain",
    "i want to talk to a person": "talk_to_human",
    "quiero hablar con una persona": "talk_to_human",
    "can someone call me back": "request_callback",
    "quiero una cita": "book_appointment",
    "in english, please": "change_language",
    "en español, por favor": "change_language",
    "goodbye": "goodbye",
    "hello": "greet",
    "yes": "affirm",
    "no": "deny",
}


class Agent:
    """The conversation itself, with a table in place of the trained model."""

    def __init__(self, content: Content) -> None:
        self.content, self.memories, self.heard = content, dict[str, Memory](), list[str]()

    async def answer(self, message: Asked, say: Say) -> None:
        text, sender = str(message.text), message.conversation
        self.heard.append(message.choice or text)
        choice = message.choice
        turn = Turn(
            text=text,
            intent=self.content.choices[choice].intent if choice else INTENTS.get(text.lower(), "nlu_fallback"),
            language=None if choice else self.content.languages.guess(text),
            choice=choice,
            danger=message.intake.danger,
            too_long=message.intake.too_long,
            numbered=message.numbered,
        )
        reply = respond(turn, self.memories.get(sender, Memory()), self.content)
        self.memories[sender] = reply.memory
        for said in reply.messages:
            say(said)


async def hang(_: Asked, __: Say) -> None:
    await asyncio.sleep(NEVER_S)


async def fail(_: Asked, __: Say) -> None:
    raise RuntimeError("secret words of a patient")


class VoiceServer(InProcess):
    """One server and those who call it. `now` is what its clock shows."""

    def __init__(self, content: Content, number: str = NUMBER, **settings: Any) -> None:
        super().__init__(content, Settings(**settings))
        self.now, self.agent = TUESDAY_NOON, Agent(content)
        self.line = VoiceLine(Twilio(SID, TOKEN, number), self.hub, lambda: self.now, answers_within_s=LONG_S)
        self.channels, self.on_message = [self.line], self.agent.answer

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
        async with self.client.post(path, data=body, headers=headers) as answer:
            return answer.status, await answer.text()

    async def call(self, **fields: str) -> tuple[FakeCall, Said]:
        """Somebody calls, and hears the greeting."""
        call = FakeCall(PUBLIC, **fields)
        return call, await self.ask(call)

    async def ask(self, call: FakeCall, **fields: str) -> Said:
        """What is heard after the call has sent these fields."""
        status, text = await self.post(*call.request(**fields))
        assert status == 200, text
        return call.take(text)

    async def say(self, call: FakeCall, text: str, confidence: str = "0.9") -> Said:
        return await self.ask(call, SpeechResult=text, Confidence=confidence)

    async def press(self, call: FakeCall, keys: str) -> Said:
        return await self.ask(call, Digits=keys)
