"""Calls to `python -m spineline serve` with the trained model: what somebody who telephones the clinic hears."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import pytest
from fake_call import FakeCall
from servers import ANSWERS_WITHIN_S, spineline_server
from texting import ACCOUNT, FORM
from twiml import Said

from spineline.channels.twilio.voice.line import VoiceLine
from spineline.content.library import Content
from spineline.content.opening import is_open
from spineline.text.letters import spelled

pytestmark = pytest.mark.trained


class Caller:
    """Somebody on the telephone."""

    def __init__(self, base: str) -> None:
        self._base, self._call = base, FakeCall(base)
        self.greeting = self._ask()

    def say(self, text: str) -> Said:
        return self._ask(SpeechResult=text, Confidence="0.87")

    def press(self, keys: str) -> Said:
        return self._ask(Digits=keys)

    def _ask(self, **fields: str) -> Said:
        path, body, headers = self._call.request(**fields)
        request = urllib.request.Request(f"{self._base}{path}", body, headers)
        with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN_S) as answer:
            assert answer.headers["Content-Type"].startswith("text/xml")
            return self._call.take(answer.read().decode())


@pytest.fixture(scope="module")
def base(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with spineline_server(tmp_path_factory.mktemp("voice"), clinic="example", accounts=ACCOUNT) as address:
        yield address


def test_a_call_in_english(base: str, example: Content) -> None:
    caller = Caller(base)
    assert example.clinic.name in caller.greeting.text
    said = caller.say("how long should I hold a hamstring stretch")
    assert example.answer("hamstring_stretch/how_long").say["en"] in said.text
    said = caller.say("and how many times")
    assert example.answer("hamstring_stretch/how_many").say["en"] in said.text
    assert {spoken for spoken, _ in said.texts} == {"en-US"}
    assert caller.say("thanks bye").hangs_up


def test_a_call_in_spanish(base: str, example: Content) -> None:
    caller = Caller(base)
    assert caller.press("9").texts[0][0] == "es-US"
    said = caller.say("cuánto tiempo mantengo el estiramiento de isquiotibiales")
    assert example.answer("hamstring_stretch/how_long").say["es"] in said.text
    assert {spoken for spoken, _ in said.texts} == {"es-US"}
    assert said.gather is not None
    assert said.gather.attrib["language"] == "es-US"


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("I feel numb between my legs and I can't pee", "Go to an emergency department now."),
        ("me duele el pecho y no puedo respirar", "Cuelgue y llame al 9 1 1 ahora."),
        (
            "I don't want to live with this pain anymore I want to kill myself",
            "Please hang up and call or text 9 8 8 now.",
        ),
    ],
    ids=["numb saddle", "chest", "crisis"],
)
def test_an_emergency(text: str, first: str, base: str) -> None:
    said = Caller(base).say(text)
    assert said.texts[0][1].startswith(first)
    assert said.texts[0] == said.texts[1]
    assert said.dials is None


@pytest.mark.parametrize("text", ["my back pain is unbearable", "tengo un dolor de espalda insoportable", "agent"])
def test_who_needs_the_clinic_is_connected_while_it_is_open(text: str, base: str, example: Content) -> None:
    clinic = example.clinic
    said = Caller(base).say(text)
    if is_open(clinic.opening, clinic.time_zone, clinic.phone_e164, datetime.now(timezone.utc)):
        assert said.dials == clinic.phone_e164
    else:
        assert said.dials is None
        assert spelled(clinic.phone) in said.text
        assert clinic.hours
        assert any(hours in said.text for hours in clinic.hours.values())


def test_the_paths_are_listed(base: str) -> None:
    with urllib.request.urlopen(f"{base}/health/channels", timeout=ANSWERS_WITHIN_S) as answer:
        assert set(VoiceLine.paths) <= set(json.load(answer)["webhooks"])


@pytest.mark.parametrize("path", VoiceLine.paths)
def test_a_stranger_is_refused(path: str, base: str) -> None:
    headers = {"Content-Type": FORM, "X-Twilio-Signature": "forged"}
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(
            urllib.request.Request(f"{base}{path}", b"SpeechResult=hello", headers), timeout=ANSWERS_WITHIN_S
        )
    assert caught.value.code == 403
