"""Pain and danger signs."""

from __future__ import annotations

from actions.base import ConversationAction


class Pain(ConversationAction):
    """Takes a pain report: number first when it is severe, then the questions of the triage."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_pain"


class RedFlag(ConversationAction):
    """Says what to do first when a danger sign is reported."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_red_flag"
