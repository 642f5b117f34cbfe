"""A bad network between a browser and the server: lines are cut, websockets are blocked, everything is slow."""

from __future__ import annotations

import contextlib
import socket
import threading

_FORBIDDEN = b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"


class Proxy:
    """Passes bytes on, as long as the test lets it."""

    def __init__(self, port: int) -> None:
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()
        self.is_away = False
        self.blocks_websockets = False
        self.hangs_websockets = False  # the upgrade is never answered
        self.flows = threading.Event()  # cleared: nothing arrives until it is set
        self.flows.set()
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """End every connection at once, in the middle of whatever it carries."""
        for end in list(self._open):
            self._shut(end)

    def close(self) -> None:
        self.flows.set()
        self.cut()
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.is_away:
                client.close()
            else:
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        try:
            first = client.recv(65536)
            if self.blocks_websockets and b"upgrade: websocket" in first.lower():
                client.sendall(_FORBIDDEN)
                client.close()
                return
            if self.hangs_websockets and b"upgrade: websocket" in first.lower():
                self._open.add(client)
                return
            server = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            client.close()
            return
        self._open |= {client, server}
        threading.Thread(target=self._pump, args=(server, client, b""), daemon=True).start()
        self._pump(client, server, first)

    def _pump(self, source: socket.socket, sink: socket.socket, data: bytes) -> None:
        try:
            while data or (data := source.recv(65536)):
                self.flows.wait()
                sink.sendall(data)
                data = b""
        except OSError:
            pass
        self._shut(source)
        self._shut(sink)

    def _shut(self, end: socket.socket) -> None:
        self._open.discard(end)
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
