"""POST /webhooks/telegram/webhook: where Telegram brings what people write to the clinic's bot.

Rasa's own connector asks for no secret, contacts Telegram at the start, and answers with an error 500 here.
"""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import Coroutine
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spineline.accounts import Telegram
from spineline.channels.http import Channel, Json
from spineline.channels.messengers.hub import Hub
from spineline.channels.messengers.inbox import Taking
from spineline.channels.telegram.api import BlockedError, BotApi
from spineline.channels.telegram.talk import Talk
from spineline.channels.telegram.updates import NAME, PATH, Update, is_update, read_update
from spineline.failures import note
from spineline.keep.deliveries import Draft
from spineline.turns.limits import BUSY_FOR_S
from spineline.turns.turns import RefusedError

_SECRET = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the name of a header


class TelegramChannel(Channel):
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

    def routes(self) -> list[Route]:
        """The one route that Telegram calls."""
        return [Route(PATH, self._receive, methods=["POST"])]

    async def close(self) -> None:
        """Let go of the connections to Telegram."""
        await self._api.close()

    async def _receive(self, request: Request) -> Response:
        if not self._is_from_telegram(request):
            return _refused("The secret of the webhook is missing or wrong.", 403)
        data = _read_json(await request.body())
        if not is_update(data):
            return _refused("Expected an update of the Bot API: a JSON object with an 'update_id'.", 400)
        update = read_update(data, self._account.bot_name)
        return await self._take(update) if update else Response()

    def _is_from_telegram(self, request: Request) -> bool:
        given = request.headers.get(_SECRET, "").encode("utf-8", "surrogateescape")
        return hmac.compare_digest(given, self._account.secret.encode())

    async def _take(self, update: Update) -> Response:
        """Answer it once. What cannot be answered now is refused, and Telegram brings it again."""
        drafts: list[Draft] = []

        async def answer(taking: Taking) -> list[Draft]:
            drafts.extend(await self._talk.answer(update, taking))
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
        return Response()

    def _without_file(self, drafts: list[Draft]) -> Response:
        """The outbox cannot be written: what is said already is sent at once, and may be lost on the way."""
        if not drafts:
            return _come_back()
        self._later(self._send_all(drafts))
        return Response()

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
        note(error, NAME, self._hub.turns.metrics, level="warning")


def _read_json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _refused(reason: str, status: int) -> Response:
    return Json({"error": reason}, status)


def _come_back() -> Response:
    body = {"error": "This cannot be answered right now. Please bring it again."}
    return Json(body, 503, {"Retry-After": str(BUSY_FOR_S)})
