"""The website's chat with all that it needs, and the pages around it."""

from __future__ import annotations

from starlette.routing import Route

from spineline.channels.web.channel import Forget, Origins, WebChannel
from spineline.channels.web.pages import pages
from spineline.channels.web.widget import load_widget
from spineline.content.library import ROOT
from spineline.keep.outbox import Outbox
from spineline.keep.sessions import Sessions, read_secret
from spineline.settings import Settings
from spineline.turns.turns import Turns


def make_website(settings: Settings, turns: Turns, forget: Forget) -> tuple[WebChannel, list[Route]]:
    """The web channel and the pages.

    Args:
        forget: deletes all that is kept about a sender, when "Delete my data" is pressed.
    """
    widget = load_widget(ROOT, turns.content)
    sessions = Sessions(read_secret(settings.secret_key, settings.data_dir), WebChannel.name())
    outbox = Outbox(turns.database)
    web = WebChannel(sessions, outbox, widget, Origins(settings.allowed_origins), forget, turns)
    return web, pages(widget, settings.allowed_origins)
