"""What the website's chat shows: its texts, the clinic's number, and answers with all that stands around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from spineline.channels.web.dress import Around, body_of
from spineline.channels.web.forms import form_of, roles_in
from spineline.content.clinic import LANGUAGES, Both
from spineline.content.library import Content
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
_OUTSIDE = ("label", "emergency", "unread_one", "unread_many", "lost", "greet", "no_greet")  # what a closed chat says


@dataclass(frozen=True)
class Widget:
    """The texts of the chat window and what its answers are dressed with.

    Args:
        texts: content/widget.yml, each in both languages.
        drawings: card id -> the text alternative of web/drawings/<card id>.svg.
        sources: content/sources.yml.
        around: what else stands around an answer.
    """

    content: Content
    texts: Mapping[str, Both]
    drawings: Mapping[str, Both]
    sources: Mapping[str, Mapping[str, Any]]
    around: Around

    def text(self, name: str, language: str) -> str:
        """One text of the chat window, with the clinic's data filled in."""
        return self.content.fill(self.texts[name][language], language)

    def launcher(self, parts: Mapping[str, str]) -> dict[str, Any]:
        """What the script carries: the clinic, and what a closed chat says, in both languages.

        Args:
            parts: the versions of what comes when it is needed.
        """
        texts = {language: {name: self.text(name, language) for name in _OUTSIDE} for language in LANGUAGES}
        return {**self.profile(), "parts": dict(parts), "texts": texts}

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
        form = form_of(message, self.content) if message.kind is Kind.QUESTION else None
        dressed = {
            "text": message.text,
            "language": message.language,
            "card": message.card,
            "tier": message.tier and message.tier.value,
            "calls": [call for whom in message.calls for call in self._calls(whom, speaker)],
            "choices": self._choices(message, speaker, in_form=form is not None),
            "body": body_of(message),
            "form": form,
            "urgent": message.tier is Tier.CALL_TODAY or self._is_severe(message),
            "forgotten": message.wish == "forget",
            "sources": [self._source(source) for source in message.sources if source in self.sources],
            "drawing": self._drawing(message),
            **self.around.of(message),
        }
        return {name: value for name, value in dressed.items() if value}

    def _calls(self, whom: str, speaker: Speaker) -> list[dict[str, str]]:
        """Whom to call, and to text where that is answered."""
        title, url = speaker.call(whom)
        texted = [{"title": self.text("text_988", speaker.language), "url": f"sms:{whom}"}] if whom == _TEXTED else []
        return [{"title": title, "url": url}, *texted]

    def _choices(self, message: Message, speaker: Speaker, *, in_form: bool) -> list[dict[str, Any]]:
        """Quick replies, with their titles in every language: the window may be switched before one is tapped."""
        known = [self.content.choices[choice] for choice in message.choices]
        plain = quick_replies(message.choices, speaker)
        roles = roles_in(known, self.content) if in_form else [{}] * len(known)
        return [
            {**reply, "titles": dict(choice.title), **role}
            for reply, choice, role in zip(plain, known, roles, strict=True)
        ]

    def _is_severe(self, message: Message) -> bool:
        return bool(message.subject) and self.content.cards[message.subject].default_for == _SEVERE

    def _source(self, source: str) -> dict[str, str]:
        known = self.sources[source]
        return {field: str(known[field]) for field in ("title", "publisher", "address") if known.get(field)}

    def _drawing(self, message: Message) -> dict[str, str] | None:
        """How-to cards of exercises have a drawing where one is made."""
        if message.kind is not Kind.ANSWER or not message.card:
            return None
        answer = self.content.answer(message.card)
        is_exercise = "exercise" in dict(self.content.cards[answer.card].named_by)
        if not is_exercise or answer.kind != _HOW_TO or answer.card not in self.drawings:
            return None
        return {"src": f"drawings/{answer.card}.svg", "alt": self.drawings[answer.card][message.language]}


def load_widget(root: Path, content: Content) -> Widget:
    """Read content/widget.yml; ContentError lists everything that is wrong in it."""
    data = read_checked(root / "content" / "widget.yml")
    sources, flags = (read_checked(root / "content" / f"{name}.yml") for name in ("sources", "red_flags"))
    names = {flag["id"]: flag["name"] for flag in flags["flags"]}
    around = Around(content, data["texts"], names, data["maps"])
    widget = Widget(content, data["texts"], data["drawings"], sources, around)
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
