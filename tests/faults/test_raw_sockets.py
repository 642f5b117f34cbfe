"""Websockets that no browser opens: each is refused with a reason, and the server goes on for everybody else."""

from __future__ import annotations

import asyncio
import json
import struct
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from faulty import SAID
from patience import SHORT_S, until, without_hanging
from web_server import WebServer, reply_to

from spineline.channels.http import MOST_BYTES
from spineline.content.library import Content
from spineline.server import socket_line
from spineline.server.socket_line import FRAMES_AT_ONCE

TEXT, BINARY, CLOSE, PING, PONG, MORE = 1, 2, 8, 9, 10, 0
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
UPGRADE = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": KEY}
GREETINGS: dict[str, tuple[dict[str, str | None], int]] = {
    "no key": ({"Sec-WebSocket-Key": None}, 400),
    "a short key": ({"Sec-WebSocket-Key": "abc"}, 400),
    "no version": ({"Sec-WebSocket-Version": None}, 426),
    "an old version": ({"Sec-WebSocket-Version": "8"}, 426),
    "no host": ({"Host": None}, 400),
}


@pytest.fixture
async def server(content: Content, tmp_path: Path) -> AsyncIterator[WebServer]:
    async with WebServer(content, tmp_path) as server:
        yield server


class Line:
    """A websocket whose every byte the test chooses."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, kind: int, body: bytes = b"", is_last: bool = True, mask: bytes | None = b"\1\2\3\4") -> None:
        self.writer.write(frame(kind, body, is_last, mask))

    async def receive(self) -> tuple[int, bytes]:
        first, second = await without_hanging(self.reader.readexactly(2))
        length = second & 0x7F
        if length == 126:
            (length,) = struct.unpack("!H", await self.reader.readexactly(2))
        return first & 0x0F, await self.reader.readexactly(length)

    async def closed_with(self) -> tuple[int, str]:
        """Code and reason."""
        while (said := await self.receive())[0] != CLOSE:
            pass
        return struct.unpack("!H", said[1][:2])[0], said[1][2:].decode()


def frame(kind: int, body: bytes = b"", is_last: bool = True, mask: bytes | None = b"\1\2\3\4") -> bytes:
    flag, size = 0x80 if mask else 0, len(body)
    length = bytes([flag | size]) if size < 126 else struct.pack("!BH", flag | 126, size)
    if size > 0xFFFF:
        length = struct.pack("!BQ", flag | 127, size)
    masked = bytes(byte ^ mask[at % 4] for at, byte in enumerate(body)) if mask else body
    return bytes([(0x80 if is_last else 0) | kind]) + length + (mask or b"") + masked


async def greet(
    server: WebServer, path: str = "/webhooks/web/socket", **changed: str | None
) -> tuple[int, Line, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    place = f"127.0.0.1:{server.port}"
    headers = {"Host": place, "Origin": f"http://{place}", **UPGRADE, **changed}
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items() if value is not None)
    writer.write(f"GET {path} HTTP/1.1\r\n{lines}\r\n".encode())
    head = await without_hanging(reader.readuntil(b"\r\n\r\n"))
    return int(head.split()[1]), Line(reader, writer), head


async def talk(server: WebServer) -> Line:
    """A line on which the chat has begun."""
    session = await server.begin()
    status, line, _ = await greet(server)
    assert status == 101
    line.send(TEXT, json.dumps({"session": session, "since": 0}).encode())
    assert json.loads((await line.receive())[1])["type"] == "ready"
    return line


async def answers_somebody_else(server: WebServer) -> bool:
    session = await server.begin()
    async with server.socket() as socket:
        await socket.send_str(json.dumps({"session": session, "since": 0}))
        await socket.send_str(json.dumps({"id": "message-1", "text": SAID["en"]}))
        return bool((await reply_to(socket, "message-1"))["reply"]["text"] == "ok")


@pytest.mark.parametrize(("changed", "status"), GREETINGS.values(), ids=GREETINGS)
async def test_a_greeting_that_is_none_is_refused(
    server: WebServer, changed: dict[str, str | None], status: int
) -> None:
    found, line, _ = await greet(server, **changed)
    assert found == status
    assert json.loads(await without_hanging(line.reader.read()))["message"].endswith(".")
    assert await answers_somebody_else(server)


async def test_there_is_no_websocket_elsewhere(server: WebServer) -> None:
    assert (await greet(server, "/webhooks/web/session"))[0] == 403
    assert (await greet(server, "/nowhere"))[0] == 403


async def test_nothing_is_packed(server: WebServer) -> None:
    """A small frame could be unpacked to a huge one."""
    _, _, head = await greet(server, **{"Sec-WebSocket-Extensions": "permessage-deflate"})
    assert b"permessage-deflate" not in head


WRONG = {
    "no mask": (frame(TEXT, b"{}", mask=None), 1002),
    "a kind that is none": (frame(3, b"{}"), 1002),
    "a ping that is too long": (frame(PING, b"x" * 126), 1002),
    "a ping in parts": (frame(PING, b"x", is_last=False), 1002),
    "a part of nothing": (frame(MORE, b"x"), 1002),
    "text that is no UTF-8": (frame(TEXT, b"\xff\xfe"), 1007),
    "a flag of an extension": (bytes([0xC1, 0x80]) + b"\1\2\3\4", 1002),
    "a reason that is too short": (frame(CLOSE, b"x"), 1002),
    "a code that is none": (frame(CLOSE, struct.pack("!H", 1005)), 1002),
    "a message that is too long": (frame(TEXT, b" " * (MOST_BYTES + 1)), 1009),
    "parts that are too long together": (frame(TEXT, b" " * 40_000, is_last=False) + frame(MORE, b" " * 40_000), 1009),
    "a length beyond all": (bytes([0x81, 0xFF]) + struct.pack("!Q", 1 << 63) + b"\1\2\3\4", 1002),
}


@pytest.mark.parametrize(("sent", "code"), WRONG.values(), ids=WRONG)
async def test_frames_that_are_none_end_the_line(server: WebServer, sent: bytes, code: int) -> None:
    line = await talk(server)
    line.writer.write(sent)
    assert (await line.closed_with())[0] == code
    assert await answers_somebody_else(server)


async def test_rubbish_ends_the_line(server: WebServer) -> None:
    line = await talk(server)
    line.writer.write(b"rubbish" * 30_000)
    assert (await line.closed_with())[0] in (1002, 1009)
    assert await answers_somebody_else(server)


@pytest.mark.parametrize("kind", [TEXT, BINARY, PING, PONG], ids=["text", "binary", "ping", "pong"])
async def test_more_frames_than_anybody_types_end_the_line(server: WebServer, kind: int) -> None:
    line = await talk(server)
    line.writer.write(frame(kind, b"{}") * 20_000)
    assert await line.closed_with() == (1008, "Too many frames.")
    assert await answers_somebody_else(server)


async def test_a_quick_hand_is_not_too_many(server: WebServer) -> None:
    line = await talk(server)
    for _ in range(FRAMES_AT_ONCE // 2):
        line.send(TEXT, b"{}")
    said = [json.loads((await line.receive())[1])["type"] for _ in range(FRAMES_AT_ONCE // 2)]
    assert set(said) == {"pong"}


async def test_a_message_in_parts_is_one(server: WebServer) -> None:
    line = await talk(server)
    text = json.dumps({"id": "message-1", "text": SAID["es"]}).encode()
    line.send(TEXT, text[:9], is_last=False)
    line.send(PING, b"here")
    line.send(MORE, text[9:])
    assert await line.receive() == (PONG, b"here")
    assert json.loads((await line.receive())[1]) == {"type": "got", "id": "message-1"}


async def test_a_message_whose_end_does_not_come_is_given_up(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket_line, "SLOWEST_MESSAGE_S", SHORT_S)
    line = await talk(server)
    line.send(TEXT, b"{", is_last=False)
    code, reason = await line.closed_with()
    assert code == 1008
    assert "seconds" in reason


async def test_who_does_not_read_is_given_up(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket_line.SocketLine, "slowest_reader_s", SHORT_S)
    line = await talk(server)
    (held,) = [held for held in server.edge.server_state.connections if isinstance(held, socket_line.SocketLine)]
    line.writer.transport.pause_reading()  # type: ignore[attr-defined]
    held.transport.write(b"x" * 20_000_000)
    await until(lambda: held not in server.edge.server_state.connections)
    assert await answers_somebody_else(server)


async def test_a_line_that_breaks_leaves_nothing_behind(server: WebServer) -> None:
    line = await talk(server)
    line.writer.transport.abort()
    await until(lambda: not server.web._chats._live)  # type: ignore[union-attr]
