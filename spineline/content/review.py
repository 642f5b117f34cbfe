"""`make review`: one printable page with every text and rule, both languages, for the clinician who signs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from spineline.content.cards import Answer
from spineline.content.clinic import LANGUAGES
from spineline.content.library import ROOT, Content, load_content
from spineline.content.said_texts import texts_of
from spineline.content.signing import SIGNED, Part, parts
from spineline.danger.rules import RedFlagRules
from spineline.text.schemas import read_checked

_STYLE = """
body { font: 11pt/1.4 Georgia, serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
td, th { border: 1px solid #999; padding: .35rem .5rem; vertical-align: top; text-align: left; }
td.name { width: 16%; font-family: monospace; font-size: .85em; overflow-wrap: anywhere; }
h3 { margin-bottom: 0; } .sign { float: right; font-size: .85em; } section { break-inside: avoid; }
"""


# The files of which every text and rule stands on the page; those that no clinician signs are there to be read.
_TITLES = {
    "tiers": "What each tier says",
    "alarm_questions": "What people ask while an alarm is open",
    "triage": "Pain questions",
    "conditions": "What people tell about themselves, and what is not offered then",
    "moves": "Moves over the last answer",
    "checkin": "What people hear who come back",
    "routines": "Routines",
    "voice": "The telephone line",
    "lines": "Fixed lines",
    "widget": "The chat window",
    "website": "The website and the privacy notice",
    "privacy": "How people ask for their data, and what is taken out of logs",
    "keywords": "Words that are obeyed in text messages",
    "languages": "Words that tell the languages apart",
    "questions": "How people ask",
    "red_flag_signs": "Signs of the red flags: words near each other",
    "red_flag_words": "Words of the red flags",
}


def write_review(path: Path, clinic: str) -> str:
    """Write the page for one clinic; returns what was written."""
    content = load_content(ROOT, clinic)
    signed = {part.name: part for part in parts(ROOT / "content")}
    flags = [part for part in signed.values() if "rules" in part.data]
    page = [
        *_head(content),
        *_cards(content, signed),
        *_flags(flags, content.red_flags),
        *(line for name in SIGNED for line in _file(name, signed[name])),
        *(line for name in _TITLES if name not in SIGNED for line in _file(name)),
        *_sources(),
        "</body></html>",
    ]
    path.write_text("\n".join(page), encoding="utf-8")
    return f"{path}: {len(content.cards)} cards and {len(flags)} flags. Open it in a browser and print it."


def _head(content: Content) -> Iterator[str]:
    yield "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Review</title>"
    yield f"<style>{_STYLE}</style></head>"
    yield f"<body><h1>Texts and rules of {escape(content.clinic.name)}</h1>"
    yield (
        "<p>Everything the assistant can say, and every rule by which it raises an alarm. Sign a card, a flag or a "
        "file by writing your name and the day into the line that stands beside it, and the line into its file. The "
        "digest stands for the very text on this page: a text that is changed afterwards is unsigned again.</p>"
    )


def _cards(content: Content, signed: Mapping[str, Part]) -> Iterator[str]:
    yield "<h2>Cards</h2>"
    for card in content.cards.values():
        sign = _sign(signed[f"cards/{card.id}"])
        yield f"<section>{sign}<h3>{escape(card.title['en'])} / {escape(card.title['es'])}</h3>"
        yield f"<small>content/cards/{card.id}.yml</small>"
        yield _table(row for kind, answer in card.answers.items() for row in _answer(kind, answer, content))
        yield "</section>"


def _answer(kind: str, answer: Answer, content: Content) -> Iterator[tuple[str, str, str]]:
    """As it is read, and as it is heard on the telephone."""
    for name, text in ((f"{kind} [{', '.join(answer.sources)}]", answer.text), (f"{kind}, said", answer.say)):
        yield name, content.fill(text["en"], "en"), content.fill(text["es"], "es")


def _flags(flags: Iterable[Part], rules: RedFlagRules) -> Iterator[str]:
    yield "<h2>Red flags</h2>"
    for part in flags:
        flag = part.data
        title = f"{flag['id']} · {flag['tier']} · {escape(flag['name']['en'])}"
        yield f"<section>{_sign(part)}<h3>{title}</h3>"
        yield f"<p>{escape(flag['name']['es'])} [{', '.join(flag['sources'])}]</p>"
        raised = {f"raised to {more['to']}": more["when"] for more in flag.get("raise_if") or ()}
        yield _table((name, str(rule), "") for name, rule in {**flag["rules"], **raised}.items())
        yield _table(("raises the alarm", twin["en"], twin["es"]) for twin in flag["examples"]["fire"])
        yield _table(
            ("raises none", _silenced(twin["en"], rules), _silenced(twin["es"], rules))
            for twin in flag["examples"]["not_fire"]
        )
        yield "</section>"


def _silenced(example: str, rules: RedFlagRules) -> str:
    """An example that raises no alarm, with each sign that it names and the cue that takes it back."""
    cues = [f"{sign}: {why}, {' '.join(words)}" for sign, (why, *words) in rules.assess(example).taken_back.items()]
    return f"{example} [{'; '.join(cues)}]" if cues else example


def _file(name: str, part: Part | None = None) -> Iterator[str]:
    """Every text of a file, both languages side by side, then all else that stands in it."""
    data = read_checked(ROOT / f"content/{name}.yml")
    yield f"{_sign(part) if part else ''}<h2>{_TITLES[name]}</h2><small>content/{name}.yml</small>"
    yield _table((where, text["en"], text["es"]) for where, text in texts_of(data))
    yield _table((where, value, "") for where, value in _other(data))


def _other(data: Any, where: str = "") -> Iterator[tuple[str, str]]:
    """What is no text in two languages: rules, words, names; lists as one row."""
    if isinstance(data, list) and not any(isinstance(value, (dict, list)) for value in data):
        yield where, ", ".join(map(str, data))
    elif isinstance(data, (dict, list)):
        both = isinstance(data, dict) and all(isinstance(data.get(language), str) for language in LANGUAGES)
        for step, value in data.items() if isinstance(data, dict) else enumerate(data, 1):
            if step != "reviewed" and not (both and step in LANGUAGES):
                yield from _other(value, f"{where}.{step}".strip("."))
    else:
        yield where, str(data)


def _sources() -> Iterator[str]:
    yield "<h2>Sources</h2>"
    sources = read_checked(ROOT / "content/sources.yml")
    yield _table((name, f"{s['publisher']}: {s['title']}", str(s.get("address", ""))) for name, s in sources.items())


def _sign(part: Part) -> str:
    """The line to sign, or who signed."""
    if part.by:
        return f"<span class='sign'>{escape(part.by)}</span>"
    state = "changed since it was signed" if part.has_changed else "not yet reviewed"
    line = f'reviewed: {{by: "", on: "", digest: {part.digest}}}'
    return f"<span class='sign'>{state}: ______________<br><code>{escape(line)}</code></span>"


def _table(rows: Iterable[tuple[str, str, str]]) -> str:
    cells = (
        f"<tr><td class='name'>{escape(n)}</td><td>{escape(a)}</td><td lang='es'>{escape(b)}</td></tr>"
        for n, a, b in rows
    )
    return f"<table>{''.join(cells)}</table>"
