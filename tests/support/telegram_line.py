"""Conversations over Telegram: updates go to the real webhook, and what the bot sends comes to a stand-in."""

from __future__ import annotations

import itertools
import json
import sqlite3
import time
import urllib.request
from pathlib import Path
from typing import Any

from fake_bot_api import ACCOUNT, SECRET, FakeBotApi
from lines import in_words, notices, without_notice
from servers import ANSWERS_WITHIN_S, Reply
from talk import Step

from spineline.content.library import Content

_TAP = "tap "


class TelegramLine:
    def __init__(self) -> None:
        self.api = FakeBotApi()
        self.accounts = {**ACCOUNT, "TELEGRAM_API": self.api.address}
        self._numbers = itertools.count(1)
        self._chats: dict[str, int] = {}

    def connect(self, base: str, data_dir: Path, content: Content) -> None:
        self._webhook = f"{base}/webhooks/telegram/webhook"
        self._outbox = sqlite3.connect(f"file:{data_dir / 'spineline.db'}?mode=ro", uri=True)
        self._notices = notices(content, "privacy_notice")

    def say(self, sender: str, message: str) -> Reply:
        chat = self._chats.setdefault(sender, 1000 + len(self._chats))
        before = len(self.api.sent(chat))
        what = tapped(chat, message.removeprefix(_TAP)) if message.startswith(_TAP) else typed(chat, message)
        assert self.bring(what) == 200
        self._wait_until_sent(chat)
        return without_notice([_reply(body) for body in self.api.sent(chat)[before:]], self._notices)

    def bring(self, what: dict[str, Any]) -> int:
        """Bring an update as Telegram does."""
        body = json.dumps({"update_id": next(self._numbers), **what}).encode()
        headers = {"Content-Type": "application/json", "X-Telegram-Bot-Api-Secret-Token": SECRET}
        request = urllib.request.Request(self._webhook, body, headers)
        with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN_S) as answer:
            return int(answer.status)

    def _wait_until_sent(self, chat: int) -> None:
        until = time.monotonic() + ANSWERS_WITHIN_S
        while self._outbox.execute("SELECT 1 FROM outgoing WHERE recipient = ?", (str(chat),)).fetchone():
            assert time.monotonic() < until, "the answer was not sent"
            time.sleep(0.005)

    def expected(self, step: Step) -> Step:
        return in_words(step)

    def close(self) -> None:
        self.api.close()
        assert not self.api.wrong, self.api.wrong


def person(chat: int) -> dict[str, Any]:
    return {"id": chat, "is_bot": False, "first_name": "Ana"}


def typed(chat: int, text: str) -> dict[str, Any]:
    said = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "private"}, "from": person(chat), "text": text}
    return {"message": said}


def tapped(chat: int, choice: str) -> dict[str, Any]:
    shown = {"message_id": 1, "date": 1, "chat": {"id": chat, "type": "private"}}
    return {"callback_query": {"id": "7", "from": person(chat), "message": shown, "data": choice}}


def _reply(body: dict[str, Any]) -> dict[str, Any]:
    rows = body.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [{"title": b["text"], "payload": _TAP + b["callback_data"]} for row in rows for b in row]
    return {"text": body["text"], "buttons": buttons}
