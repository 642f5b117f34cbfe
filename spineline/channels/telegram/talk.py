"""What is said on Telegram to what happened there: turns for what people write, fixed lines for everything else."""

from __future__ import annotations

from spineline.accounts import Telegram
from spineline.channels.messengers.hub import Hub
from spineline.channels.telegram.texts import bodies
from spineline.channels.telegram.updates import COMMANDS, NAME, Update, What
from spineline.dialogue.intake import all_choices
from spineline.dialogue.render import choice_payload, choice_title, line_message
from spineline.keep.deliveries import Draft
from spineline.turns.last_words import as_dict, calling_line, filled_line
from spineline.turns.shape import CHANNELS, Reply, Shaped, shape
from spineline.turns.turns import OnMessage, RefusedError


class Talk:
    """Answers updates with drafts."""

    def __init__(self, account: Telegram, hub: Hub) -> None:
        self._bot_name, self._hub = account.bot_name, hub
        self._choices = frozenset(all_choices(hub.content))

    async def answer(self, update: Update, on_message: OnMessage) -> list[Draft]:
        """What to send. RefusedError when the server stops, so that Telegram brings the message again."""
        if update.what is What.ELSEWHERE:
            return []
        sender = self._hub.sender(NAME, str(update.chat))
        if update.what is What.BLOCKED:
            await self._hub.courier.deliveries.forget(sender)
            return []
        if update.what is What.GROUP:
            return self._invitation(update, sender)
        shaped = await self._shaped(update, sender, on_message)
        return [Draft(NAME, str(update.chat), sender, body) for message in shaped for body in bodies(message)]

    def toast(self, update: Update) -> str:
        """What is shown for a moment over a tapped button; mostly nothing, for an answer follows."""
        if update.what is not What.ELSEWHERE:
            return ""
        content = self._hub.content
        known = [update.language] if update.language in content.clinic.languages else content.clinic.languages
        return "\n".join(content.line("telegram_elsewhere", language) for language in known)

    def _invitation(self, update: Update, sender: str) -> list[Draft]:
        """Into a private chat, in both languages: in a group nothing is read, asked or answered."""
        if self._hub.refuse(sender):
            return []
        content = self._hub.content
        lines = (
            filled_line("telegram_group", spoken, content, bot=self._bot_name)["text"]
            for spoken in content.clinic.languages
        )
        to = {"message_id": update.message, "allow_sending_without_reply": True}
        return [Draft(NAME, str(update.chat), sender, {"text": "\n".join(lines), "reply_parameters": to})]

    async def _shaped(self, update: Update, sender: str, on_message: OnMessage) -> list[Shaped]:
        if update.what is What.MEDIA:
            return self._line(calling_line("only_text", self._language(update, sender), self._hub.content))
        if update.what is What.TAP and update.text not in self._choices:
            return self._line(self._choose_again(update, sender))
        try:
            return await self._hub.ask(self._raw(update, sender), sender, NAME, on_message)
        except RefusedError as refused:
            if refused.refusal.reason == "stopping":
                raise
            return self._line(refused.reply)

    def _line(self, reply: Reply) -> list[Shaped]:
        return shape([reply], CHANNELS[NAME], self._hub.content)

    def _choose_again(self, update: Update, sender: str) -> Reply:
        content = self._hub.content
        language = self._language(update, sender) or content.clinic.languages[0]
        return as_dict(line_message("choose_again", language, content, content.answer(COMMANDS["start"]).buttons))

    def _raw(self, update: Update, sender: str) -> str:
        """What the turn gets: the text, or the quick reply that was tapped or is meant by a command."""
        if update.what is What.TEXT:
            return update.text
        return self._commanded(update, sender) if update.what is What.COMMAND else self._tapped(update.text, sender)

    def _tapped(self, choice: str, sender: str) -> str:
        """The quick reply; its title when it was sent so long ago that the turns do not remember."""
        person, payload = self._hub.turns.people.get(sender), choice_payload(choice, self._hub.content)
        if not person.offered or payload in person.offered:
            return payload
        return choice_title(choice, self._hub.content)[person.language or self._hub.content.clinic.languages[0]]

    def _commanded(self, update: Update, sender: str) -> str:
        """The title of the quick reply, which shows the language; the quick reply where the language is not known."""
        choice, content = COMMANDS[update.text], self._hub.content
        others = content.clinic.languages[1:]
        language = self._hub.language(sender) or (update.language if update.language in others else None)
        return choice_title(choice, content)[language] if language else choice_payload(choice, content)

    def _language(self, update: Update, sender: str) -> str | None:
        """The language that the person spoke last, else that of their Telegram."""
        known = self._hub.language(sender)
        return known or (update.language if update.language in self._hub.content.clinic.languages else None)
