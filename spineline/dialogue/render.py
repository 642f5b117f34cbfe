"""Turns answers and lines into messages: text filled in, quick replies with titles, tap-to-call buttons."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from spineline.content.cards import Answer
from spineline.content.clinic import Both
from spineline.content.library import Content
from spineline.dialogue.turn import Button, Message


def choice_title(choice: str, content: Content) -> Both:
    """What a quick reply is called, in both languages. Ids: "card/kind", "alarm:<reply>", "triage:<option>"."""
    kind, _, rest = choice.partition(":")
    if kind == "alarm":
        title: Both = content.tiers["replies"][rest]["ask"]
    elif kind == "triage":
        title = content.triage["options"][rest]
    elif kind == "line":
        title = content.lines[rest]
    else:
        title = content.answer(choice).ask
    return title


def choice_payload(choice: str, content: Content) -> str:
    """What a quick reply sends: Rasa's payload form with the intent that it stands for."""
    kind, _, rest = choice.partition(":")
    if kind in ("alarm", "line"):
        intent = "affirm" if rest in ("getting_help", "yes") else "deny"
    elif kind == "triage":
        intent = "report_mild_pain"
    else:
        intent = content.cards[choice.partition("/")[0]].intents[0]
    return f"/{intent}" + json.dumps({"choice": choice})


def quick_replies(choices: Iterable[str], language: str, content: Content) -> tuple[Button, ...]:
    """Buttons for these choices."""
    return tuple(Button(choice_title(c, content)[language], choice_payload(c, content)) for c in choices)


def call_button(whom: str, language: str, content: Content) -> Button:
    """Tap-to-call: "clinic", "911" or "988"."""
    if whom == "clinic":
        return _link(content.line("call_button", language), content.clinic.phone_link)
    return _link(content.line(f"call_{whom}", language), f"tel:{whom}")


def _link(title: str, url: str) -> Button:
    return Button(title, url, url)


def answer_message(answer: Answer, language: str, content: Content, with_replies: bool = True) -> Message:
    """One card answer with its fixed line, call button, quick replies and where it comes from."""
    card = content.cards[answer.ref.partition("/")[0]]
    text = content.fill(answer.text[language], language)
    if card.line:
        text = f"{text}\n{content.line(card.line, language)}"
    call = (call_button("clinic", language, content),) if answer.call else ()
    replies = quick_replies(answer.buttons, language, content) if with_replies else ()
    return Message(text, (*call, *replies), data(language, card=answer.ref, sources=list(answer.sources)))


def line_message(
    name: str, language: str, content: Content, choices: Iterable[str] = (), call: bool = False
) -> Message:
    """One fixed line, with quick replies and, where wanted, the clinic's number to tap."""
    number = (call_button("clinic", language, content),) if call else ()
    buttons = (*number, *quick_replies(choices, language, content))
    return Message(content.line(name, language), buttons, data(language, card=name))


def data(language: str, **more: Any) -> Mapping[str, Any]:
    """What a channel may want to know about a message beside its text."""
    return {"language": language, **more}
