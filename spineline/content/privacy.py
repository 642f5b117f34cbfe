"""What people want done with their data, and what in a text says who they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from phonenumbers import PhoneNumberMatcher

from spineline.text.letters import fold
from spineline.text.schemas import read_checked

_DIGIT = re.compile(r"\d")
REGION = "US"  # of phone numbers without a country code


@dataclass(frozen=True)
class Privacy:
    """Patterns of content/privacy.yml. `wishes` are "forget" and "tell"."""

    wishes: Mapping[str, tuple[re.Pattern[str], ...]]
    not_wishes: re.Pattern[str]
    identifiers: Mapping[str, re.Pattern[str]]

    def wish(self, text: str) -> str | None:
        """ "forget" for "delete my data", "tell" for "what do you know about me", None for everything else."""
        folded = fold(text).replace("’", "'")
        found = (name for name, patterns in self.wishes.items() if any(p.search(folded) for p in patterns))
        name = next(found, None)
        return None if name == "forget" and self.not_wishes.search(folded) else name

    def redact(self, text: str) -> str:
        """The text with e-mails, phone numbers, dates, id numbers and names replaced by what they are: <email>."""
        for name in ("email", "social_security", "date"):
            text = self.identifiers[name].sub(f"<{name}>", text)
        for match in reversed(list(PhoneNumberMatcher(text, REGION))) if _DIGIT.search(text) else ():
            text = f"{text[: match.start]}<phone>{text[match.end :]}"
        for name in ("number", "name"):
            text = self.identifiers[name].sub(f"<{name}>", text)
        return text


def load_privacy(path: Path) -> Privacy:
    """Read content/privacy.yml."""
    data = read_checked(path)
    return Privacy(
        wishes={name: tuple(map(re.compile, texts.values())) for name, texts in data["wishes"].items()},
        not_wishes=re.compile("|".join(data["not_wishes"].values())),
        identifiers={name: re.compile(pattern, re.IGNORECASE) for name, pattern in data["identifiers"].items()},
    )
