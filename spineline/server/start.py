"""Finds everything that would keep a process from answering, before it starts, and says all of it at once."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

from spineline.content.library import ROOT, load_content
from spineline.errors import ConfigError, ContentError
from spineline.keep.damage import damage_of
from spineline.keep.sessions import read_secret
from spineline.keep.takeover import CONVERSATIONS
from spineline.settings import DATABASE_FILE, Settings


def check_start(settings: Settings) -> None:
    """ConfigError lists everything that would keep the server from answering."""
    _report([*_of_answers(settings), *_of_ports(settings)])


def check_chat(settings: Settings) -> None:
    """The same for the chat in the terminal, which needs no port."""
    _report([*_of_answers(settings)])


def _report(problems: list[str]) -> None:
    if problems:
        raise ConfigError(problems)


def _of_answers(settings: Settings) -> Iterator[str]:
    try:
        load_content(ROOT, settings.clinic)
    except ContentError as error:
        yield from error.problems
    if not settings.model.is_file():
        yield f"MODEL={settings.model}: there is no trained model. Run `make train`."
    if _is_writable(settings.data_dir):
        yield from _of_data(settings)
    else:
        yield f"DATA_DIR={settings.data_dir}: nothing can be written there. Change it, or its permissions."


def _of_data(settings: Settings) -> Iterator[str]:
    try:
        read_secret(settings.secret_key, settings.data_dir)
    except ConfigError as error:
        yield from error.problems
    for path in sorted(settings.data_dir.glob("*.db")):
        damage = damage_of(
            path, is_searched=path.name not in (DATABASE_FILE, CONVERSATIONS)
        )  # conversations can be many
        if damage:
            yield damage


def _of_ports(settings: Settings) -> Iterator[str]:
    places = {"PORT": (settings.host, settings.port), "METRICS_PORT": ("127.0.0.1", settings.metrics_port)}
    for name, (host, port) in places.items():
        if port and not _is_free(host, port):
            yield f"{name}={port}: is in use on {host}. Stop what listens there, or change it."


def _is_writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError:
        return False
    return os.access(folder, os.W_OK | os.X_OK)


def _is_free(host: str, port: int) -> bool:
    try:
        with socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET):
            return True
    except OSError:
        return False
