"""What Twilio is told to do at each point of a call, in its language TwiML: say, listen, dial, hang up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from twilio.twiml.voice_response import Gather, VoiceResponse

from spineline.channels.twilio.voice.call import SCORE, Call
from spineline.channels.twilio.voice.spoken import (
    Line,
    asks_for_score,
    choices_of,
    is_urgent,
    spoken_choices,
    spoken_lines,
)
from spineline.content.choice import TRIAGE
from spineline.content.library import Content
from spineline.content.opening import is_open
from spineline.content.voice_words import VoiceWords
from spineline.danger.tiers import Tier
from spineline.dialogue.turn import Kind, Message
from spineline.text.letters import with_names

LISTENS_S = 6  # how long a caller may be silent
RINGS_S = 20  # how long the clinic's telephone rings
_HANGS_UP_AFTER = 6  # times in a row without a word
_HANGS_UP_IN_DANGER_AFTER = 60  # about ten minutes
_OFFERS_A_PERSON_AFTER = 3
_UNCLEAR = ("unclear_first", "unclear_again")
_MISSED = ("not_understood_first", "nothing_near", "not_understood_again", "not_understood_third", "empty_message")
_SAFE_TEXT, _GOODBYE = "safe_text", "goodbye/about"
_STILL_FIRST = "tiers.replies.reminder_short"
_TALKED = ("completed", "answered")


class Script:
    """Makes every answer to Twilio; none of them is empty.

    Args:
        number: ours, which the clinic sees when it is dialled.
        address: where Twilio calls, without the last part: https://chat.clinic.example/webhooks/twilio_voice
        clock: gives the time now, with its zone.
    """

    def __init__(
        self,
        content: Content,
        words: VoiceWords,
        number: str,
        address: str,
        kept_days: int,
        clock: Callable[[], datetime],
    ) -> None:
        self._content, self._words, self._number, self._address = content, words, number, address
        self._kept_days, self._clock = kept_days, clock

    def greeting(self, call: Call) -> VoiceResponse:
        """That this is automatic, that it is not for emergencies, and the other language."""
        lines = [
            self._line("greeting", call.language),
            self._line("other_language", call.other_language),
            self._line("how_can_i_help", call.language),
        ]
        return self._listen(lines, replace(call, told=1).after())

    def busy(self) -> VoiceResponse:
        """For a call from our own number: the clinic has sent the call back that we sent to it."""
        response = VoiceResponse()
        response.reject(reason="busy")
        return response

    def answer(self, answer: Sequence[Message], call: Call, asked_for_person: bool = False) -> VoiceResponse:
        """Say an answer; then dial the clinic, or listen, or end the call."""
        language = answer[-1].language
        before = self._notice(language, call) if not is_urgent(answer) else []
        call = replace(call, language=language, told=call.told + len(before))
        if is_urgent(answer):
            return self._say_then_listen(spoken_lines(answer), answer, call)
        if self._hands_over(answer, call):
            return self._connect(before, answer, call)
        if asked_for_person:
            return self._connect(before, (), call)
        if [message.card for message in answer] == [_GOODBYE]:
            return self._end([*before, *spoken_lines(answer)])
        return self._go_on(before, answer, call)

    def unclear(self, call: Call, alarm: Tier | None = None) -> VoiceResponse:
        """Nothing was understood: other words each time, then a person, at last the end.

        Args:
            alarm: that is open; then the first step is said again, and the line stays open for long.
        """
        if alarm and call.misses + 1 < _HANGS_UP_IN_DANGER_AFTER:
            parts = [self._content.part(id, call.language) for id in (f"tiers.{alarm.value}.do", _STILL_FIRST)]
            lines = [Line(part.said, part.language) for part in parts]
            return self._listen(lines, replace(call.after(missed=True), keys=call.keys))
        if call.misses + 1 >= _HANGS_UP_AFTER:
            return self._end([self._line("nobody_there", call.language)])
        name = _UNCLEAR[call.misses] if call.misses < len(_UNCLEAR) else "offer_person"
        return self._listen([self._line(name, call.language)], replace(call.after(missed=True), keys=call.keys))

    def repeated(self, call: Call) -> VoiceResponse:
        """A request that was answered already; nothing of that answer is said again."""
        return self._listen([self._line("go_on", call.language)], replace(call.after(), keys=call.keys))

    def trouble(self, call: Call) -> VoiceResponse:
        """Something failed here: the safe text, and the clinic."""
        part = self._content.part("lines.safe_text", call.language)
        return self._connect([Line(part.said, part.language)], (), call)

    def dialed(self, status: str, call: Call) -> VoiceResponse:
        """After the clinic was dialled: the end, or what to do when nobody answered."""
        if status in _TALKED:
            return self._end([self._line("thanks", call.language)])
        return self._listen([self._line("not_answered", call.language)], call.after())

    def _hands_over(self, answer: Sequence[Message], call: Call) -> bool:
        """Whether the clinic is dialled now; while an alarm stays open it is dialled once, then when asked for."""
        for message in answer:
            if message.subject in self._words.connects or message.card == _SAFE_TEXT:
                return True
            if message.tier is Tier.CALL_TODAY and (message.kind is not Kind.ALARM or not call.dials):
                return True
        return False

    def _connect(self, before: Iterable[Line], answer: Sequence[Message], call: Call) -> VoiceResponse:
        if self._number == self._content.clinic.phone_e164:
            return self._go_on([*before, self._line("not_connected", call.language)], answer, call)
        if self._is_open() is False:
            return self._after_hours(before, answer, call)
        told = [message for message in answer if not self._is_our_question(message)]
        response = VoiceResponse()
        self._say(response, [*before, *spoken_lines(told), self._line("connecting", call.language)])
        after = replace(call.after(), dials=call.dials + 1)
        dial = response.dial(
            caller_id=self._number, timeout=RINGS_S, answer_on_bridge=True, action=self._to("dialed", after)
        )
        dial.number(self._content.clinic.phone_e164)
        return response

    def _after_hours(self, before: Iterable[Line], answer: Sequence[Message], call: Call) -> VoiceResponse:
        """The answer, that the office is closed, and then the question that waits, if there is one."""
        told = [message for message in answer if not self._is_our_question(message)]
        lines = [*before, *spoken_lines(told), self._line("closed", call.language)]
        return self._go_on(lines, answer[len(told) :], call)

    def _is_open(self) -> bool | None:
        clinic = self._content.clinic
        return is_open(clinic.opening, clinic.time_zone, clinic.phone_e164, self._clock())

    def _go_on(self, before: Iterable[Line], answer: Sequence[Message], call: Call) -> VoiceResponse:
        lines, after = [*before, *spoken_lines(answer)], self._after(answer, call)
        if after.misses >= _OFFERS_A_PERSON_AFTER:
            lines.append(self._line("offer_person", call.language))
        return self._listen([*lines, *spoken_choices(answer, call.language, self._words, self._content)], after)

    def _say_then_listen(self, lines: list[Line], answer: Sequence[Message], call: Call) -> VoiceResponse:
        """What to do in an emergency cannot be interrupted by a noise; the keys after it can."""
        response = VoiceResponse()
        self._say(response, lines)
        choices = spoken_choices(answer, call.language, self._words, self._content)
        return self._listen(choices, self._after(answer, call), response)

    def _after(self, answer: Sequence[Message], call: Call) -> Call:
        missed = any(message.card in _MISSED for message in answer)
        return call.after(choices_of(answer), asks_for_score(answer), missed)

    def _listen(self, lines: Sequence[Line], call: Call, response: VoiceResponse | None = None) -> VoiceResponse:
        """Say something that can be interrupted, and send to us what the caller says or presses; silence too."""
        response = response or VoiceResponse()
        gather = response.gather(
            input="speech dtmf",
            action=self._to("webhook", call),
            language=self._words.voices[call.language]["language"],
            hints=self._words.hints[call.language],
            speech_timeout="auto",
            timeout=LISTENS_S,
            action_on_empty_result=True,
            profanity_filter=False,  # it would blank out the words in which people tell of danger
            num_digits=2 if call.keys == SCORE else 1,
        )
        self._say(gather, lines)
        return response

    def _end(self, lines: Iterable[Line]) -> VoiceResponse:
        response = VoiceResponse()
        self._say(response, lines)
        response.hangup()
        return response

    def _say(self, parent: VoiceResponse | Gather, lines: Iterable[Line]) -> None:
        for line in lines:
            parent.say(line.text, **self._words.voices[line.language])

    def _notice(self, language: str, call: Call) -> list[Line]:
        """Who changes the language is told in it, once, that this is automatic and kept."""
        if language == call.language or call.told > 1:
            return []
        return [self._line("greeting", language)]

    def _line(self, name: str, language: str) -> Line:
        return Line(with_names(self._words.says[name][language], kept_days=self._kept_days), language)

    def _to(self, path: str, call: Call) -> str:
        return f"{self._address}/{path}?{call.query}"

    def _is_our_question(self, message: Message) -> bool:
        return any(self._content.choices[choice].kind == TRIAGE for choice in message.choices)
