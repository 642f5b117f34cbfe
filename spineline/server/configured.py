"""The messengers and telephone lines that have an account; what has none is off and costs nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from spineline.accounts import Accounts
from spineline.channels.messengers.courier import Courier
from spineline.channels.messengers.hub import Hub
from spineline.channels.messengers.inbox import Inbox
from spineline.channels.messengers.pseudonyms import Pseudonyms
from spineline.channels.rest.access import BadRequestError, check_access
from spineline.channels.telegram.channel import TelegramChannel
from spineline.channels.twilio.texts.channel import TextChannel
from spineline.channels.twilio.voice.line import VoiceLine
from spineline.keep.deliveries import Deliveries
from spineline.keep.sessions import read_secret
from spineline.settings import Settings
from spineline.turns.turns import Turns


@dataclass(frozen=True)
class Messengers:
    """The configured channels, each with the `paths` where it is called, and the courier that sends for them."""

    channels: tuple[Any, ...] = ()
    courier: Courier | None = None

    @property
    def paths(self) -> list[str]:
        """Where messengers call."""
        return [path for channel in self.channels for path in channel.paths]

    def start(self, app: Sanic) -> None:
        """Send what waits, as long as the server runs."""
        if self.courier:
            for channel in self.courier.channels:
                app.add_task(self.courier.run(channel))


def configured_messengers(settings: Settings, turns: Turns) -> Messengers:
    """The channels that the accounts allow, ready to be registered below /webhooks/."""
    accounts = settings.accounts
    if not accounts.telegram and not accounts.twilio:
        return Messengers()
    deliveries = Deliveries(settings.data_dir / "deliveries.db")
    turns.keeper.also.append(deliveries.forget)
    turns.keeper.also_old.append(deliveries.purge)
    courier = Courier(deliveries, turns.metrics)
    pseudonyms = Pseudonyms(read_secret(settings.secret_key, settings.data_dir))
    hub = Hub(turns, courier, Inbox(courier), pseudonyms, accounts.public_url)
    return Messengers(tuple(_channels(accounts, hub)), courier)


def _channels(accounts: Accounts, hub: Hub) -> Iterator[InputChannel]:
    if accounts.telegram:
        yield TelegramChannel(accounts.telegram, hub)
    if accounts.twilio:
        yield VoiceLine(accounts.twilio, hub)
        yield TextChannel(accounts.twilio, hub)


def health_of_channels(settings: Settings, messengers: Messengers) -> Blueprint:
    """GET /health/channels: the webhook paths that are configured; for whoever may use REST."""
    blueprint = Blueprint("health_channels", url_prefix="/health")

    @blueprint.get("/channels")
    async def list_channels(request: Request) -> HTTPResponse:
        try:
            check_access(request, settings.rest_token)
        except BadRequestError as error:
            return response.json({"error": str(error)}, status=error.status)
        return response.json({"webhooks": messengers.paths})

    return blueprint
