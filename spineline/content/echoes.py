"""What a message only repeats is not said by the person: our own sentences read back, what a reaction quotes."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from spineline.text.letters import fold, words

_FEWEST_WORDS = 6  # a shorter sentence of ours is something that a person says, too: "My legs are numb."
_SHORTEST = 2 * _FEWEST_WORDS  # characters
_SENTENCE = re.compile(r"[^.!?\n]+[.!?\n]*")
_QUOTED = re.compile(r'([^"“”«\n]{1,40})["“«].*["”»…]\s*', re.DOTALL)
_SIGNS = re.compile(r"[^\w\s]+")


def own_sentences(said: Iterable[str], titles: Iterable[str]) -> frozenset[str]:
    """Every sentence of what we say, folded, but for the titles of quick replies: who types one has chosen it."""
    sentences = (_normal(sentence) for text in said for sentence in _SENTENCE.findall(text))
    return frozenset(sentence for sentence in sentences if sentence.count(" ") >= _FEWEST_WORDS - 1).difference(
        map(_normal, titles)
    )


def without_echoes(text: str, own: Collection[str], reactions: Collection[str]) -> str:
    """The message without what it only repeats; most messages come back as they are.

    Args:
        own: from `own_sentences`.
        reactions: the words by which a telephone reports one: `Liked "..."`.
    """
    if len(text) < _SHORTEST:
        return text
    quoted = _QUOTED.fullmatch(text)
    if quoted and " ".join(_SIGNS.sub(" ", fold(quoted[1])).split()) in reactions:
        return ""
    if _SENTENCE.fullmatch(text):
        return "" if _normal(text) in own else text
    return _SENTENCE.sub(lambda found: "" if _normal(found[0]) in own else found[0], text)


def _normal(sentence: str) -> str:
    return " ".join(words(sentence))
