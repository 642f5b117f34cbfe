"""What the website's chat shows: its texts, the clinic's number, and answers with their sources and drawings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from spineline.content.clinic import LANGUAGES, Both
from spineline.content.library import Content
from spineline.dialogue.render import answer_message
from spineline.errors import ContentError
from spineline.text.yaml_file import read_yaml

_HOW_TO = "how"
_GREETING = "greet/about"


@dataclass(frozen=True)
class Widget:
    """The texts of the chat window and what its answers are dressed with.

    Args:
        texts: content/widget.yml, each in both languages.
        drawings: card id -> the text alternative of web/drawings/<card id>.svg.
        sources: content/sources.yml.
    """

    content: Content
    texts: Mapping[str, Both]
    drawings: Mapping[str, Both]
    sources: Mapping[str, Mapping[str, Any]]

    def text(self, name: str, language: str) -> str:
        """One text of the chat window, with the clinic's data filled in."""
        return self.content.fill(self.texts[name][language], language)

    def profile(self) -> dict[str, Any]:
        """What the script carries: the clinic, the greeting and every text, in both languages."""
        clinic = self.content.clinic
        return {
            "clinic": {"name": clinic.name, "phone": clinic.phone, "tel": clinic.phone_link},
            "texts": {language: self._language(language) for language in LANGUAGES},
        }

    def _language(self, language: str) -> dict[str, Any]:
        texts = {name: self.text(name, language) for name in self.texts}
        if not self.content.reviewed:
            texts["pending"] = self.content.line("pending_review", language)
        message = answer_message(self.content.answer(_GREETING), language, self.content)
        buttons = [button.as_dict() for button in message.buttons]
        return {**texts, "greeting": self.dress({"text": message.text, "buttons": buttons}, language)}

    def dress(self, reply: Mapping[str, Any], language: str | None = None) -> dict[str, Any]:
        """One reply of a channel as the chat window shows it; parts that it has not are left out."""
        data = reply.get("metadata", {})
        language = data.get("language") or language or LANGUAGES[0]
        buttons = reply.get("buttons", [])
        dressed = {
            "text": reply.get("text", ""),
            "language": language,
            "card": data.get("card"),
            "tier": data.get("tier"),
            "calls": [{"title": b["title"], "url": b["url"]} for b in buttons if b.get("url")],
            "choices": [{"title": b["title"], "payload": b["payload"]} for b in buttons if not b.get("url")],
            "sources": [self._source(source) for source in data.get("sources", []) if source in self.sources],
            **self._exercise(str(data.get("card")), language),
        }
        return {name: value for name, value in dressed.items() if value}

    def _source(self, source: str) -> dict[str, str]:
        known = self.sources[source]
        return {field: str(known[field]) for field in ("title", "publisher", "address") if known.get(field)}

    def _exercise(self, ref: str, language: str) -> dict[str, Any]:
        """Exercise cards can be printed; how-to cards have a drawing where one is made."""
        card_id, _, kind = ref.partition("/")
        card = self.content.cards.get(card_id)
        if not card or kind not in card.answers or "exercise" not in dict(card.named_by):
            return {}
        page = {"page": f"cards/{card_id}/{kind}?lang={language}"}
        if kind != _HOW_TO or card_id not in self.drawings:
            return page
        return {**page, "drawing": {"src": f"drawings/{card_id}.svg", "alt": self.drawings[card_id][language]}}


def load_widget(root: Path, content: Content) -> Widget:
    """Read content/widget.yml; ContentError lists everything that is wrong in it."""
    data = read_yaml(root / "content" / "widget.yml")
    widget = Widget(content, data["texts"], data["drawings"], read_yaml(root / "content" / "sources.yml"))
    problems = [*_missing_texts(widget), *_missing_drawings(widget, root / "web" / "drawings")]
    if problems:
        raise ContentError(problems)
    return widget


def _missing_texts(widget: Widget) -> list[str]:
    return [
        f"content/widget.yml: {name} has no {language} text. Write it: no text exists in one language only."
        for name, text in {**widget.texts, **widget.drawings}.items()
        for language in LANGUAGES
        if not text.get(language)
    ]


def _missing_drawings(widget: Widget, folder: Path) -> list[str]:
    drawn = {path.stem for path in folder.glob("*.svg")}
    return [
        *(
            f"content/widget.yml: drawings: {name} has no web/drawings/{name}.svg."
            for name in widget.drawings.keys() - drawn
        ),
        *(
            f"web/drawings/{name}.svg: no text alternative in content/widget.yml."
            for name in drawn - widget.drawings.keys()
        ),
    ]
