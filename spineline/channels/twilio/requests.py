"""What Twilio asks of us: believed only when it is signed with our account's token, and read only then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import parse_qsl

from starlette.requests import Request
from twilio.request_validator import RequestValidator

from spineline.accounts import Twilio
from spineline.channels.http import MOST_BYTES, BadRequestError

MOST_FIELDS = 400
_FORM = "application/x-www-form-urlencoded"


class TwilioForm(Mapping[str, str]):
    """The fields of a request, each as its last value; a field that came more than once is a list in `getlist`."""

    def __init__(self, pairs: list[tuple[str, str]]) -> None:
        self._lists: dict[str, list[str]] = {}
        for name, value in pairs:
            self._lists.setdefault(name, []).append(value)

    def __getitem__(self, name: str) -> str:
        return self._lists[name][-1]

    def __iter__(self) -> Iterator[str]:
        return iter(self._lists)

    def __len__(self) -> int:
        return len(self._lists)

    def getlist(self, name: str) -> list[str]:
        """Every value of a field, in order; Twilio's validator asks by this name."""
        return self._lists.get(name, [])

    def field(self, name: str) -> str:
        """A field without blanks around it; "" when it is not there."""
        return self.get(name, "").strip()


async def read_twilio_request(request: Request, account: Twilio, public_url: str) -> TwilioForm:
    """The form of a request that really comes from Twilio and is for our account.

    Args:
        public_url: what Twilio calls, without the path: it is part of what is signed.
    Raises:
        BadRequestError: its `status` and text are the answer; nothing of the request may be used then.
    """
    path, query = (request.scope[name].decode("latin-1") for name in ("raw_path", "query_string"))
    form = read_form(await request.body(), request.headers.get("content-type", ""))
    signature = request.headers.get("x-twilio-signature", "")
    called = f"{public_url}{path}?{query}" if query else f"{public_url}{path}"
    if not RequestValidator(account.token).validate(called, form, signature):
        raise BadRequestError("X-Twilio-Signature does not fit. Check TWILIO_AUTH_TOKEN and PUBLIC_URL.", 403)
    if form.field("AccountSid") != account.sid:
        raise BadRequestError("This is for another account. Check TWILIO_ACCOUNT_SID.", 403)
    return form


def read_form(body: bytes, content_type: str) -> TwilioForm:
    """The fields of a body, blank ones too (they are signed); BadRequestError says what is wrong with it."""
    if len(body) > MOST_BYTES:
        raise BadRequestError(f"The body is larger than {MOST_BYTES} bytes.", 413)
    if content_type.partition(";")[0].strip().lower() != _FORM:
        raise BadRequestError(f"Send a form: Content-Type: {_FORM}.", 415)
    try:
        text = body.decode("utf-8")
        return TwilioForm(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS))
    except ValueError:
        raise BadRequestError(f"The body is not a form in UTF-8 with at most {MOST_FIELDS} fields.") from None
