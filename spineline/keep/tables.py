"""Every table that Spineline keeps, one schema for SQLite and PostgreSQL; `spineline/keep/migrations` makes it."""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()
_SESSION_STARTS = sa.text("type_name = 'session_started'")
_COUNTED = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite counts INTEGER keys only


def _key(name: str, kind: sa.types.TypeEngine = sa.Text) -> sa.Column:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _must(name: str, kind: sa.types.TypeEngine = sa.Text) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


EVENTS = sa.Table(
    "conversation_events",
    METADATA,
    _key("sender_id"),
    _key("number", sa.Integer),
    _must("type_name"),
    _must("timestamp", sa.Float(53)),
    _must("data"),
    sa.Index("session_starts", "sender_id", "number", sqlite_where=_SESSION_STARTS, postgresql_where=_SESSION_STARTS),
    sa.Index("event_times", "timestamp"),
)
# The recent part of a conversation as one row: what somebody who comes back costs. `number` is the next event's.
SNAPSHOTS = sa.Table(
    "snapshots",
    METADATA,
    _key("sender_id"),
    _must("number", sa.Integer),
    _must("timestamp", sa.Float(53)),
    _must("data"),
)
# The website's chat: sessions, answers until they have arrived, and which messages have their answer.
SESSIONS = sa.Table(
    "web_sessions",
    METADATA,
    _key("id"),
    _must("consented", sa.Integer),
    _must("seen", sa.BigInteger),
    sa.Column("language", sa.Text),
    _must("last_seq", sa.BigInteger),
    sa.Index("web_sessions_seen", "seen"),
)
WAITING = sa.Table("web_waiting", METADATA, _key("session"), _key("seq", sa.BigInteger), _must("body"))
ANSWERED = sa.Table("web_answered", METADATA, _key("session"), _key("message"), _must("at", sa.Float(53)))
# Programs that give their messages an id: what they were answered.
TOLD = sa.Table(
    "rest_answers",
    METADATA,
    _key("sender"),
    _key("message"),
    _must("at", sa.Float(53)),
    _must("answer"),
    sa.Index("rest_answers_times", "at"),
)
# Messengers: which messages have their answer, answers until they are sent, and who wants none.
SEEN = sa.Table(
    "seen",
    METADATA,
    _key("channel"),
    _key("message"),
    _must("at", sa.Float(53)),
    sa.Index("seen_times", "at"),
)
OUTGOING = sa.Table(
    "outgoing",
    METADATA,
    sa.Column("number", _COUNTED, primary_key=True),
    _must("channel"),
    _must("recipient"),
    _must("sender"),
    _must("body"),
    _must("put", sa.Float(53)),
    _must("due", sa.Float(53)),
    _must("tries", sa.Integer),
    sa.Index("outgoing_order", "channel", "recipient", "number"),
    sqlite_autoincrement=True,
)
OPTED_OUT = sa.Table("opted_out", METADATA, _key("sender"), _must("at", sa.Float(53)))
NOTICES = sa.Table("notices", METADATA, _key("sender"), _must("told", sa.BigInteger))
LINKS = sa.Table(
    "links",
    METADATA,
    _key("sender"),
    _must("conversation"),
    _must("used", sa.Float(53)),
    sa.Index("links_of", "conversation"),
)
CODES = sa.Table("link_codes", METADATA, _key("conversation"), _must("digest"), _must("expires", sa.Float(53)))
# One row a turn, of names and numbers only.
FACTS = sa.Table(
    "turn_facts",
    METADATA,
    sa.Column("number", _COUNTED, primary_key=True),
    _must("sender"),
    _must("at", sa.Float(53)),
    _must("channel"),
    _must("outcome"),
    sa.Column("intent", sa.Text),
    sa.Column("card", sa.Text),
    sa.Column("tier", sa.Text),
    sa.Column("flag", sa.Text),
    sa.Index("turn_facts_of", "sender"),
    sa.Index("turn_facts_times", "at"),
)
# What those who come near a limit asked of late; `sender` is a keyed digest where an address is limited.
COUNTERS = sa.Table(
    "counters",
    METADATA,
    _key("name"),
    _key("sender"),
    _must("count", sa.Integer),
    _must("until", sa.Float(53)),
)
# Who was forgotten by another process, so that this one drops what it remembers.
FORGOTTEN = sa.Table("forgotten", METADATA, _key("sender"), _must("at", sa.Float(53)))
# Which entries of the spool are written already.
SPOOLED = sa.Table("spooled", METADATA, _key("id"), _must("at", sa.Float(53)))
