"""The telephone line over Twilio Voice: /webhooks/twilio_voice/… Twilio hears and speaks, we say what."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timezone

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from twilio.twiml.voice_response import VoiceResponse

from spineline.accounts import Twilio
from spineline.channels.http import BadRequestError, Channel
from spineline.channels.messengers.hub import Hub
from spineline.channels.messengers.inbox import Taking
from spineline.channels.twilio.requests import TwilioForm, read_twilio_request
from spineline.channels.twilio.voice.call import Call, heard, read_call
from spineline.channels.twilio.voice.script import Script
from spineline.content.library import ROOT
from spineline.content.voice_words import load_voice_words
from spineline.danger.tiers import Tier
from spineline.dialogue.intake import Intake
from spineline.dialogue.turn import Message
from spineline.failures import note
from spineline.keep.deliveries import Draft

CHANNEL = "voice"
ANSWERS_WITHIN_S = 13.0  # Twilio waits for 15
_CALL_SID = re.compile(r"CA[0-9a-f]{32}")


Handle = Callable[[TwilioForm, Call], Awaitable[VoiceResponse]]


def _now() -> datetime:
    return datetime.now(timezone.utc)


class VoiceLine(Channel):
    """Each call is a conversation of its own, so that nobody hears what somebody else said on the same telephone.

    Args:
        clock: gives the time now, for the opening hours.
        answers_within_s: how long Twilio is let wait; then the caller hears the safe text.
    """

    paths = ("/webhooks/twilio_voice/webhook", "/webhooks/twilio_voice/dialed")

    def __init__(
        self,
        account: Twilio,
        hub: Hub,
        clock: Callable[[], datetime] = _now,
        answers_within_s: float = ANSWERS_WITHIN_S,
    ) -> None:
        self._account, self._hub, self.answers_within_s = account, hub, answers_within_s
        self._words = load_voice_words(ROOT / "content" / "voice.yml", hub.content)
        address, kept_days = f"{hub.public_url}/webhooks/{self.name()}", hub.turns.keeper.kept_days
        self._script = Script(hub.content, self._words, account.number, address, kept_days, clock)

    @classmethod
    def name(cls) -> str:
        """The path below /webhooks/."""
        return "twilio_voice"

    def routes(self) -> list[Route]:
        """What Twilio calls: at each turn of a call, and after the clinic was dialled."""
        handles: tuple[Handle, ...] = (self._turn, self._dialed)
        return [Route(path, self._guarded(handle), methods=["POST"]) for path, handle in zip(self.paths, handles)]

    def _guarded(self, handle: Handle) -> Callable[[Request], Awaitable[Response]]:
        async def guarded(request: Request) -> Response:
            try:
                form = await read_twilio_request(request, self._account, self._hub.public_url)
            except BadRequestError as error:
                return error.answer()
            call = read_call(_first_of_each(request.query_params))
            return Response(str(await self._safely(handle, form, call)), media_type="text/xml; charset=utf-8")

        return guarded

    async def _dialed(self, form: TwilioForm, call: Call) -> VoiceResponse:
        return self._script.dialed(form.field("DialCallStatus"), call)

    async def _safely(self, handle: Handle, form: TwilioForm, call: Call) -> VoiceResponse:
        """Whatever fails, the caller hears the safe text in time."""
        try:
            return await asyncio.wait_for(handle(form, call), self.answers_within_s)
        except Exception as error:
            self._failed(error)
            return self._script.trouble(call)

    async def _turn(self, form: TwilioForm, call: Call) -> VoiceResponse:
        if not _CALL_SID.fullmatch(form.field("CallSid")):
            return self._script.trouble(call)
        if not call.turn:
            return self._script.busy() if form.field("From") == self._account.number else self._script.greeting(call)
        sender = self._hub.sender(CHANNEL, form.field("CallSid"))
        caller = self._hub.turns.people.get(sender)
        said = heard(form, call, caller.offered, self._words, self._hub.content)
        if said is None:
            return self._script.unclear(call, Tier(caller.alarm["tier"]) if caller.alarm else None)
        answer = await self._answer_once(said, f"{sender}:{call.turn}", sender)
        if answer is None:
            return self._script.repeated(call)
        return self._script.answer(answer, call, isinstance(said, str) and self._words.asks_for_a_person(said))

    async def _answer_once(self, said: str | Intake, turn: str, sender: str) -> Sequence[Message] | None:
        """The answer; None when this turn was answered before. A store that fails does not keep anybody waiting."""
        answer: list[Message] = []

        async def take(taking: Taking) -> Sequence[Draft]:
            answer.extend(await self._hub.answer(said, sender, CHANNEL, taking.keep(lambda _: ())))
            return ()

        try:
            taken = await self._hub.inbox.take(CHANNEL, turn, take, is_posted=False)
        except Exception as error:
            self._failed(error)
            return answer or await self._hub.answer(said, sender, CHANNEL)
        return None if taken is None else answer

    def _failed(self, error: Exception) -> None:
        note(error, CHANNEL, self._hub.turns.metrics)


def _first_of_each(query: QueryParams) -> dict[str, str]:
    return {name: value for name, value in reversed(query.multi_items()) if value}
