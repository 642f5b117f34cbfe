"""The events of all conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_STARTS = sa.text("type_name = 'session_started'")


def upgrade() -> None:
    """Make the table; the key finds a conversation in order, and refuses an event that is stored already."""
    op.create_table(
        "conversation_events",
        sa.Column("sender_id", sa.Text, primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("type_name", sa.Text, nullable=False),
        sa.Column("timestamp", sa.Float(53), nullable=False),
        sa.Column("data", sa.Text, nullable=False),
    )
    op.create_index(
        "session_starts",
        "conversation_events",
        ["sender_id", "number"],
        sqlite_where=_STARTS,
        postgresql_where=_STARTS,
    )
    op.create_index("event_times", "conversation_events", ["timestamp"])


def downgrade() -> None:
    """Forget every conversation."""
    op.drop_table("conversation_events")
