"""GET /openapi.json: the routes that are there, as spineline/server/openapi.yml describes them, for programs here."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from spineline.channels.http import BadRequestError, Json, check_access
from spineline.settings import Settings
from spineline.text.yaml_file import read_yaml

PATH = "/openapi.json"
_FILE = Path(__file__).with_name("openapi.yml")


def description_of(routes: Iterable[BaseRoute]) -> dict[str, Any]:
    """An OpenAPI document of these routes alone."""
    whole: dict[str, Any] = read_yaml(_FILE)
    there = {PATH, *(route.path for route in routes if isinstance(route, Route))}
    return {**whole, "paths": {path: told for path, told in whole["paths"].items() if path in there}}


def openapi(settings: Settings, routes: Iterable[BaseRoute]) -> Route:
    """The route that tells of the others; for whoever may use REST."""
    description = description_of(routes)

    async def describe(request: Request) -> Response:
        try:
            check_access(request.headers, settings)
        except BadRequestError as error:
            return error.answer()
        return Json(description)

    return Route(PATH, describe)
