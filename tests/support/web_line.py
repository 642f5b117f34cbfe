"""Conversations on the website: the requests of its script, for networks that block websockets."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from servers import ANSWERS_WITHIN_S, Reply
from talk import Step

from spineline.content.library import Content


class WebLine:
    accounts: Mapping[str, str] = MappingProxyType({})

    def connect(self, base: str, data_dir: Path, content: Content) -> None:
        self._base = base
        self._sessions: dict[str, str] = {}
        self._arrived: dict[str, int] = {}

    def say(self, sender: str, message: str) -> Reply:
        if sender not in self._sessions:
            self._sessions[sender] = self._ask("session", {"consent": True})["session"]
        number = self._arrived.get(sender, 0)
        said = {"session": self._sessions[sender], "id": f"{number:08}", "text": message}
        assert self._ask("message", said)["type"] == "got"
        return self._answers(sender)

    def _answers(self, sender: str) -> Reply:
        replies: Reply = []
        while True:
            since = self._arrived.get(sender, 0)
            for event in self._ask("poll", {"session": self._sessions[sender], "since": since})["events"]:
                self._arrived[sender] = event["seq"]
                replies.append(_reply(event["reply"]))
                if event.get("last"):
                    return replies

    def _ask(self, path: str, body: dict[str, Any]) -> Any:
        headers = {"Content-Type": "application/json", "Origin": self._base}
        request = urllib.request.Request(f"{self._base}/webhooks/web/{path}", json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=ANSWERS_WITHIN_S) as answer:
            return json.load(answer)

    def expected(self, step: Step) -> Step:
        return step

    def close(self) -> None:
        """There is no peer."""


def _reply(shown: dict[str, Any]) -> dict[str, Any]:
    calls = [{"title": call["title"], "payload": call["url"], "url": call["url"]} for call in shown.get("calls", [])]
    told = {name: shown.get(name) for name in ("card", "tier", "language")}
    return {"text": shown["text"], "buttons": [*calls, *shown.get("choices", [])], "metadata": told}
