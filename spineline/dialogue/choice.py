"""Quick replies, ids until a channel prints them: "core/why" is an answer, "triage:fever" an option of a question."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from spineline.content.clinic import Both
from spineline.content.library import Content

ANSWER, ALARM, LINE, TRIAGE = "answer", "alarm", "line", "triage"
YES, NO = "line:yes", "line:no"
GETTING_HELP, NOT_MEANT = REPLIES = ("alarm:getting_help", "alarm:not_meant")  # under an alarm


@dataclass(frozen=True)
class Choice:
    """A quick reply.

    Args:
        kind: ANSWER leads to an answer of a card; ALARM closes an alarm; LINE is a plain yes or no; TRIAGE is an option
            of a question about pain.
        name: what it means among its kind: "core/why", "getting_help", "yes", "fever".
    """

    kind: str
    name: str

    @classmethod
    def of(cls, id: str) -> Choice:
        """The quick reply with this id."""
        kind, has_kind, name = id.partition(":")
        return cls(kind, name) if has_kind else cls(ANSWER, id)

    def title(self, content: Content) -> Both:
        """What it is called, in both languages; KeyError when there is none."""
        if self.kind == ALARM:
            title: Both = content.tiers["replies"][self.name]["ask"]
        elif self.kind == TRIAGE:
            title = content.triage["options"][self.name]
        elif self.kind == LINE:
            title = content.lines[self.name]
        else:
            title = content.answer(self.name).ask
        return title

    def intent(self, content: Content) -> str:
        """The intent that it stands for."""
        if self.kind in (ALARM, LINE):
            return "affirm" if self.name in ("getting_help", "yes") else "deny"
        return "report_mild_pain" if self.kind == TRIAGE else content.card(self.name).intents[0]


def choice_title(id: str, content: Content) -> Both:
    """What a quick reply is called, in both languages."""
    return Choice.of(id).title(content)


def all_choices(content: Content) -> Iterator[str]:
    """The id of every quick reply that can ever be offered."""
    yield from (*REPLIES, YES, NO)
    yield from (f"{TRIAGE}:{option}" for option in content.triage["options"])
    yield from content.answers
