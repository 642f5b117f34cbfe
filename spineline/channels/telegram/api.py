"""Calls to Telegram's Bot API, one pool of connections, made when the first one is needed.

A plain aiohttp session and not aiogram: we make two kinds of call, the aiogram 2.15 that Rasa pins does not know what
they need (`link_preview_options`, `reply_parameters`), and its session belongs to the loop it was made on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import aiohttp

from spineline.accounts import Telegram
from spineline.channels.messengers.courier import SENDING_S, TooFastError, UnreachableError

_CONNECTIONS = 16
_WAIT_S = 5.0  # when Telegram says "too fast" and no time


class TelegramError(Exception):
    """Telegram did not do what it was asked to; the text is what it said about it, and holds no secret."""


class RefusedCallError(TelegramError, UnreachableError):
    """Telegram will never do this: the call, or the chat, is not as it must be."""


class BlockedError(RefusedCallError):
    """The person has blocked us, or is gone."""


class BotApi:
    """The bot's own calls. Nothing is connected before the first one."""

    def __init__(self, account: Telegram) -> None:
        self._address = f"{account.api}/bot{account.token}/"
        self._session: aiohttp.ClientSession | None = None

    async def call(self, method: str, body: Mapping[str, Any]) -> Any:
        """What Telegram answers; RefusedCallError when trying again is no use, TooFastError when it names a time."""
        async with self._open().post(self._address + method, json=body, allow_redirects=False) as answer:
            status, data = answer.status, await _json(answer)
        if status == 200 and data.get("ok") is True:
            return data.get("result")
        raise _error(status, data)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS),
                timeout=aiohttp.ClientTimeout(total=SENDING_S - 1),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session:
            await self._session.close()


async def _json(answer: aiohttp.ClientResponse) -> Mapping[str, Any]:
    """What Telegram said; nothing when somebody between us and Telegram spoke."""
    try:
        data = json.loads(await answer.read())
    except (ValueError, RecursionError):
        return {}
    return data if isinstance(data, dict) else {}


def _error(status: int, data: Mapping[str, Any]) -> Exception:
    said = f"{status} {data.get('description', '')}".strip()
    if status == 429:
        return TooFastError(_retry_after_s(data.get("parameters")))
    if status == 403 and data:
        return BlockedError(said)
    if status == 400 and data:
        return RefusedCallError(said)
    return TelegramError(said)


def _retry_after_s(parameters: Any) -> float:
    wait_s = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return float(wait_s) if isinstance(wait_s, (int, float)) and wait_s > 0 else _WAIT_S
