"""The samples of docs/website.md for nginx and Caddy, run as they stand there: the chat works, programs stay out."""

from __future__ import annotations

import asyncio
import json
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from servers import free_port

from spineline.content.library import ROOT, Content
from tests.edge.served import WAITS_S, Served, served

NAME = "chat.clinic.example"
MOST_AN_HOUR = 4
CLOSED = (
    *("/webhooks/rest/webhook", "/model/parse", "/openapi.json", "/health/channels", "/webhooks/rest/webhook/"),
    *("/webhooks/%72est/webhook", "/webhooks//rest/webhook", "//model/parse", "/x/../model/parse", "/./openapi.json"),
    *("/WEBHOOKS/rest/webhook", "/webhooks/rest/webhook?a=b", "/webhooks/rest%2fwebhook"),
)


def sample(kind: str) -> str:
    """A sample as it stands in the document."""
    text = (ROOT / "docs" / "website.md").read_text(encoding="utf-8")
    (found,) = re.findall(rf"```{kind}\n(.*?)```", text, re.DOTALL)
    return str(found)


class Proxy:
    """A proxy of this machine, and what talks through it."""

    def __init__(self, port: int, scheme: str, visitor: str) -> None:
        self.port, self.scheme, self.origin, self._visitor = port, scheme, f"{scheme}://{NAME}:{port}", visitor

    def client(self) -> aiohttp.ClientSession:
        """Of a visitor who has an address of their own."""
        headers, line = {"Host": f"{NAME}:{self.port}", "Origin": self.origin}, (self._visitor, 0)
        return aiohttp.ClientSession(headers=headers, connector=aiohttp.TCPConnector(local_addr=line, ssl=False))

    def url(self, path: str) -> Any:
        return aiohttp.client.URL(f"{self.scheme}://127.0.0.1:{self.port}{path}", encoded=True)


def nginx(server: Served, folder: Path) -> tuple[list[str], Proxy]:
    port, key, certificate = free_port(), folder / "key.pem", folder / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", f"/CN={NAME}"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    places = {"listen 443": f"listen 127.0.0.1:{port}", "127.0.0.1:5005": f"127.0.0.1:{server.port}"}
    places |= {f"/etc/ssl/{NAME}.pem": str(certificate), f"/etc/ssl/{NAME}.key": str(key)}
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in _TEMPORARY)
    text = (
        f"daemon off;\npid {folder}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{temporary}{_at(places, 'nginx')}}}\n"
    )
    (folder / "nginx.conf").write_text(text)
    command = ["nginx", "-p", str(folder), "-e", str(folder / "errors.log"), "-c", str(folder / "nginx.conf")]
    return command, Proxy(port, "https", "127.0.0.2")


def caddy(server: Served, folder: Path) -> tuple[list[str], Proxy]:
    port = free_port()
    places = {f"\n{NAME} {{": f"\nhttp://{NAME}:{port} {{", "127.0.0.1:5005": f"127.0.0.1:{server.port}"}
    text = "{\n admin off\n}\n" + _at(places, "caddy")
    (folder / "Caddyfile").write_text(text)
    command = ["caddy", "run", "--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    return command, Proxy(port, "http", "127.0.0.3")


_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


def _at(places: dict[str, str], kind: str) -> str:
    text = sample(kind)
    for written, here in places.items():
        assert text.count(written) == 1, f"{written} stands in the sample once"
        text = text.replace(written, here)
    return text


@pytest.fixture(scope="module")
def server(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    more = {"TRUSTED_PROXIES": "127.0.0.1", "RATE_PER_ADDRESS": f"{MOST_AN_HOUR}/hour"}
    with served(content, tmp_path_factory.mktemp("behind"), **more) as server:
        yield server


@pytest.fixture(scope="module", params=[nginx, caddy])
def proxy(request: pytest.FixtureRequest, server: Served, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    if not shutil.which(request.param.__name__):
        pytest.skip(f"{request.param.__name__} is not installed: apt-get install nginx-light caddy.")
    folder = tmp_path_factory.mktemp(request.param.__name__)
    command, proxy = request.param(server, folder)
    with (folder / "log.txt").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env={"HOME": str(folder), "PATH": _PATH})
    try:
        _wait_for(proxy, folder / "log.txt")
        yield proxy
    finally:
        process.terminate()
        process.wait(WAITS_S)


_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def _wait_for(proxy: Proxy, log: Path) -> None:
    async def listens() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", proxy.port)
        except OSError:
            return False
        writer.close()
        return True

    until = time.monotonic() + WAITS_S
    while not asyncio.run(listens()):
        assert time.monotonic() < until, log.read_text()
        time.sleep(0.1)


async def begun(proxy: Proxy, client: aiohttp.ClientSession, **headers: str) -> tuple[int, str]:
    url, body = proxy.url("/webhooks/web/session"), {"consent": True}
    async with client.post(url, json=body, headers=headers) as answer:
        told = await answer.json()
        return answer.status, told.get("session", "")


async def test_people_chat_through_it_and_nobody_makes_up_an_address(proxy: Proxy) -> None:
    async with proxy.client() as client:
        async with client.get(proxy.url("/?lang=es")) as page:
            assert page.status == 200
        status, session = await begun(proxy, client)
        assert status == 200
        await _talk(proxy, client, session)
        found = [await begun(proxy, client, **{"X-Forwarded-For": f"198.51.100.{number}"}) for number in range(5)]
        assert 429 in {status for status, _ in found}, "each claim would have a limit of its own"


async def _talk(proxy: Proxy, client: aiohttp.ClientSession, session: str) -> None:
    async with client.ws_connect(proxy.url("/webhooks/web/socket")) as line:
        await line.send_json({"session": session, "since": 0})
        assert (await line.receive_json(timeout=WAITS_S))["type"] == "ready"
        await line.send_json({"id": "message-1", "text": "hello"})
        events = [await line.receive_json(timeout=WAITS_S) for _ in range(2)]
        assert {event["type"] for event in events} == {"got", "reply"}
    async with client.post(proxy.url("/webhooks/web/poll"), json={"session": session}) as answer:
        assert answer.status == 200
        assert (await answer.json())["events"]


@pytest.mark.parametrize("path", CLOSED)
async def test_what_is_for_programs_is_closed_however_its_path_is_written(proxy: Proxy, path: str) -> None:
    body = json.dumps({"sender": "anna", "message": "hello", "text": "hello"})
    async with proxy.client() as client:
        for method, said in {"GET": None, "POST": body}.items():
            async with client.request(method, proxy.url(path), data=said) as got:
                assert got.status in (400, 403, 404, 405), (path, got.status)


@pytest.mark.parametrize("path", ["/webhooks/rest/webhook", "/model/parse"])
async def test_the_server_itself_refuses_what_a_proxy_lets_through(server: Served, path: str) -> None:
    async with (
        aiohttp.ClientSession() as client,
        client.post(
            f"{server.base}{path}",
            json={"sender": "a", "message": "b", "text": "c"},
            headers={"X-Forwarded-For": "1.2.3.4"},
        ) as answer,
    ):
        assert answer.status == 403
