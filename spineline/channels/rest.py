"""POST /webhooks/rest/webhook: Rasa's contract, {"sender", "message"} in, a list of replies out."""

from __future__ import annotations

import json
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from spineline.channels.turns import OnMessage, answer
from spineline.content import current_content

MOST_BYTES = 64_000
LONGEST_SENDER = 128


class RestChannel(InputChannel):
    """For programs on the same machine: the sender is chosen by the client, in a namespace of its own."""

    @classmethod
    def name(cls) -> str:
        """The path below /webhooks/."""
        return "rest"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RestChannel:
        """No credentials are needed."""
        return cls()

    def blueprint(self, on_new_message: OnMessage) -> Blueprint:
        """The two routes that Rasa's own REST channel has."""
        blueprint = Blueprint("spineline_rest")

        @blueprint.get("/")
        async def health(_: Request) -> HTTPResponse:
            return response.json({"status": "ok"})

        @blueprint.post("/webhook")
        async def receive(request: Request) -> HTTPResponse:
            try:
                sender, message = read_body(request.body)
            except BadRequestError as error:
                return response.json({"error": str(error)}, status=error.status)
            replies = await answer(message, f"rest:{sender}", self.name(), on_new_message, current_content())
            return response.json([{"recipient_id": sender, **reply} for reply in replies])

        return blueprint


class BadRequestError(Exception):
    """A request that cannot be answered; the text says why and how to ask right."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


def read_body(body: bytes) -> tuple[str, str]:
    """Sender and message of a request; BadRequestError says what is wrong."""
    if len(body) > MOST_BYTES:
        raise BadRequestError(f"The body is larger than {MOST_BYTES} bytes. Send a shorter message.", 413)
    data = _parse(body)
    if not isinstance(data, dict):
        raise BadRequestError('Expected a JSON object: {"sender": "anna", "message": "hello"}.')
    sender, message = data.get("sender"), data.get("message")
    if not isinstance(sender, str) or not 0 < len(sender) <= LONGEST_SENDER:
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
        return json.loads(body.decode("utf-8"))
    except (ValueError, RecursionError):
        raise BadRequestError('The body is not JSON in UTF-8. Send {"sender": "anna", "message": "hello"}.') from None
