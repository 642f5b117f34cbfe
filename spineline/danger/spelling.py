"""Turns what people type into words that the red-flag vocabulary knows.

Case, accents, apostrophes, emoji, digits used as letters, stretched letters, common misspellings and small slips in
long words are evened out. A word that the vocabulary does not know becomes `UNKNOWN`: nothing of it is kept.

A line break or a stop without a space may end a sentence or stand in the middle of one ("I can't / pee"), so such a
text has two readings.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from spineline.danger.slips import Slips
from spineline.text.letters import fold, plain

UNKNOWN = "_"
COMMA = ","
STOP = "."
QUESTION = "?"
MAX_CHARS = 10_000
_SHORTEST_STEM, _LONGEST_WORD = 3, 24
_POSSESSIVE_FROM, _LEET_FROM = 6, 4

# "12 yo" is an age, but "a 4, yo camino" and "5 yo puedo" are a score and somebody who speaks.
_AGE = re.compile(r"(?<=\d)[ -]?yo\b(?! (?:puedo|creo|digo|dir[ií]a|camino|duermo|me|no|s[ií])\b)", re.I)
_LETTER_MARKS = (
    (re.compile(r"\baño(s?)\b", re.I), r"anyo\1"),
    (re.compile(r"\bsí\b", re.I), "yes"),
    (_AGE, " year old"),
    (re.compile(r"(?<=\b(?:in|of|en|el) )['’‘`´](\d\d)(?![\w'’]|[.,]\d)", re.I), lambda found: _year(found[1])),
)
_THIS_CENTURY = 40
_POSSESSIVE = re.compile(r"(?<=[^\W\d_])(?<!\bhe)(?<!\bshe)['’‘`´]s\b")  # "she's" is "she is"
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
# A temperature of a fever, typed as a figure with one decimal: it is followed by a word of its own.
_FEVER = re.compile(r"(?<![\d.,])(3[89]|4[01]|37(?=[.,][89])|10[0-6])[.,](\d)(?![\d%])")
# A line break that no end mark, blank line or list item makes a real one, and marks with no space around them.
_LINE_END = r"(?<![\s.!?;…])[ \t]*\n[ \t]*(?![\s\-*•◦▪·–—>#]|\d{1,2}[.)]\s|\Z)"
_SOFT = re.compile(
    _LINE_END + r"|(?<=[a-z])[.,;:!?/+…]+(?=[a-z0-9])|(?<=[0-9])[.,;:!?/+…]+(?=[a-z])|…|\.{2,}|[ \t][-–—]+[ \t]|[–—]"
)
# What every soft break has: most messages have none of it, and to look for this costs little.
_MAY_BE_SOFT = re.compile(r"[\n…–—]|[.,;:!?/+][a-z0-9]|\.\.|-[ \t]")
_SOFT_MARK = "\x1f"
# Three letters with the same sign between them, and then every letter and digit of the message with that sign.
_SPACED_WORD = re.compile(r"(?<![a-z0-9])[a-z]([ .\-_*])['’]?[a-z]\1['’]?[a-z](?![a-z0-9])")
_SPACED_OUT = {
    sign: re.compile(
        rf"(?<![a-z0-9])[a-z0-9](?:{s}['’‘`´]?[a-z0-9'’])+(?![a-z0-9])(?:{s}(?![a-z0-9]))?|(?<![a-z0-9])[a-z]{s}(?![a-z0-9])"
    )
    for sign, s in ((sign, re.escape(sign)) for sign in " .-_*")
}
_NOT_A_LETTER = re.compile("[^a-z0-9]")


@dataclass(frozen=True)
class Token:
    """One word as the vocabulary knows it (`norm`) and as it was typed (`word`); `resumes` after a soft break."""

    norm: str
    word: str
    resumes: bool = False


def _year(digits: str) -> str:
    """ "'98" is 1998, "'03" is 2003."""
    return ("20" if int(digits) < _THIS_CENTURY else "19") + digits


def letters(text: str) -> str:
    """Lower case without accents; what an accent alone tells apart ("año", "sí") is spelt out first."""
    for pattern, replacement in _LETTER_MARKS:
        text = pattern.sub(replacement, text)
    return _APOSTROPHE.sub("", _POSSESSIVE.sub("", fold(text)))


def _drawn_together(text: str) -> str:
    """Letters typed one by one become words: "c.a.n.t", "p e e"; one word of three letters shows that it is done."""
    signs = Counter(found[1] for found in _SPACED_WORD.finditer(text) if len(set(found[0])) > 2)
    if not signs:
        return text
    (sign, _), *_ = signs.most_common(1)
    return _SPACED_OUT[sign].sub(_word_of_letters, text)


def _word_of_letters(found: re.Match[str]) -> str:
    word = _NOT_A_LETTER.sub("", found[0])
    repeated = len(word) > 1 and len(set(word)) == 1
    return found[0] if repeated else word


def _ands(text: str) -> str:
    return text.replace("&", " and ").replace("+", " and ")


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
        self._begin = {key[0] for key in self._typed}
        self._longest_typed = max(map(len, self._typed), default=1)
        self._emoji = {symbol: letters(meant) for symbol, meant in spellings.emoji.items()}
        self._misspelt = frozenset(map(letters, spellings.misspelt))
        self._proper = frozenset(map(letters, spellings.proper))
        self._slips = Slips((), (), ())
        self._exact: set[str] = set()
        self._plain: set[str] = set()
        self._stems: set[str] = set()

    def learn(self, known: Collection[str]) -> None:
        """Take over the words and stems to which typed words are mapped."""
        self._exact = {word for word in known if not word.endswith("*")}
        self._plain = {word for word in self._exact if word.isalnum()}
        self._stems = {word for word in known if word.endswith("*")}
        self._slips = Slips(self._exact, self._misspelt, self._proper)

    def readings(self, text: str) -> Iterator[list[Token]]:
        """The words of a message in order, with punctuation reduced to `,` `.` `?` and `/`.

        Once with every break as it stands; where there are soft ones, once more with those left out.
        """
        text = self._lettered(text[:MAX_CHARS])
        yield self._tokens(_PIECE.findall(_ands(text)))
        if _MAY_BE_SOFT.search(text) and _SOFT.search(text):
            yield self._resumed(_SOFT.sub(f" {_SOFT_MARK} ", text))

    def respelt(self, words: Sequence[str]) -> tuple[str, ...]:
        """Words of the vocabulary itself with the spellings evened out."""
        return tuple(part for part, _, _ in self._spelt(words))

    def _lettered(self, text: str) -> str:
        text = plain(text)
        for symbol, meaning in self._emoji.items() if not text.isascii() else ():
            if symbol in text:
                text = text.replace(symbol, f" {meaning} ")
        return _FEVER.sub(r"\1.\2 pointtemp ", _drawn_together(letters(text)))

    def _resumed(self, text: str) -> list[Token]:
        """The reading in which soft breaks are spaces."""
        pieces: list[str] = []
        breaks = set()
        for part in _ands(text).split(_SOFT_MARK):
            breaks.add(len(pieces))
            pieces += _PIECE.findall(part)
        return self._tokens(pieces, breaks)

    def _tokens(self, pieces: Sequence[str], breaks: Collection[int] = ()) -> list[Token]:
        plain = self._plain
        return [
            Token(part if part in plain else self._norm(part), word, at in breaks)
            for part, word, at in self._spelt(pieces)
        ]

    def _spelt(self, pieces: Sequence[str]) -> Iterator[tuple[str, str, int]]:
        """Each word as it is meant, as it was typed, and the piece at which it was typed."""
        at = 0
        while at < len(pieces):
            size = self._spelling_at(pieces, at) if pieces[at] in self._begin else 0
            typed = pieces[at : at + max(size, 1)]
            for part in self._typed[tuple(typed)] if size else typed:
                yield part, " ".join(typed), at
            at += len(typed)

    def _spelling_at(self, pieces: Sequence[str], at: int) -> int:
        sizes = range(min(self._longest_typed, len(pieces) - at), 0, -1)
        return next((n for n in sizes if tuple(pieces[at : at + n]) in self._typed), 0)

    def _norm(self, piece: str) -> str:
        if not piece[0].isalnum():
            return _SIGNS.get(piece, COMMA)
        if piece[0].isdigit() and not piece.isalnum():
            piece = re.split("[.,]", piece)[0]
        found = self._known(piece) or self._singular(piece) or self._without_g(piece)
        is_stretched = not found and _STRETCHED.search(piece)
        if is_stretched:
            found = self._known(_STRETCHED.sub(r"\1", piece))
        if not found and len(piece) <= _LONGEST_WORD:
            doubled = self._known(_STRETCHED.sub(r"\1\1", piece)) if is_stretched else ""
            found = doubled or self._repaired(piece)
        return found or UNKNOWN

    def _singular(self, piece: str) -> str:
        """A possessive typed without its apostrophe: "my teenagers back"."""
        return piece[:-1] if len(piece) > _POSSESSIVE_FROM and piece[-1] == "s" and piece[:-1] in self._exact else ""

    def _without_g(self, piece: str) -> str:
        """As it is said: "talkin", "breathin"."""
        return piece + "g" if piece.endswith("in") and piece + "g" in self._exact else ""

    def _repaired(self, piece: str) -> str:
        if piece.isalpha():
            return self._known(self._slips.meant(piece))
        return "" if piece.isdigit() or len(piece) < _LEET_FROM else self._known(piece.translate(_LEET))

    def _known(self, word: str) -> str:
        if word in self._exact:
            return word
        sizes = range(min(len(word), _LONGEST_WORD), _SHORTEST_STEM - 1, -1)
        return next((word[:n] + "*" for n in sizes if word[:n] + "*" in self._stems), "")
