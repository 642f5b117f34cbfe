"""What every request meets first, on a real server with the website's chat: who is counted, and as whom."""

from __future__ import annotations

from ipaddress import ip_network

import aiohttp
import pytest
from in_process import InProcess
from yarl import URL

from spineline.channels.web.channel import Origins, WebChannel
from spineline.channels.web.widget import load_widget
from spineline.content.library import ROOT, Content
from spineline.keep.outbox import Outbox
from spineline.keep.sessions import Sessions
from spineline.settings import Settings
from spineline.turns.engine import Asked, Say

SITE = "https://www.clinic.example"
BEGIN = "/webhooks/web/session"


class Website(InProcess):
    """A site where one address may begin two chats a minute, behind a proxy that is trusted."""

    def __init__(self, content: Content, rate: str = "2/minute") -> None:
        proxies = (ip_network("127.0.0.1"),)
        super().__init__(content, Settings(rate_per_address=rate, allowed_origins=(SITE,), trusted_proxies=proxies))
        origins = Origins(self.settings.allowed_origins)
        widget = load_widget(ROOT, content)
        outbox = Outbox()
        forget = self.turns.keeper.forget
        self.channels = [WebChannel(Sessions(b"s", "web"), outbox, widget, origins, forget, self.turns)]
        self.on_message = self._silent

    async def _silent(self, _: Asked, __: Say) -> None:
        """Nobody says anything here."""

    async def begin(self, path: str = BEGIN, *forwarded: str, method: str = "POST") -> int:
        """Begin a chat; the path goes over the line as it is."""
        lines = [("X-Forwarded-For", line) for line in forwarded or ("203.0.113.7",)]
        address = URL(f"http://127.0.0.1:{self.port}{path}", encoded=True)
        headers = [*lines, ("Origin", SITE)]
        async with aiohttp.request(method, address, json={"consent": True}, headers=headers) as answer:
            return answer.status


async def test_a_page_is_told_that_too_many_chats_were_begun(content: Content) -> None:
    async with Website(content, "1/minute") as site:
        assert await site.begin() == 200
        headers = {"X-Forwarded-For": "203.0.113.7", "Origin": SITE}
        async with site.client.post(BEGIN, json={"consent": True}, headers=headers) as answer:
            assert answer.status == 429
            assert answer.headers["Access-Control-Allow-Origin"] == SITE


@pytest.mark.parametrize(
    "path",
    [
        f"{BEGIN}/",
        f"{BEGIN}?a=1",
        f"{BEGIN}/?",
        f"{BEGIN}//",
        f"/{BEGIN}",
        "/webhooks//web/session",
        "/webhooks/web/%73ession",
        "/webhooks/./web/session",
        "/webhooks/%2e/web/session",
        "/webhooks/x/%2e%2e/web/session",
        "/webhooks/web/SESSION",
        f"{BEGIN}%2f",
        f"{BEGIN};x",
    ],
)
async def test_however_its_path_is_written_a_chat_that_begins_is_counted(content: Content, path: str) -> None:
    async with Website(content) as site:
        found = {await site.begin(path) for _ in range(4)}
        assert found in ({200, 429}, {404}), "a path that begins a chat is limited; the others begin none"


async def test_the_browsers_question_before_the_request_is_not_counted(content: Content) -> None:
    async with Website(content) as site:
        found = [await site.begin(method=method) for method in ("OPTIONS", "POST", "OPTIONS", "POST", "POST")]
        assert [status < 400 for status in found] == [True, True, True, True, False]


async def test_a_path_that_leads_nowhere_is_not_counted(content: Content) -> None:
    async with Website(content) as site:
        assert [await site.begin("/webhooks/web/nothing") for _ in range(3)] == [404] * 3
        assert await site.begin() == 200


async def test_lines_that_a_client_makes_up_do_not_help_behind_a_proxy_that_adds_its_own(content: Content) -> None:
    async with Website(content) as site:
        found = [await site.begin(BEGIN, f"198.51.100.{n}", "203.0.113.7") for n in range(4)]
        assert found == [200, 200, 429, 429]


async def test_another_address_has_its_own_limit(content: Content) -> None:
    async with Website(content) as site:
        found = [await site.begin(BEGIN, address) for address in ("203.0.113.7", "203.0.113.7:5", "203.0.113.8")]
        assert found == [200, 200, 200]
        assert await site.begin(BEGIN, "203.0.113.7:6") == 429
