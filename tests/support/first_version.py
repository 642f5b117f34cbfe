"""An install of the first version (tests/install/make_first_version.py)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from spineline.content.library import ROOT

FIRST_VERSION = ROOT / "tests/install/first_version"


def first_version(folder: Path) -> None:
    """DATA_DIR as the first version left it."""
    for dump in FIRST_VERSION.glob("*.sql"):
        database = sqlite3.connect(folder / f"{dump.stem}.db")
        database.executescript(dump.read_text(encoding="utf-8"))
        database.close()
    (folder / "secret").write_text((FIRST_VERSION / "secret.txt").read_text().strip())
