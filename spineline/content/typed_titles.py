"""Titles of quick replies that people type instead of tapping, small letters and one slip allowed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from spineline.text.letters import words

_SHORTEST = 7  # letters of a title that is known with a slip; "heart" is not "heat", "cancer" is not "cancel"


@dataclass(frozen=True)
class TypedTitles:
    """Finds the answer whose title a text is: by every form that a title has with one letter left out."""

    forms: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, titles: Iterable[tuple[str, str]]) -> TypedTitles:
        """From titles and the answers that they lead to."""
        forms: dict[str, set[str]] = {}
        for title, ref in titles:
            for form in _forms(_plain(title)):
                forms.setdefault(form, set()).add(ref)
        return cls({form: frozenset(refs) for form, refs in forms.items()})

    def meant(self, text: str) -> str | None:
        """The answer whose title this is; None when it is none, or could be those of several."""
        typed = _plain(text)
        exact = self.forms.get(typed, frozenset())
        found = exact or {ref for form in _forms(typed) for ref in self.forms.get(form, ())}
        return next(iter(found)) if len(found) == 1 else None


def _plain(text: str) -> str:
    return "".join(words(text))


def _forms(text: str) -> Iterator[str]:
    """A letter too much, too little, wrong or swapped: two such texts have one of these forms in common."""
    yield text
    if len(text) >= _SHORTEST:
        yield from (text[:at] + text[at + 1 :] for at in range(len(text)))
