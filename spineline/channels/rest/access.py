"""Which programs may use REST: those with the token, else only those on this machine."""

from __future__ import annotations

import hmac

from sanic.request import Request

from spineline.settings import LOOPBACK
from spineline.turns.limits import is_forwarded


class BadRequestError(Exception):
    """A request that cannot be answered; the text says why and how to ask right."""

    def __init__(self, reason: str, status: int = 400) -> None:
        super().__init__(reason)
        self.status = status


def check_access(request: Request, token: str) -> None:
    """BadRequestError for strangers. Without a token the server must listen on loopback only, and neither a proxy nor
    a page in a browser may be between."""
    if token:
        _check_token(request.headers.get("authorization", ""), token)
    elif request.app.state.host not in LOOPBACK:
        raise BadRequestError("REST is closed on this server: it needs REST_TOKEN unless HOST is 127.0.0.1.", 403)
    elif is_forwarded(request.headers):
        raise BadRequestError("REST is closed to requests that come through a proxy: set REST_TOKEN to open it.", 403)
    elif "origin" in request.headers:
        raise BadRequestError("REST is for programs; pages in a browser use the chat script.", 403)


def _check_token(authorization: str, token: str) -> None:
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() != "bearer" or not given:
        raise BadRequestError('Send the header "Authorization: Bearer <REST_TOKEN>".', 401)
    if not hmac.compare_digest(given.strip().encode(), token.encode()):
        raise BadRequestError("The token is wrong.", 403)
