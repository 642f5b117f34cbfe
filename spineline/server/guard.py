"""What every request meets first: small bodies, short patience, and a limit for each address."""

from __future__ import annotations

import resource

from sanic import Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from spineline.channels.rest.channel import MOST_BYTES
from spineline.channels.web.channel import Origins
from spineline.settings import Settings
from spineline.turns.limits import address_of_request, client_address
from spineline.turns.turns import Turns

SLOWEST_REQUEST_S = 10  # for all of a request to arrive
LONGEST_ANSWER_S = 90  # longer than any deadline and any poll
_COUNTED = ("/webhooks/web/session",)  # cheap to ask for, not cheap to have: counted like messages


def add_guard(app: Sanic, settings: Settings, turns: Turns) -> None:
    """Limits that do not need to know what a request says."""
    app.config.update(
        REQUEST_MAX_SIZE=MOST_BYTES + 1,
        REQUEST_TIMEOUT=SLOWEST_REQUEST_S,
        RESPONSE_TIMEOUT=LONGEST_ANSWER_S,
        KEEP_ALIVE_TIMEOUT=30,
        WEBSOCKET_MAX_SIZE=MOST_BYTES,
        GRACEFUL_SHUTDOWN_TIMEOUT=settings.deadline_s + 2,
        FALLBACK_ERROR_FORMAT="json",
    )

    origins = Origins(settings.allowed_origins)

    async def meet(request: Request) -> HTTPResponse | None:
        address_of_request.set(client_address(request.ip, request.headers, settings.trusted_proxies))
        refusal = turns.limits.refuse_address() if request.path in _COUNTED else None
        if refusal is None:
            return None
        body = {"error": {"code": "busy", "reason": "Too many chats were begun from this address."}}
        headers = {"Retry-After": str(refusal.retry_after_s), **origins.opened(request)}
        return response.json(body, status=429, headers=headers)

    app.register_middleware(meet, "request")


def allow_many_connections() -> None:
    """Slow clients hold connections open; the usual 1,024 would let a few of them lock everybody out."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = hard if hard != resource.RLIM_INFINITY else 65_536
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(wanted, 65_536), hard))
