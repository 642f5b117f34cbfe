"""POST /webhooks/rest/webhook: Rasa's contract, {"sender", "message"} in, a list of replies out."""

from __future__ import annotations

import json
from typing import Any

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from spineline.channels.http import MOST_BYTES, BadRequestError, check_access
from spineline.dialogue.turn import Message
from spineline.dialogue.wire import printed
from spineline.settings import Settings
from spineline.turns.limits import address_of_request, client_address
from spineline.turns.turns import RefusedError, Turns

LONGEST_SENDER = 128
MOST_LEVELS = 10


class RestChannel:
    """For programs: the sender is chosen by the client, in a namespace of its own."""

    def __init__(self, settings: Settings, turns: Turns) -> None:
        self._settings, self._turns = settings, turns

    @classmethod
    def name(cls) -> str:
        """The path below /webhooks/."""
        return "rest"

    def blueprint(self) -> Blueprint:
        """The two routes that Rasa's own REST channel has."""
        blueprint = Blueprint("spineline_rest")

        @blueprint.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                check_access(request, self._settings.rest_token)
                sender, message = read_body(request.body)
            except BadRequestError as error:
                return _refused(error)
            return await self._answer(request, sender, message)

        @blueprint.listener("before_server_stop")
        async def stop(*_: Any) -> None:
            await self._turns.stop()

        return blueprint

    async def _answer(self, request: Request, sender: str, message: str) -> HTTPResponse:
        address_of_request.set(client_address(request.ip, request.headers, self._settings.trusted_proxies))
        try:
            messages = await self._turns.ask(message, f"rest:{sender}", self.name())
        except RefusedError as refused:
            return self._too_many(sender, refused)
        return response.json([self._printed(said, sender) for said in messages])

    def _printed(self, message: Message, sender: str) -> dict[str, Any]:
        return {"recipient_id": sender, **printed(message, self._turns.content)}

    def _too_many(self, sender: str, refused: RefusedError) -> HTTPResponse:
        refusal = refused.refusal
        body = {"error": refusal.reason, "replies": [self._printed(refused.message, sender)]}
        status = 429 if refusal.reason == "too_fast" else 503
        return response.json(body, status=status, headers={"Retry-After": str(refusal.retry_after_s)})


def _refused(error: BadRequestError) -> HTTPResponse:
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else {}
    return response.json({"error": str(error)}, status=error.status, headers=headers)


def read_body(body: bytes) -> tuple[str, str]:
    """Sender and message of a request; BadRequestError says what is wrong."""
    if len(body) > MOST_BYTES:
        raise BadRequestError(f"The body is larger than {MOST_BYTES} bytes. Send a shorter message.", 413)
    data = _parse(body)
    if not isinstance(data, dict):
        raise BadRequestError('Expected a JSON object: {"sender": "anna", "message": "hello"}.')
    sender, message = data.get("sender"), data.get("message")
    if not isinstance(sender, str) or not 0 < len(sender) <= LONGEST_SENDER or not sender.isprintable():
        raise BadRequestError(
            f"'sender' must be a text of 1 to {LONGEST_SENDER} characters that names the conversation.", 422
        )
    if not isinstance(message, str):
        raise BadRequestError("'message' must be a text.", 422)
    return sender, message


def read_text(body: bytes) -> str:
    """The text of a request to /model/parse; BadRequestError says what is wrong."""
    data = _parse(body)
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise BadRequestError('Expected a JSON object: {"text": "hello"}.')
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
