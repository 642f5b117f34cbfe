"""`make review`: one printable page with every text and rule, both languages, for the clinician who signs them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any

from spineline.content.cards import Answer
from spineline.content.library import ROOT, Content, load_content
from spineline.text.yaml_file import read_yaml

_STYLE = """
body { font: 11pt/1.4 Georgia, serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
td, th { border: 1px solid #999; padding: .35rem .5rem; vertical-align: top; text-align: left; }
td.name { width: 16%; font-family: monospace; font-size: .85em; overflow-wrap: anywhere; }
h3 { margin-bottom: 0; } .sign { float: right; font-size: .85em; } section { break-inside: avoid; }
"""


def write_review(path: Path, clinic: str) -> str:
    """Write the page for one clinic; returns what was written."""
    content = load_content(ROOT, clinic)
    parts = [
        *_head(content),
        *_cards(content),
        *_flags(),
        *_signed("What each tier says", "tiers"),
        *_signed("Pain questions", "triage"),
        *_signed("The telephone line", "voice"),
        *_lines(),
        *_keywords(),
        *_sources(),
        "</body></html>",
    ]
    path.write_text("\n".join(parts), encoding="utf-8")
    return f"{path}: {len(content.cards)} cards and {len(_red_flags())} flags. Open it in a browser and print it."


def _head(content: Content) -> Iterator[str]:
    yield "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Review</title>"
    yield f"<style>{_STYLE}</style></head>"
    yield f"<body><h1>Texts and rules of {escape(content.clinic.name)}</h1>"
    yield (
        "<p>Everything the assistant can say, and every rule by which it raises an alarm. Sign a card, a flag or a "
        "file by writing your name and the day into <code>reviewed: {by, on}</code> of its file.</p>"
    )


def _cards(content: Content) -> Iterator[str]:
    yield "<h2>Cards</h2>"
    for card in content.cards.values():
        sign = _sign(card.reviewed_by)
        yield f"<section>{sign}<h3>{escape(card.title['en'])} / {escape(card.title['es'])}</h3>"
        yield f"<small>content/cards/{card.id}.yml</small>"
        yield _table(row for kind, answer in card.answers.items() for row in _answer(kind, answer, content))
        yield "</section>"


def _answer(kind: str, answer: Answer, content: Content) -> Iterator[tuple[str, str, str]]:
    """As it is read, and as it is heard on the telephone."""
    for name, text in ((f"{kind} [{', '.join(answer.sources)}]", answer.text), (f"{kind}, said", answer.say)):
        yield name, content.fill(text["en"], "en"), content.fill(text["es"], "es")


def _flags() -> Iterator[str]:
    yield "<h2>Red flags</h2>"
    for flag in _red_flags():
        title = f"{flag['id']} · {flag['tier']} · {escape(flag['name']['en'])}"
        yield f"<section>{_sign(flag['reviewed']['by'])}<h3>{title}</h3>"
        yield f"<p>{escape(flag['name']['es'])} [{', '.join(flag['sources'])}]</p>"
        yield _table((name, str(rule), "") for name, rule in flag["rules"].items())
        for kind, title in (("fire", "raises the alarm"), ("not_fire", "raises none")):
            yield _table((title, twin["en"], twin["es"]) for twin in flag["examples"].get(kind, ()))
        yield "</section>"


def _red_flags() -> list[dict[str, Any]]:
    flags: list[dict[str, Any]] = read_yaml(ROOT / "content/red_flags.yml")["flags"]
    return flags


def _signed(title: str, name: str) -> Iterator[str]:
    """The texts of a file that is signed as a whole."""
    data = read_yaml(ROOT / f"content/{name}.yml")
    yield f"{_sign(data['reviewed']['by'])}<h2>{title}</h2><small>content/{name}.yml</small>" + _table(_both(data))


def _lines() -> Iterator[str]:
    yield "<h2>Fixed lines</h2>" + _table(_both(read_yaml(ROOT / "content/lines.yml")))


def _keywords() -> Iterator[str]:
    yield "<h2>Words that are obeyed in text messages</h2>"
    kinds = read_yaml(ROOT / "content/keywords.yml")
    yield _table((kind, ", ".join(said["en"]), ", ".join(said["es"])) for kind, said in kinds.items())


def _sources() -> Iterator[str]:
    yield "<h2>Sources</h2>"
    sources = read_yaml(ROOT / "content/sources.yml")
    yield _table((name, f"{s['publisher']}: {s['title']}", str(s.get("address", ""))) for name, s in sources.items())


def _both(data: Any, where: str = "") -> Iterator[tuple[str, str, str]]:
    """Every {en, es} pair below a piece of YAML, with its path."""
    if isinstance(data, dict) and isinstance(data.get("en"), str) and "es" in data:
        yield where, data["en"], data["es"]
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from _both(value, f"{where}.{key}".strip("."))


def _sign(by: str) -> str:
    return f"<span class='sign'>{escape(by) if by else 'not yet reviewed: ______________'}</span>"


def _table(rows: Iterable[tuple[str, str, str]]) -> str:
    cells = (
        f"<tr><td class='name'>{escape(n)}</td><td>{escape(a)}</td><td lang='es'>{escape(b)}</td></tr>"
        for n, a, b in rows
    )
    return f"<table>{''.join(cells)}</table>"
