"""People who write, and write again with the same id until they have an answer. All sizes are of one run."""

from __future__ import annotations

import asyncio
import itertools
import json
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from urllib.parse import parse_qs

import aiohttp
from fake_bot_api import SECRET, FakeBotApi
from fake_call import FakeCall
from stand_in import Answer
from telegram_line import typed
from texting import PATH, FakeTwilio, message, read_messages, signed
from twiml import Said

AGAIN_S = 0.05
ALARM = "Go to an emergency department now"
NOTICE = "Automated assistant, not a person"
RESENT_S = 10.0  # how late an alarm may be sent again
LATE_S = 0.5  # how long what was sent before a kill may be on its way
_PATIENCE = aiohttp.ClientTimeout(total=15)  # as Twilio has
_updates = itertools.count(1)


class Came(NamedTuple):
    """What somebody said, and when that came."""

    at: float
    text: str


class BotLine(FakeBotApi):
    """Telegram, which knows when what came in which chat."""

    def __init__(self) -> None:
        self.came: defaultdict[int, list[Came]] = defaultdict(list)
        super().__init__()

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        if path.endswith("/sendMessage"):
            asked = json.loads(body)
            self.came[asked["chat_id"]].append(Came(time.time(), asked["text"]))
        return super().take(path, headers, body)


class TextLine(FakeTwilio):
    """Twilio, which knows when what came to which telephone."""

    def __init__(self) -> None:
        self.came: defaultdict[str, list[Came]] = defaultdict(list)
        super().__init__()

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        asked = parse_qs(body.decode())
        if "Body" in asked:
            self.came[asked["To"][0]].append(Came(time.time(), asked["Body"][0]))
        return super().take(path, headers, body)


@dataclass
class Person(ABC):
    """Number `at` of a channel.

    `told` are the messages that were answered, in order, and `began` when each was begun; `repeated` answers came to a
    message that had one; `came` is what came back with the request.
    """

    name: str
    base: str
    session: aiohttp.ClientSession
    at: int = 0
    told: list[str] = field(default_factory=list)
    began: list[Came] = field(default_factory=list)
    came: list[Came] = field(default_factory=list)
    repeated: int = 0
    differing: int = 0

    def text(self, number: int) -> str:
        """Every fourth one tells of danger."""
        if number % 4 == 3:
            return f"{self.name} {number:05d} I feel numb between my legs and I can't pee"
        return f"{self.name} {number:05d} how often do I stretch"

    async def talk(self, is_over: asyncio.Event) -> None:
        """Until it is over; the last message is still answered."""
        for number in itertools.count():
            if is_over.is_set():
                return
            await self.have(number)

    async def have(self, number: int) -> None:
        """A message is asked and answered."""
        self.began.append(Came(time.time(), self.text(number)))
        await self.ask(number, self.text(number))
        self.told.append(self.text(number))

    @abstractmethod
    async def ask(self, number: int, text: str) -> None:
        """Until it is answered."""

    async def post(self, path: str, body: Any, headers: dict[str, str]) -> Any:
        """The answer; again and again while there is none."""
        while True:
            status, answer = await self.try_to_post(path, body, headers)
            if status == 200:
                return answer
            await asyncio.sleep(AGAIN_S)

    async def try_to_post(self, path: str, body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        """Status and answer; 0 when there is none."""
        try:
            async with self.session.post(self.base + path, json=body, headers=headers, timeout=_PATIENCE) as answer:
                return answer.status, json.loads(await answer.text() or "null")
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return 0, None


class RestPerson(Person):
    """A program that gives its messages ids; now and then it asks for an answer a second time."""

    async def ask(self, number: int, text: str) -> None:
        body = {"sender": self.name, "message": text, "message_id": f"{self.name}-{number:06d}"}
        answer = await self.post("/webhooks/rest/webhook", body, {})
        if number % 7 == 0:
            again = await self.post("/webhooks/rest/webhook", body, {})
            self.differing += again != answer


class WebPerson(Person):
    """A browser without a websocket."""

    _session = ""
    _since = 0

    async def ask(self, number: int, text: str) -> None:
        headers = {"Origin": self.base}
        if not self._session:
            begun = await self.post("/webhooks/web/session", {"consent": True}, headers)
            self._session, self._answered = begun["session"], set[str]()
        message = f"{self.name}-{number:06d}"
        while message not in self._answered:
            said = {"session": self._session, "id": message, "text": text}
            await self.post("/webhooks/web/message", said, headers)
            asked = {"session": self._session, "since": self._since}
            status, polled = await self.try_to_post("/webhooks/web/poll", asked, headers)
            for event in polled["events"] if status == 200 else ():
                self._since = max(self._since, event["seq"])
                self.repeated += bool(event.get("last")) and event["to"] in self._answered
                if event.get("last"):
                    self._answered.add(event["to"])


class TelegramPerson(Person):
    """Telegram, which brings an update again until it is taken."""

    @property
    def chat(self) -> int:
        return 1000 + self.at

    async def ask(self, number: int, text: str) -> None:
        update = {"update_id": next(_updates), **typed(self.chat, text)}
        await self.post("/webhooks/telegram/webhook", update, {"X-Telegram-Bot-Api-Secret-Token": SECRET})

    def answers(self, api: BotLine) -> list[Came]:
        """All that came, in order."""
        return api.came[self.chat]


class Caller(Person):
    """Twilio again, which asks what to say next until it is told; a call that has ended is followed by another."""

    _call: FakeCall | None = None

    async def ask(self, number: int, text: str) -> None:
        if self._call is None:
            self._call = FakeCall(self.base, CallSid=f"CA{self.at:016x}{number:016x}")
            await self._bring(self._call)
        said = await self._bring(self._call, SpeechResult=text, Confidence="0.9")
        if said.gather is None:
            self._call = None

    async def _bring(self, call: FakeCall, **fields: str) -> Said:
        path, body, headers = call.request(**fields)
        while True:
            with suppress(aiohttp.ClientError, asyncio.TimeoutError, OSError):
                async with self.session.post(self.base + path, data=body, headers=headers, timeout=_PATIENCE) as answer:
                    if answer.status == 200:
                        return call.take(await answer.text())
            await asyncio.sleep(AGAIN_S)


class TextPerson(Person):
    """Twilio, which brings a text message again until it is taken; the answer comes back, or is sent later."""

    @property
    def number(self) -> str:
        return f"+1310556{self.at:04d}"

    async def ask(self, number: int, text: str) -> None:
        fields = message(text, From=self.number, MessageSid=f"SM{self.name}{number:06d}")
        body, headers = signed(fields, self.base)
        while True:
            with suppress(aiohttp.ClientError, asyncio.TimeoutError, OSError):
                async with self.session.post(self.base + PATH, data=body, headers=headers, timeout=_PATIENCE) as answer:
                    if answer.status == 200:
                        self.came += [Came(time.time(), text) for text in read_messages(await answer.text())]
                        return
            await asyncio.sleep(AGAIN_S)

    def answers(self, twilio: TextLine) -> list[Came]:
        """All that came: at once, and later."""
        return sorted([*self.came, *twilio.came[self.number]])


def lost(person: Person, answers: Sequence[Came]) -> int:
    """How many messages have no answer at the end."""
    came = "\n".join(answer.text for answer in answers)
    calm = [text for text in person.told if "stretch" in text]
    missing = sum(f"You wrote: {text}" not in came for text in calm)
    return missing + max(0, len(person.told) - len(calm) - came.count(ALARM))


def repeated(person: Person, answers: Sequence[Came]) -> list[tuple[float, float]]:
    """When messages came that say something once more: the time before, and this one. The notice is due once, and an
    alarm for each message that tells of danger; all alarms are alike, so it may be an earlier one that came late."""
    found, last, alarms = list[tuple[float, float]](), dict[str, float](), 0
    for at, text in answers:
        names = [line for line in text.splitlines() if line.startswith("You wrote: ")]
        names += [NOTICE] if NOTICE in text else []
        if ALARM in text:
            alarms = min(alarms + 1, sum("stretch" not in said for began, said in person.began if began <= at))
            names.append(f"{ALARM} {alarms}")
        before = [last[name] for name in names if name in last]
        if before:
            found.append((min(max(before), at - RESENT_S) if ALARM in text else max(before), at))
        last |= dict.fromkeys(names, at)
    return found


def beyond(repetitions: Sequence[tuple[float, float]], kills: Sequence[float]) -> int:
    """How many repetitions are not explained by a kill, when each kill explains one of them."""
    unused, unexplained = sorted(kills), 0
    for before, again in sorted(repetitions, key=lambda one: one[1]):
        kill = next((kill for kill in unused if before - LATE_S < kill < again), None)
        unexplained += kill is None
        unused = [one for one in unused if one != kill]
    return unexplained
