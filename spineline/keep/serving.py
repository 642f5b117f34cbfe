"""One server for each folder: it holds a lock as long as it runs, also when it is killed."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from spineline.errors import ConfigError

_NAME = "serving.lock"


class Serving:
    """The lock of a folder, until `close` or the end of the process. ConfigError when another server has it."""

    def __init__(self, folder: Path) -> None:
        self._file = os.open(folder / _NAME, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._file)
            raise ConfigError(
                [f"DATA_DIR={folder}: another server uses it. Stop that one, or give this one a folder of its own."]
            ) from None

    def close(self) -> None:
        """Another server may start."""
        os.close(self._file)


def is_served(folder: Path) -> bool:
    """Whether a server runs on this folder."""
    if not (folder / _NAME).is_file():
        return False
    try:
        Serving(folder).close()
    except ConfigError:
        return True
    return False
