"""A typed answer to quick replies: "2", "how long", or the start of a title means the button."""

from __future__ import annotations

from collections.abc import Sequence

from spineline.content.library import Content
from spineline.dialogue.render import choice_title
from spineline.text.letters import words

_COUNTED = (
    "one two three four five six seven eight",
    "uno dos tres cuatro cinco seis siete ocho",
    "first second third fourth fifth sixth seventh eighth",
    "primero segundo tercero cuarto quinto sexto septimo octavo",
    "primera segunda tercera cuarta quinta sexta septima octava",
)
_NUMBER_WORDS = {word: number for row in _COUNTED for number, word in enumerate(row.split(), 1)}
_FILLERS = set("the number option el la numero opcion one please por favor no".split())
_COMMON = set("a the to i my do is for of in and el la de que y en es un".split())


def typed_choice(text: str, offered: Sequence[str], content: Content) -> str | None:
    """The offered choice that a short message means; None when it means none or could mean several."""
    found = words(text)
    if not offered or not 0 < len(found) <= 6:
        return None
    return _by_number(found, offered) or _by_title(found, offered, content)


def _by_number(found: Sequence[str], offered: Sequence[str]) -> str | None:
    meant = [word for word in found if word not in _FILLERS] or list(found[-1:])
    if len(meant) != 1:
        return None
    number = int(meant[0]) if meant[0].isdecimal() and len(meant[0]) < 3 else _NUMBER_WORDS.get(meant[0], 0)
    return offered[number - 1] if 0 < number <= len(offered) else None


def _by_title(found: Sequence[str], offered: Sequence[str], content: Content) -> str | None:
    """Every word typed (at least one that tells) stands in the title, in either language."""
    typed = set(found)
    if not typed - _COMMON:
        return None
    matching = [c for c in offered if any(typed <= set(words(title)) for title in choice_title(c, content).values())]
    return matching[0] if len(matching) == 1 else None
