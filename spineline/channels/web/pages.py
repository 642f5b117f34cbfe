"""What a browser fetches: the chat script, the demo page, the privacy notice, printable cards and drawings."""

from __future__ import annotations

from collections.abc import Callable

from sanic import Blueprint, response
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse

from spineline.channels.web.assets import Asset, read_asset, script_asset
from spineline.channels.web.site import Site, load_site
from spineline.channels.web.widget import Widget
from spineline.content.clinic import LANGUAGES
from spineline.content.library import ROOT

WEB = ROOT / "web"
_PAGE_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
        "require-trusted-types-for 'script'; trusted-types 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}
_STATIC = ("site.css", "print.js", "icon.svg")


def pages(widget: Widget) -> Blueprint:
    """Every page and file, for GET and HEAD."""
    blueprint = Blueprint("pages")
    site = load_site(ROOT, widget)
    script = script_asset(WEB / "spineline.js", widget.profile())
    drawings = [f"drawings/{name}.svg" for name in widget.drawings]
    assets = {"/spineline.js": script, **{f"/{name}": read_asset(WEB / name) for name in (*_STATIC, *drawings)}}
    for path, asset in assets.items():
        _add(blueprint, path, _serve(asset))
    for path, page in {"/": site.home, "/privacy": site.privacy}.items():
        _add(blueprint, path, _show(page))
    _add(blueprint, "/cards/<card:str>/<kind:str>", _show_card(site))
    return blueprint


def _add(blueprint: Blueprint, path: str, handler: object) -> None:
    blueprint.add_route(handler, path, methods=["GET", "HEAD"], name=path.strip("/<>").replace("/", "_") or "home")


def _serve(asset: Asset) -> object:
    async def serve(request: Request) -> HTTPResponse:
        status, headers, body = asset.answer(request.headers, request.args.get("v"))
        return response.raw(body, status=status, headers=headers, content_type=asset.content_type)

    return serve


def _show(page: Callable[[str], str]) -> object:
    async def show(request: Request) -> HTTPResponse:
        return response.html(page(_language(request)), headers=_PAGE_HEADERS)

    return show


def _show_card(site: Site) -> object:
    async def show_card(request: Request, card: str, kind: str) -> HTTPResponse:
        html = site.card(f"{card}/{kind}", _language(request))
        if html is None:
            raise NotFound("There is no such card.")
        return response.html(html, headers=_PAGE_HEADERS)

    return show_card


def _language(request: Request) -> str:
    """?lang=, else what the browser asks for first, else English."""
    for wish in (request.args.get("lang") or "", request.headers.get("accept-language", "")):
        if wish[:2].lower() in LANGUAGES:
            return str(wish[:2].lower())
    return LANGUAGES[0]
