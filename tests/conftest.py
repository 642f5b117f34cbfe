"""Shared by all tests: the two clinics' content, and no connection that leaves this machine."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest
import structlog

os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from spineline.content.library import ROOT, Content, load_content
from spineline.keep.database import Database
from spineline.turns import linking

# The same examples each time, and no example is too slow on a busy machine.
hypothesis.settings.register_profile(
    "calm", deadline=None, derandomize=True, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("calm")

LOOPBACK = ("127.", "::1", "localhost", "0.0.0.0")
MODEL = ROOT / "models" / "spineline.tar.gz"


@pytest.fixture(scope="session")
def content() -> Content:
    return load_content(ROOT, "spine_institute")


@pytest.fixture(scope="session")
def example() -> Content:
    return load_content(ROOT, "example")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def model() -> Path:
    if not MODEL.is_file():
        pytest.skip("There is no trained model yet: run `make train`.")
    return MODEL


@pytest.fixture(autouse=True)
def _every_read_is_waited_for(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Nobody goes on without what could not be read in time: a busy machine is no database that hangs. Tests about one
    that does are marked `hangs`."""
    if request.node.get_closest_marker("hangs"):
        return
    read = Database.read
    monkeypatch.setattr(Database, "read", lambda self, work, _=None: read(self, work))
    monkeypatch.setattr(linking, "QUICK_S", None)


class LeftTheMachineError(AssertionError):
    """A test opened a connection that is not loopback."""


@pytest.fixture(autouse=True, scope="session")
def _no_connection_leaves_this_machine() -> Iterator[None]:
    real = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> object:
        host = address[0] if isinstance(address, tuple) else "localhost"
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(host).startswith(LOOPBACK):
            raise LeftTheMachineError(f"A connection to {host} was tried. Spineline talks to this machine only.")
        return real(self, address)

    socket.socket.connect = guarded  # type: ignore[method-assign, assignment]
    yield
    socket.socket.connect = real  # type: ignore[method-assign]


@pytest.fixture(autouse=True)
def _logs_as_they_were() -> Iterator[None]:
    """A test that sets up the log does it for itself alone."""
    root = logging.getLogger()
    before = root.handlers[:], root.level, structlog.get_config()
    yield
    root.handlers[:], root.level = before[0], before[1]
    structlog.configure(**before[2])
