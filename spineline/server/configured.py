"""The messengers and telephone lines that have an account; what has none is off and costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from spineline.accounts import Accounts
from spineline.channels.http import BadRequestError, Channel, Json, check_access
from spineline.channels.messengers.courier import Courier
from spineline.channels.messengers.hub import Hub
from spineline.channels.messengers.inbox import Inbox
from spineline.channels.messengers.pseudonyms import Pseudonyms
from spineline.channels.telegram.channel import TelegramChannel
from spineline.channels.twilio.texts.channel import TextChannel
from spineline.channels.twilio.voice.line import VoiceLine
from spineline.keep.deliveries import Deliveries
from spineline.keep.sessions import read_secret
from spineline.server.application import Work
from spineline.settings import Settings
from spineline.turns.turns import Turns


@dataclass(frozen=True)
class Messengers:
    """The configured channels, and the courier and the inbox that they share."""

    channels: tuple[Channel, ...] = ()
    courier: Courier | None = None
    inbox: Inbox | None = None

    @property
    def paths(self) -> list[str]:
        """Where messengers call."""
        return [path for channel in self.channels for path in channel.paths]

    @property
    def sending(self) -> list[Work]:
        """Sends what waits, as long as the server runs."""
        return [partial(self.courier.run, name) for name in self.courier.channels] if self.courier else []

    async def begin(self) -> None:
        """Before anybody is answered."""
        if self.inbox:
            await self.inbox.recall()


def configured_messengers(settings: Settings, turns: Turns) -> Messengers:
    """The channels that the accounts allow, ready to be registered below /webhooks/."""
    accounts = settings.accounts
    if not accounts.telegram and not accounts.twilio:
        return Messengers()
    deliveries = Deliveries(turns.database)
    turns.keeper.also_old.append(deliveries.purge)
    courier = Courier(deliveries, turns.metrics)
    pseudonyms = Pseudonyms(read_secret(settings.secret_key, settings.data_dir))
    hub = Hub(turns, courier, Inbox(courier), pseudonyms, accounts.public_url)
    return Messengers(tuple(_channels(accounts, hub)), courier, hub.inbox)


def _channels(accounts: Accounts, hub: Hub) -> Iterator[Channel]:
    if accounts.telegram:
        yield TelegramChannel(accounts.telegram, hub)
    if accounts.twilio:
        yield VoiceLine(accounts.twilio, hub)
        yield TextChannel(accounts.twilio, hub)


def health_of_channels(settings: Settings, messengers: Messengers) -> Route:
    """GET /health/channels: the webhook paths that are configured; for whoever may use REST."""

    async def list_channels(request: Request) -> Response:
        try:
            check_access(request.headers, settings)
        except BadRequestError as error:
            return error.answer()
        return Json({"webhooks": messengers.paths})

    return Route("/health/channels", list_channels)
