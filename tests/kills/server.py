"""The whole server around an engine that repeats what it hears: real channels, database, spool; no model to load.

`python server.py PORT DIR TELEGRAM TWILIO` reads the content once and forks a server, and another one whenever that is
killed. DIR/pid names the one that runs.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]

from fake_bot_api import BOT, SECRET, TOKEN  # noqa: E402
from rasa.shared.core.events import ActionExecuted, BotUttered, UserUttered  # noqa: E402
from replies import says  # noqa: E402
from stores import DOMAIN  # noqa: E402
from texting import NUMBER, SID  # noqa: E402
from texting import TOKEN as TEXT_TOKEN  # noqa: E402

from spineline.accounts import Accounts, Telegram, Twilio  # noqa: E402
from spineline.channels.messengers import inbox  # noqa: E402
from spineline.channels.rest.channel import RestChannel  # noqa: E402
from spineline.channels.web.website import make_website  # noqa: E402
from spineline.content.library import Content, load_content  # noqa: E402
from spineline.dialogue.alarms import raise_alarm  # noqa: E402
from spineline.dialogue.turn import Memory, Message  # noqa: E402
from spineline.engine.lost_turns import record_lost_turn  # noqa: E402
from spineline.keep.database import Database  # noqa: E402
from spineline.keep.takeover import open_database  # noqa: E402
from spineline.server.application import make_application  # noqa: E402
from spineline.server.configured import configured_messengers  # noqa: E402
from spineline.server.edge import Edge  # noqa: E402
from spineline.server.health import health  # noqa: E402
from spineline.server.keeping import store_left, store_unstored  # noqa: E402
from spineline.settings import Settings  # noqa: E402
from spineline.stores.locks import FairLocks  # noqa: E402
from spineline.stores.tracker import ConversationStore, beside  # noqa: E402
from spineline.turns import aside  # noqa: E402
from spineline.turns.engine import Asked, Say  # noqa: E402
from spineline.turns.turns import make_turns  # noqa: E402
from tests.kills.steps import watch  # noqa: E402


class Echo:
    """Repeats what it hears, raises alarms, and stores as Rasa does."""

    def __init__(self, content: Content, database: Database) -> None:
        self._content, self.tracker_store = content, ConversationStore(DOMAIN, database=database)
        self.lock_store, self.domain = FairLocks(), DOMAIN
        self.processor = SimpleNamespace(fetch_tracker_with_initial_session=self.tracker_store.get_or_create_tracker)

    @property
    def store(self) -> ConversationStore:
        return self.tracker_store

    async def record(self, asked: Asked, said: Iterable[Message]) -> None:
        await record_lost_turn(self, asked, said, self._content)

    async def answer(self, asked: Asked, say: Say) -> None:
        async with self.lock_store.lock(asked.conversation):
            tracker = await self.tracker_store.get_or_create_tracker(asked.conversation)
            flag = asked.intake.red_flag
            if flag:
                (said, *_) = raise_alarm(flag.tier, flag.id, Memory("en"), self._content).messages
            else:
                said = says(f"You wrote: {asked.text}")
            say(said)
            tracker.update(UserUttered(asked.text, message_id=asked.id))
            tracker.update(BotUttered(said.text))
            tracker.update(ActionExecuted("action_listen"))
            beside.set(asked.beside)
            await self.tracker_store.save(tracker)


def serve(settings: Settings, content: Content) -> None:
    """Serve until killed."""
    database = open_database(settings.database, settings.data_dir)
    turns = make_turns(content, settings, Echo(content, database), database)
    messengers = configured_messengers(settings, turns)
    web, pages = make_website(settings, turns, turns.keeper.forget)

    async def begin() -> None:
        await store_left(turns)
        await turns.keeper.recall()
        await messengers.begin()

    async def unstored() -> None:
        await store_unstored(turns)

    async def end() -> None:
        await database.close()

    channels: list[Any] = [RestChannel(settings, turns), web, *messengers.channels]
    routes = [*health(ROOT, turns, settings.deadline_s), *pages]
    background = [unstored, *messengers.sending]
    Edge(make_application(settings, turns, channels, routes, begin, background, end), settings).run()


def main(port: str, folder: str, telegram: str, twilio: str) -> None:
    bot, numbers = Telegram(TOKEN, BOT, SECRET, telegram), Twilio(SID, TEXT_TOKEN, NUMBER, twilio)
    accounts = Accounts(bot, numbers, f"http://127.0.0.1:{port}")
    limits = {"rate_per_session": "", "rate_per_address": "", "most_in_flight": 1000}
    settings = Settings(port=int(port), data_dir=Path(folder), accounts=accounts, **limits)
    content = load_content(ROOT, settings.clinic)
    content.red_flags.assess("warm")
    inbox.HANDED_OVER_WITHIN_S = 3.0  # what nobody took is sent soon
    aside.SPOOL_WAIT_S = 60.0  # a machine that is busy is no disk that hangs
    watch(Path(folder), Echo)
    while True:
        child = os.fork()
        if not child:
            serve(settings, content)
            os._exit(0)
        (Path(folder) / "pid").write_text(str(child))
        signal.signal(signal.SIGTERM, lambda *_, child=child: os.kill(child, signal.SIGTERM))
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            return


if __name__ == "__main__":
    main(*sys.argv[1:])
