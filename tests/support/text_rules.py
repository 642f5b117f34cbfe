"""What no text may say, and every answer of the cards."""

import re
from collections.abc import Iterator

from spineline.content.cards import Answer
from spineline.content.library import Content

NUMBERS = ("how_long", "how_often", "how_many", "how_much")

# First-person clinical roles, diagnoses and all-clears, in both languages.
FORBIDDEN = re.compile(
    "|".join(
        (
            r"\byou (?:probably |likely |may |might )?have (?:an? )?"
            r"(?:strain|sprain|hernia|disc|sciatica|stenosis|fracture|infection)",
            r"\byou(?:'re| are) (?:fine|okay|ok|healthy)\b",
            r"\bnothing (?:is )?wrong with you\b",
            r"\bi (?:diagnose|prescribe|treat)\b",
            r"\bas your (?:doctor|nurse|therapist)\b",
            r"\bi am an? (?:doctor|nurse)\b",
            r"\b\d+ ?(?:mg|milligrams?|miligramos)\b",
            r"\busted (?:tiene|padece) (?:una? )?"
            r"(?:hernia|ci[aá]tica|fractura|infecci[oó]n|estenosis|esguince|desgarro)",
            r"\busted est[aá] (?:bien|san[oa])\b",
            r"\bno tiene nada\b",
            r"\b(?:diagnostico|receto|le trato)\b",
            r"\bsoy (?:su )?(?:doctora?|enfermer[oa]|m[eé]dic[oa])\b",
        )
    ),
    re.IGNORECASE,
)


def answers(content: Content) -> Iterator[Answer]:
    for card in content.cards.values():
        yield from card.answers.values()
