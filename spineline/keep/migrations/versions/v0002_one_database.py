"""Everything else that is kept, which stood in files of its own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_COUNTED = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_REAL = sa.Float(53)


def _key(name: str, kind: sa.types.TypeEngine = sa.Text) -> sa.Column:
    return sa.Column(name, kind, primary_key=True, autoincrement=False)


def _must(name: str, kind: sa.types.TypeEngine = sa.Text) -> sa.Column:
    return sa.Column(name, kind, nullable=False)


def _number() -> sa.Column:
    return sa.Column("number", _COUNTED, primary_key=True)


def upgrade() -> None:
    """Make the tables."""
    _of_conversations()
    _of_the_website()
    _of_messengers()
    _of_people()
    _of_processes()


def _of_conversations() -> None:
    op.create_table(
        "snapshots", _key("sender_id"), _must("number", sa.Integer), _must("timestamp", _REAL), _must("data")
    )
    op.create_table(
        "turn_facts",
        _number(),
        _must("sender"),
        _must("at", _REAL),
        _must("channel"),
        _must("outcome"),
        *(sa.Column(name, sa.Text) for name in ("intent", "card", "tier", "flag")),
    )
    op.create_index("turn_facts_of", "turn_facts", ["sender"])
    op.create_index("turn_facts_times", "turn_facts", ["at"])


def _of_the_website() -> None:
    op.create_table(
        "web_sessions",
        _key("id"),
        _must("consented", sa.Integer),
        _must("seen", sa.BigInteger),
        sa.Column("language", sa.Text),
        _must("last_seq", sa.BigInteger),
    )
    op.create_index("web_sessions_seen", "web_sessions", ["seen"])
    op.create_table("web_waiting", _key("session"), _key("seq", sa.BigInteger), _must("body"))
    op.create_table("web_answered", _key("session"), _key("message"), _must("at", _REAL))
    op.create_table("rest_answers", _key("sender"), _key("message"), _must("at", _REAL), _must("answer"))
    op.create_index("rest_answers_times", "rest_answers", ["at"])


def _of_messengers() -> None:
    op.create_table("seen", _key("channel"), _key("message"), _must("at", _REAL))
    op.create_index("seen_times", "seen", ["at"])
    op.create_table(
        "outgoing",
        _number(),
        *(_must(name) for name in ("channel", "recipient", "sender", "body")),
        _must("put", _REAL),
        _must("due", _REAL),
        _must("tries", sa.Integer),
        sqlite_autoincrement=True,
    )
    op.create_index("outgoing_order", "outgoing", ["channel", "recipient", "number"])
    op.create_table("opted_out", _key("sender"), _must("at", _REAL))


def _of_people() -> None:
    op.create_table("notices", _key("sender"), _must("told", sa.BigInteger))
    op.create_table("links", _key("sender"), _must("conversation"), _must("used", _REAL))
    op.create_index("links_of", "links", ["conversation"])
    op.create_table("link_codes", _key("conversation"), _must("digest"), _must("expires", _REAL))
    op.create_table("counters", _key("name"), _key("sender"), _must("count", sa.Integer), _must("until", _REAL))


def _of_processes() -> None:
    op.create_table("forgotten", _key("sender"), _must("at", _REAL))
    op.create_table("spooled", _key("id"), _must("at", _REAL))


def downgrade() -> None:
    """Forget everything but the conversations."""
    for table in (
        *("snapshots", "turn_facts", "web_sessions", "web_waiting", "web_answered", "rest_answers", "seen"),
        *("outgoing", "opted_out", "notices", "links", "link_codes", "counters", "forgotten", "spooled"),
    ):
        op.drop_table(table)
