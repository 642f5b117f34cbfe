"""Which chats are one conversation because their person said so, and the one-time codes with which they say it."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime
from enum import Enum, auto
from typing import Any

import sqlalchemy as sa

from spineline.keep.batches import delete_where
from spineline.keep.database import PATIENT_S, Database
from spineline.keep.tables import CODES, LINKS

LETTERS = "3479BCDFGHJKMNPQRSTVWXYZ"  # none looks like another, and without vowels they make no words
CODE_LENGTH = 8
CODE_LASTS_S = 600.0
_SEEN_EVERY_S = 86_400.0

_CONVERSATION = sa.select(LINKS.c.conversation).where(LINKS.c.sender == sa.bindparam("sender"))


class Joined(Enum):
    """What came of a code."""

    YES = auto()
    OWN = auto()
    NO = auto()


class Links:
    """Times are seconds since 1970.

    A chat that was never joined to another is its own conversation; a conversation that others go on in is never
    itself joined to a third, because then all of its chats go there.

    Args:
        secret: codes are kept only as hashes keyed with it.
    """

    def __init__(self, database: Database | None = None, secret: bytes = b"") -> None:
        self._secret, self._database = secret, database or Database()

    async def conversation_of(self, sender: str, within_s: float = PATIENT_S) -> str:
        """The name of the conversation that goes on in this chat; asyncio.TimeoutError when that cannot be told in
        that time."""
        return await self._database.read(lambda connection: _conversation(connection, sender), within_s)

    async def together(self, sender: str) -> tuple[str, ...]:
        """Every chat of the conversation, this one too; the first gave the conversation its name."""
        return await self._database.read(lambda connection: _together(connection, sender))

    async def offer(self, sender: str, now: float) -> str:
        """A new code for this conversation, good for CODE_LASTS_S; the one before is good no more."""
        code = "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))

        def offer(connection: Any) -> None:
            _drop_expired(connection, now)
            conversation = _conversation(connection, sender)
            connection.execute(CODES.delete().where(CODES.c.conversation == conversation))
            row = {"conversation": conversation, "digest": self._digest(code), "expires": now + CODE_LASTS_S}
            connection.execute(CODES.insert(), row)

        await self._database.do(offer)
        return code

    async def join(self, sender: str, code: str, now: float) -> Joined:
        """Go on in the conversation that the code was made in, with all chats of this one; a code is good once."""

        def join(connection: Any) -> Joined:
            _drop_expired(connection, now)
            about = sa.select(CODES.c.conversation).where(CODES.c.digest == self._digest(code))
            conversation = connection.execute(about).scalar()
            if conversation is None:
                return Joined.NO
            before = _conversation(connection, sender)
            if conversation == before:
                return Joined.OWN
            connection.execute(CODES.delete().where(CODES.c.conversation.in_([before, conversation])))
            connection.execute(LINKS.update().where(LINKS.c.conversation == before).values(conversation=conversation))
            connection.execute(LINKS.insert(), {"sender": before, "conversation": conversation, "used": now})
            return Joined.YES

        return await self._database.do(join)

    async def leave(self, sender: str) -> bool:
        """Let this chat go on alone; the others stay together unless it gave the conversation its name. False when it
        was alone."""

        def leave(connection: Any) -> bool:
            connection.execute(CODES.delete().where(CODES.c.conversation == _conversation(connection, sender)))
            of_it = sa.or_(LINKS.c.sender == sender, LINKS.c.conversation == sender)
            return int(connection.execute(LINKS.delete().where(of_it)).rowcount) > 0

        return await self._database.do(leave)

    async def see(self, sender: str, now: float) -> None:
        """Note that a joined chat is in use, to the day."""
        is_old = sa.and_(LINKS.c.sender == sender, LINKS.c.used < now - _SEEN_EVERY_S)
        await self._database.do(lambda connection: connection.execute(LINKS.update().where(is_old).values(used=now)))

    async def forget(self, sender: str) -> None:
        """Delete the conversation's codes and every tie between its chats."""

        def forget(connection: Any) -> None:
            conversation = _conversation(connection, sender)
            for table in (CODES, LINKS):
                connection.execute(table.delete().where(table.c.conversation == conversation))

        await self._database.do(forget)
        await self._database.tidy()

    async def purge(self, older_than: datetime) -> bool:
        """Delete some of the ties last in use before that time, and codes of that age; whether there are more."""
        before = older_than.timestamp()
        await delete_where(self._database, CODES, CODES.c.expires <= before)
        return await delete_where(self._database, LINKS, LINKS.c.used < before)

    async def everything(self, sender: str) -> dict[str, Any]:
        """All that is kept of a chat beside its conversation; times in seconds since 1970."""

        def read(connection: Any) -> dict[str, Any]:
            used = sa.select(LINKS.c.used).where(LINKS.c.sender == sender)
            code = sa.select(CODES.c.expires).where(CODES.c.conversation == sender)
            return {
                "goes_on_in": _conversation(connection, sender),
                "used_at": connection.execute(used).scalar(),
                "code_until": connection.execute(code).scalar(),
            }

        return await self._database.read(read)

    def _digest(self, code: str) -> str:
        return hmac.new(self._secret, code.encode(), hashlib.sha256).hexdigest()


def _conversation(connection: Any, sender: str) -> str:
    return connection.execute(_CONVERSATION, {"sender": sender}).scalar() or sender


def _together(connection: Any, sender: str) -> tuple[str, ...]:
    conversation = _conversation(connection, sender)
    others = sa.select(LINKS.c.sender).where(LINKS.c.conversation == conversation).order_by(LINKS.c.sender)
    return (conversation, *connection.execute(others).scalars())


def _drop_expired(connection: Any, now: float) -> None:
    connection.execute(CODES.delete().where(CODES.c.expires <= now))
