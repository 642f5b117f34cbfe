import pytest

from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.turn import Memory, Turn

WISHES = {
    "forget": [
        "delete my data",
        "Please erase everything I said.",
        "can you wipe this conversation",
        "I want my chat history deleted",
        "borre mis datos",
        "¿Pueden borrar todo lo que dije?",
        "elimine mi historial por favor",
        "olvide lo que le conté",
    ],
    "tell": [
        "what do you know about me?",
        "What data do you have on me",
        "can I get a copy of what you have on me",
        "¿Qué sabe de mí?",
        "qué datos tienen sobre mí",
        "quiero una copia de mis datos",
    ],
    None: [
        "how do I delete my messages",
        "don't delete my chat",
        "when is this chat deleted",
        "¿cómo borro mis mensajes?",
        "no borre mi chat",
        "does rest remove the pain",
        "what do you know about muscle spasms",
        "¿qué sabe de los espasmos?",
    ],
}


@pytest.mark.parametrize(("wish", "text"), [(wish, text) for wish, texts in WISHES.items() for text in texts])
def test_what_people_want_done_with_their_data(content: Content, wish: str | None, text: str) -> None:
    assert content.privacy.wish(text) == wish


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(("wish", "text"), [("forget", "delete my data"), ("tell", "what do you know about me")])
def test_the_channel_is_told_what_to_do(content: Content, wish: str, text: str, language: str) -> None:
    reply = respond(Turn(text, "ask_privacy", language=language), Memory(), content)
    assert reply.messages[0].wish == wish
    assert reply.messages[0].language == language


def test_an_open_alarm_is_not_forgotten_over_it(content: Content) -> None:
    alarm = {"tier": "ED_NOW", "flag": "RF10", "open": True}
    reply = respond(Turn("delete my data", "ask_privacy", language="en"), Memory(alarm=alarm, language="en"), content)
    assert [message.card for message in reply.messages] == ["alarm", "forgotten"]


IDENTIFYING = [
    ("My name is Ana Torres", "Ana"),
    ("me llamo Juan Pérez López", "Pérez"),
    ("Soy María Ruiz", "Ruiz"),
    ("I'm John Smith and my back hurts", "Smith"),
    ("call me at 310-555-0142", "0142"),
    ("mi teléfono es (213) 555 0199", "0199"),
    ("+52 55 1234 5678", "5678"),
    ("3105550142", "310555"),
    ("write to ana.torres@example.com", "torres"),
    ("born 03/04/1980", "1980"),
    ("nací el 3 de marzo de 1980", "marzo"),
    ("my birthday is March 3, 1980", "1980"),
    ("SSN 123-45-6789", "6789"),
    ("member id ABC123456789", "456"),
    ("MRN 12345678", "12345678"),
]


@pytest.mark.parametrize(("text", "secret"), IDENTIFYING)
def test_who_somebody_is_does_not_stay_in_a_text(content: Content, text: str, secret: str) -> None:
    assert secret not in content.privacy.redact(text)


@pytest.mark.parametrize(
    "text", ["my pain is 7 of 10 since 3 weeks", "hold it for 30 seconds, 3 sets of 10", "me duele desde hace 10 días"]
)
def test_other_numbers_stay(content: Content, text: str) -> None:
    assert content.privacy.redact(text) == text
