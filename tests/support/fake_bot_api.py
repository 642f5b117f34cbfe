"""A tiny stand-in for Telegram: takes the bot's calls, remembers them, and refuses when a test wants it."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot_api_spec import violations

TOKEN = "123456789:FakeTokenOfATestBotThatIsNobodys"
BOT = "spine_test_bot"
SECRET = "a-secret-that-only-the-test-knows"
ACCOUNT = {"TELEGRAM_TOKEN": TOKEN, "TELEGRAM_BOT_NAME": BOT, "TELEGRAM_WEBHOOK_SECRET": SECRET}


class FakeBotApi:
    """A server in a thread. `refusals` are answered first, one for each call: (status, what Telegram says)."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.refusals: list[tuple[int, dict[str, Any]]] = []
        self.results: dict[str, Any] = {"getMe": {"username": BOT}, "getWebhookInfo": {"url": ""}}
        self.wrong: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def sent(self, chat: int) -> list[dict[str, Any]]:
        """What was said in a chat, in order."""
        return [body for method, body in self.calls if method == "sendMessage" and body.get("chat_id") == chat]

    def take(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        token, _, method = path.removeprefix("/bot").partition("/")
        if self.refusals:
            status, said = self.refusals.pop(0)
            return status, {"ok": False, "error_code": status, **said}
        self.wrong += violations(method, body) if token == TOKEN else ["wrong token"]
        self.calls.append((method, body))
        return 200, {"ok": True, "result": self.results.get(method, True)}

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(api: FakeBotApi) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # head and body in one piece

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            status, answer = api.take(self.path, body)
            said = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(said)))
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            """A test prints nothing."""

    return Handler
