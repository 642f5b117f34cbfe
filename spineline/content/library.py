"""Everything that can be said, for one clinic, read once and checked before the first patient."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from spineline.content.asked import titles
from spineline.content.cards import Answer, Card, defaults, load_cards
from spineline.content.checkin import CheckIn, load_check_in
from spineline.content.checks import problems_of
from spineline.content.choice import Choice, all_choices
from spineline.content.clinic import LANGUAGES, Both, Clinic, load_clinic
from spineline.content.conditions import Conditions, load_conditions
from spineline.content.echoes import own_sentences
from spineline.content.keywords import Keywords, load_keywords
from spineline.content.link_words import LinkWords, load_link_words
from spineline.content.moves import Moves, load_moves
from spineline.content.privacy import Privacy, load_privacy
from spineline.content.questions import QuestionReader, load_question_reader
from spineline.content.routines import Routines, load_routines
from spineline.content.said_texts import content_files
from spineline.content.signing import parts
from spineline.content.texts import Part, Written, all_texts
from spineline.content.typed_titles import TypedTitles
from spineline.danger.rules import RedFlagRules, shared_red_flags
from spineline.errors import ContentError
from spineline.text.language import LanguageGuesser, load_language_guesser
from spineline.text.schemas import check_files, read_checked

ROOT = Path(__file__).resolve().parents[2]
_AS_IT_STANDS = dict.fromkeys(LANGUAGES, "{value}")
_VALUE = "{value}"  # lines that hold it stand only in other texts, as {clinic.…_line}


@dataclass(frozen=True)
class Content:
    """The cards, lines and rules of one clinic, in both languages.

    `reviewed` is true only when a clinician has signed every card, every red flag, and the texts of the tiers, of the
    questions about pain and of the telephone line, all as they stand now. `spoken` is how texts
    are said that are not said as they are written.
    """

    clinic: Clinic
    cards: Mapping[str, Card]
    default_cards: Mapping[str, Card]
    named_cards: Mapping[tuple[str, str], tuple[Card, ...]]
    lines: Mapping[str, Both]
    tiers: Mapping[str, Any]
    triage: Mapping[str, Any]
    alarm_questions: Mapping[str, Any]
    spoken: Mapping[str, Both]
    questions: QuestionReader
    languages: LanguageGuesser
    red_flags: RedFlagRules
    privacy: Privacy
    link_words: LinkWords
    keywords: Keywords
    conditions: Conditions
    moves: Moves
    check_in: CheckIn
    routines: Routines
    reviewed: bool

    def line(self, name: str, language: str) -> str:
        """One fixed line of content/lines.yml, with the clinic's data filled in."""
        return self.part(f"lines.{name}", language).read

    def part(self, id: str, language: str) -> Part:
        """One text by its name, filled in; KeyError when there is none."""
        return self.parts[id, language]

    @cached_property
    def texts(self) -> Mapping[str, Written]:
        """Every text by its name: "core/why", else file and place, "tiers.ED_NOW.do"."""
        lines = {name: line for name, line in self.lines.items() if _VALUE not in line[LANGUAGES[0]]}
        asked = {name: self.triage[name] for name in ("questions", "options")}
        told = {name: self.conditions.rules[name] for name in ("families", "facts", "conditions", "lines")}
        titles = {card.id: _listed(card.title) for card in self.cards.values()}
        files = {"lines": lines, "tiers": self.tiers, "triage": asked, "conditions": told, "titles": titles}
        files["alarm_questions"] = self.alarm_questions
        files["moves"] = {name: self.moves.rules[name] for name in ("variations", "lines")}
        files["routines"] = {name: self.routines.rules[name] for name in ("blocks", "lines")}
        files["checkin"] = {"lines": self.check_in.rules["lines"]}
        return all_texts(self.answers, files, self.spoken)

    @cached_property
    def parts(self) -> Mapping[tuple[str, str], Part]:
        """Every text by its name and language, filled in once."""
        return {(id, to): text.part(id, to, self.fill) for id, text in self.texts.items() for to in LANGUAGES}

    def fill(self, text: str, language: str) -> str:
        """Replace {clinic.…}; twice, because the clinic's own sentences may name the phone."""
        view = _ClinicView(self, language)
        return text.format(clinic=view).format(clinic=view)

    def answer(self, ref: str) -> Answer:
        """The answer behind "card/kind"; KeyError when there is none."""
        return self.answers[ref]

    @cached_property
    def answers(self) -> Mapping[str, Answer]:
        """The answers of all cards, by their names."""
        return {answer.ref: answer for card in self.cards.values() for answer in card.answers.values()}

    @cached_property
    def choices(self) -> Mapping[str, Choice]:
        """Every quick reply that can ever be offered, by its id."""
        found = all_choices(
            self.cards,
            self.tiers["replies"],
            self.triage["options"],
            self.lines,
            self.moves.rules["moves"],
            self.check_in.titles,
            self.routines.rules["choices"],
        )
        return {choice.id: choice for choice in found}

    @cached_property
    def typed_titles(self) -> TypedTitles:
        """The titles of all answers that can be asked for, as people type them; pain has its own questions."""
        asked = (title for title in titles(self.cards) if not title.intent.startswith("report_"))
        return TypedTitles.of((title.text, title.ref) for title in asked)

    @cached_property
    def own_sentences(self) -> frozenset[str]:
        """Every longer sentence that we say: who sends it back reports nothing."""
        titles = (title for choice in self.choices.values() for title in choice.title.values())
        return own_sentences((part.read for part in self.parts.values()), titles)

    def card(self, ref: str) -> Card:
        """The card that an answer belongs to; KeyError when there is none."""
        return self.cards[self.answers[ref].card]


class _ClinicView:
    """What {clinic.…} may name in a text, in one language."""

    def __init__(self, content: Content, language: str) -> None:
        self._content, self._language = content, language
        self.name, self.doctor, self.phone = content.clinic.name, content.clinic.doctor, content.clinic.phone
        self.poison, self.relay = content.clinic.numbers.poison, content.clinic.numbers.relay

    def _sentence(self, field: str, value: Both | None) -> str:
        if value is None:
            return self._content.lines[f"{field}_unknown"][self._language]
        known = self._content.lines.get(f"{field}_known", _AS_IT_STANDS)
        return known[self._language].format(value=value[self._language])

    def __getattr__(self, name: str) -> str:
        field = name[: -len("_line")]
        if not name.endswith("_line") or f"{field}_unknown" not in self._content.lines:
            raise AttributeError(name)
        return self._sentence(field, self._content.clinic.told(field))


def load_content(root: Path, clinic_id: str) -> Content:
    """Read and check content/ and clinics/<clinic_id>/; ContentError lists everything that is wrong."""
    folder, profile = root / "content", root / "clinics" / clinic_id / "clinic.yml"
    check_files([*content_files(root), *([profile] if profile.is_file() else [])])
    clinic = load_clinic(profile.parent)
    cards = load_cards(folder / "cards")
    content = Content(
        clinic=clinic,
        cards=cards,
        default_cards=defaults(cards),
        named_cards=_by_name(cards),
        lines=read_checked(folder / "lines.yml"),
        tiers=read_checked(folder / "tiers.yml"),
        triage=read_checked(folder / "triage.yml"),
        alarm_questions=read_checked(folder / "alarm_questions.yml"),
        spoken=read_checked(folder / "voice.yml")["instead_of"],
        questions=load_question_reader(folder / "questions.yml"),
        languages=load_language_guesser(folder / "languages.yml"),
        red_flags=shared_red_flags(folder / "red_flags.yml"),
        privacy=load_privacy(folder / "privacy.yml"),
        link_words=load_link_words(folder / "privacy.yml"),
        keywords=load_keywords(folder / "keywords.yml"),
        conditions=load_conditions(folder / "conditions.yml"),
        moves=load_moves(folder / "moves.yml"),
        check_in=load_check_in(folder / "checkin.yml"),
        routines=load_routines(folder / "routines.yml"),
        reviewed=all(part.by for part in parts(folder)),
    )
    if problems := problems_of(root, content):
        raise ContentError(problems)
    return content


def _listed(title: Both) -> Both:
    """A title as a line of a list."""
    return {language: f"- {text}" for language, text in title.items()}


def _by_name(cards: Mapping[str, Card]) -> dict[tuple[str, str], tuple[Card, ...]]:
    found: dict[tuple[str, str], tuple[Card, ...]] = {}
    for card in cards.values():
        for name in card.named_by:
            found[name] = (*found.get(name, ()), card)
    return found
