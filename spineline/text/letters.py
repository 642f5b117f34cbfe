"""Small, pure helpers on what people type and hear."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import cached_property

from spineline.text.look_alikes import FOREIGN, LATIN_STYLES

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_NAME = re.compile(r"\$([a-z_]+)")
NUMBER = re.compile(r"\d[\d-]+\d")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co"}
_JOINER = "\u200d"
# What NFKC would take for something else: "38º" for "38o", "½" for "1/2", "№" for "No".
_LIGATURES = frozenset("ﬀﬁﬂﬃﬄﬅﬆ")
_KEPT_AS_IS = frozenset("ºª\t\n" + _JOINER)
_FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_LINE_BREAK = re.compile(r"\r\n?|\x85|[\v\f\x1c-\x1e\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
# Marks for no letter of their own: what is left of them after composing is decoration ("c̶a̶n̶t̶").
_LOOSE_MARK = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20e2\u20e4-\u20ff\ufe20-\ufe2f]+"
)
_INNER_JOINER = re.compile(rf"(?<=\w){_JOINER}+|{_JOINER}+(?=\w)")
_FOREIGN_LETTER = re.compile(r"[\u0370-\u03ff\u0400-\u052f]")
_LETTERS = re.compile(r"[^\W\d_]+")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][\da-fA-F]{1,6}|[a-zA-Z]{2,31}\d{0,2});")
# A word or an attribute, not a sentence: "<i can't pee>" is something that a person says.
_TAG = re.compile(r"</?[a-zA-Z][\w-]*(?:\s+[\w-]+\s*=[^<>]{0,200})?\s*/?>|<!--[^<>]{0,500}-->")
_BLOCK_TAG = re.compile(r"</?(?:br|p|div|li|ul|ol|tr|h[1-6])\b[^<>]{0,200}>[ \t]*\n?", re.IGNORECASE)


def clean(text: str) -> str:
    """Plain letters, without control, format and broken characters and HTML; emoji joiners and line breaks stay."""
    if "&" in text:
        text = _ENTITY.sub(lambda found: html.unescape(found[0]), text)
    text = plain(text)
    if "<" in text:
        text = _TAG.sub(" ", _BLOCK_TAG.sub("\n", text))
    return text.strip()


def plain(text: str) -> str:
    """The same text in ordinary letters: composed, every line break a "\\n", no letter in disguise, nothing unseen."""
    if text.isascii():
        return _CONTROL.sub("", _LINE_BREAK.sub("\n", text)) if _CONTROL.search(text) else text
    text = unicodedata.normalize("NFC", _LINE_BREAK.sub("\n", text).translate(_INVISIBLES))
    text = unicodedata.normalize("NFC", _LOOSE_MARK.sub("", text.translate(_PLAIN)))
    if _JOINER in text:
        text = _INNER_JOINER.sub("", text)
    return _in_latin(text) if _FOREIGN_LETTER.search(text) else text


class _Table(dict[int, str]):
    """A table for `str.translate` that looks a character up once; it holds characters, never text."""

    def __init__(self, meant: Callable[[str], str]) -> None:
        super().__init__()
        self._meant = meant

    def __missing__(self, code: int) -> str:
        self[code] = meant = self._meant(chr(code))
        return meant


def _seen(char: str) -> str:
    unseen = char in _FILLERS or (unicodedata.category(char) in _INVISIBLE and char not in _KEPT_AS_IS)
    return "" if unseen else char


def _ordinary(char: str) -> str:
    """A letter, digit, sign or space in another style becomes the ordinary one: "ⓟ" and "⒫" are "p"."""
    if char in LATIN_STYLES:
        return LATIN_STYLES[char]
    if char == "´":
        return "'"
    ordinary = unicodedata.normalize("NFKC", char)
    if char in _LIGATURES or (char not in _KEPT_AS_IS and len(ordinary) == 1):
        return ordinary
    bare = ordinary[1:2] if len(ordinary) == 3 and ordinary[0] in "([〔" else ""
    return bare if bare.isalnum() and bare.isascii() else char


def _unmarked(char: str) -> str:
    return "" if unicodedata.combining(char) else char


_INVISIBLES, _PLAIN, _WITHOUT_MARKS = _Table(_seen), _Table(_ordinary), _Table(_unmarked)


def _in_latin(text: str) -> str:
    """Cyrillic and Greek letters that stand for Latin ones: in a word with Latin letters, or when all look alike."""
    all_alike = all(letter in FOREIGN for letter in _FOREIGN_LETTER.findall(text))
    return _LETTERS.sub(lambda found: _word_in_latin(found[0], all_alike), text)


def _word_in_latin(word: str, all_alike: bool) -> str:
    foreign = _FOREIGN_LETTER.findall(word)
    mixed = 0 < len(foreign) < len(word)
    if not foreign or not (all_alike or mixed) or not all(letter in FOREIGN for letter in foreign):
        return word
    return "".join(FOREIGN.get(letter, letter) for letter in word)


class Typed(str):
    """What a person wrote or said, read once: its folded form and its words live as long as the text does, no longer.

    Made when a message is taken in; everything takes it for the plain text that it is.
    """

    @classmethod
    def of(cls, text: str) -> Typed:
        """The text as it is, if it can already be read once."""
        return text if isinstance(text, cls) else cls(text)

    def strip(self, chars: str | None = None, /) -> str:
        """The same text, not a copy, when there is nothing to strip: Rasa strips every message."""
        stripped = super().strip(chars)
        return self if len(stripped) == len(self) else stripped

    @cached_property
    def folded(self) -> str:
        """See `fold`."""
        return _folded(self)

    @cached_property
    def words(self) -> tuple[str, ...]:
        """See `words`."""
        return tuple(WORD.findall(self.folded))


def fold(text: str) -> str:
    """Lower case without accents: "¿Cuántas?" -> "¿cuantas?". One character stays one character in Latin text."""
    return text.folded if isinstance(text, Typed) else _folded(text)


def _folded(text: str) -> str:
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", text.lower()).translate(_WITHOUT_MARKS))


def words(text: str) -> Sequence[str]:
    """The folded words of a text, without punctuation and emoji."""
    return text.words if isinstance(text, Typed) else tuple(WORD.findall(_folded(text)))


def is_question(text: str) -> bool:
    """Whether it is written as a question, in either language's signs."""
    return not set("?¿？").isdisjoint(text)


def with_names(text: str, **values: object) -> str:
    """The text with these $names filled in; any other "$" is a clinic's own and stays: "a $20 copay"."""
    return _NAME.sub(lambda found: str(values.get(found[1], found[0])), text)


def spelled(text: str) -> str:
    """Telephone numbers digit by digit: "310-555-0100" as "3 1 0, 5 5 5, 0 1 0 0", "911" as "9 1 1"."""
    return NUMBER.sub(lambda found: _spelled(found[0]), text)


def _spelled(number: str) -> str:
    is_telephone = "-" in number or len(number) == 3
    return ", ".join(" ".join(group) for group in number.split("-")) if is_telephone else number
