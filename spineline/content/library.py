"""Everything that can be said, for one clinic, read once and checked before the first patient."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from spineline.content.cards import Answer, Card, defaults, load_cards
from spineline.content.clinic import LANGUAGES, Both, Clinic, load_clinic
from spineline.content.keywords import Keywords, load_keywords
from spineline.content.link_words import LinkWords, load_link_words
from spineline.content.privacy import Privacy, load_privacy
from spineline.content.questions import QuestionReader, load_question_reader
from spineline.danger.rules import RedFlagRules, shared_red_flags
from spineline.errors import ContentError
from spineline.text.language import LanguageGuesser, load_language_guesser
from spineline.text.yaml_file import read_yaml

ROOT = Path(__file__).resolve().parents[2]
DEFAULT_CLINIC = "spine_institute"
SIGNED = ("tiers", "triage", "voice")  # files of content/ that a clinician signs as a whole


@dataclass(frozen=True)
class Content:
    """The cards, lines and rules of one clinic, in both languages.

    `reviewed` is true only when a clinician has signed every card, every red flag, and the texts of the tiers, of the
    questions about pain and of the telephone line.
    """

    clinic: Clinic
    cards: Mapping[str, Card]
    default_cards: Mapping[str, Card]
    named_cards: Mapping[tuple[str, str], tuple[Card, ...]]
    lines: Mapping[str, Both]
    tiers: Mapping[str, Any]
    triage: Mapping[str, Any]
    questions: QuestionReader
    languages: LanguageGuesser
    red_flags: RedFlagRules
    privacy: Privacy
    link_words: LinkWords
    keywords: Keywords
    reviewed: bool

    def line(self, name: str, language: str) -> str:
        """One fixed line of content/lines.yml, with the clinic's data filled in."""
        return self.fill(self.lines[name][language], language)

    def fill(self, text: str, language: str) -> str:
        """Replace {clinic.…}; twice, because the clinic's own sentences may name the phone."""
        view = _ClinicView(self, language)
        return text.format(clinic=view).format(clinic=view)

    def answer(self, ref: str) -> Answer:
        """The answer behind "card/kind"; KeyError when there is none."""
        card, _, kind = ref.partition("/")
        return self.cards[card].answers[kind]


class _ClinicView:
    """What {clinic.…} may name in a text, in one language."""

    def __init__(self, content: Content, language: str) -> None:
        self._content, self._language = content, language
        self.name, self.doctor, self.phone = content.clinic.name, content.clinic.doctor, content.clinic.phone

    def _sentence(self, field: str, value: Both | None) -> str:
        if value is None:
            return self._content.lines[f"{field}_unknown"][self._language]
        return self._content.lines[f"{field}_known"][self._language].format(value=value[self._language])

    def __getattr__(self, name: str) -> str:
        field = name[: -len("_line")]
        if not name.endswith("_line") or f"{field}_unknown" not in self._content.lines:
            raise AttributeError(name)
        value = self._content.clinic.doctor_about if field == "doctor" else getattr(self._content.clinic, field)
        return self._sentence(field, value)


def load_content(root: Path, clinic_id: str) -> Content:
    """Read and check content/ and clinics/<clinic_id>/; ContentError lists everything that is wrong."""
    folder = root / "content"
    clinic = load_clinic(root / "clinics" / clinic_id)
    cards = load_cards(folder / "cards")
    content = Content(
        clinic=clinic,
        cards=cards,
        default_cards=defaults(cards),
        named_cards=_by_name(cards),
        lines=read_yaml(folder / "lines.yml"),
        tiers=read_yaml(folder / "tiers.yml"),
        triage=read_yaml(folder / "triage.yml"),
        questions=load_question_reader(folder / "questions.yml"),
        languages=load_language_guesser(folder / "languages.yml"),
        red_flags=shared_red_flags(folder / "red_flags.yml"),
        privacy=load_privacy(folder / "privacy.yml"),
        link_words=load_link_words(folder / "privacy.yml"),
        keywords=load_keywords(folder / "keywords.yml"),
        reviewed=_all_signed(folder, cards),
    )
    problems = [*_unfillable(content), *_unknown_sources(folder, cards)]
    if problems:
        raise ContentError(problems)
    return content


@lru_cache(maxsize=1)
def current_content() -> Content:
    """The content of the clinic that CLINIC names (default: the first clinic), read once per process."""
    return load_content(ROOT, os.environ.get("CLINIC") or DEFAULT_CLINIC)


def _all_signed(folder: Path, cards: Mapping[str, Card]) -> bool:
    texts = [read_yaml(folder / f"{name}.yml") for name in SIGNED]
    signed = [*texts, *read_yaml(folder / "red_flags.yml")["flags"]]
    signs = [text.get("reviewed") or {} for text in signed]
    return all(card.reviewed_by for card in cards.values()) and all(sign.get("by") for sign in signs)


def _by_name(cards: Mapping[str, Card]) -> dict[tuple[str, str], tuple[Card, ...]]:
    found: dict[tuple[str, str], tuple[Card, ...]] = {}
    for card in cards.values():
        for name in card.named_by:
            found[name] = (*found.get(name, ()), card)
    return found


def _unfillable(content: Content) -> list[str]:
    """Every text is filled once, so that no person ever reads a {placeholder}."""
    problems = _one_sided(content.lines)
    lines = {name: line for name, line in content.lines.items() if "_known" not in name and not problems}
    for language in LANGUAGES:
        texts = {f"lines.yml: {name}": line[language] for name, line in lines.items()}
        for card in content.cards.values():
            texts.update({f"cards/{card.id}.yml: {kind}": a.text[language] for kind, a in card.answers.items()})
            texts.update({f"cards/{card.id}.yml: {kind}: say": a.say[language] for kind, a in card.answers.items()})
        for where, text in texts.items():
            try:
                content.fill(text, language)
            except (AttributeError, KeyError, IndexError, ValueError) as error:
                problems.append(f"content/{where}: {language}: cannot be filled in ({error}). Check the {{…}} names.")
    return problems


def _one_sided(lines: Mapping[str, Both]) -> list[str]:
    return [
        f"content/lines.yml: {name}: no {language} text. Write it: no text exists in one language only."
        for name, line in lines.items()
        for language in LANGUAGES
        if not line.get(language)
    ]


def _unknown_sources(folder: Path, cards: Mapping[str, Card]) -> list[str]:
    known = read_yaml(folder / "sources.yml")
    return [
        f"content/cards/{answer.ref}: source '{source}' is not in content/sources.yml. Add it there."
        for card in cards.values()
        for answer in card.answers.values()
        for source in answer.sources
        if source not in known
    ]
