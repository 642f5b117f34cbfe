"""Requests that no browser makes: each is refused with a reason, and the server goes on for everybody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from faulty import say_ok
from in_process import InProcess
from patience import SHORT_S, until

from spineline.channels.http import MOST_BYTES
from spineline.channels.rest.channel import RestChannel
from spineline.content.library import Content
from spineline.server import http_line, lines
from spineline.server.http_line import MOST_WAITING
from spineline.settings import Settings
from spineline.turns.engine import Asked, Say

PATHS = ("/webhooks/rest/webhook", "/", "/nowhere")
BODY = json.dumps({"sender": "anna", "message": "hello"})
ANSWER_S = 30  # far more than needed: a server that hangs fails the test, a busy machine does not

LENGTHS = ["-1", "3_2", "+5", "0x10", "abc", "", "1e3", "٣", "5, 5", "9" * 40]
HEADERS = {
    **{f"length {length!r}": f"Content-Length: {length}\r\n" for length in LENGTHS},
    "two lengths": "Content-Length: 2\r\nContent-Length: 4\r\n",
    "the same length twice": "Content-Length: 2\r\ncontent-length: 2\r\n",
    "length and encoding": "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
    "another encoding": "Transfer-Encoding: gzip, chunked\r\n",
    "two encodings": "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n",
    "a blank before the colon": "Content-Length : 2\r\n",
    "a folded line": "X-Long: a\r\n Content-Length: 2\r\n",
    "a bare line end": "X-Long: a\nContent-Length: 2\r\n",
    "a bare carriage return": "X-Long: a\rContent-Length: 2\r\n",
    "encoding and length": "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
    "an encoding that is none": "Transfer-Encoding: xchunked\r\n",
    "chunked twice": "Transfer-Encoding: chunked, chunked\r\n",
    "chunked, then zipped": "Transfer-Encoding: chunked, gzip\r\n",
    "no colon": "X-Long\r\n",
    "no name": ": a\r\n",
    "a zero byte": "X-Long: a\0b\r\n",
    "two hosts": "Host: elsewhere\r\n",
    "an upgrade to HTTP/2": "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nContent-Length: 2\r\n",
    "an upgrade that is no GET": "Connection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 2\r\n",
}
LINES = {
    "no host": ("GET / HTTP/1.1\r\n\r\n", 400),
    "HTTP/0.9": ("GET /\r\n\r\n", 505),
    "HTTP/2": ("GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
    "HTTP/9.9": ("GET / HTTP/9.9\r\nHost: a\r\n\r\n", 400),
    "the greeting of HTTP/2": ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 400),
    "a method in small letters": ("get / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "a method that is none": ("STEAL / HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "a tunnel": ("CONNECT clinic.example:443 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "a path that is not ASCII": ("GET /ñ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "a path that is none": ("GET nowhere HTTP/1.1\r\nHost: a\r\n\r\n", 400),
    "no request": ("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
    "a long header": ("GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + "a" * 20_000 + "\r\n\r\n", 431),
    "a header that does not end": ("GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + "a" * 20_000, 431),
    "many headers": ("GET / HTTP/1.1\r\nHost: a\r\n" + "X: y\r\n" * 4000 + "\r\n", 431),
    "a long path": ("GET /" + "a" * 20_000 + " HTTP/1.1\r\nHost: a\r\n\r\n", 431),
}
CHUNKS = ["-5", "+5", "0x5", "1_0", "", "x", "fffffffffffffffff", " 5", "5" * 200]


class Server(InProcess):
    def __init__(self, content: Content) -> None:
        super().__init__(content, Settings(host="127.0.0.1"))
        self.channels, self.on_message = [RestChannel(self.settings, self.turns)], say_ok

    async def raw(self, head: str, body: bytes = b"") -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(head.encode() + body)
        answer = await asyncio.wait_for(reader.read(), ANSWER_S)
        writer.close()
        return answer

    async def answers_somebody_else(self) -> bool:
        async with self.client.post("/webhooks/rest/webhook", data=BODY) as answer:
            return bool(answer.status == 200)


@pytest.fixture
async def server(content: Content) -> AsyncIterator[Server]:
    async with Server(content) as server:
        yield server


def _head(path: str, headers: str) -> str:
    return f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n"


def _reason(answer: bytes, status: int = 400) -> str:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status), answer[:100]
    assert b"connection: close" in head.lower()
    return str(json.loads(body)["message"])


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
async def test_a_length_that_can_be_read_in_two_ways_is_refused(server: Server, headers: str) -> None:
    for path in PATHS:
        assert _reason(await server.raw(_head(path, headers), b"{}")).endswith(".")
    assert await server.answers_somebody_else()


@pytest.mark.parametrize(("line", "status"), LINES.values(), ids=LINES)
async def test_what_is_no_plain_request_is_refused(server: Server, line: str, status: int) -> None:
    assert _reason(await server.raw(line), status).endswith(".")
    assert await server.answers_somebody_else()


@pytest.mark.parametrize("size", CHUNKS)
async def test_a_chunk_size_that_is_no_size_is_refused(server: Server, size: str) -> None:
    body = f"{size}\r\n{{}}\r\n0\r\n\r\n".encode()
    answer = await server.raw(_head(PATHS[0], "Transfer-Encoding: chunked\r\n"), body)
    assert "chunk" in _reason(answer).lower()
    assert await server.answers_somebody_else()


async def test_a_chunk_larger_than_any_message_is_refused(server: Server) -> None:
    chunk = b"ffffffff\r\n" + b" " * (MOST_BYTES + 1)
    answer = await server.raw(_head(PATHS[0], "Transfer-Encoding: chunked\r\n"), chunk)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert await server.answers_somebody_else()


@pytest.mark.parametrize("size", [1, 7, 1000])
async def test_chunks_and_lengths_that_are_plain_are_read(server: Server, size: int) -> None:
    parts = [BODY[at : at + size] for at in range(0, len(BODY), size)]
    chunks = "".join(f"{len(part):X};ext=1\r\n{part}\r\n" for part in parts) + "0\r\n\r\n"
    close = "Connection: close\r\n"
    chunked = await server.raw(_head(PATHS[0], f"{close}Transfer-Encoding: chunked\r\n"), chunks.encode())
    plain = await server.raw(_head(PATHS[0], f"{close}Content-Length: {len(BODY)}\r\n"), BODY.encode())
    assert chunked.startswith(b"HTTP/1.1 200 ")
    assert plain.startswith(b"HTTP/1.1 200 ")


async def test_requests_one_after_the_other_on_one_line_are_read(server: Server) -> None:
    one = _head(PATHS[0], f"Content-Length: {len(BODY)}\r\n") + BODY
    last = _head(PATHS[0], f"Connection: close\r\nContent-Length: {len(BODY)}\r\n") + BODY
    assert (await server.raw(one + one + last)).count(b"HTTP/1.1 200 ") == 3


@pytest.mark.parametrize("headers", ["", "Host: localhost\r\n"], ids=["without a host", "with one"])
async def test_an_old_proxy_that_speaks_http_1_0_is_read(server: Server, headers: str) -> None:
    head = f"POST {PATHS[0]} HTTP/1.0\r\n{headers}Content-Length: {len(BODY)}\r\n\r\n"
    assert (await server.raw(head, BODY.encode())).startswith(b"HTTP/1.1 200 ")


async def test_what_stands_behind_the_chunks_is_no_header(server: Server) -> None:
    """Else the end of a request could take back what its head was judged by."""
    chunks = f"{len(BODY):x}\r\n{BODY}\r\n0\r\nOrigin: http://evil.example\r\n\r\n"
    head = _head(PATHS[0], "Connection: close\r\nTransfer-Encoding: chunked\r\n")
    assert (await server.raw(head, chunks.encode())).startswith(b"HTTP/1.1 200 ")


async def test_a_body_of_many_tiny_chunks_is_not_read_without_end(server: Server) -> None:
    chunk = f"1;{'x' * 2000}\r\na\r\n".encode()
    answer = await server.raw(_head(PATHS[0], "Transfer-Encoding: chunked\r\n"), chunk * 400)
    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_requests_that_wait_for_no_answer_are_refused_when_there_are_many(server: Server) -> None:
    one = _head(PATHS[0], f"Content-Length: {len(BODY)}\r\n") + BODY
    assert b"HTTP/1.1 400 " in await server.raw(one * (MOST_WAITING + 3))
    assert await server.answers_somebody_else()


async def test_an_answer_is_given_up_when_what_follows_it_cannot_be_read(server: Server) -> None:
    """Nothing is written behind the refusal, and that is no failure of ours."""
    begun, may_go_on = asyncio.Event(), asyncio.Event()

    async def gated(asked: Asked, say: Say) -> None:
        begun.set()
        await may_go_on.wait()
        await say_ok(asked, say)

    server.on_message = gated
    one = _head(PATHS[0], f"Content-Length: {len(BODY)}\r\n") + BODY
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(one.encode())
    await begun.wait()
    writer.write((one + _head(PATHS[0], "Content-Length: -1\r\n")).encode())
    assert _reason(await asyncio.wait_for(reader.read(), ANSWER_S)).endswith(".")
    writer.close()
    may_go_on.set()
    await until(lambda: not server.edge.server_state.tasks)
    assert server.turns.metrics.failures.labels("RuntimeError")._value.get() == 0


SLOW = {
    "a head": [b"POST /webhooks/rest/webhook HTTP/1.1\r\n", *[b"X-Slow: a\r\n"] * 50],
    "a name": [b"GET / HTTP/1.1\r\nHost: a\r\nX-", *[b"a"] * 50],
    "a body": [_head(PATHS[0], "Content-Length: 60\r\n").encode(), *[b"a"] * 50],
    "a chunk": [_head(PATHS[0], "Transfer-Encoding: chunked\r\n").encode() + b"40\r\n", *[b"a"] * 50],
    "blank lines": [b"\r\n"] * 50,
}


@pytest.mark.parametrize("parts", SLOW.values(), ids=SLOW)
async def test_who_sends_byte_after_byte_is_sent_away(
    server: Server, parts: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_line, "SLOWEST_REQUEST_S", SHORT_S)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    answer = asyncio.ensure_future(reader.read())
    for part in parts:
        writer.write(part)
        await asyncio.sleep(SHORT_S / 10)
        if answer.done():
            break
    assert "seconds" in _reason(await asyncio.wait_for(answer, ANSWER_S), 408)
    writer.close()


async def test_a_line_on_which_nothing_is_said_is_closed(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_line, "SLOWEST_REQUEST_S", SHORT_S)
    assert await server.raw("") == b""


async def test_an_answer_that_takes_long_is_waited_for(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock runs while a request arrives, not while it is answered."""

    async def slowly(asked: Asked, say: Say) -> None:
        await asyncio.sleep(5 * SHORT_S)
        await say_ok(asked, say)

    monkeypatch.setattr(http_line, "SLOWEST_REQUEST_S", SHORT_S)
    server.on_message = slowly
    assert await server.answers_somebody_else()


async def test_one_address_may_not_hold_every_line(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LOOPBACK", ())  # so that this machine counts as a stranger
    monkeypatch.setattr(lines, "MOST_LINES_OF_AN_ADDRESS", 3)
    held = [await asyncio.open_connection("127.0.0.1", server.port) for _ in range(3)]
    assert "address" in _reason(await server.raw(_head("/", "")), 429)
    held[0][1].close()
    await until(lambda: server.connections < 3)
    assert await server.answers_somebody_else()
    for _, writer in held:
        writer.close()
