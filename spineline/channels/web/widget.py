"""What the website's chat shows: its texts, the clinic's number, and answers with their sources and drawings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spineline.content.clinic import LANGUAGES, Both
from spineline.content.library import Content
from spineline.content.texts import SENTENCE_END, Part
from spineline.danger.tiers import Tier
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Kind, Message
from spineline.dialogue.wire import quick_replies
from spineline.errors import ContentError
from spineline.text.schemas import read_checked

_HOW_TO = "how"
_GREETING = "greet/about"
_SEVERE = "report_severe_pain"
_TEXTED = "988"  # answers text messages too
_OUTSIDE = ("label", "emergency", "unread_one", "unread_many", "lost")  # texts that a closed chat needs
_SAFETY = ("lines.stop_line", "lines.worse_line")


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

    def launcher(self, window: str) -> dict[str, Any]:
        """What the script carries: the clinic, and what a closed chat says, in both languages.

        Args:
            window: the version of what comes when it is opened.
        """
        texts = {language: {name: self.text(name, language) for name in _OUTSIDE} for language in LANGUAGES}
        return {**self.profile(), "window": window, "texts": texts}

    def profile(self) -> dict[str, Any]:
        """All that the window says: the clinic, the greeting and every text, in both languages."""
        clinic = self.content.clinic
        return {
            "clinic": {"tel": clinic.phone_link, "initial": clinic.initial},
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
            "calls": [call for whom in message.calls for call in self._calls(whom, speaker)],
            "choices": self._choices(message, speaker),
            "body": _body(message),
            "urgent": message.tier is Tier.CALL_TODAY or self._is_severe(message),
            "forgotten": message.wish == "forget",
            "sources": [self._source(source) for source in message.sources if source in self.sources],
            **self._exercise(message),
        }
        return {name: value for name, value in dressed.items() if value}

    def _calls(self, whom: str, speaker: Speaker) -> list[dict[str, str]]:
        """Whom to call, and to text where that is answered."""
        title, url = speaker.call(whom)
        texted = [{"title": self.text("text_988", speaker.language), "url": f"sms:{whom}"}] if whom == _TEXTED else []
        return [{"title": title, "url": url}, *texted]

    def _choices(self, message: Message, speaker: Speaker) -> list[dict[str, Any]]:
        """Quick replies, with their titles in every language: the window may be switched before one is tapped."""
        known = (self.content.choices[choice] for choice in message.choices)
        plain = quick_replies(message.choices, speaker)
        return [{**reply, "titles": dict(choice.title)} for reply, choice in zip(plain, known, strict=True)]

    def _is_severe(self, message: Message) -> bool:
        return bool(message.subject) and self.content.cards[message.subject].default_for == _SEVERE

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


def _body(message: Message) -> list[dict[str, Any]]:
    """An answer in blocks: its first sentence or its steps, and apart from them the line about safety."""
    if message.kind is not Kind.ANSWER:
        return []
    return [block for part in message.parts for block in _blocks(part, message.card or "")]


def _blocks(part: Part, ref: str) -> list[dict[str, Any]]:
    id = part.id or ""
    if id.startswith("steps/"):
        return [{"kind": "steps", "items": [line.partition(". ")[2] for line in part.read.split("\n")]}]
    sentences = SENTENCE_END.split(part.read)
    if id in _SAFETY:
        return [{"kind": "safety", "items": sentences}]
    if id.endswith("_short"):
        return [_text("safe", part.read)]
    if id.removeprefix("short/") != ref or len(sentences) == 1:
        return [_text("text", part.read)]
    if ref.endswith(f"/{_HOW_TO}"):
        return [{"kind": "steps", "items": sentences}]
    return [_text("lead", sentences[0]), _text("text", " ".join(sentences[1:]))]


def _text(kind: str, text: str) -> dict[str, Any]:
    return {"kind": kind, "text": text}


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
