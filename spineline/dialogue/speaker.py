"""Who speaks one language for one clinic: turns answers and lines into messages, and names whom to call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spineline.content.cards import Answer
from spineline.content.library import Content
from spineline.content.texts import Part
from spineline.dialogue.turn import Kind, Message

CLINIC = "clinic"  # the others that can be called are their own numbers: "911", "988"


@dataclass(frozen=True)
class Speaker:
    """Says things in one language, "en" or "es"."""

    content: Content
    language: str

    @classmethod
    def to(cls, language: str | None, content: Content) -> Speaker:
        """For somebody who speaks this language; in the clinic's first where it is unknown or not spoken here."""
        known = content.clinic.languages
        return cls(content, language if language in known else known[0])

    def part(self, id: str) -> Part:
        """One text by its name; KeyError when there is none."""
        return self.content.parts[id, self.language]

    def question(self, id: str, name: str, choices: Iterable[str]) -> Message:
        """One question of ours with its quick replies.

        Args:
            id: of the text.
            name: of the question.
        """
        return Message((self.part(id),), self.language, name, Kind.QUESTION, tuple(choices))

    def named(self, id: str, name: str, choices: Iterable[str] = ()) -> Message:
        """One text by its id, as a message of this name."""
        return Message((self.part(id),), self.language, name, choices=tuple(choices))

    def line(self, name: str, choices: Iterable[str] = (), *, call: bool = False) -> Message:
        """One fixed line, with quick replies and, where wanted, the clinic's number to call."""
        calls = (CLINIC,) if call else ()
        return Message((self.part(f"lines.{name}"),), self.language, name, choices=tuple(choices), calls=calls)

    def answer(self, answer: Answer, *, with_replies: bool = True) -> Message:
        """One card answer with its fixed line, whether to call, its quick replies and where it comes from."""
        line = self.content.cards[answer.card].line
        ids = (answer.ref, f"lines.{line}") if line else (answer.ref,)
        return Message(
            tuple(map(self.part, ids)),
            self.language,
            card=answer.ref,
            kind=Kind.ANSWER,
            choices=answer.buttons if with_replies else (),
            calls=(CLINIC,) if answer.call else (),
            sources=answer.sources,
        )

    def call(self, whom: str) -> tuple[str, str]:
        """Title and address of a link that calls: ("Call 911", "tel:911")."""
        if whom == CLINIC:
            return self.part("lines.call_button").read, self.content.clinic.phone_link
        return self.part(f"lines.call_{whom}").read, f"tel:{whom}"

    def replies(self, choices: Iterable[str]) -> list[str]:
        """What quick replies are called."""
        return [self.content.choices[choice].title[self.language] for choice in choices]


def number_of(whom: str, content: Content) -> str:
    """The telephone number of "clinic", "911" or "988", as people read it."""
    return content.clinic.phone if whom == CLINIC else whom
