"""How people ask that two chats become one conversation, or two again, and write the code for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from spineline.text.letters import fold
from spineline.text.yaml_file import read_yaml

_LONGEST = 120  # characters; nobody needs more words for it
_SIGNS = re.compile(r"\W")


@dataclass(frozen=True)
class LinkWish:
    """What is wanted.

    Args:
        kind: "ask" for a code, "join" with one, "leave".
        language: of the words.
        code: as it was meant, capitals without signs; empty unless `kind` is "join".
    """

    kind: str
    language: str
    code: str = ""


@dataclass(frozen=True)
class LinkWords:
    """Patterns of content/privacy.yml, by kind and language; `refusals` is what makes a wish to join none."""

    patterns: Mapping[tuple[str, str], re.Pattern[str]]
    refusals: re.Pattern[str]

    def wish(self, text: str) -> LinkWish | None:
        """The wish of a short message; None for everything else."""
        if len(text) > _LONGEST:
            return None
        folded = fold(text).replace("’", "'")
        for (kind, language), pattern in self.patterns.items():
            found = pattern.search(folded)
            if found and not (kind == "ask" and self.refusals.search(folded)):
                return LinkWish(kind, language, _SIGNS.sub("", found["code"]).upper() if kind == "join" else "")
        return None


def load_link_words(path: Path) -> LinkWords:
    """Read `links` and `not_links` of content/privacy.yml."""
    data = read_yaml(path)
    links = data["links"]
    patterns = {
        (kind, language): re.compile(pattern.replace("{code}", links["code"]))
        for kind in ("leave", "ask", "join")
        for language, pattern in links[kind].items()
    }
    return LinkWords(patterns, re.compile("|".join(data["not_links"].values())))
