"""Small, pure helpers on what people type and hear."""

from __future__ import annotations

import re
import unicodedata

WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
NUMBER = re.compile(r"\d[\d-]+\d")
_INVISIBLE = {"Cc", "Cf", "Cs", "Co"}
_KEPT = {"\n", "\t", "\u200d"}
# A word or an attribute, not a sentence: "<i can't pee>" is something that a person says.
_TAG = re.compile(r"</?[a-zA-Z][\w-]*(?:\s+[\w-]+\s*=[^<>]{0,200})?\s*/?>")


def clean(text: str) -> str:
    """Remove control, format and broken characters and HTML tags; emoji joiners and line breaks stay."""
    visible = "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _INVISIBLE)
    return _TAG.sub(" ", visible).strip()


def fold(text: str) -> str:
    """Lower case without accents: "¿Cuántas?" -> "¿cuantas?". One character stays one character in Latin text."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


def words(text: str) -> list[str]:
    """The folded words of a text, without punctuation and emoji."""
    return WORD.findall(fold(text))


def spelled(text: str) -> str:
    """Telephone numbers digit by digit: "310-555-0100" as "3 1 0, 5 5 5, 0 1 0 0", "911" as "9 1 1"."""
    return NUMBER.sub(lambda found: _spelled(found[0]), text)


def _spelled(number: str) -> str:
    is_telephone = "-" in number or len(number) == 3
    return ", ".join(" ".join(group) for group in number.split("-")) if is_telephone else number
