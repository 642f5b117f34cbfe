"""What a browser fetches: the script, the chat alone, the demo page, the privacy notice, printable cards, drawings."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from spineline.channels.web.assets import Asset, make_asset, part_assets, read_asset, script_asset
from spineline.channels.web.dress import VCARD
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


Show = Callable[[Request], Awaitable[Response]]


def pages(widget: Widget, framed_by: Sequence[str] = ()) -> list[Route]:
    """Every page and file, for GET and HEAD.

    Args:
        framed_by: websites that may show the page of the chat in a frame.
    """
    site = load_site(ROOT, widget)
    parts = part_assets(WEB / "chat", widget.profile()["texts"])
    script = script_asset(WEB / "chat", widget.launcher({name: part.version for name, part in parts.items()}))
    drawings = {name: read_asset(WEB / "drawings" / f"{name}.svg") for name in widget.drawings}
    assets = {
        "/spineline.js": script,
        **{f"/parts/{name}.js": part for name, part in parts.items()},
        **{f"/{name}": read_asset(WEB / name) for name in _STATIC},
    }
    shown = {
        "/": _show(site.home),
        "/privacy": _show(site.privacy),
        "/chat": _show(site.chat, _framed(framed_by)),
        **{path: _serve(asset) for path, asset in assets.items()},
        "/cards/{card}/{kind}": _show_card(site),
        "/drawings/{name}.svg": _serve_drawing(drawings),
        f"/{VCARD}": _serve(make_asset(site.vcard().encode(), "text/vcard; charset=utf-8")),
    }
    return [Route(path, show) for path, show in shown.items()]


def _serve(asset: Asset) -> Show:
    async def serve(request: Request) -> Response:
        return _answer(asset, request)

    return serve


def _serve_drawing(drawings: Mapping[str, Asset]) -> Show:
    async def serve_drawing(request: Request) -> Response:
        drawing = drawings.get(request.path_params["name"])
        if drawing is None:
            raise HTTPException(404, "There is no such drawing")
        return _answer(drawing, request)

    return serve_drawing


def _answer(asset: Asset, request: Request) -> Response:
    status, headers, body = asset.answer(request.headers, request.query_params.get("v"))
    return Response(body, status, headers, media_type=asset.content_type)


def _framed(framed_by: Sequence[str]) -> dict[str, str]:
    """The headers of a page that these websites may show in a frame."""
    allowed = f"frame-ancestors {' '.join(framed_by)}" if framed_by else "frame-ancestors 'none'"
    policy = _PAGE_HEADERS["Content-Security-Policy"].replace("frame-ancestors 'none'", allowed)
    return {**_PAGE_HEADERS, "Content-Security-Policy": policy}


def _show(page: Callable[[str], str], headers: Mapping[str, str] = _PAGE_HEADERS) -> Show:
    async def show(request: Request) -> Response:
        return HTMLResponse(page(_language(request)), headers=dict(headers))

    return show


def _show_card(site: Site) -> Show:
    async def show_card(request: Request) -> Response:
        names = request.path_params
        html = site.card(f"{names['card']}/{names['kind']}", _language(request))
        if html is None:
            raise HTTPException(404, "There is no such card")
        return HTMLResponse(html, headers=_PAGE_HEADERS)

    return show_card


def _language(request: Request) -> str:
    """?lang=, else what the browser asks for first, else English."""
    for wish in (request.query_params.get("lang", ""), request.headers.get("accept-language", "")):
        if wish[:2].lower() in LANGUAGES:
            return str(wish[:2].lower())
    return LANGUAGES[0]
