"""Where a telephone call stands, kept in the address that Twilio calls next; never a word that was said."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from spineline.channels.twilio.requests import TwilioForm
from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.content.voice_words import VoiceWords
from spineline.dialogue.conversation import LONGEST_MESSAGE
from spineline.dialogue.intake import Intake, take_in, tapped
from spineline.text.letters import words as words_of

SCORE = 11  # keys that answer: 0 to 10, the strength of pain
NONE = "triage:none"
MOST_KEYS = 8  # 9 is the other language, 0 a person, * none of these
_UNCLEAR_BELOW = 0.3  # of Twilio's confidence from 0 to 1; 0 is what it sends when it does not know
_LARGEST = 10_000
_NAMES = {"n": "turn", "m": "misses", "k": "keys", "t": "told", "d": "dials"}


@dataclass(frozen=True)
class Call:
    """The state of a call.

    Args:
        turn: how many times the caller was listened to; 0 before the greeting.
        misses: how many times in a row nothing was understood.
        keys: how many quick replies the last answer had, SCORE when it asked for a number.
        told: in how many languages the caller was told that this is automatic and kept.
        dials: how many times the clinic was dialled.
    """

    language: str = "en"
    turn: int = 0
    misses: int = 0
    keys: int = 0
    told: int = 0
    dials: int = 0

    @property
    def other_language(self) -> str:
        """The language that 9 changes to."""
        return next(language for language in LANGUAGES if language != self.language)

    @property
    def query(self) -> str:
        """The state as the query of an address."""
        return urlencode({"lang": self.language, **{name: getattr(self, field) for name, field in _NAMES.items()}})

    def after(self, choices: Sequence[str] = (), is_score: bool = False, missed: bool = False) -> Call:
        """The state after an answer with these quick replies, when the caller is listened to again."""
        keys = SCORE if is_score else len(choices)
        return replace(self, turn=self.turn + 1, keys=keys, misses=self.misses + 1 if missed else 0)


def read_call(query: Mapping[str, str]) -> Call:
    """The state in a query; whatever is missing or strange is as at the beginning."""
    language = query.get("lang", "")
    counts = {field: _count(query.get(name, "")) for name, field in _NAMES.items()}
    return Call(language if language in LANGUAGES else LANGUAGES[0], **counts)


def heard(
    form: TwilioForm, call: Call, offered: Sequence[str], words: VoiceWords, content: Content
) -> str | Intake | None:
    """What the caller says, words or the quick reply whose key was pressed; None when it cannot be made out.

    Args:
        offered: the ids of the quick replies sent last, where they are still known.
    """
    digits = form.field("Digits")
    if digits:
        return _pressed(digits, call, offered, words)
    text = form.field("SpeechResult")
    if not words_of(text):
        return None
    if not _is_clear(form, text) and not take_in(text, content).red_flag:
        return None
    return words.number_heard(text, call.language) if call.keys == SCORE else text


def _pressed(keys: str, call: Call, offered: Sequence[str], words: VoiceWords) -> str | Intake | None:
    if call.keys == SCORE and _is_number(keys):
        return keys
    if keys == "0":
        return words.wishes["person"][call.language]
    if keys == "9":
        return words.wishes["language"][call.other_language]
    if keys == "*":
        return tapped(NONE)
    choices = offered[-call.keys :] if 0 < call.keys <= len(offered) else ()
    if _is_number(keys) and 0 < int(keys) <= min(call.keys, MOST_KEYS):
        return tapped(choices[int(keys) - 1]) if choices else keys
    return None


def _is_number(keys: str) -> bool:
    return keys.isascii() and keys.isdecimal() and len(keys) <= 2


def _is_clear(form: TwilioForm, text: str) -> bool:
    """Long texts count as clear: nobody mumbles a thousand letters."""
    if len(text) > LONGEST_MESSAGE:
        return True
    try:
        confidence = float(form.field("Confidence") or "nan")
    except ValueError:
        return True
    return not 0 < confidence < _UNCLEAR_BELOW or math.isnan(confidence)


def _count(text: str) -> int:
    is_count = text.isascii() and text.isdecimal() and len(text) < 6
    return min(int(text), _LARGEST) if is_count else 0
