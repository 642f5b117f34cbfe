"""The plain data of a turn."""

from replies import says

from spineline.content.texts import free_part
from spineline.dialogue.turn import Entity, Kind, Memory, Turn


def test_a_message_can_be_taken_as_one_question() -> None:
    plank = Entity("exercise", "plank", 7)
    whole = Turn("is the plank safe?", "ask_core", entities=(plank,), language="en").whole
    assert (whole.text, whole.intent, whole.entities) == ("is the plank safe?", "ask_core", (plank,))


def test_nothing_is_remembered_at_first() -> None:
    assert Memory() == Memory(None, None, (), 0, (), None, None)


def test_a_message_is_read_part_by_part() -> None:
    message = says("Call 911.").plus(free_part("Llame al 911.", "es"))
    assert message.text == "Call 911.\nLlame al 911."
    assert [(part.said, part.numbers) for part in message.parts] == [
        ("Call 9 1 1.", ("911",)),
        ("Llame al 9 1 1.", ("911",)),
    ]


def test_only_an_answer_is_about_something() -> None:
    assert says("", card="core/why", kind=Kind.ANSWER).subject == "core"
    assert [says("", card=card).subject for card in ("safe_text", None)] == ["", ""]
