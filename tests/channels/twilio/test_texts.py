"""Text and WhatsApp messages on a real server of this machine, with an agent that repeats what it hears."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from string import Template
from typing import Any

import pytest
from kept import kept_in, waiting
from patience import SHORT_S, until
from replies import says
from texting import NUMBER, PATH, PERSON, FakeTwilio, TextServer, message, signed, whatsapp

from spineline.channels.twilio.texts.parts import MOST_SEGMENTS, segments
from spineline.content.library import Content
from spineline.dialogue.speaker import Speaker
from spineline.keep.deliveries import Draft
from spineline.turns.engine import Asked, Say

PHONE = "310-828-7757"
BRAND = "The Spine Institute Center for Spinal Restoration"
DANGER = {"en": "I feel numb between my legs and I can't pee", "es": "se me durmió la entrepierna y no puedo orinar"}
LANGUAGES = pytest.mark.parametrize("language", ["en", "es"])
BOTH = pytest.mark.parametrize("fields", [message, whatsapp], ids=["sms", "whatsapp"])


@pytest.fixture
def twilio() -> Iterator[FakeTwilio]:
    twilio = FakeTwilio()
    yield twilio
    twilio.close()
    assert not twilio.wrong


@pytest.fixture
async def server(content: Content, twilio: FakeTwilio) -> AsyncIterator[TextServer]:
    async with TextServer(content, twilio.address) as server:
        yield server


def speaking(language: str, server: TextServer) -> None:
    """Answers from now on name a language, as Rasa's do."""

    async def say(said: Asked, say: Say) -> None:
        say(says(f"You wrote: {said.text}", language))

    server.on_message = say


@BOTH
async def test_a_message_is_answered_in_the_response(fields: Any, server: TextServer, twilio: FakeTwilio) -> None:
    await server.bring(fields("hi"))
    assert await server.bring(fields("how long?")) == ["You wrote: how long?"]
    assert twilio.sent == []


@BOTH
async def test_the_first_answer_names_the_clinic_and_the_ways_out(fields: Any, server: TextServer) -> None:
    (first,) = await server.bring(fields("how long?"))
    assert first.startswith(BRAND)
    assert all(part in first for part in ("automated", "30 days", "911", "HELP", "STOP"))
    assert first.endswith("You wrote: how long?")


@LANGUAGES
def test_the_notice_fits_two_segments(language: str, content: Content, example: Content) -> None:
    for clinic in (content, example):
        notice = Template(clinic.line("text_notice", language)).substitute(kept_days=3650)
        assert segments(notice) <= 2, notice


@LANGUAGES
@pytest.mark.parametrize("name", ["text_stop", "text_start", "text_help", "text_alarm"])
def test_fixed_lines_fit_two_segments(name: str, language: str, content: Content) -> None:
    assert segments(content.line(name, language)) <= 2


async def test_a_repetition_is_not_answered_again(server: TextServer) -> None:
    said = message("hi")
    assert await server.bring(said)
    assert await server.bring(said) == []
    assert server.heard == ["hi"]


async def test_a_repetition_during_the_first_one_is_not_answered_either(server: TextServer) -> None:
    said = message("hi")
    answers = await asyncio.gather(server.bring(said), server.bring(said))
    assert sorted(map(len, answers)) == [0, 1]
    assert server.heard == ["hi"]


async def test_people_are_kept_apart_and_so_are_their_channels(server: TextServer) -> None:
    senders: list[str] = []

    async def note(said: Asked, say: Say) -> None:
        senders.append(said.conversation)
        await server.repeat(said, say)

    server.on_message = note
    await server.bring(message("a"))
    await server.bring(message("b", From="+13105550112"))
    await server.bring(whatsapp("c"))
    assert len(set(senders)) == 3
    assert [sender.partition(":")[0] for sender in senders] == ["sms", "sms", "whatsapp"]
    assert not any(PERSON[1:] in sender for sender in senders)


async def test_a_forged_message_reaches_nobody(server: TextServer) -> None:
    body, headers = signed(message("hi"), token="0" * 32)
    status, text = await server.post(body, headers)
    assert (status, server.heard) == (403, [])
    assert "X-Twilio-Signature" in text


async def say_nothing(_: Asked, __: Say) -> None:
    return None


@LANGUAGES
async def test_danger_comes_before_the_notice(language: str, server: TextServer, content: Content) -> None:
    server.on_message = say_nothing
    answers = await server.text(DANGER[language])
    assert answers[0].startswith(content.tiers["ED_NOW"]["do"][language])
    assert "911" in answers[0]
    assert any(BRAND in answer for answer in answers)


async def test_a_crisis_names_988_and_911(server: TextServer) -> None:
    server.on_message = say_nothing
    answers = await server.text("I want to kill myself")
    assert "988" in answers[0]
    assert "911" in "\n".join(answers)


async def test_long_answers_come_in_several_messages(server: TextServer) -> None:
    async def talk(said: Asked, say: Say) -> None:
        say(says("Una oración así de larga. " * 40))

    server.on_message = talk
    answers = await server.text("hi")
    assert len(answers) > 3
    assert all(segments(answer) <= MOST_SEGMENTS for answer in answers)
    assert all(answer.endswith(("larga.", "STOP to end.")) for answer in answers)


async def test_quick_replies_are_numbered_lines_in_both_channels(server: TextServer, content: Content) -> None:
    async def offer(said: Asked, say: Say) -> None:
        say(Speaker(content, "en").answer(content.answer("contact/about")))

    server.on_message = offer
    for fields in (message, whatsapp):
        answer = "\n".join(await server.text("contact", fields=fields))
        assert "\n1. " in answer
        assert "\n2. " in answer
        assert PHONE in answer
        assert "tel:" not in answer


MEDIA = {
    "a picture": message("", NumMedia="1", MediaUrl0="https://api.example/1", MediaContentType0="image/jpeg"),
    "a voice message": whatsapp("", NumMedia="1", MediaUrl0="https://api.example/1", MediaContentType0="audio/ogg"),
    "a contact": whatsapp("", NumMedia="1", MediaContentType0="text/vcard"),
    "a place": whatsapp("", Latitude="34.0", Longitude="-118.2", Address="somewhere"),
    "nothing": message(""),
    "only blanks": message(" \n\t "),
}


@pytest.mark.parametrize("fields", MEDIA.values(), ids=MEDIA)
async def test_what_has_no_words_is_answered_kindly(fields: dict[str, str], server: TextServer) -> None:
    answer = "\n".join(await server.bring({**fields, "MessageSid": "SM1"}))
    assert "only read text" in answer
    assert "solo puede leer texto" in answer
    assert "911" in answer
    assert server.heard == []


async def test_a_picture_with_words_is_answered_by_its_words(server: TextServer) -> None:
    answers = await server.bring(message("is this good?", NumMedia="1", MediaUrl0="https://api.example/1"))
    assert answers[-1].endswith("You wrote: is this good?")


NOBODY = {
    "no sender": {"From": ""},
    "a short code": {"From": "72975"},
    "the name of a firm": {"From": "AMAZON"},
    "the name of a firm on WhatsApp": {"From": "whatsapp:AMAZON"},
    "a person of another messenger": {"From": "messenger:12345"},
    "a number with an extension": {"From": "+13105550111x2"},
    "Arabic digits": {"From": "+١٣١٠٥٥٥٠١١١"},
    "our own number": {"From": NUMBER},
    "our own number on WhatsApp": {"From": f"whatsapp:{NUMBER}", "To": f"whatsapp:{PERSON}"},
    "a report of delivery": {"MessageStatus": "delivered", "SmsStatus": "delivered"},
    "a report of failure": {"SmsStatus": "undelivered"},
    "no id": {"MessageSid": ""},
    "an id that is none": {"MessageSid": "SM1; DROP TABLE seen"},
}


@pytest.mark.parametrize("fields", NOBODY.values(), ids=NOBODY)
async def test_what_nobody_wrote_is_not_answered(fields: dict[str, str], server: TextServer) -> None:
    assert await server.bring(message("hi", **fields)) == []
    assert server.heard == []


async def test_a_wrong_address_of_ours_is_no_reason_for_silence(server: TextServer) -> None:
    for to in ("", "nonsense", f"whatsapp:{NUMBER}"):
        assert await server.bring(message("hi", To=to))


# Keywords


@BOTH
async def test_stop_is_confirmed_once_and_then_there_is_silence(fields: Any, server: TextServer) -> None:
    (confirmation,) = await server.bring(fields("STOP"))
    assert confirmation.count(BRAND) == 2, "both languages, for the person's is not known"
    assert "START" in confirmation
    assert "INICIAR" in confirmation
    assert await server.text("STOP", "stop", "hello?", "1", "", fields=fields) == []
    assert await server.bring(fields("", NumMedia="1")) == []
    assert server.heard == []


async def test_stop_holds_for_one_channel_and_one_person(server: TextServer) -> None:
    await server.text("STOP")
    assert await server.bring(whatsapp("hi"))
    assert await server.bring(message("hi", From="+13105550112"))


@LANGUAGES
async def test_keywords_are_answered_in_the_persons_language(
    language: str, server: TextServer, content: Content
) -> None:
    speaking(language, server)
    await server.text("hola")
    for word, name in (("help", "text_help"), ("stop", "text_stop"), ("start", "text_start")):
        assert await server.text(word) == [content.line(name, language)]


@pytest.mark.parametrize("word", ["START", "unstop", "Iniciar", "COMENZAR."])
async def test_start_brings_the_answers_back(word: str, server: TextServer) -> None:
    (confirmation,) = await server.text("alto", word)
    assert confirmation.startswith(BRAND)
    assert await server.text("hi") != []


@pytest.mark.parametrize("word", ["HELP", "info", "¡Ayuda!"])
async def test_help_tells_who_we_are_and_how_to_reach_a_person(word: str, server: TextServer) -> None:
    answer = "\n".join(await server.text(word))
    assert all(part in answer for part in (BRAND, PHONE, "911", "988", "STOP", "ALTO"))
    assert server.heard == []


async def test_help_is_answered_to_who_wants_no_messages(server: TextServer) -> None:
    assert await server.text("STOP", "HELP") != []
    assert await server.text("hi") == []


async def test_what_twilio_has_obeyed_is_noted_and_not_answered_twice(server: TextServer) -> None:
    assert await server.bring(message("arrêt", OptOutType="STOP")) == []
    assert await server.text("hi") == []
    assert await server.bring(message("go", OptOutType="START")) == []
    assert await server.bring(message("?", OptOutType="HELP")) == []
    assert await server.text("hi") != []


@LANGUAGES
async def test_danger_is_answered_even_after_stop(language: str, server: TextServer, content: Content) -> None:
    await server.text("STOP")
    answer = "\n".join(await server.text(DANGER[language]))
    assert answer.startswith(content.tiers["ED_NOW"]["do"][language])
    assert "\n1. " not in answer, "nobody would hear the number"
    assert "START" in answer
    assert server.heard == [], "nothing of it is kept"
    assert await server.text("thanks") == []


async def test_stop_is_remembered_after_a_restart(content: Content, tmp_path: Any) -> None:
    from spineline.keep.deliveries import Deliveries

    database = kept_in(tmp_path)
    async with TextServer(content) as first:
        first.courier.deliveries = Deliveries(database)
        await first.text("STOP")
    async with TextServer(content) as second:
        second.courier.deliveries = Deliveries(database)
        assert await second.text("hi") == []


# When Twilio does not wait, is gone, or is down


def _answer_too_late(server: TextServer) -> asyncio.Event:
    """Twilio does not wait, and nothing is answered before the gate that this gives is open."""
    gate = asyncio.Event()

    async def slow(said: Asked, say: Say) -> None:
        await gate.wait()
        await server.repeat(said, say)

    server.on_message, server.channel.answers_within_s = slow, SHORT_S
    return gate


async def test_what_is_not_ready_in_time_is_sent_later(server: TextServer, twilio: FakeTwilio) -> None:
    gate = _answer_too_late(server)
    assert await server.text("hi") == []
    gate.set()
    await until(lambda: twilio.sent)
    assert twilio.sent[0]["To"] == PERSON
    assert twilio.sent[0]["From"] == NUMBER
    assert twilio.sent[0]["Body"].endswith("You wrote: hi")


async def test_a_repetition_of_what_is_sent_later_is_not_answered(server: TextServer, twilio: FakeTwilio) -> None:
    gate, said = _answer_too_late(server), whatsapp("hi")
    assert [await server.bring(said), await server.bring(said)] == [[], []]
    gate.set()
    await until(lambda: twilio.sent)
    assert await server.bring(said) == []
    assert [sent["From"] for sent in twilio.sent] == [f"whatsapp:{NUMBER}"]


async def test_who_hangs_up_before_the_answer_gets_it_all_the_same(server: TextServer, twilio: FakeTwilio) -> None:
    has_begun, gate = asyncio.Event(), asyncio.Event()

    async def slow(said: Asked, say: Say) -> None:
        has_begun.set()
        await gate.wait()
        await server.repeat(said, say)

    server.on_message = slow
    body, headers = signed(message("hi"))
    head = "".join(f"{name}: {value}\r\n" for name, value in {**headers, "Content-Length": len(body)}.items())
    _, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(f"POST {PATH} HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode() + body)
    await has_begun.wait()
    writer.close()
    await until(lambda: not server.connections)
    gate.set()
    await until(lambda: twilio.sent and not waiting(server.deliveries, "sms"))
    assert len(twilio.sent) == 1
    assert twilio.sent[0]["Body"].endswith("You wrote: hi")


async def test_an_answer_that_is_late_at_the_end_of_the_server_waits_for_the_next_one(content: Content) -> None:
    async with TextServer(content) as server:
        gate = _answer_too_late(server)
        assert await server.text("hi") == []
        assert not waiting(server.deliveries, "sms")
        asyncio.get_running_loop().call_later(SHORT_S, gate.set)  # while the server ends
    (kept,) = await server.deliveries.waiting("sms", 10)
    assert kept.draft.body["text"].endswith("You wrote: hi")


def answer_draft(server: TextServer, text: str = "one", **body: Any) -> Draft:
    about = {"text": text, "from": NUMBER, "answers": "SM1", **body}
    return Draft("sms", PERSON, server.hub.sender("sms", PERSON), about)


FAILURES = {
    "an error of Twilio": (500, {"code": 20500}, {}),
    "a proxy in between": (502, b"<html>bad gateway</html>", {}),
    "a wrong token": (401, {"code": 20003}, {}),
    "a list": (503, [], {}),
    "too fast": (429, {"code": 20429}, {"Retry-After": "1"}),
    "a redirect": (302, {}, {"Location": "http://127.0.0.1:9/"}),
}


@pytest.mark.parametrize("refusal", FAILURES.values(), ids=FAILURES)
async def test_what_twilio_refuses_for_now_is_sent_again(
    refusal: tuple[int, Any, dict[str, str]], server: TextServer, twilio: FakeTwilio
) -> None:
    twilio.refusals = [refusal]
    await server.courier.post([answer_draft(server), answer_draft(server, "two")])
    await until(lambda: [sent["Body"] for sent in twilio.sent] == ["one", "two"])


@pytest.mark.parametrize("code", [21211, 21614, 21610, 63016])
async def test_who_cannot_be_reached_is_not_tried_again(code: int, server: TextServer, twilio: FakeTwilio) -> None:
    twilio.refusals = [(400, {"code": code}, {})]
    await server.courier.post([answer_draft(server)])
    await until(lambda: not waiting(server.deliveries, "sms"))
    assert twilio.sent == []
    assert await server.deliveries.has_opted_out(server.hub.sender("sms", PERSON)) is (code == 21610)


async def test_nothing_is_sent_later_to_who_has_said_stop(server: TextServer, twilio: FakeTwilio) -> None:
    await server.text("STOP")
    await server.courier.post([answer_draft(server), answer_draft(server, "call 911", despite_stop=True)])
    await until(lambda: twilio.sent)
    assert [sent["Body"] for sent in twilio.sent] == ["call 911"]


async def test_only_answers_are_ever_sent(server: TextServer, twilio: FakeTwilio) -> None:
    unasked = answer_draft(server, "Is your back still numb?", answers="")
    await server.courier.post([unasked, answer_draft(server)])
    await until(lambda: twilio.sent)
    assert [sent["Body"] for sent in twilio.sent] == ["one"]


async def test_every_answer_names_the_message_that_asked_for_it(content: Content) -> None:
    async with TextServer(content) as server:
        for body in ("hello", "STOP", DANGER["en"], "HELP", "START", ""):
            said = message(body)
            work = server.channel._answered(_read(said))
            drafts = await work
            assert drafts
            assert {draft.body["answers"] for draft in drafts} == {said["MessageSid"]}


def _read(fields: dict[str, str]) -> Any:
    from spineline.channels.twilio.requests import TwilioForm
    from spineline.channels.twilio.texts.messages import read_text_message

    return read_text_message(TwilioForm(list(fields.items())), NUMBER)


class BrokenFile:
    """A disk that is full."""

    def __getattr__(self, name: str) -> Any:
        raise sqlite3.OperationalError("disk is full")


async def test_without_its_file_the_channel_still_answers(content: Content) -> None:
    async with TextServer(content) as server:
        server.courier.deliveries = BrokenFile()  # type: ignore[assignment]
        assert "\n".join(await server.text("hi")).endswith("You wrote: hi")
        assert (await server.text(DANGER["es"]))[0].startswith(content.tiers["ED_NOW"]["do"]["es"])


async def test_too_many_messages_are_told_so(content: Content) -> None:
    async with TextServer(content, rate_per_session="2/minute") as server:
        answers = await server.text("a", "b", "c")
        assert PHONE in "\n".join(answers)
        assert "too many" in "\n".join(answers)
        assert "too many" in "\n".join(await server.bring(message("", NumMedia="1")))
        assert (await server.text("STOP"))[0].startswith(BRAND)


async def test_twilios_own_address_is_not_limited(content: Content) -> None:
    async with TextServer(content, rate_per_address="1/minute") as server:
        for at in range(5):
            body, headers = signed(message("hi", From=f"+1310555012{at}"))
            _, xml = await server.post(body, {**headers, "X-Forwarded-For": "54.1.2.3"})
            assert "You wrote: hi" in xml
