"""Finds the important word that somebody meant to type: "nubm", "heeart", "slippd", "orniar".

In every known word a letter may be doubled or swapped with the next. In the important ones a letter may also be wrong,
missing or too many; two in long words. Words that are right as they are must be named, or "election" would be read as
another word.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from itertools import combinations

_SWAPPED_FROM, _ONE_SLIP_FROM, _TWO_SLIPS_FROM, _LONGEST = 4, 5, 10, 24
_DOUBLED = re.compile(r"(.)\1+")


class Slips:
    """Repairs slips in `targets`, and smaller ones in all `known` words, but leaves the `proper` words alone."""

    def __init__(self, known: Iterable[str], targets: Collection[str], proper: Collection[str]) -> None:
        self._proper = frozenset(proper)
        words = {word for word in known if len(word) >= _SWAPPED_FROM}
        self._near = _index((word, key) for word in targets for key in _shortened(word, _reach(word)))
        self._undoubled = _index((word, undoubled(word)) for word in words)
        self._sorted = _index((word, "".join(sorted(word))) for word in words)

    def meant(self, word: str) -> str:
        """The word that was probably meant, or "" when none is near."""
        if not _SWAPPED_FROM <= len(word) <= _LONGEST or word in self._proper:
            return ""
        same = self._undoubled.get(undoubled(word)) or self._swapped(word)
        return min(same) if same else self._nearest(word)

    def _swapped(self, word: str) -> list[str]:
        mixed = self._sorted.get("".join(sorted(word)), ())
        return [known for known in mixed if known[0] == word[0] and _slips(word, known) == 1]

    def _nearest(self, word: str) -> str:
        reach = _reach(word)
        near = {target for key in _shortened(word, reach) for target in self._near.get(key, ())}
        close = [target for target in near if target[0] == word[0] and len(target) >= _ONE_SLIP_FROM]
        return min(
            (target for target in close if _slips(word, target) <= reach),
            key=lambda target: (_slips(word, target), target),
            default="",
        )


def undoubled(word: str) -> str:
    """A word with every doubled letter written once."""
    return _DOUBLED.sub(r"\1", word)


def _reach(word: str) -> int:
    return 2 if len(word) >= _TWO_SLIPS_FROM else 1


def _index(pairs: Iterable[tuple[str, str]]) -> Mapping[str, list[str]]:
    index: dict[str, list[str]] = defaultdict(list)
    for word, key in pairs:
        index[key].append(word)
    return dict(index)


def _shortened(word: str, letters_out: int) -> set[str]:
    sizes = range(len(word) - letters_out, len(word) + 1)
    return {"".join(kept) for size in sizes for kept in combinations(word, size)}


def _slips(one: str, other: str) -> int:
    """Letters added, dropped, changed or swapped with the next between two words."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        following = [i]
        for j, b in enumerate(other, 1):
            best = min(row[j] + 1, following[-1] + 1, row[j - 1] + (a != b))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                best = min(best, before[j - 2] + 1)
            following.append(best)
        before, row = row, following
    return row[-1]
