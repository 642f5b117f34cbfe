"""The website's chat: /webhooks/web/… A websocket, and plain requests with the same envelope where those are blocked.

Both carry the same events. To the server: {"id", "text"} a message, {"language"} a wish. To the browser:
{"type": "reply", "seq", "to", "last", "reply"}, {"type": "got" | "done" | "busy", "id"}, {"type": "error", "code"}.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from spineline.channels.http import MOST_BYTES, BadRequestError, Channel, Json
from spineline.channels.web.chats import END, Chats
from spineline.channels.web.crowd import Crowd
from spineline.channels.web.widget import Widget
from spineline.channels.web.wish import ask_with_wish
from spineline.content.clinic import LANGUAGES
from spineline.dialogue.intake import Intake
from spineline.dialogue.turn import Message
from spineline.keep.outbox import Outbox
from spineline.keep.sessions import LASTS, Session, SessionError, Sessions
from spineline.turns.said import Keep
from spineline.turns.turns import Turns

HELLO_S = 10.0  # a socket that does not say who it is within this time is closed
POLL_S = 20.0  # how long a poll waits for something to say
_MESSAGE_ID = re.compile(r"[\w-]{8,64}")
_OPENED_HEADERS = {"Access-Control-Allow-Headers": "content-type", "Access-Control-Max-Age": "600"}

Forget = Callable[[str], Awaitable[None]]  # deletes a sender's conversation


def _now() -> datetime:
    return datetime.now(timezone.utc)


def sender_of(session: str) -> str:
    """The name of a session's conversation, apart from every other channel's."""
    return f"web:{session}"


@dataclass(frozen=True)
class Origins:
    """Which websites may use this chat: the server's own pages, and the addresses in ALLOWED_ORIGINS."""

    allowed: tuple[str, ...] = ()

    def allows(self, origin: str | None, host: str) -> bool:
        """Whether a page of `origin` may talk to us at `host`."""
        return bool(origin) and (origin in self.allowed or _host_of(str(origin)) == host)

    def allow(self, request: HTTPConnection) -> bool:
        """The same for a request."""
        return self.allows(request.headers.get("origin"), request.headers.get("host", ""))

    def opened(self, request: Request) -> dict[str, str]:
        """The headers without which a browser keeps our answer from a page of another address."""
        origin = request.headers.get("origin")
        if not self.allow(request):
            return {"Vary": "Origin"}
        return {"Vary": "Origin", "Access-Control-Allow-Origin": str(origin), **_OPENED_HEADERS}


def _host_of(origin: str) -> str | None:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return None


class WebChannel(Channel):
    """Signed sessions that begin with consent, messages that are neither lost nor doubled."""

    def __init__(
        self,
        sessions: Sessions,
        outbox: Outbox,
        widget: Widget,
        origins: Origins,
        forget: Forget,
        turns: Turns,
    ) -> None:
        self._sessions, self._outbox, self._widget, self._origins = sessions, outbox, widget, origins
        self._forget, self._turns = forget, turns
        self._chats: Chats | None = None
        self._crowd = Crowd()

    @classmethod
    def name(cls) -> str:
        """The path below /webhooks/."""
        return "web"

    async def push(self, session: str, message: Message) -> bool:
        """Say something that nobody asked for; False when the session is unknown."""
        return self._chats is not None and await self._chats.push(session, message)

    async def forget(self, sender: str) -> None:
        """Drop what waits for somebody whose conversation was deleted."""
        prefix, _, session = sender.partition(":")
        if prefix == self.name():
            await self._outbox.empty(session)

    async def purge(self, _: datetime) -> bool:
        """Delete some of the sessions that have lapsed, however long conversations are kept; whether there are more."""
        return await self._outbox.purge(_now(), kept=LASTS)

    def routes(self) -> list[BaseRoute]:
        """The routes of the chat."""

        async def respond(intake: Intake, session: str, keep: Keep) -> list[Message]:
            async def ask(wished: str | None) -> list[Message]:
                return await self._turns.answer(intake, sender_of(session), self.name(), wished, keep)

            return await ask_with_wish(self._outbox, session, ask, self._turns.failures)

        async def take_in(text: str, session: str) -> Intake:
            return await self._turns.take_in(text, sender_of(session))

        self._chats = chats = Chats(self._outbox, self._widget, take_in, respond, self._turns.failures)
        routes: list[BaseRoute] = [WebSocketRoute(self.at("/socket"), self._socket(chats))]
        for path, handle in self._handlers(chats).items():
            routes.append(Route(self.at(path), self._guarded(handle), methods=["POST"]))
            routes.append(Route(self.at(path), self._preflight, methods=["OPTIONS"]))
        return routes

    async def drain(self) -> None:
        """Whoever has asked is answered before the lines are cut."""
        if self._chats:
            await self._chats.finish(self._turns.settings.deadline_s)

    def _handlers(self, chats: Chats) -> dict[str, Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]]:
        async def begin(data: dict[str, Any]) -> dict[str, Any]:
            return await self._begin(data)

        async def message(data: dict[str, Any]) -> dict[str, Any]:
            return await _take(chats, self._outbox, (await self._read(data)).id, data)

        async def poll(data: dict[str, Any]) -> dict[str, Any]:
            session = await self._read(data)
            with self._crowd.waiting():
                events = await _wait_for_events(chats, session.id, _since(data))
            return {"session": await self._renewed(session), "events": events}

        async def delete(data: dict[str, Any]) -> dict[str, Any]:
            return await self._delete(chats, await self._read(data))

        async def helped(data: dict[str, Any]) -> dict[str, Any]:
            await self._read(data)
            return self._helped(data)

        return {"/session": begin, "/message": message, "/poll": poll, "/delete": delete, "/helped": helped}

    async def _begin(self, data: dict[str, Any]) -> dict[str, Any]:
        """A session begins with the Start button; there is none without consent, nor too many for one address."""
        refusal = self._turns.limits.refuse_address()
        if refusal:
            reason = "Too many chats were begun from this address."
            raise BadRequestError(reason, 429, "busy", refusal.retry_after_s)
        if data.get("consent") is not True:
            raise BadRequestError("A chat begins when the person agrees to the notice.", 422, "consent")
        now = _now()
        session = self._sessions.begin(now)
        language = data.get("language")
        await self._outbox.begin(session.id, now, language if language in LANGUAGES[1:] else None)
        return {"session": self._sessions.sign(session)}

    async def _read(self, data: dict[str, Any]) -> Session:
        try:
            session = self._sessions.read(data.get("session"), _now())
        except SessionError as error:
            raise BadRequestError(str(error), 401, "session") from None
        await self._check_known(session.id)
        return session

    async def _check_known(self, session: str) -> None:
        """A line may be open longer than its session: whoever writes there must not wait for an answer."""
        if not await self._outbox.knows(session):
            raise BadRequestError("This session was deleted.", 401, "session")

    async def _renewed(self, session: Session) -> str:
        now = _now()
        await self._outbox.see(session.id, now)
        return self._sessions.sign(session.renewed(now))

    async def _delete(self, chats: Chats, session: Session) -> dict[str, Any]:
        await self._forget(sender_of(session.id))
        await chats.forget(session.id)
        return {"deleted": True}

    def _helped(self, data: dict[str, Any]) -> dict[str, Any]:
        """Whether an answer helped is counted, by the name of the answer; nothing else is kept."""
        card, said = data.get("card"), data.get("helped")
        if not isinstance(card, str) or card not in self._widget.content.answers or not isinstance(said, bool):
            raise BadRequestError("'card' is the name of an answer, 'helped' is true or false.", 422, "helped")
        self._turns.metrics.helped.labels(card, "yes" if said else "no").inc()
        return {"counted": True}

    def _guarded(self, handle: Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]) -> Any:
        async def guarded(request: Request) -> Response:
            opened = self._origins.opened(request)
            try:
                self._check_origin(request)
                return Json(await handle(_read_json(await request.body())), headers=opened)
            except BadRequestError as error:
                body = {"error": {"code": error.code, "reason": str(error)}}
                return Json(body, error.status, {**error.headers, **opened})

        return guarded

    async def _preflight(self, request: Request) -> Response:
        return Response(status_code=204, headers=self._origins.opened(request))

    def _check_origin(self, request: HTTPConnection) -> None:
        if not self._origins.allow(request):
            raise BadRequestError("This website may not use this chat. Add it to ALLOWED_ORIGINS.", 403, "origin")

    def _socket(self, chats: Chats) -> Any:
        async def socket(ws: WebSocket) -> None:
            await ws.accept()
            with suppress(WebSocketDisconnect, asyncio.TimeoutError):
                try:
                    with self._crowd.waiting():
                        await self._greet(chats, ws)
                except BadRequestError as error:
                    await ws.send_text(json.dumps({"type": "error", "code": error.code}))
                await ws.close()

        return socket

    async def _greet(self, chats: Chats, ws: WebSocket) -> None:
        """The first frame says whose line it is."""
        self._check_origin(ws)
        hello = _read_json(await asyncio.wait_for(_receive(ws), HELLO_S))
        session = await self._read(hello)
        await ws.send_text(json.dumps({"type": "ready", "session": await self._renewed(session)}))
        await self._talk(chats, session.id, _since(hello), ws)

    async def _talk(self, chats: Chats, session: str, since: int, ws: WebSocket) -> None:
        """Send what there is to send while messages come in, until the line ends."""
        queue = await chats.listen(session, since)
        sending = asyncio.get_running_loop().create_task(_send_all(queue, ws))
        try:
            while True:
                frame = await self._frame(chats, session, await _receive(ws))
                await ws.send_text(json.dumps(frame))
        finally:
            sending.cancel()
            chats.leave(session, queue)

    async def _frame(self, chats: Chats, session: str, raw: str | bytes) -> dict[str, Any]:
        try:
            await self._check_known(session)
            return await _take(chats, self._outbox, session, _read_json(raw))
        except BadRequestError as error:
            return {"type": "error", "code": error.code}


async def _receive(ws: WebSocket) -> str | bytes:
    """The next frame; WebSocketDisconnect when there is none."""
    message = await ws.receive()
    if message["type"] == "websocket.disconnect":
        raise WebSocketDisconnect(message["code"])
    return message.get("text") or message.get("bytes") or ""


async def _send_all(queue: asyncio.Queue[dict[str, Any]], ws: WebSocket) -> None:
    with suppress(WebSocketDisconnect):
        while True:
            event = await queue.get()
            if event != END:
                await ws.send_text(json.dumps(event))
            queue.task_done()
            if event["type"] == "error":
                await ws.close()


async def _wait_for_events(chats: Chats, session: str, since: int) -> list[dict[str, Any]]:
    queue = await chats.listen(session, since)
    try:
        events = [await asyncio.wait_for(queue.get(), POLL_S)]
        while not queue.empty():
            events.append(queue.get_nowait())
        for _ in events:
            queue.task_done()
        return [event for event in events if event != END]
    except asyncio.TimeoutError:
        return []
    finally:
        chats.leave(session, queue)


async def _take(chats: Chats, outbox: Outbox, session: str, data: dict[str, Any]) -> dict[str, Any]:
    """A frame or request of a known session: a message, a wish for a language, or a sign of life."""
    if data.get("language") in LANGUAGES:
        await outbox.wish_language(session, data["language"])
        return {"type": "pong"}
    if "text" not in data:
        await outbox.arrived(session, _since(data))
        return {"type": "pong"}
    message, text = data.get("id"), data["text"]
    if not isinstance(message, str) or not _MESSAGE_ID.fullmatch(message):
        raise BadRequestError(
            "'id' must be 8 to 64 letters, digits or dashes, another one for each message.", 422, "message"
        )
    if not isinstance(text, str):
        raise BadRequestError("'text' must be a text.", 422, "message")
    return {"type": await chats.say(session, message, text), "id": message}


def _since(data: dict[str, Any]) -> int:
    """The number of the last answer that has arrived."""
    since = data.get("since")
    return since if isinstance(since, int) and 0 <= since < 2**53 else 0


def _read_json(body: str | bytes | None) -> dict[str, Any]:
    if body is None or len(body) > MOST_BYTES:
        raise BadRequestError(f"Send at most {MOST_BYTES} bytes.", 413, "size")
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise BadRequestError("Expected a JSON object.", 400, "json")
    return data
