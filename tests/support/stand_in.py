"""A stranger's server, in a thread: what is posted to it, a test says."""

from __future__ import annotations

import json
import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, Any, dict[str, str]]  # status, bytes or what becomes JSON, headers


class StandIn(ABC):
    """Answers every POST as `take` says; `wrong` collects what the real server would have refused."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @abstractmethod
    def take(self, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        """What the server answers to this."""

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(server: StandIn) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1  # head and body in one piece

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            status, answer, headers = server.take(self.path, dict(self.headers), body)
            said = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(status)
            head = {"Content-Type": "application/json", **headers, "Content-Length": str(len(said))}
            for name, value in head.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: Any) -> None:
            """A test prints nothing."""

    return Handler
