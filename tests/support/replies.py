"""An answer of the core as the turns give it to a channel."""

from spineline.dialogue.turn import Message
from spineline.turns.shape import Reply


def as_reply(message: Message) -> Reply:
    buttons = [button.as_dict() for button in message.buttons]
    return {"text": message.text, "buttons": buttons, "metadata": dict(message.data)}
