"""A tiny stand-in for Telegram: takes the bot's calls, remembers them, and refuses when a test wants it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from bot_api_spec import violations
from stand_in import Answer, StandIn

TOKEN = "123456789:FakeTokenOfATestBotThatIsNobodys"
BOT = "spine_test_bot"
SECRET = "a-secret-that-only-the-test-knows"
ACCOUNT = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_BOT_NAME": BOT, "TELEGRAM_WEBHOOK_SECRET": SECRET}


class FakeBotApi(StandIn):
    """Telegram's Bot API. `refusals` are answered first, one for each call: (status, what Telegram says)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refusals: list[tuple[int, dict[str, Any]]] = []
        self.results: dict[str, Any] = {"getMe": {"username": BOT}, "getWebhookInfo": {"url": ""}}
        super().__init__()

    def sent(self, chat: int) -> list[dict[str, Any]]:
        """What was said in a chat, in order."""
        return [body for method, body in self.calls if method == "sendMessage" and body.get("chat_id") == chat]

    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        token, _, method = path.removeprefix("/bot").partition("/")
        if self.refusals:
            status, said = self.refusals.pop(0)
            return status, {"ok": False, "error_code": status, **said}, {}
        asked = json.loads(body)
        self.wrong += violations(method, asked) if token == TOKEN else ["wrong token"]
        self.calls.append((method, asked))
        return 200, {"ok": True, "result": self.results.get(method, True)}, {}
