"""What /openapi.json describes, and much that it does not, sent to every route."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import requests
import schemathesis
from fake_bot_api import SECRET
from hypothesis import given
from hypothesis.strategies import SearchStrategy, booleans
from schemathesis import Case
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from texting import SID, TOKEN
from twilio.request_validator import RequestValidator

from spineline.channels.http import BadRequestError
from spineline.channels.twilio.requests import read_form
from tests.edge.served import PUBLIC, WAITS_S, Served

CHECKS = [status_code_conformance, content_type_conformance, response_schema_conformance]


def operations(server: Served) -> dict[str, Any]:
    """Every operation that the server describes, by its name."""
    described = requests.get(f"{server.base}/openapi.json", timeout=WAITS_S).json()
    schema = schemathesis.openapi.from_dict(described)
    found = [result.ok() for result in schema.get_all_operations()]
    return {operation.label: operation for operation in found}


def tries(server: Served, operation: Any, seen: Counter[int]) -> Callable[[], None]:
    """A property for hypothesis: whatever is sent to this operation is answered as it is described.

    Args:
        seen: counts the answers by their status.
    """
    session = server.begin()

    @given(case=_cases(operation), is_proven=booleans())
    def answered_as_described(case: Case, is_proven: bool) -> None:
        if is_proven and isinstance(case.body, dict):
            _prove(case.body, session)
        answer = _sent(server, case, is_proven)
        seen[answer.status_code] += 1
        case.validate_response(answer, checks=CHECKS)

    return answered_as_described


def _cases(operation: Any) -> SearchStrategy[Case]:
    wanted: SearchStrategy[Case] = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    if operation.method == "options" or not (operation.body or operation.query or operation.headers):
        return wanted
    return wanted | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)


def _prove(body: dict[str, Any], session: str) -> None:
    """With what strangers do not have, so that what lies behind it is reached, too."""
    for name, value in {"session": session, "AccountSid": SID}.items():
        if name in body:
            body[name] = value


def _sent(server: Served, case: Case, is_proven: bool) -> requests.Response:
    sent = requests.Request(**case.as_transport_kwargs(base_url=server.base)).prepare()
    if "/web/" in case.path:
        sent.headers["Origin"] = server.base
    if is_proven:
        sent.headers["X-Telegram-Bot-Api-Secret-Token"] = SECRET
        sent.headers["X-Twilio-Signature"] = _signature(sent)
    with requests.Session() as line:
        return line.send(sent, timeout=WAITS_S)


def _signature(sent: requests.PreparedRequest) -> str:
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
    try:
        form: Any = read_form(body, str(sent.headers.get("Content-Type", "")))
    except BadRequestError:
        form = {}
    return str(RequestValidator(TOKEN).compute_signature(PUBLIC + sent.path_url, form))
