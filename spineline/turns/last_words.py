"""What is said when nothing behind the channel answers: short, with a number to call, and always there."""

from __future__ import annotations

from spineline.content.library import Content
from spineline.danger.rules import RedFlag
from spineline.dialogue.alarms import raise_alarm
from spineline.dialogue.render import call_button, data
from spineline.dialogue.turn import Memory, Message
from spineline.text.letters import with_names
from spineline.turns.engine import Reply


def safe_text(language: str | None, content: Content) -> Reply:
    """The clinic's number and 911."""
    return calling_line("safe_text", language, content)


def calling_line(name: str, language: str | None, content: Content) -> Reply:
    """A line of content/lines.yml with numbers to tap; in both languages when the person's is not known."""
    languages = [language] if language else list(content.clinic.languages)
    text = "\n".join(content.line(name, spoken) for spoken in languages)
    buttons = tuple(call_button(whom, languages[0], content) for whom in ("clinic", "911"))
    return as_dict(Message(text, buttons, data(languages[0], card=name)))


def alarm(flag: RedFlag, memory: Memory, content: Content) -> Reply:
    """What to do about a danger sign, said without the engine; a worse alarm that is open stays in front."""
    return as_dict(raise_alarm(flag.tier, flag.id, memory, content).messages[0])


def filled_line(name: str, language: str, content: Content, **values: object) -> Reply:
    """A line whose $names are filled in now."""
    text = with_names(content.line(name, language), **values)
    return as_dict(Message(text, (), data(language, card=name)))


def as_dict(message: Message) -> Reply:
    """A message in the form that Rasa's channels use."""
    buttons = [button.as_dict() for button in message.buttons]
    return {"text": message.text, "buttons": buttons, "metadata": dict(message.data)}
