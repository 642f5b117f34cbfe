"""Conversations over text messages and WhatsApp: signed webhooks, answers read out of the responses."""

from __future__ import annotations

import re
import urllib.request
from pathlib import Path

from lines import in_words, notices
from servers import ANSWERS_WITHIN_S, Reply
from talk import Step
from texting import ACCOUNT, PATH, FakeTwilio, message, read_messages, signed, whatsapp

from spineline.channels.twilio.texts.parts import plain
from spineline.content.library import Content

_CHOICE = re.compile(r"^(?:(\d+)\.|-) (.+)$", re.MULTILINE)


class TextLine:
    """Quick replies are chosen by their number, where they have one."""

    fields = staticmethod(message)

    def __init__(self) -> None:
        self.api = FakeTwilio()
        self.accounts = {**ACCOUNT, "TWILIO_API": self.api.address}
        self._people: dict[str, str] = {}

    def connect(self, base: str, data_dir: Path, content: Content) -> None:
        self._base = base
        self._notices = {plain(notice) for notice in notices(content, "text_notice")}

    def say(self, sender: str, message: str) -> Reply:
        text = "\n".join(self.bring(self.number_of(sender), message))
        for notice in self._notices:
            text = text.replace(notice, "").strip()
        buttons = [{"title": title, "payload": self.typed(number, title)} for number, title in _CHOICE.findall(text)]
        return [{"text": text, "buttons": buttons}]

    def number_of(self, sender: str) -> str:
        return self._people.setdefault(sender, f"+1310556{len(self._people):04}")

    def typed(self, number: str, title: str) -> str:
        return number or title

    def bring(self, person: str, text: str) -> list[str]:
        usual = self.fields(text)
        prefix = usual["From"].partition("+")[0]
        body, headers = signed({**usual, "From": f"{prefix}{person}"}, self._base)
        request = urllib.request.Request(f"{self._base}{PATH}", body, headers)
        with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN_S) as answer:
            return read_messages(answer.read().decode())

    def expected(self, step: Step) -> Step:
        return in_words(step)

    def close(self) -> None:
        self.api.close()
        assert not self.api.sent, "an answer came late"


class WhatsAppLine(TextLine):
    """Quick replies are chosen by their words."""

    fields = staticmethod(whatsapp)

    def typed(self, number: str, title: str) -> str:
        return title
