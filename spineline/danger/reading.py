"""Reads and checks content/red_flags.yml with the vocabulary and the signs that stand beside it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from spineline.danger.scope import CUES
from spineline.danger.signs import Pattern, Sign, parse_pattern
from spineline.danger.spelling import Spellings
from spineline.danger.table import Flag, Part, Raise, Rule
from spineline.danger.tiers import Tier
from spineline.danger.vocabulary import forms
from spineline.errors import ContentError

WORDS_FILE = "red_flag_words.yml"
SIGNS_FILE = "red_flag_signs.yml"
_KINDS = ("lasting", "illness", "fleeting", "event")
_LANGUAGES = ("en", "es")


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


def read_red_flags(path: Path) -> RedFlagContent:
    """Read the red-flag table at `path` and the words and signs beside it; raise `ContentError` with all problems."""
    problems = _Problems()
    words_path, signs_path = path.with_name(WORDS_FILE), path.with_name(SIGNS_FILE)
    words, signs_data, flags_data = (_read(file, problems) for file in (words_path, signs_path, path))
    if problems.found:  # every name of an unreadable file would be unknown
        raise ContentError(problems.found)
    concepts = _concepts(words, words_path, problems)
    spellings = _spellings(words, words_path, problems)
    signs = _signs(signs_data, concepts, signs_path, problems)
    names = {sign.name for sign in signs} | concepts.keys()
    remember = tuple(signs_data.get("remember", ()))
    for name in remember:
        _is_known(name, names, signs_path, "remember", problems)
    flags = [_flag(row, names, path, problems) for row in flags_data.get("flags", ())]
    if problems.found:
        raise ContentError(problems.found)
    kept = tuple(flag for flag in flags if flag)
    signs += _plain_signs(kept, remember, {sign.name for sign in signs})
    return RedFlagContent(concepts, spellings, tuple(signs), kept, remember)


def _read(path: Path, problems: _Problems) -> dict[str, Any]:
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError) as error:
        problems.add(path, f"cannot be read ({error}). Restore the file or correct its YAML.")
        return {}
    if isinstance(data, dict):
        return data
    problems.add(path, "is not a mapping. Begin it with its top keys, see the shipped file.")
    return {}


def _concepts(data: Mapping[str, Any], path: Path, problems: _Problems) -> dict[str, list[str]]:
    concepts = {
        name: [phrase for text in _texts(entry) for phrase in _phrases(text)]
        for section in ("cues", "words")
        for name, entry in data.get(section, {}).items()
    }
    for name, phrases in concepts.items():
        if not phrases:
            problems.add(path, f'"{name}" has no words. Add some or remove it.')
    for name in sorted(CUES - concepts.keys()):
        problems.add(path, f'cue "{name}" is missing. Add it under "cues".')
    return concepts


def _spellings(data: Mapping[str, Any], path: Path, problems: _Problems) -> Spellings:
    pairs = [*data.get("spellings", {}).items(), *data.get("emoji", {}).items()]
    for pair in pairs:
        if not all(isinstance(text, str) for text in pair):
            problems.add(path, f"{pair[0]!r}: {pair[1]!r} is not text for YAML. Put both in quotes.")
    proper = str(data.get("not_misspelt", "")).split()
    return Spellings(data.get("spellings", {}), data.get("emoji", {}), _misspelt(data, path, problems), proper)


def _misspelt(data: Mapping[str, Any], path: Path, problems: _Problems) -> set[str]:
    """The single words of the named concepts and some more, but for the few that look too much like others."""
    wanted, words = data.get("misspelt", {}), data.get("words", {})
    names = str(wanted.get("concepts", "")).split()
    for name in names:
        _is_known(name, words, path, "misspelt", problems)
    phrases = (phrase for name in names for text in _texts(words.get(name, "")) for phrase in _phrases(text))
    single = {form[0] for phrase in phrases for form in forms(phrase) if len(form) == 1 and form[0].isalpha()}
    return (single | set(str(wanted.get("words", "")).split())) - set(str(wanted.get("but_not", "")).split())


def _texts(entry: Any) -> list[str]:
    return [str(text) for text in entry.values()] if isinstance(entry, Mapping) else [str(entry)]


def _phrases(text: str) -> list[str]:
    return [phrase for phrase in (part.strip() for part in text.split(",")) if phrase]


def _signs(data: Mapping[str, Any], concepts: Collection[str], path: Path, problems: _Problems) -> list[Sign]:
    signs: list[Sign] = []
    known = set(concepts)
    for name, entry in data.get("signs", {}).items():
        kinds = entry if isinstance(entry, Mapping) else {"any": entry}
        patterns = tuple(parse_pattern(text) for text in kinds.get("any") or ())
        if not patterns:
            problems.add(path, f'sign "{name}" has no pattern. Write a list of patterns under it.')
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


def _flag(row: Mapping[str, Any], names: Collection[str], path: Path, problems: _Problems) -> Flag | None:
    flag_id = str(row.get("id", "a flag without id"))
    _check_texts(row, path, flag_id, problems)
    tier = _tier(row.get("tier"), path, flag_id, problems)
    rules = tuple(_rule(name, given, names, path, flag_id, problems) for name, given in row.get("rules", {}).items())
    if not rules:
        problems.add(path, f'{flag_id}: no rules. Add at least one under "rules".')
    raises = tuple(_raise(entry, names, path, flag_id, problems) for entry in row.get("raise_if") or ())
    return Flag(flag_id, tier, rules, raises) if tier else None


def _check_texts(row: Mapping[str, Any], path: Path, flag_id: str, problems: _Problems) -> None:
    for key in ("id", "name", "sources", "examples", "reviewed"):
        if not row.get(key):
            problems.add(path, f'{flag_id}: "{key}" is missing. Add it, see the other flags.')
    examples = row.get("examples") or {}
    twins: Sequence[Any] = [row.get("name"), *examples.get("fire", ()), *examples.get("not_fire", ())]
    for twin in twins:
        missing = [lang for lang in _LANGUAGES if not (isinstance(twin, Mapping) and twin.get(lang))]
        if missing:
            problems.add(path, f"{flag_id}: {twin!r} has no {' and no '.join(missing)} text. Add it.")


def _tier(value: Any, path: Path, where: str, problems: _Problems) -> Tier | None:
    names = [tier.value for tier in Tier]
    if value in names:
        return Tier(value)
    problems.unknown(path, f"{where}: tier", str(value), names)
    return None


def _rule(name: str, given: Any, names: Collection[str], path: Path, flag_id: str, problems: _Problems) -> Rule:
    """A rule is `sign & sign|sign ! sign`, or {when: that, tier: a tier of its own}."""
    entry = given if isinstance(given, Mapping) else {"when": given}
    tier = _tier(entry["tier"], path, f"{flag_id}.{name}", problems) if "tier" in entry else None
    wanted, _, unless = str(entry.get("when", "")).partition("!")
    parts = tuple(Part(_alternatives(part)) for part in wanted.split("&"))
    rule = Rule(name, parts, _alternatives(unless) if unless else (), tier)
    for sign in sorted({sign for part in parts for sign in part.names}.union(rule.unless)):
        _is_known(sign, names, path, f"{flag_id}.{name}", problems)
    return rule


def _raise(entry: Mapping[str, Any], names: Collection[str], path: Path, flag_id: str, problems: _Problems) -> Raise:
    tier = _tier(entry.get("to"), path, f"{flag_id}: raise_if", problems)
    return Raise(tier or Tier.CALL_911, _rule("raise_if", entry.get("when", ""), names, path, flag_id, problems))


def _alternatives(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split("|"))
