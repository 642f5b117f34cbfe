"""Cuts what is said into messages that arrive whole: between lines, else sentences, else words; counts as carriers do.

A text message is sent in segments. One of 160 characters, or several of 153, when every letter is in the telephones'
own alphabet (GSM-7, which has é and ñ but not á, í, ó, ú); else one of 70, or several of 67.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

MOST_SEGMENTS = 4
LONGEST_WHATSAPP = 1600  # characters that Twilio takes at once

Fits = Callable[[str], bool]

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€\f")  # two places each
_PLAIN = str.maketrans({**dict.fromkeys("’‘", "'"), **dict.fromkeys("“”«»", '"'), **dict.fromkeys("–—", "-")})
_PLAIN |= str.maketrans({"…": "...", "\u00a0": " ", "\u202f": " ", "•": "-"})
_CUTS = (
    re.compile(r"\n(?=1\. )|\n(?!\d+\. |- )"),  # a list stays together where it can
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?])(?<!\bDr\.)(?<!\bDra\.)(?<!\bSr\.)(?<!\bSra\.)\s+"),
    re.compile(r"\s+"),
    re.compile(r"(?!^)"),
)


def plain(text: str) -> str:
    """The text with typographic signs as simple ones, which cost less: one “ would more than halve a segment."""
    return text.translate(_PLAIN)


def segments(text: str) -> int:
    """How many segments a text message takes; 0 for none."""
    widths = [_width(character) for character in text]
    if None in widths:
        return _count([2 if ord(character) > 0xFFFF else 1 for character in text], 70, 67)
    return _count([width for width in widths if width], 160, 153)


def _width(character: str) -> int | None:
    if character in _BASIC:
        return 1
    return 2 if character in _EXTENDED else None


def _count(widths: list[int], one: int, several: int) -> int:
    if sum(widths) <= one:
        return 1 if widths else 0
    count, used = 1, 0
    for width in widths:  # a character is never torn apart
        count, used = (count, used + width) if used + width <= several else (count + 1, width)
    return count


def fits_sms(text: str) -> bool:
    """Whether this may be one text message."""
    return segments(text) <= MOST_SEGMENTS


def fits_whatsapp(text: str) -> bool:
    """Whether this may be one WhatsApp message."""
    return len(text.encode("utf-16-le")) // 2 <= LONGEST_WHATSAPP


def parts(texts: Iterable[str], fits: Fits) -> list[str]:
    """The messages that say these texts in order; short ones share a message, long ones need several."""
    made: list[str] = []
    for text in filter(str.strip, texts):
        first, *others = _split(text.strip(), fits, 0)
        if made and fits(together := f"{made[-1]}\n\n{first}"):
            made[-1:] = [together, *others]
        else:
            made += [first, *others]
    return made


def _split(text: str, fits: Fits, level: int) -> list[str]:
    if fits(text) or level == len(_CUTS):
        return [text]
    made = [""]
    for piece in _pieces(text, _CUTS[level]):
        if fits((made[-1] + piece).strip()):
            made[-1] += piece
        else:
            made += _split(piece.rstrip(), fits, level + 1)
            made[-1] += piece[len(piece.rstrip()) :]
    return [part.strip() for part in made if part.strip()]


def _pieces(text: str, cut: re.Pattern[str]) -> Iterator[str]:
    """The text in pieces, each with the blanks behind it."""
    at = 0
    for found in cut.finditer(text):
        yield text[at : found.end()]
        at = found.end()
    yield text[at:]
