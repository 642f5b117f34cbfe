"""POST /webhooks/twilio/webhook: where Twilio brings text and WhatsApp messages, and takes the answers back.

Rasa's own connector checks no signature and sends with calls that hold up everybody else.
"""

from __future__ import annotations

import asyncio

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.twiml.messaging_response import MessagingResponse

from spineline.accounts import Twilio
from spineline.channels.http import BadRequestError, Channel
from spineline.channels.messengers.hub import Hub
from spineline.channels.messengers.inbox import Taking
from spineline.channels.twilio.requests import read_twilio_request
from spineline.channels.twilio.sender import TwilioSender
from spineline.channels.twilio.texts.messages import PATH, SMS, WHATSAPP, TextMessage, read_text_message
from spineline.channels.twilio.texts.talk import TextTalk
from spineline.failures import note
from spineline.keep.deliveries import Draft

ANSWERS_WITHIN_S = 10.0  # Twilio waits 15; what is not ready then is sent by the courier
_ENDS_WITHIN_S = 10.0


class TextChannel(Channel):
    """Takes each message once; what cannot go back with the request is sent as soon as it is there.

    Args:
        answers_within_s: how long Twilio is let wait for the answer.
    """

    paths = (PATH,)

    def __init__(self, account: Twilio, hub: Hub, answers_within_s: float = ANSWERS_WITHIN_S) -> None:
        self._account, self._hub, self.answers_within_s = account, hub, answers_within_s
        self._talk, self._sender = TextTalk(hub), TwilioSender(account, hub.courier.deliveries)
        self._working: set[asyncio.Future[list[Draft]]] = set()
        self._posting: set[asyncio.Future[None]] = set()
        for channel in (SMS, WHATSAPP):
            hub.courier.carry(channel, self._sender.send)

    @classmethod
    def name(cls) -> str:
        """The path below /webhooks/."""
        return "twilio"

    def routes(self) -> list[Route]:
        """The one route that Twilio calls."""
        return [Route(PATH, self._receive, methods=["POST"])]

    async def close(self) -> None:
        """Wait for answers that Twilio did not wait for, so that they are kept."""
        for unfinished in (self._working, self._posting):
            if unfinished:
                await asyncio.wait(unfinished, timeout=_ENDS_WITHIN_S)
        await self._sender.close()

    async def _receive(self, request: Request) -> Response:
        try:
            form = await read_twilio_request(request, self._account, self._hub.public_url)
        except BadRequestError as error:
            return error.answer()
        message = read_text_message(form, self._account.number)
        return await self._reply(request, message) if message else _twiml([])

    async def _reply(self, request: Request, message: TextMessage) -> Response:
        """The answer. When Twilio does not wait for it, or is gone, the courier gets it."""
        work = asyncio.ensure_future(self._answered(message))
        self._working.add(work)
        work.add_done_callback(self._working.discard)
        try:
            in_time, _ = await asyncio.wait({work}, timeout=self.answers_within_s)
            is_there = bool(in_time) and not await request.is_disconnected()
        except BaseException:
            work.add_done_callback(self._post_later)
            raise
        if not is_there:
            work.add_done_callback(self._post_later)
        if not is_there:
            return _twiml([])
        return _twiml(work.result(), BackgroundTask(self._handed_over, work.result()))

    async def _handed_over(self, drafts: list[Draft]) -> None:
        """Twilio has them."""
        with self._hub.turns.failures.survived("texts"):
            await self._hub.courier.deliveries.handed_over(drafts)

    async def _answered(self, message: TextMessage) -> list[Draft]:
        """The answers to a message; none for a repetition, never an error."""
        drafts: list[Draft] = []

        async def answer(taking: Taking) -> list[Draft]:
            drafts.extend(await self._talk.answer(message, taking))
            return drafts

        try:
            taken = await self._hub.inbox.take(message.channel, message.id, answer, is_posted=False)
            return list(taken or ())
        except Exception as error:
            self._failed(error)
            return drafts or self._talk.last_words(message)

    def _post_later(self, work: asyncio.Future[list[Draft]]) -> None:
        if not work.cancelled() and not work.exception() and work.result():
            posting = asyncio.ensure_future(self._post(work.result()))
            self._posting.add(posting)
            posting.add_done_callback(self._posting.discard)

    async def _post(self, drafts: list[Draft]) -> None:
        try:
            await self._hub.courier.hurry(drafts)
        except Exception as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        note(error, "texts", self._hub.turns.metrics, level="warning")


def _twiml(drafts: list[Draft], after: BackgroundTask | None = None) -> Response:
    """What Twilio shall say, as its own language has it."""
    twiml = MessagingResponse()
    for draft in drafts:
        twiml.message(draft.body["text"])
    return Response(str(twiml), media_type="text/xml; charset=utf-8", background=after)
