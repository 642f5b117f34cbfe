"""The demo page, the chat alone, the privacy notice and printable cards, filled with the clinic's profile."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from string import Template
from typing import Any

from spineline.channels.web.widget import Widget
from spineline.dialogue.speaker import Speaker
from spineline.text.schemas import read_checked

_OTHER = {"en": "es", "es": "en"}


@dataclass(frozen=True)
class Site:
    """Pages as HTML. `texts` is content/website.yml; `alone` is the page of the chat alone."""

    widget: Widget
    texts: Mapping[str, Any]
    shell: Template
    alone: Template

    def home(self, language: str) -> str:
        """A plausible clinic page with the chat on it."""
        texts = self.texts["home"]
        lead = f"<h1>{self._fill(texts['title'], language)}</h1>" + self._paragraph("lead", texts["lead"], language)
        topics = "".join(self._topic(ref, language) for ref in texts["topics"])
        asked = f'<h2 id="topics">{self._fill(texts["asked"], language)}</h2><ul class="topics">{topics}</ul>'
        sections = f'<div class="sections">{self._sections(texts["sections"], language)}</div>'
        return self._page("/", texts["title"], f'<div class="hero">{lead}{asked}</div>{sections}', language, chat=True)

    def chat(self, language: str) -> str:
        """The chat alone, for a QR code, a text message, a kiosk or a frame."""
        names = self._names(language)
        return self.alone.substitute(names, lang=language, page_title=names["chat"], chat=_chat(names, "data-full"))

    def privacy(self, language: str) -> str:
        """What is stored, for how long, and how to have it deleted."""
        texts = self.texts["privacy"]
        main = f"<h1>{self._fill(texts['title'], language)}</h1>" + self._sections(texts["sections"], language)
        return self._page("/privacy", texts["title"], main, language)

    def card(self, ref: str, language: str) -> str | None:
        """One exercise card to print or save; None when there is none."""
        content = self.widget.content
        answer = content.answers.get(ref)
        if answer is None:
            return None
        message = Speaker(content, language).answer(answer, with_replies=False)
        data = self.widget.dress(message)
        if "page" not in data:
            return None
        main = f"<h1>{escape(answer.ask[language])}</h1>{_drawing(data)}{_blocks(data)}"
        main += f"<h2>{self._fill(self.texts['card']['sources'], language)}</h2>{_sources(data)}"
        main += self._tools(language)
        return self._page(f"/cards/{ref}", answer.ask, main, language, script="/print.js")

    def vcard(self) -> str:
        """The clinic for an address book (RFC 6350)."""
        clinic = self.widget.content.clinic
        where = [f"ADR;TYPE=work:;;{_escaped(clinic.address['en'])};;;;"] if clinic.address else []
        web = [f"URL:{clinic.website['en']}"] if clinic.website else []
        tel = f"TEL;TYPE=work;VALUE=uri:{clinic.phone_link}"
        name = _escaped(clinic.name)
        lines = ["BEGIN:VCARD", "VERSION:4.0", "KIND:org", f"FN:{name}", f"ORG:{name}", tel, *where, *web, "END:VCARD"]
        return "\r\n".join(lines) + "\r\n"

    def _tools(self, language: str) -> str:
        """Print and copy the link; without scripts they are not there."""
        texts = self.texts["card"]
        names = {name: self._fill(texts[name], language) for name in ("print", "copy", "copied")}
        buttons = f'<button type="button" id="print">{names["print"]}</button> '
        buttons += f'<button type="button" id="copy" data-done="{names["copied"]}">{names["copy"]}</button>'
        return f'<p class="tools" hidden>{buttons} <span role="status" id="done"></span></p>'

    def _sections(self, sections: Iterable[Mapping[str, Any]], language: str) -> str:
        return "".join(
            f"<section><h2>{self._fill(s['title'], language)}</h2><p>{self._fill(s['text'], language)}</p></section>"
            for s in sections
        )

    def _paragraph(self, name: str, text: Mapping[str, str], language: str) -> str:
        return f'<p class="{name}">{self._fill(text, language)}</p>'

    def _topic(self, ref: str, language: str) -> str:
        """A question that the chat answers; without the script it leads to the page of the chat."""
        title = escape(self.widget.content.answer(ref).ask[language])
        return f'<li><a href="/chat?lang={language}" data-spineline-ask="{title}">{title}</a></li>'

    def _names(self, language: str) -> dict[str, str]:
        """The texts around every page."""
        return {name: self._fill(text, language) for name, text in self.texts["shell"].items()}

    def _page(
        self, path: str, title: Mapping[str, str], main: str, language: str, chat: bool = False, script: str = ""
    ) -> str:
        clinic, names = self.widget.content.clinic, self._names(language)
        return self.shell.substitute(
            names,
            lang=language,
            other=_OTHER[language],
            path=escape(path),
            page_title=self._fill(title, language),
            clinic=escape(clinic.name),
            initial=escape(clinic.initial),
            phone=escape(clinic.phone),
            tel=escape(clinic.phone_link),
            main=main,
            chat=_chat(names) if chat else "",
            scripts=f'<script src="{script}" defer></script>' if script else "",
        )

    def _fill(self, text: Mapping[str, str], language: str) -> str:
        return escape(self.widget.content.fill(text[language], language))


def load_site(root: Path, widget: Widget) -> Site:
    """Read content/website.yml and web/page.html."""
    shell, alone = (Template((root / "web" / f"{name}.html").read_text(encoding="utf-8")) for name in ("page", "chat"))
    return Site(widget, read_checked(root / "content" / "website.yml"), shell, alone)


def _chat(names: Mapping[str, str], more: str = "") -> str:
    """The lines that docs/website.md gives to a clinic: a number to call stands there when the chat does not load."""
    return (
        f"<spineline-chat {more}><noscript>{names['no_script']}</noscript> {names['fallback']}</spineline-chat>"
        '<script src="/spineline.js" data-lang="auto" defer></script>'
    )


def _escaped(text: str) -> str:
    """A text as a value of a vCard."""
    return re.sub(r"([\\,;])", r"\\\1", text)


def _blocks(data: Mapping[str, Any]) -> str:
    """The text of a card as the window shows it, with nothing that must be opened."""
    return "".join(_list(block) if block["kind"] == "steps" else _paragraph(block) for block in data["body"])


def _list(block: Mapping[str, Any]) -> str:
    return f"<ol>{''.join(f'<li>{escape(item)}</li>' for item in block['items'])}</ol>"


def _paragraph(block: Mapping[str, Any]) -> str:
    return f"<p>{escape(block.get('text') or ' '.join(block['items']))}</p>"


def _drawing(data: Mapping[str, Any]) -> str:
    drawing = data.get("drawing")
    return (
        f'<img src="/{escape(drawing["src"])}" alt="{escape(drawing["alt"])}" width="320" height="200">'
        if drawing
        else ""
    )


def _sources(data: Mapping[str, Any]) -> str:
    named = (", ".join(s[f] for f in ("title", "publisher") if f in s) for s in data.get("sources", []))
    return f"<ul>{''.join(f'<li>{escape(name)}</li>' for name in named)}</ul>"
