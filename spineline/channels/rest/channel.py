"""POST /webhooks/rest/webhook: Rasa's contract, {"sender", "message"} in, a list of replies out."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spineline.channels.http import MOST_BYTES, BadRequestError, Channel, Json, check_access
from spineline.dialogue.conversation import LONGEST_MESSAGE
from spineline.dialogue.turn import Message
from spineline.dialogue.wire import printed
from spineline.keep.writes import Write
from spineline.settings import Settings
from spineline.turns.turns import RefusedError, Turns

LONGEST_SENDER = 128
_MESSAGE_ID = re.compile(r"[\w-]{8,64}")
MOST_LEVELS = 10


class Posted(NamedTuple):
    """One request; `message_id` is the client's own name for the message."""

    sender: str
    message: str
    message_id: str | None = None

    @property
    def name(self) -> str:
        """The sender apart from those of other channels."""
        return f"rest:{self.sender}"


class RestChannel(Channel):
    """For programs: the sender is chosen by the client, in a namespace of its own."""

    def __init__(self, settings: Settings, turns: Turns) -> None:
        self._settings, self._turns = settings, turns

    @classmethod
    def name(cls) -> str:
        """The path below /webhooks/."""
        return "rest"

    def routes(self) -> list[Route]:
        """The two routes that Rasa's own REST channel has."""
        return [
            Route(self.at("/webhook"), self.receive, methods=["POST"]),
            Route(self.at(""), self.health),
        ]

    async def health(self, _: Request) -> Response:
        """The channel is there."""
        return Json({"status": "ok"})

    async def receive(self, request: Request) -> Response:
        """Answer one message."""
        try:
            check_access(request.headers, self._settings)
            posted = read_body(await request.body())
        except BadRequestError as error:
            return error.answer()
        try:
            if posted.message_id:
                return Json(await self._turns.told.once(posted.name, posted.message_id, partial(self._said, posted)))
            return Json(await self._said(posted))
        except RefusedError as refused:
            return self._too_many(posted.sender, refused)

    async def _said(self, posted: Posted) -> list[dict[str, Any]]:
        """The answer, kept in the commit of the turn for who asks again with the same id."""

        def keep(said: Sequence[Message]) -> list[Write]:
            if not posted.message_id:
                return []
            return [self._turns.told.kept(posted.name, posted.message_id, self._all_printed(said, posted), time.time())]

        messages = await self._turns.ask(posted.message, posted.name, self.name(), keep=keep)
        return self._all_printed(messages, posted)

    def _all_printed(self, messages: Sequence[Message], posted: Posted) -> list[dict[str, Any]]:
        return [self._printed(said, posted.sender) for said in messages]

    def _printed(self, message: Message, sender: str) -> dict[str, Any]:
        return {"recipient_id": sender, **printed(message, self._turns.content)}

    def _too_many(self, sender: str, refused: RefusedError) -> Response:
        refusal = refused.refusal
        body = {"error": refusal.reason, "replies": [self._printed(refused.message, sender)]}
        status = 429 if refusal.reason == "too_fast" else 503
        return Json(body, status, {"Retry-After": str(refusal.retry_after_s)})


def read_body(body: bytes) -> Posted:
    """What a request asks; BadRequestError says what is wrong."""
    if len(body) > MOST_BYTES:
        raise BadRequestError(f"The body is larger than {MOST_BYTES} bytes. Send a shorter message.", 413)
    data = _parse(body)
    if not isinstance(data, dict):
        raise BadRequestError('Expected a JSON object: {"sender": "anna", "message": "hello"}.')
    sender, message, message_id = data.get("sender"), data.get("message"), data.get("message_id")
    if not isinstance(sender, str) or not 0 < len(sender) <= LONGEST_SENDER or not sender.isprintable():
        raise BadRequestError(
            f"'sender' must be a text of 1 to {LONGEST_SENDER} characters that names the conversation.", 422
        )
    if not isinstance(message, str):
        raise BadRequestError("'message' must be a text.", 422)
    if message_id is not None and not (isinstance(message_id, str) and _MESSAGE_ID.fullmatch(message_id)):
        raise BadRequestError(
            "'message_id' must be 8 to 64 letters, digits, dashes, another one for each message.", 422
        )
    return Posted(sender, message, message_id)


def read_text(body: bytes) -> str:
    """The text of a request to /model/parse; BadRequestError says what is wrong."""
    data = _parse(body)
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise BadRequestError('Expected a JSON object: {"text": "hello"}.')
    if len(data["text"]) > LONGEST_MESSAGE:
        raise BadRequestError(f"'text' must have at most {LONGEST_MESSAGE} characters.", 413)
    return str(data["text"])


def _parse(body: bytes) -> Any:
    try:
        data = json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadRequestError('The body is not JSON in UTF-8. Send {"sender": "anna", "message": "hello"}.') from None
    if _is_deep(data, MOST_LEVELS):
        raise BadRequestError(f"The body is nested deeper than {MOST_LEVELS} levels. Send only sender and message.")
    return data


def _is_deep(data: Any, levels: int) -> bool:
    if not isinstance(data, (dict, list)):
        return False
    inner = data.values() if isinstance(data, dict) else data
    return levels == 0 or any(_is_deep(part, levels - 1) for part in inner)
