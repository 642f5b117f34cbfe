"""Questions and talk."""

from __future__ import annotations

from actions.base import ConversationAction


class Answer(ConversationAction):
    """Answers what people ask about training, aches and the clinic."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_answer"


class Talk(ConversationAction):
    """Greets, thanks, helps, switches the language, takes a yes or a no."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_talk"


class HandOff(ConversationAction):
    """Tells people who want a person how to reach one."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_hand_off"


class NotUnderstood(ConversationAction):
    """Offers a way on when a message is not understood or not for this chat."""

    def name(self) -> str:
        """As in domain.yml."""
        return "action_not_understood"
