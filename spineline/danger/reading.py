"""Reads and checks content/red_flags.yml with the vocabulary and the signs that stand beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from spineline.danger.scope import CUES
from spineline.danger.signs import Pattern, Sign, parse_pattern
from spineline.danger.spelling import Spellings
from spineline.danger.table import Flag, Part, Raise, Rule
from spineline.danger.tiers import Tier
from spineline.danger.vocabulary import forms
from spineline.errors import ContentError
from spineline.text.schemas import check_files, read_checked

WORDS_FILE = "red_flag_words.yml"
SIGNS_FILE = "red_flag_signs.yml"
_KINDS = ("lasting", "illness", "fleeting", "event", "asked", "supposed")


@dataclass
class _Problems:
    """Everything found wrong, each with its file and, where one is near, the name that was probably meant."""

    found: list[str] = field(default_factory=list)

    def add(self, path: Path, text: str) -> None:
        self.found.append(f"{path}: {text}")

    def unknown(self, path: Path, where: str, name: str, known: Collection[str]) -> None:
        near = get_close_matches(name, known, n=1)
        meant = f' Did you mean "{near[0]}"?' if near else " Define it first or correct the name."
        self.add(path, f'{where}: unknown name "{name}".{meant}')


@dataclass(frozen=True)
class RedFlagContent:
    """The three files, checked: the vocabulary, the signs made of it, the flags made of those."""

    concepts: Mapping[str, Sequence[str]]
    spellings: Spellings
    signs: tuple[Sign, ...]
    flags: tuple[Flag, ...]
    remember: tuple[str, ...]
    open: frozenset[str]


def read_red_flags(path: Path) -> RedFlagContent:
    """Read the red-flag table at `path` and the words and signs beside it; raise `ContentError` with all problems."""
    problems = _Problems()
    words_path, signs_path = path.with_name(WORDS_FILE), path.with_name(SIGNS_FILE)
    check_files((words_path, signs_path, path))  # every name of an unreadable file would be unknown
    words, signs_data, flags_data = (read_checked(file) for file in (words_path, signs_path, path))
    concepts = _concepts(words, words_path, problems)
    proper = words["not_misspelt"].split()
    spellings = Spellings(words["spellings"], words["emoji"], _misspelt(words, words_path, problems), proper)
    signs = _signs(signs_data, concepts, signs_path, problems)
    names = {sign.name for sign in signs} | concepts.keys()
    remember = tuple(signs_data["remember"])
    for name in remember:
        _is_known(name, names, signs_path, "remember", problems)
    open = frozenset(words["open"].split())
    for name in sorted(open):
        _is_known(name, concepts, words_path, "open", problems)
    flags = tuple(_flag(row, names, path, problems) for row in flags_data["flags"])
    if problems.found:
        raise ContentError(problems.found)
    signs += _plain_signs(flags, remember, {sign.name for sign in signs})
    return RedFlagContent(concepts, spellings, tuple(signs), flags, remember, open)


def _concepts(data: Mapping[str, Any], path: Path, problems: _Problems) -> dict[str, list[str]]:
    concepts = {
        name: [phrase for text in _texts(entry) for phrase in _phrases(text)]
        for section in ("cues", "words")
        for name, entry in data[section].items()
    }
    for name in sorted(CUES - concepts.keys()):
        problems.add(path, f'cue "{name}" is missing. Add it under "cues".')
    return concepts


def _misspelt(data: Mapping[str, Any], path: Path, problems: _Problems) -> set[str]:
    """The single words of the named concepts and some more, but for the few that look too much like others."""
    wanted, words = data["misspelt"], data["words"]
    names = wanted["concepts"].split()
    for name in names:
        _is_known(name, words, path, "misspelt", problems)
    phrases = (phrase for name in names for text in _texts(words.get(name, "")) for phrase in _phrases(text))
    single = {form[0] for phrase in phrases for form in forms(phrase) if len(form) == 1 and form[0].isalpha()}
    return (single | set(wanted["words"].split())) - set(wanted["but_not"].split())


def _texts(entry: str | Mapping[str, str]) -> list[str]:
    return [entry] if isinstance(entry, str) else list(entry.values())


def _phrases(text: str) -> list[str]:
    return [phrase for phrase in (part.strip() for part in text.split(",")) if phrase]


def _signs(data: Mapping[str, Any], concepts: Collection[str], path: Path, problems: _Problems) -> list[Sign]:
    signs: list[Sign] = []
    known = set(concepts)
    for name, entry in data["signs"].items():
        kinds = entry if isinstance(entry, Mapping) else {"any": entry}
        patterns = tuple(parse_pattern(text) for text in kinds["any"])
        for pattern in patterns:
            _check_pattern(pattern, known, path, name, problems)
        signs.append(Sign(name, patterns, *(bool(kinds.get(kind)) for kind in _KINDS)))
        known.add(name)
    return signs


def _plain_signs(flags: Iterable[Flag], remember: Iterable[str], defined: Collection[str]) -> list[Sign]:
    """Concepts that the table uses directly are signs of one word."""
    rules = [rule for flag in flags for rule in (*flag.rules, *(raised.rule for raised in flag.raise_if))]
    used = {name for rule in rules for part in rule.parts for name in part.names}.union(remember)
    return [Sign(name, (parse_pattern(name),)) for name in sorted(used.difference(defined))]


def _check_pattern(pattern: Pattern, known: Collection[str], path: Path, sign: str, problems: _Problems) -> None:
    for name in sorted(pattern.names):
        _is_known(name, known, path, f'sign "{sign}"', problems)


def _is_known(name: str, known: Collection[str], path: Path, where: str, problems: _Problems) -> bool:
    if name not in known:
        problems.unknown(path, where, name, known)
    return name in known


def _flag(row: Mapping[str, Any], names: Collection[str], path: Path, problems: _Problems) -> Flag:
    rules = tuple(_rule(name, given, names, path, row["id"], problems) for name, given in row["rules"].items())
    raises = tuple(
        Raise(Tier(entry["to"]), _rule("raise_if", entry["when"], names, path, row["id"], problems))
        for entry in row.get("raise_if") or ()
    )
    return Flag(row["id"], Tier(row["tier"]), rules, raises, row.get("alarms", True))


def _rule(name: str, given: Any, names: Collection[str], path: Path, flag_id: str, problems: _Problems) -> Rule:
    """A rule is `sign & sign|sign ! sign`, or {when: that, tier: a tier of its own}."""
    entry = given if isinstance(given, Mapping) else {"when": given}
    tier = Tier(entry["tier"]) if "tier" in entry else None
    wanted, _, unless = entry["when"].partition("!")
    parts = tuple(Part(_alternatives(part)) for part in wanted.split("&"))
    rule = Rule(name, parts, _alternatives(unless) if unless else (), tier)
    for sign in sorted({sign for part in parts for sign in part.names}.union(rule.unless)):
        _is_known(sign, names, path, f"{flag_id}.{name}", problems)
    return rule


def _alternatives(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split("|"))
