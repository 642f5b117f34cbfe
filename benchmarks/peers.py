"""People who write on every channel, and how their messengers bring it to us: signed, each in its own form."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree

import aiohttp
from aiohttp import web
from twilio.request_validator import RequestValidator

from benchmarks.client import Replies, ask

PUBLIC = "https://chat.clinic.example"
SID, TOKEN, NUMBER = "AC" + "0123456789abcdef" * 2, "fedcba9876543210" * 2, "+13105550100"
SECRET = "a-secret-of-the-benchmark"
ACCOUNTS = {
    "TELEGRAM_TOKEN": "123456789:TokenOfABotThatIsNobodysAtAll",
    "TELEGRAM_BOT_NAME": "benchmark_bot",
    "TELEGRAM_WEBHOOK_SECRET": SECRET,
    "TWILIO_ACCOUNT_SID": SID,
    "TWILIO_AUTH_TOKEN": TOKEN,
    "TWILIO_NUMBER": NUMBER,
    "PUBLIC_URL": PUBLIC,
}
_USUAL = {  # what Twilio sends with everything
    "AccountSid": SID,
    "ApiVersion": "2010-04-01",
    "FromCity": "",
    "FromCountry": "US",
    "FromState": "CA",
    "FromZip": "",
    "ToCountry": "US",
}
_FORM = "application/x-www-form-urlencoded"


class Channel(ABC):
    """One way to ask. `base` is the server's address; a sender is 32 hex digits, new for each conversation."""

    name: str

    def __init__(self, base: str) -> None:
        self.url = base
        self._numbers = itertools.count(1)

    @abstractmethod
    async def ask(self, session: aiohttp.ClientSession, url: str, sender: str, text: str) -> Replies:
        """Say something; the answers, each with its text."""


class Rest(Channel):
    name = "rest"

    async def ask(self, session: aiohttp.ClientSession, url: str, sender: str, text: str) -> Replies:
        return await ask(session, f"{url}/webhooks/rest/webhook", sender, text)


class Website(Channel):
    """A session and a websocket for each person, as the website's script has them."""

    name = "web"
    _sender = ""
    _socket: aiohttp.ClientWebSocketResponse

    async def ask(self, session: aiohttp.ClientSession, url: str, sender: str, text: str) -> Replies:
        if sender != self._sender:
            await self._begin(session, f"{url}/webhooks/web", {"Origin": url})
            self._sender = sender
        await self._socket.send_json({"id": f"message-{next(self._numbers)}", "text": text})
        replies: Replies = []
        while True:
            event = await self._socket.receive_json()
            if event["type"] == "reply":
                replies.append(event["reply"])
            if event.get("last"):
                return replies

    async def _begin(self, session: aiohttp.ClientSession, url: str, headers: Mapping[str, str]) -> None:
        if self._sender:
            await self._socket.close()
        async with session.post(f"{url}/session", json={"consent": True}, headers=headers) as answer:
            begun = await answer.json()
        self._socket = await session.ws_connect(f"{url}/socket", headers=headers)
        await self._socket.send_json({"session": begun["session"], "since": 0})
        assert (await self._socket.receive_json())["type"] == "ready"


class TelegramChats(Channel):
    """Updates to the webhook; an answer has come when nothing waits in our outbox any more."""

    name = "telegram"

    def __init__(self, base: str, outbox: Path) -> None:
        super().__init__(base)
        self._path = outbox
        self._outbox: sqlite3.Connection | None = None

    async def ask(self, session: aiohttp.ClientSession, url: str, sender: str, text: str) -> Replies:
        chat = int(sender[:12], 16)
        person = {"id": chat, "is_bot": False, "first_name": "Ana", "language_code": "en"}
        said = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "private"}, "from": person, "text": text}
        update = {"update_id": next(self._numbers), "message": said}
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        async with session.post(f"{url}/webhooks/telegram/webhook", json=update, headers=headers) as answer:
            if answer.status != 200:
                return []
        await self._until_sent()
        return SENT.pop(chat, [])

    async def _until_sent(self) -> None:
        for _ in range(5000):
            if not self._waits():
                return
            await asyncio.sleep(0.002)

    def _waits(self) -> bool:
        self._outbox = self._outbox or sqlite3.connect(f"file:{self._path}?mode=ro", uri=True, isolation_level=None)
        return self._outbox.execute("SELECT 1 FROM outgoing LIMIT 1").fetchone() is not None


SENT: dict[int, Replies] = {}  # what Telegram was told to say, by chat


@asynccontextmanager
async def telegram(port: int) -> AsyncIterator[None]:
    """A stand-in for Telegram, in this process: what it costs is not the server's."""

    async def take(request: web.Request) -> web.Response:
        body = await request.json()
        if request.match_info["method"] == "sendMessage":
            SENT.setdefault(body["chat_id"], []).append(body)
        return web.json_response({"ok": True, "result": {"message_id": 1}})

    app = web.Application()
    app.router.add_post("/{bot}/{method}", take)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    try:
        yield
    finally:
        await runner.cleanup()


async def _bring(session: aiohttp.ClientSession, url: str, path: str, fields: Mapping[str, str]) -> str:
    """A form that Twilio signed."""
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, fields)
    headers = {"Content-Type": _FORM, "X-Twilio-Signature": signature}
    async with session.post(f"{url}{path}", data=urlencode(fields), headers=headers) as answer:
        return await answer.text() if answer.status == 200 else "<Response/>"


class Texts(Channel):
    """SMS or WhatsApp; the answers come back with the request."""

    def __init__(self, base: str, name: str) -> None:
        super().__init__(base)
        self.name = name

    async def ask(self, session: aiohttp.ClientSession, url: str, sender: str, text: str) -> Replies:
        prefix = "whatsapp:" if self.name == "whatsapp" else ""
        fields = {
            **_USUAL,
            "Body": text,
            "From": f"{prefix}{_telephone(sender)}",
            "MessageSid": f"SM{next(self._numbers):032x}",
            "NumMedia": "0",
            "NumSegments": "1",
            "SmsStatus": "received",
            "To": f"{prefix}{NUMBER}",
        }
        xml = await _bring(session, url, "/webhooks/twilio/webhook", fields)
        return [{"text": message.text or ""} for message in ElementTree.fromstring(xml.encode())]


class Calls(Channel):
    """A call for each person: it begins with the greeting, then goes on where the last answer said."""

    name = "voice"
    _sender = _next = ""

    async def ask(self, session: aiohttp.ClientSession, url: str, sender: str, text: str) -> Replies:
        if sender != self._sender:
            self._sender, self._next = sender, "/webhooks/twilio_voice/webhook"
            await self._turn(session, url, {})
        return await self._turn(session, url, {"SpeechResult": text, "Confidence": "0.9", "Language": "en-US"})

    async def _turn(self, session: aiohttp.ClientSession, url: str, heard: Mapping[str, str]) -> Replies:
        fields = {
            **_USUAL,
            "CallSid": f"CA{self._sender}",
            "CallStatus": "in-progress",
            "CallerName": "",
            "Direction": "inbound",
            "From": _telephone(self._sender),
            "To": NUMBER,
            **heard,
        }
        answer = ElementTree.fromstring((await _bring(session, url, self._next, fields)).encode())
        gather = answer.find("Gather")
        if gather is not None:
            self._next = gather.get("action", "").removeprefix(PUBLIC)
        return [{"text": said.text or ""} for said in answer.iter("Say")]


def _telephone(sender: str) -> str:
    return f"+1{int(sender, 16) % 10**12:012}"
