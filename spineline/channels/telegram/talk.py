"""What is said on Telegram to what happened there: turns for what people write, fixed lines for everything else."""

from __future__ import annotations

from collections.abc import Sequence

from spineline.accounts import Telegram
from spineline.channels.messengers.hub import Hub
from spineline.channels.messengers.inbox import Taking
from spineline.channels.telegram.texts import bodies
from spineline.channels.telegram.updates import COMMANDS, NAME, Update, What
from spineline.dialogue.intake import Intake, tapped
from spineline.dialogue.speaker import Speaker
from spineline.dialogue.turn import Message
from spineline.keep.deliveries import Draft
from spineline.turns.last_words import calling_line, filled_line
from spineline.turns.said import Keep
from spineline.turns.turns import RefusedError


class Talk:
    """Answers updates with drafts."""

    def __init__(self, account: Telegram, hub: Hub) -> None:
        self._bot_name, self._hub = account.bot_name, hub

    async def answer(self, update: Update, taking: Taking) -> list[Draft]:
        """What to send. RefusedError when the server stops, so that Telegram brings the message again."""
        if update.what is What.ELSEWHERE:
            return []
        sender = self._hub.sender(NAME, str(update.chat))
        if update.what is What.BLOCKED:
            await self._hub.courier.deliveries.forget(sender)
            return []
        if update.what is What.GROUP:
            return self._invitation(update, sender)

        def drafts(said: Sequence[Message]) -> list[Draft]:
            found = (body for message in said for body in bodies(message, self._hub.content))
            return [Draft(NAME, str(update.chat), sender, body) for body in found]

        return drafts(await self._said(update, sender, taking.keep(drafts)))

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
            filled_line("telegram_group", spoken, content, bot=self._bot_name).text
            for spoken in content.clinic.languages
        )
        to = {"message_id": update.message, "allow_sending_without_reply": True}
        return [Draft(NAME, str(update.chat), sender, {"text": "\n".join(lines), "reply_parameters": to})]

    async def _said(self, update: Update, sender: str, keep: Keep) -> list[Message]:
        if update.what is What.MEDIA:
            return [calling_line("only_text", self._language(update, sender), self._hub.content)]
        if update.what is What.TAP and update.text not in self._hub.content.choices:
            return [self._choose_again(update, sender)]
        try:
            return await self._hub.ask(self._meant(update, sender), sender, NAME, keep)
        except RefusedError as refused:
            if refused.refusal.reason == "stopping":
                raise
            return [refused.message]

    def _choose_again(self, update: Update, sender: str) -> Message:
        content = self._hub.content
        speaker = Speaker.to(self._language(update, sender), content)
        return speaker.line("choose_again", content.answer(COMMANDS["start"]).buttons)

    def _meant(self, update: Update, sender: str) -> str | Intake:
        """The text, or the quick reply that was tapped or is meant by a command."""
        if update.what is What.TAP:
            return tapped(update.text)
        return self._commanded(update, sender) if update.what is What.COMMAND else update.text

    def _commanded(self, update: Update, sender: str) -> str | Intake:
        """The title of the quick reply, which shows the language; the quick reply where the language is not known."""
        choice, content = COMMANDS[update.text], self._hub.content
        others = content.clinic.languages[1:]
        language = self._hub.language(sender) or (update.language if update.language in others else None)
        return Speaker(content, language).replies([choice])[0] if language else tapped(choice)

    def _language(self, update: Update, sender: str) -> str | None:
        """The language that the person spoke last, else that of their Telegram."""
        known = self._hub.language(sender)
        return known or (update.language if update.language in self._hub.content.clinic.languages else None)
