"""Sends an answer through Twilio when it could not go back with the request that asked for it.

A plain aiohttp session and not Twilio's own client, which waits inside the event loop or makes a session for each call.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import aiohttp

from spineline.accounts import Twilio
from spineline.channels.messengers.courier import SENDING_S, TooFastError, UnreachableError
from spineline.keep.deliveries import Deliveries, Draft

_CONNECTIONS = 16
_WAIT_S = 5.0  # when Twilio says "too fast" and no time
_LONGEST_WAIT_S = 3600.0
_OPTED_OUT = 21610
_NO_WAY = frozenset(  # nothing that we could send later would reach this person
    (21211, 21214, 21217, 21408, 21612, 21614, 63003, 63016, 63024)
)


class TwilioError(Exception):
    """Twilio did not take the message; the text is status and number of the error, nothing else."""


class TwilioSender:
    """Gives messages to Twilio. Nothing is connected before the first one."""

    def __init__(self, account: Twilio, deliveries: Deliveries, clock: Callable[[], float] = time.time) -> None:
        self._address = f"{account.api}/2010-04-01/Accounts/{account.sid}/Messages.json"
        self._auth = aiohttp.BasicAuth(account.sid, account.token)
        self._deliveries, self._clock = deliveries, clock
        self._session: aiohttp.ClientSession | None = None

    async def send(self, draft: Draft) -> None:
        """Give one answer to Twilio; never anything that nobody asked for, never against a person's stop."""
        if not draft.body.get("answers"):
            raise UnreachableError("This answers no message. Only answers are sent.")
        if await self._deliveries.has_opted_out(draft.sender) and not draft.body.get("despite_stop"):
            raise UnreachableError("This person wants no messages.")
        form = {"To": draft.recipient, "From": draft.body["from"], "Body": draft.body["text"]}
        async with self._open().post(self._address, data=form, auth=self._auth, allow_redirects=False) as answer:
            if answer.status in (200, 201):
                return
            code = await _code(answer)
            if code == _OPTED_OUT:
                await self._deliveries.opt_out(draft.sender, self._clock())
            raise _error(answer.status, code, answer.headers)

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=_CONNECTIONS), timeout=aiohttp.ClientTimeout(total=SENDING_S - 1)
            )
        return self._session

    async def close(self) -> None:
        """Let go of the connections."""
        if self._session:
            await self._session.close()


async def _code(answer: aiohttp.ClientResponse) -> int:
    """Twilio's number for what is wrong; 0 when somebody between us and Twilio spoke."""
    try:
        said: Any = await answer.json(content_type=None)
    except ValueError:
        return 0
    code = said.get("code") if isinstance(said, dict) else None
    return code if isinstance(code, int) else 0


def _error(status: int, code: int, headers: Mapping[str, str]) -> Exception:
    if status == 429:
        return TooFastError(_wait_s(headers.get("Retry-After", "")))
    if code == _OPTED_OUT or code in _NO_WAY:
        return UnreachableError(f"{status} {code}")
    return TwilioError(f"{status} {code}")


def _wait_s(given: str) -> float:
    return min(float(given), _LONGEST_WAIT_S) if given.isdecimal() and int(given) else _WAIT_S
