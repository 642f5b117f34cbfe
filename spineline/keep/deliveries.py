"""What the messengers must not lose: answers until they are sent, which messages were answered, and who wants none.

Only our own words are kept here, never what a person wrote, and each only until it is delivered.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from spineline.keep.batches import delete_where
from spineline.keep.database import QUICK_S, Database
from spineline.keep.tables import OPTED_OUT, OUTGOING, SEEN
from spineline.keep.writes import Write, write

_SEEN = sa.select(SEEN.c.at).where(SEEN.c.channel == sa.bindparam("channel"), SEEN.c.message == sa.bindparam("message"))
_SEEN_LAST = sa.select(SEEN.c.channel, SEEN.c.message).order_by(SEEN.c.at.desc()).limit(sa.bindparam("most"))
_OPTED_OUT = sa.select(OPTED_OUT.c.at).where(OPTED_OUT.c.sender == sa.bindparam("sender"))
_EARLIER = OUTGOING.alias("earlier")
_IS_FIRST = ~sa.exists().where(
    _EARLIER.c.channel == OUTGOING.c.channel,
    _EARLIER.c.recipient == OUTGOING.c.recipient,
    _EARLIER.c.number < OUTGOING.c.number,
)
_NEXT = (
    sa.select(OUTGOING)
    .where(OUTGOING.c.channel == sa.bindparam("channel"), _IS_FIRST)
    .order_by(OUTGOING.c.due, OUTGOING.c.number)
    .limit(sa.bindparam("most"))
)


@dataclass(frozen=True)
class Draft:
    """Something to say on a messenger.

    Args:
        channel: a name of `spineline.turns.shape.CHANNELS`.
        recipient: the address that the messenger knows; gone as soon as the message is sent.
        sender: the person's pseudonym.
        body: what the channel needs for sending, ready for JSON.
    """

    channel: str
    recipient: str
    sender: str
    body: Mapping[str, Any]


@dataclass(frozen=True)
class Outgoing:
    """A draft that waits to be sent. Times are seconds since 1970."""

    number: int
    draft: Draft
    put: float
    due: float
    tries: int


class Deliveries:
    """Answers wait here until they are sent, across restarts."""

    def __init__(self, database: Database | None = None) -> None:
        self._database = database or Database()

    def on_new(self, act: Callable[[], None]) -> None:
        """Do this whenever messages are kept for sending."""
        self._database.heard["outgoing"] = act

    async def was_seen(self, channel: str, message: str, within_s: float | None = None) -> bool:
        """Whether this message was answered; it is then not answered again. asyncio.TimeoutError when that cannot be
        told in that time."""
        named = {"channel": channel, "message": message}
        found = await self._database.read(lambda connection: connection.execute(_SEEN, named).first(), within_s)
        return found is not None

    async def seen_last(self, most: int, within_s: float | None = None) -> list[tuple[str, str]]:
        """The messages that were answered last, the newest first, each with its channel; TimeoutError as above."""
        found = await self._database.read(
            lambda connection: connection.execute(_SEEN_LAST, {"most": most}).all(), within_s
        )
        return [(channel, message) for channel, message in found]

    async def finish(self, channel: str, message: str, drafts: Sequence[Draft], now: float) -> None:
        """Note that a message is answered and keep the answers for sending, all or nothing."""
        await self._database.commit([seen(channel, message, now), waiting(drafts, now)])

    async def keep(self, writes: Sequence[Write]) -> None:
        """Write what `seen` and `waiting` have made."""
        await self._database.commit(writes)

    async def put(self, drafts: Sequence[Draft], now: float) -> None:
        """Keep messages for sending, all or nothing."""
        await self._database.commit([waiting(drafts, now)])

    async def waiting(self, channel: str, most: int) -> list[Outgoing]:
        """What to send next, the most urgent first; of each recipient only one, so that the order stays."""
        named = {"channel": channel, "most": most}
        rows = await self._database.read(lambda connection: connection.execute(_NEXT, named).all())
        return [_outgoing(row) for row in rows]

    @property
    def are_away(self) -> bool:
        """Whether what is kept now cannot be read soon."""
        return self._database.is_away

    @property
    def have_failed(self) -> bool:
        """Whether what was kept last could not be stored."""
        return self._database.has_failed

    async def can_read(self, draft: Draft) -> bool:
        """Whether it stands in the database, as far as can be told at once."""
        found = sa.select(OUTGOING.c.number).where(*_same(draft)).limit(1)
        try:
            return await self._database.read(lambda connection: connection.execute(found).first(), QUICK_S) is not None
        except Exception:
            return False

    async def handed_over(self, drafts: Sequence[Draft]) -> None:
        """These went back to whoever asked, so they are not to be sent."""
        rows = [{"sender": draft.sender, "body": text_of(draft)} for draft in drafts]
        await self._database.commit([Write("outgoing", rows, "remove")])

    async def hurry(self, drafts: Sequence[Draft], now: float) -> None:
        """Nobody took these: they are to be sent now, whether they wait already or not."""

        def hurry(connection: Any) -> None:
            for draft in drafts:
                if not connection.execute(OUTGOING.update().where(*_same(draft)).values(due=now)).rowcount:
                    write(connection, [waiting([draft], now)])

        await self._database.do(hurry)

    async def done(self, number: int) -> None:
        """It is sent, or can never be."""
        await self._database.do(lambda connection: connection.execute(OUTGOING.delete().where(_is(number))))

    async def postpone(self, number: int, until: float) -> None:
        """It could not be sent."""
        later = OUTGOING.update().where(_is(number)).values(due=until, tries=OUTGOING.c.tries + 1)
        await self._database.do(lambda connection: connection.execute(later))

    async def opt_out(self, sender: str, now: float) -> None:
        """The person wants no more messages."""
        await self._database.commit([Write("opted_out", [{"sender": sender, "at": now}], "once")])

    async def opt_in(self, sender: str) -> None:
        """The person wants messages again."""
        await self._database.commit([Write("opted_out", [{"sender": sender}], "remove")])

    async def has_opted_out(self, sender: str, within_s: float | None = None) -> bool:
        """Whether the person wants no messages; asyncio.TimeoutError when that cannot be told in that time."""
        at = await self._database.read(lambda connection: _opted_out_at(connection, sender), within_s)
        return at is not None

    async def forget(self, sender: str) -> None:
        """Delete what waits for somebody. A wish to get no messages stays: it protects the person."""
        await self._database.commit([Write("outgoing", [{"sender": sender}], "remove")])
        await self._database.tidy()

    async def purge(self, older_than: datetime) -> bool:
        """Delete some of what recognises messages from before that time, and of what could not be sent since then;
        whether there is more."""
        before = older_than.timestamp()
        has_more = await delete_where(self._database, SEEN, SEEN.c.at < before)
        return await delete_where(self._database, OUTGOING, OUTGOING.c.put < before) or has_more

    async def everything(self, sender: str) -> dict[str, Any]:
        """All that is kept of somebody; times in seconds since 1970."""

        def read(connection: Any) -> dict[str, Any]:
            of_sender = sa.select(OUTGOING).where(OUTGOING.c.sender == sender).order_by(OUTGOING.c.number)
            waiting = [
                {"to": row.recipient, "answer": json.loads(row.body), "put": row.put, "tries": row.tries}
                for row in connection.execute(of_sender)
            ]
            return {"waiting": waiting, "opted_out_at": _opted_out_at(connection, sender)}

        return await self._database.read(read)


def seen(channel: str, message: str, now: float) -> Write:
    """What notes that a message has its answer; RepeatedError when it has one."""
    return Write("seen", [{"channel": channel, "message": message, "at": now}], "new")


def waiting(drafts: Sequence[Draft], now: float, due: float | None = None) -> Write:
    """What keeps messages for sending, from `due` on."""
    rows = [
        {
            "channel": draft.channel,
            "recipient": draft.recipient,
            "sender": draft.sender,
            "body": text_of(draft),
            "put": now,
            "due": now if due is None else due,
            "tries": 0,
        }
        for draft in drafts
    ]
    return Write("outgoing", rows)


def text_of(draft: Draft) -> str:
    """What the channel needs for sending, as it is kept."""
    return json.dumps(draft.body)


def _same(draft: Draft) -> tuple[sa.sql.ColumnElement, ...]:
    return OUTGOING.c.sender == draft.sender, OUTGOING.c.body == text_of(draft)


def _outgoing(row: Any) -> Outgoing:
    draft = Draft(row.channel, row.recipient, row.sender, json.loads(row.body))
    return Outgoing(row.number, draft, row.put, row.due, row.tries)


def _opted_out_at(connection: Any, sender: str) -> float | None:
    at: float | None = connection.execute(_OPTED_OUT, {"sender": sender}).scalar()
    return at


def _is(number: int) -> sa.sql.ColumnElement:
    return OUTGOING.c.number == number
