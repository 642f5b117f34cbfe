"""Turns what people type into words that the red-flag vocabulary knows.

Case, accents, apostrophes, emoji, digits used as letters, stretched letters, common misspellings and small slips in
long words are evened out. A word that the vocabulary does not know becomes `UNKNOWN`: nothing of it is kept.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spineline.danger.slips import Slips
from spineline.text.letters import fold

UNKNOWN = "_"
COMMA = ","
STOP = "."
QUESTION = "?"
MAX_CHARS = 10_000
_SHORTEST_STEM, _LONGEST_WORD = 3, 24
_POSSESSIVE_FROM, _LEET_FROM = 6, 4

_LETTER_MARKS = ((re.compile(r"\baño(s?)\b", re.I), r"anyo\1"), (re.compile(r"\bsí\b", re.I), "yes"))
_POSSESSIVE = re.compile(r"(?<=[^\W\d_])['’‘`´]s\b")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’‘`´](?=[^\W\d_])")
_PIECE = re.compile(r"\d+(?:[.,]\d+)?(?![a-z])|[a-z0-9]+|…|\.{2,}|[.;!?¿¡\n,:()/–—]| - ")
_SIGNS = {
    ".": STOP,
    ";": STOP,
    "!": STOP,
    "\n": STOP,
    "?": QUESTION,
    "¿": STOP,
    "¡": STOP,
    "/": "outof",
}
_LEET = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t"})
_STRETCHED = re.compile(r"(.)\1{2,}")


@dataclass(frozen=True)
class Token:
    """One word as the vocabulary knows it (`norm`) and as it was typed (`word`)."""

    norm: str
    word: str


def letters(text: str) -> str:
    """Lower case without accents; what an accent alone tells apart ("año", "sí") is spelt out first."""
    for pattern, replacement in _LETTER_MARKS:
        text = pattern.sub(replacement, text)
    return _APOSTROPHE.sub("", _POSSESSIVE.sub("", fold(text)))


@dataclass(frozen=True)
class Spellings:
    """What is known about the way people type.

    Args:
        typed: short forms and frequent mistakes -> what they mean.
        emoji: symbol -> words.
        misspelt: words in which a slip is forgiven.
        proper: words that look like a slip in one of those but are right as they are.
    """

    typed: Mapping[str, str]
    emoji: Mapping[str, str]
    misspelt: Collection[str] = ()
    proper: Collection[str] = ()


class Speller:
    """Maps typed words to the words and stems (`orin*`) of a vocabulary."""

    def __init__(self, spellings: Spellings) -> None:
        typed = {letters(key): letters(value) for key, value in spellings.typed.items()}
        self._typed = {tuple(key.split()): tuple(value.split()) for key, value in typed.items()}
        self._longest_typed = max(map(len, self._typed), default=1)
        self._emoji = {symbol: letters(meant) for symbol, meant in spellings.emoji.items()}
        self._misspelt = frozenset(map(letters, spellings.misspelt))
        self._proper = frozenset(map(letters, spellings.proper))
        self._slips = Slips((), (), ())
        self._exact: set[str] = set()
        self._stems: set[str] = set()

    def learn(self, known: Collection[str]) -> None:
        """Take over the words and stems to which typed words are mapped."""
        self._exact = {word for word in known if not word.endswith("*")}
        self._stems = {word for word in known if word.endswith("*")}
        self._slips = Slips(self._exact, self._misspelt, self._proper)

    def tokens(self, text: str) -> list[Token]:
        """The words of a message in order, with punctuation reduced to `,` `.` `?` and `/`."""
        return [Token(self._norm(part), word) for part, word in self._spelt(self._pieces(text[:MAX_CHARS]))]

    def respelt(self, words: Sequence[str]) -> tuple[str, ...]:
        """Words of the vocabulary itself with the spellings evened out."""
        return tuple(part for part, _ in self._spelt(words))

    def _pieces(self, text: str) -> list[str]:
        for symbol, meaning in self._emoji.items():
            if symbol in text:
                text = text.replace(symbol, f" {meaning} ")
        return _PIECE.findall(letters(text).replace("&", " and ").replace("+", " and "))

    def _spelt(self, pieces: Sequence[str]) -> Iterator[tuple[str, str]]:
        at = 0
        while at < len(pieces):
            size = self._spelling_at(pieces, at)
            typed = pieces[at : at + max(size, 1)]
            for part in self._typed[tuple(typed)] if size else typed:
                yield part, " ".join(typed)
            at += len(typed)

    def _spelling_at(self, pieces: Sequence[str], at: int) -> int:
        sizes = range(min(self._longest_typed, len(pieces) - at), 0, -1)
        return next((n for n in sizes if tuple(pieces[at : at + n]) in self._typed), 0)

    def _norm(self, piece: str) -> str:
        if not piece[0].isalnum():
            return _SIGNS.get(piece, COMMA)
        if piece[0].isdigit() and not piece.isalnum():
            piece = re.split("[.,]", piece)[0]
        found = self._known(piece) or self._singular(piece) or self._known(_STRETCHED.sub(r"\1", piece))
        if not found and len(piece) <= _LONGEST_WORD:
            found = self._known(_STRETCHED.sub(r"\1\1", piece)) or self._repaired(piece)
        return found or UNKNOWN

    def _singular(self, piece: str) -> str:
        """A possessive typed without its apostrophe: "my teenagers back"."""
        return piece[:-1] if len(piece) > _POSSESSIVE_FROM and piece[-1] == "s" and piece[:-1] in self._exact else ""

    def _repaired(self, piece: str) -> str:
        if piece.isalpha():
            return self._known(self._slips.meant(piece))
        return "" if piece.isdigit() or len(piece) < _LEET_FROM else self._known(piece.translate(_LEET))

    def _known(self, word: str) -> str:
        if word in self._exact:
            return word
        sizes = range(min(len(word), _LONGEST_WORD), _SHORTEST_STEM - 1, -1)
        return next((word[:n] + "*" for n in sizes if word[:n] + "*" in self._stems), "")
