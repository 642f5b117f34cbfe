"""Our REST channel as `rasa run` takes it: the class that credentials.yml names."""

from __future__ import annotations

from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint, Sanic

from spineline.channels.rest.channel import RestChannel
from spineline.engine.rasa_engine import RasaEngine
from spineline.environment import current_content, settings_of_environment
from spineline.turns.logs import configure_logs
from spineline.turns.turns import make_turns


class RestForRasa(InputChannel):
    """Guarded turns under Rasa's own server. Rasa loads its agent after its channels, so it is looked for later."""

    @classmethod
    def name(cls) -> str:
        """The path below /webhooks/."""
        return RestChannel.name()

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> RestForRasa:
        """Rasa would log what people write."""
        configure_logs(settings_of_environment().log_level)
        return cls()

    def blueprint(self, on_new_message: Any) -> Blueprint:
        """The routes of our channel; what Rasa hands us to answer with goes round the guard and is not used."""
        apps: list[Sanic] = []
        settings, content = settings_of_environment(), current_content()
        engine = RasaEngine(lambda: apps[0].ctx.agent, content)
        blueprint = RestChannel(settings, make_turns(content, settings, engine)).blueprint()

        @blueprint.listener("before_server_start")
        async def meet(app: Sanic, _: Any) -> None:
            apps.append(app)

        return blueprint
