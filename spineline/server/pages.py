"""The chat page and its script, from the folder web/."""

from __future__ import annotations

from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from spineline.content import ROOT

WEB = ROOT / "web"
_HEADERS = {
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
_FILES = {"/": "index.html", "/chat.js": "chat.js", "/chat.css": "chat.css"}


def pages() -> Blueprint:
    """GET / and the files that the page needs."""
    blueprint = Blueprint("pages")
    for path, name in _FILES.items():
        blueprint.add_route(_serve(name), path, methods=["GET", "HEAD"], name=name.replace(".", "_"))
    return blueprint


def _serve(name: str) -> object:
    async def serve(_: Request) -> HTTPResponse:
        return await response.file(WEB / name, headers=_HEADERS)

    return serve
