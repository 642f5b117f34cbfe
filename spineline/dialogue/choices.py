"""A typed answer to quick replies: "2", "how long", or the start of a title means the button.

Replies that decide about danger are not pressed by a word in passing: they need their number, where numbers are shown,
or their whole title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from spineline.content.choice import ALARM, ANSWER, LINE, TRIAGE
from spineline.content.library import Content
from spineline.danger.tiers import Tier
from spineline.text.letters import is_question, words

_COUNTED = (
    "one two three four five six seven eight",
    "uno dos tres cuatro cinco seis siete ocho",
    "first second third fourth fifth sixth seventh eighth",
    "primero segundo tercero cuarto quinto sexto septimo octavo",
    "primera segunda tercera cuarta quinta sexta septima octava",
)
_NUMBER_WORDS = {word: number for row in _COUNTED for number, word in enumerate(row.split(), 1)}
_BESIDE = "the|number|option|el|la|numero|opcion|please|por|favor"
# "No 2" is a number, "no one" is not; "the second one" is, "one second" is not.
_ONE_NUMBER = re.compile(rf"(?:(?:{_BESIDE}|no(?= \d)) )*(\S+)(?: (?:one|please|por|favor))*")
_LISTING = set(f"one|no|{_BESIDE}".split("|")) | set(
    "and y e also tambien yes yeah si both numbers numeros las los".split()
)
_COMMON = set("a the to i my do is for of in or no not and el la de que y o en es un si yes".split())
_LONG_WORD = 7  # letters of a title of one word; "yes" and "stop" answer what was asked before
_NO_DANGER = ("triage:none", "triage:skip", "triage:other", "triage:unsure")
_ORDINALS = frozenset(" ".join(_COUNTED[2:]).split())


def typed_choice(text: str, offered: Sequence[str], content: Content, numbered: bool = True) -> str | None:
    """The offered choice that a short message means; None when it means none or could mean several.

    Args:
        numbered: the choices were shown or said with numbers. Elsewhere a number may be a score and presses nothing
            that has to do with danger.
    """
    found = words(text)
    if not offered or not 0 < len(found) <= 6:
        return None
    if numbered or all(content.choices[choice].kind == ANSWER for choice in offered):
        choice = _by_number(found, offered) or (None if "/" in text else _by_numbers(found, offered, content))
        if choice:
            return choice
    choice = _by_ordinal(found, offered, content) or _by_title(found, offered, content)
    return None if choice and content.choices[choice].kind == ALARM and is_question(text) else choice


def typed_title(text: str, content: Content) -> str | None:
    """The answer whose title somebody typed, offered or not; short words stay what they are in their place."""
    is_long = len(words(text)) > 1 or len(text) >= _LONG_WORD
    return content.typed_titles.meant(text) if is_long else None


def are_numbers(text: str) -> bool:
    """Whether a message is nothing but one or more numbers: "7", "1 and 4", "5/10", "un 6"."""
    found = [word for word in words(text) if word not in _LISTING | {"un", "a", "an", "out", "of", "de", "es", "it's"}]
    return bool(found) and all(word.isdecimal() or word in _NUMBER_WORDS for word in found)


def _by_number(found: Sequence[str], offered: Sequence[str]) -> str | None:
    meant = _ONE_NUMBER.fullmatch(" ".join(found))
    return _numbered(meant[1], offered) if meant else None


def _by_ordinal(found: Sequence[str], offered: Sequence[str], content: Content) -> str | None:
    """ "The second one" of a list that is on the screen, with numbers or without."""
    is_list = all(content.choices[choice].kind == TRIAGE for choice in offered)
    return _by_number(found, offered) if is_list and not _ORDINALS.isdisjoint(found) else None


def _by_numbers(found: Sequence[str], offered: Sequence[str], content: Content) -> str | None:
    """ "1 and 4" of a list of which several may apply: the most urgent of them."""
    if not all(content.choices[choice].kind == TRIAGE for choice in offered):
        return None
    meant = [_numbered(word, offered) for word in found if word not in _LISTING or word in _NUMBER_WORDS]
    named = [choice for choice in meant if choice]
    return most_urgent(named, content) if named and len(named) == len(meant) else None


def most_urgent(choices: Iterable[str], content: Content) -> str:
    """Of several quick replies the one that decides: a danger sign by its tier, then what has an outcome of its own."""
    signs, outcomes = content.triage["signs"], content.triage["outcomes"]

    def rank(choice: str) -> tuple[bool, int, bool]:
        name = content.choices[choice].name
        sign = signs.get(name)
        return choice in _NO_DANGER, Tier(sign["tier"]).rank if sign else len(Tier), name not in outcomes

    return min(choices, key=rank)


def _numbered(word: str, offered: Sequence[str]) -> str | None:
    number = int(word) if word.isdecimal() and len(word) < 3 else _NUMBER_WORDS.get(word, 0)
    return offered[number - 1] if 0 < number <= len(offered) else None


def _by_title(found: Sequence[str], offered: Sequence[str], content: Content) -> str | None:
    """The whole title, or where nothing hangs on it words of it (at least one that tells), in either language."""
    titles = {choice: content.choices[choice].words for choice in offered}
    whole = [choice for choice in offered if found in titles[choice]]
    typed = set(found)
    if whole or not typed - _COMMON:
        return whole[0] if len(whole) == 1 else None
    matching = [c for c in offered if any(typed <= set(title) for title in titles[c])]
    return matching[0] if len(matching) == 1 and not _needs_whole_title(matching[0], content) else None


def _needs_whole_title(choice: str, content: Content) -> bool:
    is_about_danger = choice in _NO_DANGER or content.choices[choice].name in content.triage["signs"]
    return content.choices[choice].kind in (ALARM, LINE) or is_about_danger
