"""The plain data of a turn."""

from spineline.dialogue.turn import Button, Entity, Memory, Turn


def test_a_message_can_be_taken_as_one_question() -> None:
    plank = Entity("exercise", "plank", 7)
    whole = Turn("is the plank safe?", "ask_core", entities=(plank,), language="en").whole
    assert (whole.text, whole.intent, whole.entities) == ("is the plank safe?", "ask_core", (plank,))


def test_nothing_is_remembered_at_first() -> None:
    assert Memory() == Memory(None, None, (), 0, (), None, None)


def test_a_quick_reply_has_rasas_button_form() -> None:
    assert Button("Sí", "/affirm").as_dict() == {"title": "Sí", "payload": "/affirm"}


def test_a_call_button_is_a_link() -> None:
    assert Button("Call", "tel:911", "tel:911").as_dict() == {
        "title": "Call",
        "payload": "tel:911",
        "type": "web_url",
        "url": "tel:911",
    }
