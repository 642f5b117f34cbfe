"""What one turn says, and what is written with it in one commit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from time import perf_counter

from spineline.dialogue.turn import Message
from spineline.keep.writes import Write

ANSWERED = "answered"  # the outcome of a turn that the engine has answered

Keep = Callable[[Sequence[Message]], Sequence[Write]]  # what a channel wants written with what the person is told
Decide = Callable[[Sequence[Message], str], tuple[list[Message], Sequence[Write]]]


def keep_nothing(_: Sequence[Message]) -> Sequence[Write]:
    """For channels that lose nothing when a connection breaks."""
    return ()


class Said:
    """What an engine has said so far, when it spoke last, and what the person is told of it.

    Args:
        decide: makes of messages what the person gets, and what is written with it; asked once.
        is_enough: whether messages can be told as they are, without anything to be done first.

    `told` is what the person gets, as soon as that is decided. `is_taken` says that a store has put `writes` into the
    commit of the turn.
    """

    def __init__(self, decide: Decide, is_enough: Callable[[Sequence[Message]], bool]) -> None:
        self._decide, self._is_enough = decide, is_enough
        self.messages: list[Message] = []
        self.told: list[Message] = []
        self.meant: list[Message] = []
        self.writes: Sequence[Write] = ()
        self.is_taken = self.is_final = False
        self.last_at = perf_counter()

    def __call__(self, message: Message) -> None:
        """The engine says a message; what has no text is no answer."""
        if message.text.strip():
            self.messages.append(message)
            self.last_at = perf_counter()

    def decide(self, messages: Sequence[Message], outcome: str = ANSWERED) -> list[Message]:
        """The person is told this, and nothing else, whatever the engine still says.

        Args:
            outcome: "alarm" and "safe_text" when somebody else had to find the words.
        """
        if not self.told:
            self.meant = list(messages)
            self.told, self.writes = self._decide(messages, outcome)
        self.is_final = True
        return self.told

    def beside(self) -> Sequence[Write]:
        """What belongs into the commit of the turn; a store asks for it when it writes the turn down."""
        if not self.told and self.messages and self._is_enough(self.messages):
            self.meant = list(self.messages)
            self.told, self.writes = self._decide(self.messages, ANSWERED)
        self.is_taken = bool(self.told)
        return self.writes

    def take_apart(self, mark: Write) -> Sequence[Write]:
        """What is to be written without waiting for the store; nothing, when a store has it already. It stays in the
        commit of the turn: behind `mark`, so that whoever comes first writes it, and nobody else."""
        if self.is_taken:
            return ()
        self.writes = [mark, *self.writes]
        return self.writes

    def begin_again(self) -> None:
        """Somebody else went on with the conversation, so the engine is asked once more."""
        self.messages, self.is_taken = [], False
        if not self.is_final:
            self.told, self.meant, self.writes = [], [], ()
