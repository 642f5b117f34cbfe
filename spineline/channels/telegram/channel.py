"""POST /webhooks/telegram/webhook: where Telegram brings what people write to the clinic's bot.

Rasa's own connector asks for no secret, contacts Telegram at the start, and answers with an error 500 here.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Coroutine
from typing import Any

import structlog
from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from spineline.accounts import Telegram
from spineline.channels.messengers.hub import Hub
from spineline.channels.telegram.api import BlockedError, BotApi
from spineline.channels.telegram.talk import Talk
from spineline.channels.telegram.updates import NAME, PATH, Update, is_update, read_update
from spineline.keep.deliveries import Draft
from spineline.turns.limits import BUSY_FOR_S
from spineline.turns.turns import OnMessage, RefusedError

_SECRET = "X-Telegram-Bot-Api-Secret-Token"

logger = structlog.get_logger("spineline.telegram")


class TelegramChannel(InputChannel):
    """Takes each update once; the answers wait in the outbox until Telegram has them."""

    paths = (PATH,)

    def __init__(self, account: Telegram, hub: Hub) -> None:
        self._account, self._hub = account, hub
        self._api, self._talk = BotApi(account), Talk(account, hub)
        self._background: set[asyncio.Future[Any]] = set()
        hub.courier.carry(NAME, self.send)

    @classmethod
    def name(cls) -> str:
        """The path below /webhooks/."""
        return NAME

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """The one route that Telegram calls."""
        blueprint = Blueprint("spineline_telegram")

        @blueprint.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            if not self._is_from_telegram(request):
                return _refused("The secret of the webhook is missing or wrong.", 403)
            data = _read_json(request.body)
            if not is_update(data):
                return _refused("Expected an update of the Bot API: a JSON object with an 'update_id'.", 400)
            update = read_update(data, self._account.bot_name)
            return await self._take(update, on_new_message) if update else response.empty(200)

        @blueprint.listener("after_server_stop")
        async def stop(*_: Any) -> None:
            await self._api.close()

        return blueprint

    def _is_from_telegram(self, request: Request) -> bool:
        given = request.headers.get(_SECRET, "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, self._account.secret.encode())

    async def _take(self, update: Update, on_message: OnMessage) -> HTTPResponse:
        """Answer it once. What cannot be answered now is refused, and Telegram brings it again."""
        drafts: list[Draft] = []

        async def answer() -> list[Draft]:
            drafts.extend(await self._talk.answer(update, on_message))
            return drafts

        if update.query:
            self._later(self._answer_tap(update))
        try:
            await self._hub.inbox.take(NAME, update.key, answer)
        except RefusedError:
            return _come_back()
        except Exception as error:
            self._failed(error)
            return self._without_file(drafts)
        return response.empty(200)

    def _without_file(self, drafts: list[Draft]) -> HTTPResponse:
        """The outbox cannot be written: what is said already is sent at once, and may be lost on the way."""
        if not drafts:
            return _come_back()
        self._later(self._send_all(drafts))
        return response.empty(200)

    async def _send_all(self, drafts: list[Draft]) -> None:
        for draft in drafts:
            await self.send(draft)

    async def send(self, draft: Draft) -> None:
        """Give one message to Telegram; what waits for somebody who has blocked us is dropped."""
        body = {"chat_id": int(draft.recipient), "link_preview_options": {"is_disabled": True}, **draft.body}
        try:
            await self._api.call("sendMessage", body)
        except BlockedError:
            await self._hub.courier.deliveries.forget(draft.sender)
            raise

    async def _answer_tap(self, update: Update) -> None:
        """Let the tapped button come to rest. That it fails is no harm."""
        toast = self._talk.toast(update)
        await self._api.call(
            "answerCallbackQuery", {"callback_query_id": update.query, **({"text": toast} if toast else {})}
        )

    def _later(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.ensure_future(self._tried(work))
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _tried(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Exception as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        self._hub.turns.metrics.failed(error)
        logger.warning("failed", where=NAME, error=type(error).__name__)


def _read_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _refused(reason: str, status: int) -> HTTPResponse:
    return response.json({"error": reason}, status=status)


def _come_back() -> HTTPResponse:
    body = {"error": "This cannot be answered right now. Please bring it again."}
    return response.json(body, status=503, headers={"Retry-After": str(BUSY_FOR_S)})
