"""Which of the clinic's languages a message is written in, decided on its own words.

Grammar words and common words of each language are the evidence; a statistical guesser is asked only about longer
messages without any. A message that is nearly balanced says nothing, so that the conversation keeps its language.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from spineline.text.letters import words
from spineline.text.schemas import read_checked

OTHER = "other"
_LONG_ENOUGH = 4  # words that the statistical guesser needs to be worth asking
_SPANISH_ONLY = frozenset("ñ¿¡")
_CLEARLY = 1.5  # times more evidence than for the other language


@dataclass(frozen=True)
class LanguageGuesser:
    """Guesses a language from weighted words; `names` are the words by which people ask for a language, `others` those
    of languages that we do not speak.
    """

    weights: Mapping[str, Mapping[str, int]]
    names: Mapping[str, frozenset[str]]
    others: frozenset[str] = frozenset()

    def guess(self, text: str) -> str | None:
        """Return "en", "es", "other" (surely neither), or None when the message does not tell."""
        found = words(text)
        score = {lang: sum([weight.get(word, 0) for word in found]) for lang, weight in self.weights.items()}
        score["es"] += 0 if text.isascii() else len([c for c in text if c in _SPANISH_ONLY])
        best, second = sorted(score, key=lambda lang: -score[lang])[:2]
        guess = _statistical_guess(text, len(found)) if score[best] <= len(found) / 2 else None
        if guess == OTHER or not score[best]:
            return guess
        return best if score[best] >= _CLEARLY * score[second] else None

    def asked_for(self, text: str) -> str | None:
        """The language named in a wish like "en español por favor"; None when none of ours is named."""
        found = words(text)
        named = [lang for lang, names in self.names.items() if any(word in names for word in found)]
        return named[0] if len(named) == 1 else None

    def names_another(self, text: str) -> bool:
        """Whether a message names a language that is none of ours: "she only speaks korean"."""
        return not self.others.isdisjoint(words(text))


def load_language_guesser(path: Path) -> LanguageGuesser:
    """Read content/languages.yml: {en: {grammar, common, names}, es: ..., others}, words between spaces."""
    data = dict(read_checked(path))
    others = frozenset(words(data.pop("others")))
    weights = {lang: _weights(entry) for lang, entry in data.items()}
    shared = set.intersection(*(set(weight) for weight in weights.values()))
    telling = {lang: {w: n for w, n in weight.items() if w not in shared} for lang, weight in weights.items()}
    names = {lang: frozenset(words(entry["names"])) for lang, entry in data.items()}
    return LanguageGuesser(telling, names, others)


def _weights(entry: Mapping[str, str]) -> Mapping[str, int]:
    return {**dict.fromkeys(words(entry["common"]), 1), **dict.fromkeys(words(entry["grammar"]), 2)}


def _statistical_guess(text: str, count: int) -> str | None:
    if _mostly_foreign_letters(text):
        return OTHER
    if count < _LONG_ENOUGH:
        return None
    language, probability = _identifier().classify(text)
    if language in ("en", "es"):
        return str(language)
    return OTHER if probability > 0.95 else None


def _mostly_foreign_letters(text: str) -> bool:
    letters = [c for c in text if c.isalpha()]
    foreign = sum("LATIN" not in unicodedata.name(c, "") for c in letters)
    return foreign > len(letters) / 2


@lru_cache(maxsize=1)
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_pickled_model(MODEL_FILE, norm_probs=True)
