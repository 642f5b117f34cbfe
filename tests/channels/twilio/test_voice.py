"""The telephone line: what a caller hears, in both languages, and what Twilio is told to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from fake_call import WEBHOOK, FakeCall, signed, turn_of
from in_process import PUBLIC
from texting import NUMBER, TOKEN
from twiml import Said, read_twiml
from voice_server import TUESDAY_NIGHT, VoiceServer

from spineline.channels.twilio.voice.line import VoiceLine
from spineline.content.clinic import LANGUAGES
from spineline.content.library import Content
from spineline.text.letters import spelled

CLINIC = "+15205550142"
EACH_LANGUAGE = pytest.mark.parametrize("language", LANGUAGES)
CODES = {"en": "en-US", "es": "es-US"}
ASKS = {"en": "why is my core important", "es": "por qué es importante el core"}
HURTS = {"en": "my back hurts a little", "es": "me duele un poco la espalda"}
SEVERE = {"en": "the pain is unbearable", "es": "el dolor es insoportable"}
WANTS_PERSON = {"en": "I want to talk to a person", "es": "quiero hablar con una persona"}
DANGER = {
    "CALL_911": {"en": "my chest hurts and I can't breathe", "es": "me duele el pecho y no puedo respirar"},
    "ED_NOW": {
        "en": "I feel numb between my legs and I can't pee",
        "es": "se me durmió la entrepierna y no puedo orinar",
    },
    "CRISIS_988": {"en": "I want to kill myself", "es": "me quiero matar"},
}


@pytest.fixture
async def line(example: Content) -> AsyncIterator[VoiceServer]:
    async with VoiceServer(example) as server:
        yield server


async def called(line: VoiceServer, language: str = "en") -> FakeCall:
    """Somebody calls, and presses nine for Spanish."""
    call, _ = await line.call()
    if language == "es":
        await line.press(call, "9")
    return call


def says(line: VoiceServer, name: str, language: str) -> str:
    """A text of content/voice.yml as it is said."""
    return line.line._words.says[name][language].replace("$kept_days", "30")


async def test_a_clinic_with_a_dollar_sign_in_its_name_is_called_by_it(example: Content) -> None:
    named = replace(example, clinic=replace(example.clinic, name="Clínica $alud"))
    async with VoiceServer(named) as server:
        _, said = await server.call()
        assert "Clínica $alud" in said.text
        assert "30" in said.text


def listens(said: Said, language: str) -> bool:
    gather = said.gather
    assert gather is not None
    assert gather.attrib["actionOnEmptyResult"] == "true", "silence must come back to us"
    assert gather.attrib["profanityFilter"] == "false"
    return gather.attrib["language"] == CODES[language] and gather.attrib["input"] == "speech dtmf"


# The beginning


async def test_a_call_begins_with_who_speaks_and_the_way_to_spanish(line: VoiceServer) -> None:
    _, said = await line.call()
    (english, notice), (spanish, other), _ = said.texts
    assert (english, spanish) == ("en-US", "es-US")
    assert all(part in notice for part in ("automated assistant", line.content.clinic.name, "not a person", "9 1 1"))
    assert "30 days" in notice
    assert "español" in other
    assert "nueve" in other
    assert listens(said, "en")


async def test_everything_can_be_interrupted_but_an_emergency(line: VoiceServer) -> None:
    call, said = await line.call()
    assert said.first.tag == "Gather"
    assert (await line.say(call, ASKS["en"])).first.tag == "Gather"
    assert (await line.say(call, DANGER["CALL_911"]["en"])).first.tag == "Say"


@pytest.mark.parametrize("said", ["9", "En español, por favor"], ids=["by key", "by word"])
async def test_spanish_begins_with_the_notice_in_spanish(said: str, line: VoiceServer) -> None:
    call, _ = await line.call()
    answer = await (line.press(call, said) if said == "9" else line.say(call, said))
    assert answer.texts[0] == ("es-US", says(line, "greeting", "es"))
    assert listens(answer, "es")


async def test_the_notice_is_said_once_in_each_language(line: VoiceServer) -> None:
    call, _ = await line.call()
    for _ in range(2):
        await line.press(call, "9")
    assert listens(call.last or await line.press(call, "9"), "en")
    assert says(line, "greeting", "es") not in (await line.press(call, "9")).text


async def test_a_line_may_begin_in_spanish(line: VoiceServer) -> None:
    call = FakeCall(PUBLIC)
    call.next += "?lang=es"
    said = await line.ask(call)
    assert said.texts[0] == ("es-US", says(line, "greeting", "es"))
    assert said.texts[1] == ("en-US", says(line, "other_language", "en"))


# Answers


@EACH_LANGUAGE
async def test_a_question_is_answered_in_spoken_words(language: str, line: VoiceServer) -> None:
    call = await called(line, language)
    said = await line.say(call, ASKS[language])
    assert (CODES[language], line.content.answer("core/why").say[language]) in said.texts
    assert {spoken for spoken, _ in said.texts} == {CODES[language]}
    assert listens(said, language)


@EACH_LANGUAGE
async def test_two_quick_replies_at_most_are_named_after_a_card(language: str, line: VoiceServer) -> None:
    call = await called(line, language)
    named = (await line.say(call, ASKS[language])).texts[-1][1]
    titles = [line.content.answer(ref).ask[language].strip("¿?") for ref in line.content.answer("core/why").buttons]
    assert [title in named for title in titles] == [True, True, False, False]


@EACH_LANGUAGE
async def test_a_key_picks_a_quick_reply(language: str, line: VoiceServer) -> None:
    call = await called(line, language)
    await line.say(call, ASKS[language])
    said = await line.press(call, "2")
    second = line.content.answer("core/why").buttons[1]
    assert line.content.answer(second).say[language] in said.text


async def test_a_key_picks_a_quick_reply_after_a_restart(line: VoiceServer) -> None:
    call = await called(line)
    await line.say(call, ASKS["en"])
    line.turns.people._people.clear()
    await line.press(call, "2")
    assert line.agent.heard[-1] == "2"


async def test_a_key_that_was_not_offered_is_not_an_answer(line: VoiceServer) -> None:
    call = await called(line)
    assert says(line, "unclear_first", "en") in (await line.press(call, "5")).text
    assert line.agent.heard == []


@EACH_LANGUAGE
async def test_the_danger_signs_are_offered_by_keys(language: str, line: VoiceServer) -> None:
    call = await called(line, language)
    said = await line.say(call, HURTS[language])
    press = {"en": "press {}.", "es": "oprima {}."}[language]
    keys = {"en": "one two three four star", "es": "uno dos tres cuatro asterisco"}
    offered = [text for _, text in said.texts if press[:5] in text and text.endswith(".")]
    assert len(offered) == 5  # three signs, not sure, none of these
    for key, text in zip(keys[language].split(), offered):
        assert text.endswith(press.format(key))


@EACH_LANGUAGE
@pytest.mark.parametrize(
    "keys", [["1"], ["2"], ["3"], ["*", "1"], ["*", "3"]], ids="numb bladder legs injury fever".split()
)
async def test_a_danger_sign_pressed_is_an_emergency(language: str, keys: str, line: VoiceServer) -> None:
    call = await called(line, language)
    said = await line.say(call, HURTS[language])
    for key in keys:
        said = await line.press(call, key)
    assert said.first.text == said.root[1].text
    assert said.dials is None


@EACH_LANGUAGE
async def test_star_is_none_of_these_and_the_score_is_pressed_as_it_is(language: str, line: VoiceServer) -> None:
    call = await called(line, language)
    await line.say(call, HURTS[language])
    await line.press(call, "*")
    said = await line.press(call, "*")
    assert said.gather is not None
    assert said.gather.attrib["numDigits"] == "2"
    assert (await line.press(call, "10")).dials == CLINIC


@pytest.mark.parametrize(("score", "dials"), [("0", None), ("3", None), ("6", None), ("7", CLINIC), ("9", CLINIC)])
async def test_every_score_can_be_pressed(score: str, dials: str | None, line: VoiceServer) -> None:
    call = await called(line)
    await line.say(call, HURTS["en"])
    await line.press(call, "*")
    await line.press(call, "*")
    assert (await line.press(call, score)).dials == dials


@pytest.mark.parametrize("said", ["a bit", "all", "ate", "night", "goodbye", "un poco", "todo"])
async def test_no_word_at_the_danger_signs_ends_the_call(said: str, line: VoiceServer) -> None:
    call = await called(line)
    await line.say(call, HURTS["en"])
    assert not (await line.say(call, said)).hangs_up


@pytest.mark.parametrize(
    ("language", "said", "dials"),
    [
        ("en", "ate", CLINIC),
        ("en", "for", None),
        ("en", "night", CLINIC),
        ("es", "dose", None),
        ("en", "like a ate", CLINIC),
        ("en", "maybe a tree", None),
        ("en", "ate out of ten", CLINIC),
        ("es", "como un dies", CLINIC),
    ],
)
async def test_a_score_is_understood_as_the_recognition_writes_it(
    language: str, said: str, dials: str | None, line: VoiceServer
) -> None:
    call = await called(line, language)
    await line.say(call, HURTS[language])
    await line.press(call, "*")
    await line.press(call, "*")
    answer = await line.say(call, said)
    assert (answer.dials, answer.hangs_up) == (dials, False)


async def test_zero_is_no_pain_where_a_number_is_asked_for(line: VoiceServer) -> None:
    call = await called(line)
    await line.say(call, HURTS["en"])
    await line.press(call, "*")
    await line.press(call, "*")
    said = await line.press(call, "0")
    assert (said.dials, line.agent.heard[-1]) == (None, "0")


@EACH_LANGUAGE
async def test_a_pain_that_is_mild_everywhere_ends_with_care_at_home(language: str, line: VoiceServer) -> None:
    call = await called(line, language)
    await line.say(call, HURTS[language])
    for keys in ("*", "*", "2", "1"):
        await line.press(call, keys)
    said = await line.press(call, "*")
    assert line.content.answer("triage_self_care/about").say[language].split("{")[0] in said.text
    assert said.dials is None


@EACH_LANGUAGE
async def test_goodbye_ends_the_call_with_words(language: str, line: VoiceServer) -> None:
    call = await called(line, language)
    said = await line.say(call, "goodbye")
    assert said.hangs_up
    assert "9 1 1" in said.text or "nine one one" in said.text or "nueve uno uno" in said.text


# Emergencies


@EACH_LANGUAGE
@pytest.mark.parametrize("tier", DANGER)
async def test_an_emergency_is_said_first_and_twice_and_not_dialled(
    tier: str, language: str, line: VoiceServer
) -> None:
    call = await called(line, language)
    said = await line.say(call, DANGER[tier][language])
    expected = line.content.part(f"tiers.{tier}.do", language).said
    assert [text for _, text in said.texts[:2]] == [expected, expected]
    assert ("9 8 8" if tier == "CRISIS_988" else "9 1 1") in expected
    assert said.dials is None
    assert listens(said, language)


@EACH_LANGUAGE
@pytest.mark.parametrize("tier", DANGER)
@pytest.mark.parametrize("wish", ["0", "words"])
async def test_who_asks_for_a_person_in_an_emergency_hears_the_advice_again(
    tier: str, language: str, wish: str, line: VoiceServer
) -> None:
    call = await called(line, language)
    first = await line.say(call, DANGER[tier][language])
    said = await (line.press(call, "0") if wish == "0" else line.say(call, WANTS_PERSON[language]))
    assert said.texts[:2] == first.texts[:2]
    assert said.dials is None


@EACH_LANGUAGE
async def test_danger_and_a_wish_for_a_person_in_one_breath_is_an_emergency(language: str, line: VoiceServer) -> None:
    call = await called(line, language)
    said = await line.say(call, f"{WANTS_PERSON[language]}, {DANGER['ED_NOW'][language]}")
    assert said.dials is None
    assert "9 1 1" in str(said.first.text)


@EACH_LANGUAGE
@pytest.mark.parametrize(("key", "reply"), [("1", "getting_help"), ("2", "not_meant")])
async def test_an_alarm_is_answered_by_a_key(key: str, reply: str, language: str, line: VoiceServer) -> None:
    call = await called(line, language)
    await line.say(call, DANGER["ED_NOW"][language])
    said = await line.press(call, key)
    assert line.content.part(f"tiers.replies.{reply}", language).said in said.text
    assert said.gather is not None


async def test_danger_is_heard_even_when_the_words_are_unsure(line: VoiceServer) -> None:
    call = await called(line)
    assert "9 1 1" in str((await line.say(call, DANGER["ED_NOW"]["en"], confidence="0.05")).first.text)


async def test_an_emergency_before_the_language_is_known_is_said_in_both_by_both_voices(line: VoiceServer) -> None:
    call = await called(line)
    said = await line.say(call, "suicide")
    assert [spoken for spoken, _ in said.texts[:4]] == ["en-US", "es-US"] * 2
    assert said.texts[:2] == said.texts[2:4]
    assert all("9 8 8" in text for _, text in said.texts[:4])


# Handing over


@EACH_LANGUAGE
@pytest.mark.parametrize(
    "says_so",
    [
        SEVERE,
        WANTS_PERSON,
        {"en": "can someone call me back", "es": "quiero una cita"},
        {"en": "agent", "es": "persona"},
    ],
    ids=["severe pain", "a person", "call back or appointment", "one word"],
)
async def test_the_clinic_is_dialled_within_the_same_turn(
    says_so: dict[str, str], language: str, line: VoiceServer
) -> None:
    call = await called(line, language)
    said = await line.say(call, says_so[language])
    assert said.dials == CLINIC
    assert said.texts[-1] == (CODES[language], says(line, "connecting", language))
    dial = said.root.find("Dial")
    assert dial is not None
    assert dial.attrib == {
        "callerId": NUMBER,
        "timeout": "20",
        "answerOnBridge": "true",
        "action": said.action,
    }


@EACH_LANGUAGE
async def test_severe_pain_hears_the_danger_signs_before_it_rings(language: str, line: VoiceServer) -> None:
    call = await called(line, language)
    said = await line.say(call, SEVERE[language])
    card = line.content.fill(line.content.answer("severe_pain/about").say[language], language)
    assert said.texts[0] == (CODES[language], spelled(card))
    assert not any("press" in text or "oprima" in text for _, text in said.texts)


@EACH_LANGUAGE
async def test_zero_is_a_person(language: str, line: VoiceServer) -> None:
    call = await called(line, language)
    assert (await line.press(call, "0")).dials == CLINIC


@pytest.mark.parametrize(
    "text",
    ["Operator.", "a representative please", "get me a person", "connect me with the clinic", "una persona, por favor"],
)
def test_words_for_a_person_are_known(text: str, line: VoiceServer) -> None:
    assert line.line._words.asks_for_a_person(text)


@pytest.mark.parametrize(
    "text", ["when should I talk to a doctor", "is a cooling agent good", "la persona que me operó"]
)
def test_other_words_do_not_connect(text: str, line: VoiceServer) -> None:
    assert not line.line._words.asks_for_a_person(text)


@EACH_LANGUAGE
async def test_a_talk_with_the_clinic_ends_the_call_with_thanks(language: str, line: VoiceServer) -> None:
    call = await called(line, language)
    await line.press(call, "0")
    said = await line.ask(call, DialCallStatus="completed", DialCallDuration="63")
    assert said.texts == [(CODES[language], says(line, "thanks", language))]
    assert said.hangs_up


@EACH_LANGUAGE
@pytest.mark.parametrize("status", ["busy", "no-answer", "failed", "canceled", "", "something new"])
async def test_a_clinic_that_does_not_answer_leaves_the_number_twice(
    status: str, language: str, line: VoiceServer
) -> None:
    call = await called(line, language)
    await line.press(call, "0")
    said = await line.ask(call, DialCallStatus=status)
    assert said.text.count(spelled(line.content.clinic.phone)) == 2
    assert "9 1 1" in said.text
    assert listens(said, language)
    assert line.content.answer("core/why").say[language] in (await line.say(call, ASKS[language])).text


async def test_a_call_from_our_own_number_is_not_answered_by_ourselves(line: VoiceServer) -> None:
    _, said = await line.call(From=NUMBER)
    assert said.first.tag == "Reject"
    assert said.first.attrib == {"reason": "busy"}


async def test_a_clinic_that_texts_from_its_own_number_is_not_dialled_by_itself(example: Content) -> None:
    async with VoiceServer(example, number=CLINIC) as line:
        call = await called(line)
        said = await line.press(call, "0")
    assert said.dials is None
    assert said.text.count(spelled(example.clinic.phone)) >= 2


@EACH_LANGUAGE
@pytest.mark.parametrize("says_so", [SEVERE, WANTS_PERSON], ids=["severe pain", "a person"])
async def test_after_hours_nobody_is_dialled(says_so: dict[str, str], language: str, line: VoiceServer) -> None:
    line.now = TUESDAY_NIGHT
    call = await called(line, language)
    said = await line.say(call, says_so[language])
    closed = says(line, "closed", language)
    assert said.dials is None
    assert (CODES[language], closed) in said.texts
    assert str(line.content.clinic.hours and line.content.clinic.hours[language]) in closed
    assert spelled(line.content.clinic.phone) in closed
    assert "9 1 1" in closed
    assert listens(said, language)


async def test_after_hours_severe_pain_is_still_asked_about(line: VoiceServer) -> None:
    line.now = TUESDAY_NIGHT
    call = await called(line)
    said = await line.say(call, SEVERE["en"])
    assert "For none of these, press star." in said.text
    assert "9 1 1" in str((await line.press(call, "1")).first.text)


async def test_after_hours_an_emergency_is_an_emergency(line: VoiceServer) -> None:
    line.now = TUESDAY_NIGHT
    call = await called(line)
    said = await line.say(call, DANGER["CALL_911"]["en"])
    assert "9 1 1" in str(said.first.text)
    assert says(line, "closed", "en") not in said.text


async def test_a_clinic_that_does_not_tell_its_hours_is_dialled(content: Content) -> None:
    async with VoiceServer(content) as line:
        line.now = TUESDAY_NIGHT
        call = await called(line)
        assert (await line.press(call, "0")).dials == content.clinic.phone_e164


# Silence and noise


@EACH_LANGUAGE
async def test_silence_is_met_with_other_words_each_time_then_a_person_then_the_end(
    language: str, line: VoiceServer
) -> None:
    call = await called(line, language)
    heard = [await line.ask(call) for _ in range(6)]
    names = ["unclear_first", "unclear_again", "offer_person", "offer_person", "offer_person", "nobody_there"]
    assert [said.text for said in heard] == [says(line, name, language) for name in names]
    assert spelled(line.content.clinic.phone) in heard[2].text
    assert heard[-1].hangs_up
    assert line.agent.heard == (["En español, por favor"] if language == "es" else [])


@EACH_LANGUAGE
async def test_silence_hangs_up_on_nobody_in_danger(language: str, line: VoiceServer) -> None:
    call = await called(line, language)
    await line.say(call, DANGER["CALL_911"][language])
    for _ in range(20):
        said = await line.ask(call)
        assert not said.hangs_up
        assert line.content.part("tiers.CALL_911.do", language).said in said.text
    assert "9 1 1" in said.text


async def test_silence_is_forgotten_when_somebody_speaks(line: VoiceServer) -> None:
    call = await called(line)
    for _ in range(2):
        await line.ask(call)
    await line.say(call, ASKS["en"])
    assert (await line.ask(call)).text == says(line, "unclear_first", "en")


async def test_a_silence_leaves_the_keys_as_they_were(line: VoiceServer) -> None:
    call = await called(line)
    await line.say(call, HURTS["en"])
    await line.ask(call)
    assert "9 1 1" in str((await line.press(call, "1")).first.text)


@pytest.mark.parametrize(("text", "confidence"), [("mumble mumble", "0.12"), ("...", "0.9"), ("   ", ""), ("-", "x")])
async def test_noise_is_not_taken_for_words(text: str, confidence: str, line: VoiceServer) -> None:
    call = await called(line)
    assert (await line.say(call, text, confidence)).text == says(line, "unclear_first", "en")
    assert line.agent.heard == []


@pytest.mark.parametrize("confidence", ["", "0.0", "0", "0.8", "nan", "inf", "-1", "many"])
async def test_words_are_believed_when_nothing_is_said_against_them(confidence: str, line: VoiceServer) -> None:
    call = await called(line)
    await line.say(call, ASKS["en"], confidence)
    assert line.agent.heard == [ASKS["en"]]


async def test_who_is_not_understood_three_times_is_offered_a_person(line: VoiceServer) -> None:
    call = await called(line)
    heard = [await line.say(call, f"grobble dax mip {number}") for number in range(3)]
    assert [says(line, "offer_person", "en") in said.text for said in heard] == [False, False, True]


# Repeated, forged, somebody else's


async def test_a_repeated_request_is_not_answered_again(line: VoiceServer) -> None:
    call = await called(line)
    request = call.request(SpeechResult=HURTS["en"])
    first = read_twiml((await line.post(*request))[1])
    second = read_twiml((await line.post(*request))[1])
    assert second.text == says(line, "go_on", "en")
    assert "n=2" in turn_of(second.action)
    assert not set(first.texts) & set(second.texts)
    assert line.agent.heard == [HURTS["en"]]


async def test_two_calls_of_one_telephone_know_nothing_of_each_other(line: VoiceServer) -> None:
    first, second = await called(line), await called(line)
    await line.say(first, DANGER["ED_NOW"]["en"])
    said = await line.say(second, ASKS["en"])
    assert "9 1 1" not in said.text
    assert len(line.agent.memories) == 2
    assert not any(
        first.fields["From"] in sender or first.fields["CallSid"] in sender for sender in line.agent.memories
    )


async def test_the_address_of_the_next_turn_tells_nothing_that_was_said(line: VoiceServer) -> None:
    call = await called(line)
    for text in (HURTS["en"], SEVERE["en"]):
        said = await line.say(call, text)
    assert {part.partition("=")[0] for part in turn_of(said.action).split("&")} == set("lang n m k t d".split())
    assert all(
        part.partition("=")[2] in ("en", "es") or part.partition("=")[2].isdigit()
        for part in turn_of(said.action).split("&")
    )


@pytest.mark.parametrize("path", VoiceLine.paths)
@pytest.mark.parametrize(
    "headers", [{}, {"X-Twilio-Signature": ""}, {"X-Twilio-Signature": "x" * 28}, {"X-Twilio-Signature": "é"}]
)
async def test_a_request_without_twilios_signature_is_refused(
    path: str, headers: dict[str, str], line: VoiceServer
) -> None:
    _, body, real = signed(PUBLIC + path, FakeCall(PUBLIC).fields, PUBLIC)
    status, text = await line.post(path, body, {"Content-Type": real["Content-Type"], **headers})
    assert status == 403
    assert "<" not in text
    assert line.agent.heard == []


@pytest.mark.parametrize(
    "forge",
    [
        lambda path, body, headers: (f"{path}&n=9", body, headers),
        lambda path, body, headers: (path.replace("n=1", "n=2"), body, headers),
        lambda path, body, headers: (path, body.replace(b"core", b"legs"), headers),
        lambda path, body, headers: (path, body + b"&Digits=0", headers),
        lambda path, body, headers: (path.replace("webhook?", "dialed?"), body, headers),
        lambda path, body, headers: (path.split("?")[0], body, headers),
    ],
    ids=["more query", "another turn", "other words", "another field", "another path", "no query"],
)
async def test_a_request_that_was_changed_on_the_way_is_refused(forge: object, line: VoiceServer) -> None:
    call = await called(line)
    assert callable(forge)
    status, text = await line.post(*forge(*call.request(SpeechResult=ASKS["en"])))
    assert status == 403
    assert "core" not in text
    assert line.agent.heard == []


async def test_the_token_of_another_account_signs_nothing_here(line: VoiceServer) -> None:
    fields = FakeCall(PUBLIC).fields
    status, _ = await line.post(*signed(PUBLIC + WEBHOOK, fields, PUBLIC, token=TOKEN[::-1]))
    assert status == 403


async def test_a_request_for_another_account_is_refused(line: VoiceServer) -> None:
    fields = {**FakeCall(PUBLIC).fields, "AccountSid": "AC" + "f" * 32}
    status, _ = await line.post(*signed(PUBLIC + WEBHOOK, fields, PUBLIC))
    assert status == 403


async def test_a_call_cannot_be_made_by_get(line: VoiceServer) -> None:
    async with line.client.get(WEBHOOK) as answer:
        assert answer.status == 405
