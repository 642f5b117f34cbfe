"""What people ask the front desk: the clinic's own facts, and what it left out is said to be unknown."""

import pytest

from spineline.content.library import Content
from spineline.dialogue.conversation import respond
from spineline.dialogue.turn import Entity, Memory, Turn

DESK = {
    "appointment change": "change_appointment",
    "new patient": "new_patient",
    "medical records": "records",
    "refill": "refills",
    "video visit": "telehealth",
    "parking": "parking",
    "interpreter": "interpreter",
    "deaf caller": "deaf_callers",
    "children": "children",
    "second opinion": "second_opinion",
    "what the clinic treats": "clinic_offers",
    "complaint": "complaint",
    "nobody answers": "no_answer",
}


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("intent", ["ask_contact", "ask_hours_location", "book_appointment", "talk_to_human"])
@pytest.mark.parametrize(("topic", "card"), DESK.items(), ids=DESK.values())
def test_whatever_clinic_intent_is_heard_the_subject_decides(
    topic: str, card: str, intent: str, language: str, content: Content
) -> None:
    turn = Turn("that", intent, entities=(Entity("topic", topic),), language=language)
    message = respond(turn, Memory(), content).messages[0]
    assert message.subject == card
    assert "clinic" in message.calls


@pytest.mark.parametrize("text", ["cancel my appointment", "quiero cancelar mi cita"])
def test_cancelling_an_appointment_does_not_end_the_chat(text: str, content: Content) -> None:
    named = (Entity("topic", "appointment change"),)
    assert respond(Turn(text, "cancel", entities=named), Memory(), content).messages[0].subject == "change_appointment"
    assert respond(Turn("cancel", "cancel"), Memory(), content).messages[0].subject == "cancel"


@pytest.mark.parametrize(
    ("language", "unknown"), [("en", "I don't know about parking"), ("es", "No sé del estacionamiento")]
)
def test_what_a_clinic_left_out_is_said_to_be_unknown(
    language: str, unknown: str, content: Content, example: Content
) -> None:
    assert unknown in content.part("parking/about", language).read
    assert example.clinic.desk["parking"][language] in example.part("parking/about", language).read


def test_the_clinics_reasons_are_said_as_its_own_words(content: Content) -> None:
    assert "the clinic's own words" in content.part("clinic_offers/why", "en").read
    assert "palabras de la propia clínica" in content.part("clinic_offers/why", "es").read
