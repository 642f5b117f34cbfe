"""Requests that no browser makes: each is refused with a reason, and the server goes on for everybody else."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from faulty import say_ok
from in_process import InProcess

from spineline.channels.http import MOST_BYTES
from spineline.channels.rest.channel import RestChannel
from spineline.content.library import Content
from spineline.settings import Settings

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


def _reason(answer: bytes) -> str:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 "), answer[:100]
    assert b"connection: close" in head.lower()
    return str(json.loads(body)["message"])


@pytest.mark.parametrize("headers", HEADERS.values(), ids=HEADERS)
async def test_a_length_that_can_be_read_in_two_ways_is_refused(server: Server, headers: str) -> None:
    for path in PATHS:
        assert _reason(await server.raw(_head(path, headers), b"{}")).endswith(".")
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
