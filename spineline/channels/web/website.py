"""Puts the website's chat and its pages on a server."""

from __future__ import annotations

from collections.abc import Sequence

from rasa.core.channels.channel import InputChannel, register
from sanic import Sanic

from spineline.channels.web.channel import Forget, Origins, WebChannel
from spineline.channels.web.pages import pages
from spineline.channels.web.widget import load_widget
from spineline.content.library import ROOT, current_content
from spineline.keep.outbox import Outbox
from spineline.keep.sessions import Sessions, read_secret
from spineline.settings import Settings


def add_website(app: Sanic, settings: Settings, forget: Forget, others: Sequence[InputChannel] = ()) -> WebChannel:
    """Register the web channel, the other channels and the pages.

    Args:
        forget: deletes all that is kept about a sender, when "Delete my data" is pressed.
    """
    widget = load_widget(ROOT, current_content())
    sessions = Sessions(read_secret(settings.secret_key, settings.data_dir), WebChannel.name())
    outbox = Outbox(settings.data_dir / "outbox.db")
    web = WebChannel(sessions, outbox, widget, Origins(settings.allowed_origins), forget)
    register([*others, web], app, route="/webhooks/")
    app.blueprint(pages(widget))
    return web
