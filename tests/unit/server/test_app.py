"""Everything is built from one Settings object, and nothing asks the environment again."""

from __future__ import annotations

import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
from in_process import close_edge, open_edge
from rasa.core.channels.channel import UserMessage

from spineline.content.library import Content
from spineline.engine.agent import ClinicAgent
from spineline.server.app import create_app
from spineline.server.edge import Edge
from spineline.settings import Settings


async def act(agent: ClinicAgent, message: UserMessage) -> None:
    """Rasa without a model: the phone number is asked for, and our own action answers."""
    if message.text == "fail":
        raise RuntimeError
    choice = {"entity": "choice", "value": "contact/about"}
    latest = {"text": message.text, "intent": {"name": "ask_contact"}, "entities": [choice], "language": "en"}
    tracker = {"sender_id": message.sender_id, "slots": {}, "latest_message": latest, "events": [], "paused": False}
    tracker |= {"followup_action": None, "active_loop": {}, "latest_action_name": None}
    call = {"next_action": "action_answer", "sender_id": message.sender_id, "tracker": tracker, "domain": {}}
    done = await agent.action_endpoint.request(json=call)
    for said in done["responses"]:
        said["metadata"] = said.get("metadata") or {}
        await message.output_channel.send_response(message.sender_id, said)


@pytest.fixture
async def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """A server for the invented clinic, in an environment that names the other one."""
    monkeypatch.setenv("CLINIC", "spine_institute")
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "of_the_environment"))
    monkeypatch.setattr(ClinicAgent, "load_model", lambda *_: None)
    monkeypatch.setattr(ClinicAgent, "handle_message", act)
    settings = Settings(clinic="example", data_dir=tmp_path / "kept")
    place = socket.create_server(("127.0.0.1", 0))
    edge = Edge(create_app(settings), settings)
    await open_edge(edge, place)
    yield f"http://127.0.0.1:{place.getsockname()[1]}"
    await close_edge(edge)
    assert os.listdir(tmp_path) == ["kept"]


@pytest.mark.parametrize("way", ["an answer", "a failure", "an emergency", "/", "/privacy", "/spineline.js"])
async def test_the_clinic_of_the_settings_speaks(server: str, content: Content, example: Content, way: str) -> None:
    text = await said(server, way)
    assert example.clinic.name in text or example.clinic.phone in text
    assert content.clinic.phone not in text
    assert content.clinic.name not in text


async def said(server: str, way: str) -> str:
    messages = {"an answer": "your number?", "a failure": "fail", "an emergency": "I can't pee and my saddle is numb"}
    async with aiohttp.ClientSession() as client:
        if way in messages:
            body = {"sender": "anna", "message": messages[way]}
            async with client.post(f"{server}/webhooks/rest/webhook", json=body) as response:
                return "\n".join(reply["text"] for reply in await response.json())
        async with client.get(server + way) as response:
            assert response.status == 200
            return await response.text()
