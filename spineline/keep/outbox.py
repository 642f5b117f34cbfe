"""What the website's chat must not lose: answers until they have arrived, and which messages were answered.

Only our own words are kept here, never what a person wrote, and each only until the browser has it.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from spineline.keep.database import QUICK_S, Database
from spineline.keep.tables import ANSWERED, SESSIONS, WAITING
from spineline.keep.writes import Write

MOST_WAITING = 100  # answers kept for a browser that does not come back
MOST_CHATS = 5_000  # in memory; the others are read again
SEEN_EVERY_S = 60
_MOST_ANSWERED = 500
_PURGED_AT_A_TIME = 200  # sessions: a few milliseconds, and then others go first
_KEYS = {WAITING: WAITING.c.session, ANSWERED: ANSWERED.c.session, SESSIONS: SESSIONS.c.id}

_ID = sa.bindparam("session")
_SESSION = sa.select(SESSIONS).where(SESSIONS.c.id == _ID)
_WAITING = sa.select(WAITING.c.seq, WAITING.c.body).where(WAITING.c.session == _ID).order_by(WAITING.c.seq)
_ANSWERED = sa.select(ANSWERED.c.message, ANSWERED.c.at).where(ANSWERED.c.session == _ID).order_by(ANSWERED.c.at)

Body = dict[str, Any]


@dataclass
class Chat:
    """All that is kept of a session; times in seconds since 1970.

    Args:
        is_guess: the database could not be read when this was needed, so there may be more.
        arrived: numbers of answers that the browser has, and that are still to be deleted.
        until: the last number that has arrived, as far as was said while this was a guess.
    """

    consented: int | None = None
    seen: int = 0
    language: str | None = None
    last_seq: int = 0
    waiting: dict[int, Body] = field(default_factory=dict)
    answered: dict[str, float] = field(default_factory=dict)
    is_guess: bool = False
    arrived: list[int] = field(default_factory=list)
    until: int = 0

    def arrive(self, seq: int) -> None:
        """The browser has the answers up to this one, also those that are not known here yet."""
        gone = [one for one in self.waiting if one <= seq]
        for one in gone:
            del self.waiting[one]
        self.arrived += gone
        if self.is_guess:
            self.until, self.last_seq = max(self.until, seq), max(self.last_seq, seq)


class Outbox:
    """Numbered answers of each session. The chats of late are in memory, and everything is in the database.

    While the database cannot be read, everybody whose session is signed is believed, and answers go on in memory.
    """

    def __init__(self, database: Database | None = None) -> None:
        self._database = database or Database()
        self._chats: OrderedDict[str, Chat] = OrderedDict()

    async def begin(self, session: str, consented: datetime, language: str | None) -> None:
        """Record a session with the time of consent, and the language to speak if it is not yet known."""
        at = int(consented.timestamp())
        self._keep(session, Chat(at, at, language))
        row = {"id": session, "consented": at, "seen": at, "language": language, "last_seq": 0}
        await self._database.commit([Write("web_sessions", [row], "once")])

    async def knows(self, session: str, within_s: float | None = QUICK_S) -> bool:
        """Whether the session was begun and not forgotten, as far as can be read in that time."""
        return await self._chat(session, within_s) is not None

    async def see(self, session: str, now: datetime) -> None:
        """The session is in use, to the minute."""
        chat, at = await self._chat(session), int(now.timestamp())
        if chat and at - chat.seen >= SEEN_EVERY_S:
            chat.seen = at
            await self._database.commit([Write("web_sessions", [{"id": session, "seen": at}], "change")])

    async def wish_language(self, session: str, language: str | None) -> None:
        """The person switched the language of the chat."""
        chat = await self._chat(session)
        if chat:
            chat.language = language
            await self._database.commit([Write("web_sessions", [{"id": session, "language": language}], "change")])

    async def take_language(self, session: str) -> str | None:
        """The language that the conversation has not been told yet; None from then on."""
        chat = await self._chat(session)
        language = chat.language if chat else None
        if language:
            await self.wish_language(session, None)
        return language

    async def was_answered(self, session: str, message: str) -> bool:
        """Whether this message of the session has its answer; it is then not answered again."""
        chat = await self._chat(session)
        return chat is not None and message in chat.answered

    async def put(self, session: str, bodies: Iterable[Mapping[str, Any]], message: str | None = None) -> list[Body]:
        """Number the answers and keep them, with the message that they answer, all or nothing."""
        await self._chat(session)
        numbered, writes = self.numbered(session, bodies, message)
        await self._database.commit(writes)
        self.tell(session, numbered)
        return numbered

    def numbered(
        self, session: str, bodies: Iterable[Mapping[str, Any]], message: str | None = None
    ) -> tuple[list[Body], list[Write]]:
        """The same, and what is to be written of it by whoever commits and calls `tell` then; the session must have
        been asked for lately."""
        chat = self._chats.get(session) or Chat()
        numbered = [{**body, "seq": chat.last_seq + at} for at, body in enumerate(bodies, start=1)]
        rows = [{"session": session, "seq": body["seq"], "body": json.dumps(body)} for body in numbered]
        chat.last_seq += len(numbered)
        kept = sorted([*chat.waiting, *(body["seq"] for body in numbered)])
        gone = [*chat.arrived, *kept[:-MOST_WAITING]]
        for seq in gone:
            chat.waiting.pop(seq, None)
        chat.arrived = []
        return numbered, [
            Write("web_sessions", [{"id": session, "last_seq": chat.last_seq}], "change"),
            Write("web_waiting", rows, "put"),
            Write("web_waiting", [{"session": session, "seq": seq} for seq in gone], "remove"),
            *(_answered(session, chat, message) if message else ()),
        ]

    def tell(self, session: str, numbered: Iterable[Body]) -> None:
        """These are kept, so they may be told to whoever asks."""
        chat = self._chats.get(session)
        if chat:
            chat.waiting.update((body["seq"], body) for body in numbered)

    async def after(self, session: str, seq: int) -> list[Body]:
        """The answers that the browser does not have yet; the ones up to `seq` have arrived and are dropped."""
        await self.arrived(session, seq)
        return await self.waiting(session)

    async def waiting(self, session: str, within_s: float | None = QUICK_S) -> list[Body]:
        """The answers of which it is not known that they have arrived, as far as can be read in that time."""
        chat = await self._chat(session, within_s)
        return [chat.waiting[seq] for seq in sorted(chat.waiting)] if chat else []

    async def arrived(self, session: str, seq: int) -> None:
        """Drop the answers up to `seq`: the browser has them. Their rows go with the next answer, or when the session
        lapses."""
        chat = await self._chat(session)
        if chat:
            chat.arrive(seq)

    async def empty(self, session: str) -> None:
        """Delete what was said; the session stays, so that the person can still be told that it is done."""
        chat = self._chats.pop(session, None)
        if chat and self._database.has_failed:  # perhaps nobody else knows that it was begun
            self._chats[session] = Chat(chat.consented, chat.seen, chat.language, chat.last_seq)
        await self._delete([session], [WAITING, ANSWERED])
        await self._database.tidy()

    async def forget(self, session: str) -> None:
        """Delete everything about a session."""
        self._chats.pop(session, None)
        await self._delete([session], _KEYS)
        await self._database.tidy()

    def drop(self, session: str) -> None:
        """Somebody else deleted it: nothing of it is in memory any more."""
        self._chats.pop(session, None)

    async def purge(self, now: datetime, kept: timedelta) -> bool:
        """Delete some of the sessions that were last in use longer ago than `kept`; whether there may be more."""
        old = sa.select(SESSIONS.c.id).where(SESSIONS.c.seen < int((now - kept).timestamp())).limit(_PURGED_AT_A_TIME)
        found = await self._database.read(lambda connection: list(connection.execute(old).scalars()))
        for session in found:
            self.drop(session)
        if found:
            await self._delete(found, _KEYS)
        return len(found) == _PURGED_AT_A_TIME

    async def everything(self, session: str) -> dict[str, Any]:
        """All that is kept of a session; times in seconds since 1970."""
        chat = await self._read(session) or Chat()
        return {
            "consented_at": chat.consented,
            "seen_at": chat.seen or None,
            "language_wished": chat.language,
            "waiting": list(chat.waiting.values()),
            "answered": list(chat.answered),
        }

    async def _chat(self, session: str, within_s: float | None = QUICK_S) -> Chat | None:
        chat = self._chats.get(session)
        if chat is None or chat.is_guess:
            chat = await self._read_again(session, chat, within_s)
            if chat is None:
                return None
            self._keep(session, chat)
        self._chats.move_to_end(session)
        return chat

    async def _read_again(self, session: str, guess: Chat | None, within_s: float | None) -> Chat | None:
        try:
            found = await self._read(session, within_s)
        except (sa.exc.DBAPIError, sa.exc.TimeoutError, OSError, asyncio.TimeoutError) as error:
            self._database.note(error, "outbox")
            return guess or Chat(is_guess=True)
        if found and guess:
            found.last_seq = max(found.last_seq, guess.last_seq)
            found.waiting.update(guess.waiting)
            found.answered.update(guess.answered)
            found.arrive(guess.until)
        return found

    async def _read(self, session: str, within_s: float | None = QUICK_S) -> Chat | None:
        return await self._database.read(lambda connection: _read(connection, session), within_s)

    def _keep(self, session: str, chat: Chat) -> None:
        self._chats[session] = chat
        while len(self._chats) > MOST_CHATS:
            self._chats.popitem(last=False)

    async def _delete(self, sessions: Sequence[str], tables: Iterable[sa.Table]) -> None:
        def delete(connection: Any) -> None:
            for table in tables:
                connection.execute(table.delete().where(_KEYS[table].in_(sessions)))

        await self._database.do(delete)


def _answered(session: str, chat: Chat, message: str) -> list[Write]:
    """The message has its answer; so many are remembered that no browser repeats an older one."""
    now = time.time()
    chat.answered[message] = now
    oldest = list(chat.answered)[:-_MOST_ANSWERED]
    for one in oldest:
        del chat.answered[one]
    return [
        Write("web_answered", [{"session": session, "message": message, "at": now}], "new"),
        Write("web_answered", [{"session": session, "message": one} for one in oldest], "remove"),
    ]


def _read(connection: Any, session: str) -> Chat | None:
    named = {"session": session}
    row = connection.execute(_SESSION, named).first()
    if row is None:
        return None
    waiting = {seq: json.loads(body) for seq, body in connection.execute(_WAITING, named)}
    answered = dict(connection.execute(_ANSWERED, named).all())
    return Chat(row.consented, row.seen, row.language, row.last_seq, waiting, answered)
