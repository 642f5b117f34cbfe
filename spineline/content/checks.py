"""What no schema can tell of one file alone: names that lead nowhere, and {placeholders} that nobody fills in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from spineline.content.said_texts import said_texts
from spineline.content.voice_words import problems_of_voice
from spineline.text.schemas import read_checked, shown
from spineline.text.yaml_file import did_you_mean

if TYPE_CHECKING:
    from spineline.content.library import Content

_PART = re.compile(r"<([a-z_]+)>")
_NO_MEANING = ("skip", "back")  # options that say nothing about the pain
_ANSWERS = ("none", "unsaid", "other", "unsure")  # to a list of signs or risks


class _Reference(NamedTuple):
    """A name in a file that must stand somewhere else."""

    where: str
    name: str
    known: Collection[str]
    home: str


def problems_of(root: Path, content: Content) -> list[str]:
    """Everything that is wrong between the files, each with its file and place."""
    voice = root / "content" / "voice.yml"
    of_voice = (f"{shown(voice)}: {problem}" for problem in problems_of_voice(read_checked(voice), content))
    return [*_unfillable(root, content), *_dangling(root / "content", content), *of_voice]


def _unfillable(root: Path, content: Content) -> Iterator[str]:
    """Every text is filled in once for this clinic, so that no person ever reads a {placeholder}."""
    told = ((root / f"clinics/{content.clinic.id}/clinic.yml", *named) for named in content.clinic.texts.items())
    for path, where, text in (*told, *said_texts(root / "content")):
        for language, said in text.items():
            if "{" in said and not _is_fillable(said, language, content):
                yield f"{shown(path)}: {where}: {language}: cannot be filled in. Check the names between {{ and }}."


def _is_fillable(said: str, language: str, content: Content) -> bool:
    try:
        return "{" not in content.fill(said.replace("{value}", ""), language)
    except (AttributeError, IndexError, KeyError, ValueError):
        return False


def _dangling(folder: Path, content: Content) -> Iterator[str]:
    refs = {answer.ref for card in content.cards.values() for answer in card.answers.values()}
    for name, references in _references(folder, content, refs).items():
        for where, wanted, known, home in references:
            if wanted not in known:
                meant = did_you_mean(wanted, known) or " Correct the name, or add it there."
                yield f"content/{name}.yml: {where}: '{wanted}' is not in {home}.{meant}"


def _references(folder: Path, content: Content, refs: Collection[str]) -> dict[str, list[_Reference]]:
    """By file the names that it takes from elsewhere."""
    sources, table = read_checked(folder / "sources.yml"), read_checked(folder / "red_flags.yml")["flags"]
    flags, cards = [row["id"] for row in table], content.cards
    data = {
        name: read_checked(folder / f"{name}.yml")
        for name in (
            "tiers",
            "alarm_questions",
            "triage",
            "conditions",
            "moves",
            "checkin",
            "routines",
            "health",
            "widget",
        )
    }
    found = {f"cards/{card_id}": list(_of_card(card_id, folder, content, refs)) for card_id in cards}
    noted = {*flags, _ANSWERS[1]}  # a note may also stand for a yes that names no sign
    found["tiers"] = [_Reference("notes", flag, noted, "content/red_flags.yml") for flag in data["tiers"]["notes"]]
    found["triage"] = list(_of_triage(data["triage"], flags, refs))
    found["health"] = [_Reference("card", q["card"], {*refs, "alarm"}, "content/cards/") for q in data["health"]]
    found["widget"] = [_Reference("drawings", name, cards, "content/cards/") for name in data["widget"]["drawings"]]
    found["red_flags"] = [reference for row in table for reference in _sources(row["id"], row["sources"], sources)]
    found["conditions"] = list(_of_conditions(data["conditions"], refs, sources))
    risks = [(name, row["risk"]) for name, row in data["conditions"]["conditions"].items() if "risk" in row]
    known_risks = data["triage"]["risks_said"]
    found["conditions"] += [_Reference(f"{row}.risk", risk, known_risks, "content/triage.yml") for row, risk in risks]
    variations = data["moves"]["variations"]
    found["moves"] = [_Reference("variations", card, cards, "content/cards/") for card in variations]
    for card, forms in variations.items():
        found["moves"] += _sources(f"variations.{card}.sources", forms["sources"], sources)
    found["checkin"] = [_Reference("binding", card, cards, "content/cards/") for card in data["checkin"]["binding"]]
    found["routines"] = list(_of_routines(data["routines"], data["conditions"], sources))
    for name in ("tiers", "alarm_questions", "triage", "checkin", "routines"):
        found.setdefault(name, []).extend(_sources("sources", data[name]["sources"], sources))
    return found


def _sources(where: str, names: Iterable[str], known: Collection[str]) -> Iterator[_Reference]:
    yield from (_Reference(where, name, known, "content/sources.yml") for name in names)


def _of_card(card_id: str, folder: Path, content: Content, refs: Collection[str]) -> Iterator[_Reference]:
    card, sources = content.cards[card_id], read_checked(folder / "sources.yml")
    family = (card.family,) if card.family else ()
    yield from (_Reference("family or pair", name, content.cards, "content/cards/") for name in (*family, *card.pair))
    families = content.conditions.rules
    known_families = {*families["families"], *families["harmless"]}
    yield from (_Reference("movements", name, known_families, "content/conditions.yml") for name in card.movements)
    if card.line:
        yield _Reference("line", card.line, content.lines, "content/lines.yml")
    for label, value in card.named_by:
        file = folder / "entities" / f"{label}.yml"
        known = read_checked(file, "entities") if file.is_file() else {}
        yield _Reference("named_by", value, known, f"content/entities/{label}.yml")
    for kind, answer in card.answers.items():
        yield from (_Reference(f"answers.{kind}.buttons", name, refs, "content/cards/") for name in answer.buttons)
        yield from _sources(f"answers.{kind}.sources", answer.sources, sources)


def _of_conditions(data: Mapping[str, Any], refs: Collection[str], sources: Collection[str]) -> Iterator[_Reference]:
    for name, row in data["conditions"].items():
        where = f"conditions.{name}"
        yield _Reference(f"{where}.when", row["when"]["fact"], data["facts"], "facts")
        yield from (_Reference(f"{where}.instead", ref, refs, "content/cards/") for ref in row["instead"])
        yield from _sources(f"{where}.sources", row["sources"], sources)
        yield from _sources(f"{where}.remedy.sources", row.get("remedy", {}).get("sources", ()), sources)
        for family, cell in row["avoid"].items():
            yield _Reference(f"{where}.avoid", family, data["families"], "families")
            yield from _sources(f"{where}.avoid.{family}", cell["sources"], sources)
    yield from (_Reference(f"general.{name}", ref, refs, "content/cards/") for name, ref in data["general"].items())


def _of_routines(
    data: Mapping[str, Any], conditions: Mapping[str, Any], sources: Collection[str]
) -> Iterator[_Reference]:
    families = {*conditions["families"], *conditions["harmless"]}
    for name, block in data["blocks"].items():
        where = f"blocks.{name}"
        yield from _sources(f"{where}.sources", block["sources"], sources)
        yield from (
            _Reference(f"{where}.movements", family, families, "content/conditions.yml")
            for family in block["movements"]
        )


def _of_triage(data: Mapping[str, Any], flags: Collection[str], refs: Collection[str]) -> Iterator[_Reference]:
    options, parts = data["options"], {*data["parts"], "sign"}
    for name, question in data["questions"].items():
        yield from (
            _Reference(f"questions.{name}.options", option, options, "options") for option in question["options"]
        )
    yield from (_Reference("options", name, data["means"], "means") for name in options if name not in _NO_MEANING)
    yield from (_Reference("means", name, options, "options") for name in data["means"])
    for name, fact in (("sign", "signs_said"), ("risk", "risks_said")):
        said = [means[name] for means in data["means"].values() if name in means]
        yield from (_Reference("means", value, {*data[fact], *_ANSWERS}, fact) for value in said)
    yield from (_Reference("more_signs", name, options, "options") for name in data["more_signs"])
    yield from (_Reference("signs_said", name, data["signs"], "signs") for name in data["signs_said"])
    yield from (
        _Reference("signs", s["flag"], flags, "content/red_flags.yml") for s in data["signs"].values() if s["flag"]
    )
    yield from (_Reference("outcomes", end["card"], refs, "content/cards/") for end in data["outcomes"].values())
    yield from (_Reference("<name>", name, parts, "parts") for name in _PART.findall(" ".join(_strings(data))))


def _strings(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, (list, dict)):
        for value in data.values() if isinstance(data, dict) else data:
            yield from _strings(value)
