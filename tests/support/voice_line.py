"""Conversations over the telephone line: what is said goes in as recognised speech, and what is heard comes back.

The texts are other ones than in the conversation files, so a card is recognised by its spoken text, word for word;
of the files' own words only numbers to call are looked for.
"""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from fake_call import FakeCall
from servers import ANSWERS_WITHIN_S, Reply
from talk import Step
from texting import ACCOUNT
from twiml import Said

from spineline.channels.twilio.voice.call import SCORE
from spineline.channels.twilio.voice.spoken import URGENT
from spineline.content.clinic import LANGUAGES
from spineline.content.library import ROOT, Content
from spineline.content.voice_words import VoiceWords, load_voice_words
from spineline.danger.tiers import Tier
from spineline.text.letters import spelled

_KEY, _SAY = "key ", "say "
_KEYS = re.compile(r"&k=(\d+)&")
_SCORES = {"triage:mild": "3", "triage:moderate": "6", "triage:severe": "10", "triage:function_loss": ""}
_TO_CALL = re.compile(r"911|988|\d{3}-\d{3}-\d{4}")
_LINES = (
    "pain_acknowledged too_long empty_message other_language switched_language not_understood_first nothing_near "
    "not_understood_again choose_again safe_text"
).split()
_IN_WORDS = {"nine one one": "911", "nueve uno uno": "911", "nine eight eight": "988", "nueve ocho ocho": "988"}


class VoiceLine:
    """Each person of a conversation is a call."""

    def __init__(self) -> None:
        self.accounts = ACCOUNT
        self._calls: dict[str, FakeCall] = {}

    def connect(self, base: str, data_dir: Path, content: Content) -> None:
        self._base, self._content = base, content
        self._words = load_voice_words(ROOT / "content" / "voice.yml", content)
        self._cards = dict(spoken_cards(content, self._words))
        self._notices = {
            text.replace("$kept_days", "30") for name in ("greeting",) for text in self._words.says[name].values()
        }

    def say(self, sender: str, message: str) -> Reply:
        call = self._calls.get(sender) or self._called(sender)
        if message.startswith(_KEY):
            said = self._bring(call, Digits=message.removeprefix(_KEY))
        else:
            said = self._bring(call, SpeechResult=message.removeprefix(_SAY), Confidence="0.9")
        reply = self._reply(said)
        if said.dials:
            self._bring(call, DialCallStatus="no-answer")
        return reply

    def expected(self, step: Step) -> Step:
        """Which card, which number to call, which language, which emergency; not the words of the written texts."""
        numbers = {found for text in (*step.says, step.first_sentence or "") for found in _TO_CALL.findall(text)}
        buttons = [title for title in step.buttons if not _TO_CALL.search(title)]
        handed_over = step.tier == "CALL_TODAY" or self._connects(step.card)
        return replace(
            step,
            card=_without_question(step.card) if handed_over else step.card,
            says=sorted(numbers),
            first_sentence=None,
            buttons=[] if handed_over or step.card == "empty_message" else buttons,
            tier="CALL_TODAY" if handed_over else None if step.tier == "ROUTINE" else step.tier,
        )

    def close(self) -> None:
        """Nothing stands in for anybody here."""

    def _connects(self, card: str | list[str] | None) -> bool:
        cards = [card] if isinstance(card, str) else card or []
        return any(name.partition("/")[0] in self._words.connects for name in cards)

    def _called(self, sender: str) -> FakeCall:
        call = self._calls[sender] = FakeCall(self._base)
        self._bring(call)
        return call

    def _bring(self, call: FakeCall, **fields: str) -> Said:
        path, body, headers = call.request(**fields)
        request = urllib.request.Request(f"{self._base}{path}", body, headers)
        with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN_S) as answer:
            return call.take(answer.read().decode())

    def _reply(self, said: Said) -> Reply:
        """The cards that are heard, in order, as messages; what is no card's text stands with the message before."""
        messages: list[dict[str, Any]] = []
        for spoken, text in said.texts:
            card = self._cards.get(text)
            if text in self._notices:
                continue
            if card and (not messages or messages[-1]["metadata"]["card"] != card):
                messages.append({"text": "", "metadata": {"card": card, "language": spoken[:2]}})
            elif not messages:
                messages.append({"text": "", "metadata": {"card": None, "language": spoken[:2]}})
            messages[-1]["text"] += f"{self._readable(text)}\n"
        last = messages[-1]
        last["metadata"]["tier"] = self._tier(said)
        last["buttons"] = list(self._buttons(said, [m["metadata"]["card"] for m in messages]))
        return messages

    def _readable(self, text: str) -> str:
        for words, number in _IN_WORDS.items():
            text = text.replace(words, number)
        for number in (self._content.clinic.phone, "911", "988"):
            text = text.replace(spelled(number), number)
        return text

    def _tier(self, said: Said) -> str | None:
        if said.dials:
            return "CALL_TODAY"
        first = said.texts[0][1] if said.first.tag == "Say" else ""
        for tier in URGENT:
            if first in {self._content.part(f"tiers.{tier.value}.do", lang).said for lang in LANGUAGES}:
                assert [text for _, text in said.texts].count(first) == 2, "what to do is said twice"
                return tier.value
        return None

    def _buttons(self, said: Said, cards: list[Any]) -> Iterator[dict[str, str]]:
        """The quick replies that can be pressed now, by their titles."""
        if said.dials:  # what waits can still be said, once the clinic has not answered
            signs = [f"triage:{option}" for option in (*self._content.triage["questions"]["signs"]["options"], "none")]
            titles = (title for choice in signs for title in self._content.choices[choice].title.values())
            yield from ({"title": title, "payload": f"{_SAY}{title}"} for title in titles)
        if said.gather is None:
            return
        count = _KEYS.search(said.action)
        keys = int(count[1]) if count else 0
        for number, choice in enumerate(self._choices(cards, keys, said), 1):
            for title in self._content.choices[choice].title.values():
                yield {"title": title, "payload": self._pressed(choice, number, title, keys)}

    def _pressed(self, choice: str, number: int, title: str, keys: int) -> str:
        if choice == "triage:none":
            return f"{_KEY}*"
        if choice == "triage:skip" or (keys == SCORE and not _SCORES[choice]):
            return f"{_SAY}{title}"
        return f"{_KEY}{_SCORES[choice] if keys == SCORE else number}"

    def _choices(self, cards: list[Any], keys: int, said: Said) -> list[str]:
        last = str(cards[-1])
        kind, _, name = last.partition(":")
        if "alarm" in cards:
            return ["alarm:getting_help", "alarm:not_meant"]
        if last == "triage:signs":
            return list(self._offered(said))
        if kind == "triage":
            return [f"triage:{option}" for option in self._content.triage["questions"][name]["options"]]
        if "/" in last:
            return list(self._content.answer(last).buttons[:keys])
        return ["help/about", "contact/about"][:keys]

    def _offered(self, said: Said) -> Iterator[str]:
        """The danger signs that are heard, in order: a few of them at a time."""
        for _, text in said.texts:
            for choice, phrase in self._words.options.items():
                if text.startswith(tuple(f"{words}," for words in phrase.values())):
                    yield choice


def _without_question(card: str | list[str] | None) -> str | list[str] | None:
    """A question that waits is not asked while the clinic is dialled."""
    return [name for name in card if not name.startswith("triage:")] if isinstance(card, list) else card


def spoken_cards(content: Content, words: VoiceWords) -> Iterator[tuple[str, str]]:
    """What is heard, and which card it is."""
    for language in LANGUAGES:
        for id, name in _ids(content).items():
            yield content.part(id, language).said, name
        for name in ("unclear_first", "unclear_again", "offer_person"):
            yield words.says[name][language], "empty_message"


def _ids(content: Content) -> dict[str, str]:
    """Texts by their names, and which card each is."""
    return {
        **{ref: ref for ref in content.answers},
        **{f"triage.questions.{name}": f"triage:{name}" for name in content.triage["questions"]},
        **{f"triage.questions.signs.{wording}": "triage:signs" for wording in ("again", "first", "more")},
        **{f"lines.{name}": name for name in _LINES},
        **{f"tiers.replies.{name}": f"alarm:{name}" for name in ("getting_help", "not_meant")},
        **{f"tiers.{tier.value}.do": "alarm" for tier in (*URGENT, Tier.CALL_TODAY)},
    }
