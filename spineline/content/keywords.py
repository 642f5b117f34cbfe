"""Words of text messages that are known before anything is understood: STOP, START and HELP, and reactions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from spineline.errors import ContentError
from spineline.text.letters import words
from spineline.text.schemas import read_checked, shown

KINDS = ("stop", "start", "help")
_LONGEST = 60  # characters; no keyword is as long


@dataclass(frozen=True)
class Keywords:
    """What each message means that is a keyword as a whole.

    Args:
        meanings: by the folded words of the message.
        reactions: the folded words with which a telephone reports a reaction, before what it quotes.
    """

    meanings: Mapping[str, str]
    reactions: frozenset[str] = frozenset()

    def of(self, text: str) -> str | None:
        """ "stop", "start" or "help"; None for every other message."""
        return self.meanings.get(" ".join(words(text))) if len(text) <= _LONGEST else None


def load_keywords(path: Path) -> Keywords:
    """Read content/keywords.yml: {stop: {en: [...], es: [...]}, ...}; ContentError when a word means two things."""
    meanings: dict[str, str] = {}
    for kind, keyword in _read(path):
        if meanings.setdefault(keyword, kind) != kind:
            raise ContentError(
                [f"{shown(path)}: '{keyword}' means {meanings[keyword]} and {kind}. Remove one of them."]
            )
    reactions = (" ".join(words(before)) for befores in read_checked(path)["reaction"].values() for before in befores)
    return Keywords(meanings, frozenset(reactions))


def _read(path: Path) -> Iterator[tuple[str, str]]:
    data = read_checked(path)
    for kind in KINDS:
        for keywords in data[kind].values():
            yield from ((kind, " ".join(words(keyword))) for keyword in keywords)
