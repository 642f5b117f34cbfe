"""What the website's chat shows: its texts, the clinic's number, and answers with their sources and drawings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spineline.content.clinic import LANGUAGES, Both
from spineline.content.library import Content
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Kind, Message
from spineline.dialogue.wire import quick_replies
from spineline.errors import ContentError
from spineline.text.schemas import read_checked

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
            "clinic": {"tel": clinic.phone_link},
            "texts": {language: self._language(language) for language in LANGUAGES},
        }

    def _language(self, language: str) -> dict[str, Any]:
        texts = {name: self.text(name, language) for name in self.texts}
        if not self.content.reviewed:
            texts["pending"] = self.content.line("pending_review", language)
        message = Speaker(self.content, language).answer(self.content.answer(_GREETING))
        return {**texts, "greeting": self.dress(replace(message, card=None, sources=()))}

    def dress(self, message: Message) -> dict[str, Any]:
        """One message as the chat window shows it; what it has not is left out."""
        speaker = Speaker(self.content, message.language)
        dressed = {
            "text": message.text,
            "language": message.language,
            "card": message.card,
            "tier": message.tier and message.tier.value,
            "calls": [{"title": title, "url": url} for title, url in map(speaker.call, message.calls)],
            "choices": quick_replies(message.choices, speaker),
            "sources": [self._source(source) for source in message.sources if source in self.sources],
            **self._exercise(message),
        }
        return {name: value for name, value in dressed.items() if value}

    def _source(self, source: str) -> dict[str, str]:
        known = self.sources[source]
        return {field: str(known[field]) for field in ("title", "publisher", "address") if known.get(field)}

    def _exercise(self, message: Message) -> dict[str, Any]:
        """Exercise cards can be printed; how-to cards have a drawing where one is made."""
        if message.kind is not Kind.ANSWER or not message.card:
            return {}
        answer, language = self.content.answer(message.card), message.language
        if "exercise" not in dict(self.content.cards[answer.card].named_by):
            return {}
        page = {"page": f"cards/{answer.ref}?lang={language}"}
        if answer.kind != _HOW_TO or answer.card not in self.drawings:
            return page
        return {**page, "drawing": {"src": f"drawings/{answer.card}.svg", "alt": self.drawings[answer.card][language]}}


def load_widget(root: Path, content: Content) -> Widget:
    """Read content/widget.yml; ContentError lists everything that is wrong in it."""
    data = read_checked(root / "content" / "widget.yml")
    widget = Widget(content, data["texts"], data["drawings"], read_checked(root / "content" / "sources.yml"))
    problems = _missing_drawings(widget, root / "web" / "drawings")
    if problems:
        raise ContentError(problems)
    return widget


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
