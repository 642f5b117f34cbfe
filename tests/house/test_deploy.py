"""The service of deploy/ starts what exists, waits as long as a stop takes, and is shut in."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from spineline.settings import Settings

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy/spineline.service"
WORST_EXPOSURE = 20  # tenths, as systemd-analyze counts: "OK" ends at 4.9


def _lines() -> dict[str, str]:
    pairs = (line.split("=", 1) for line in UNIT.read_text(encoding="utf8").splitlines() if "=" in line)
    return {name: value for name, value in pairs if not name.startswith("#")}


def test_it_starts_the_command_that_serves() -> None:
    command = _lines()["ExecStart"].split()
    assert command[0].endswith(".venv/bin/python")
    assert command[-3:] == ["-m", "spineline", "serve"]
    assert command[0].startswith(_lines()["WorkingDirectory"])
    assert f"DATA_DIR=/var/lib/{_lines()['StateDirectory']}" in _lines()["Environment"]


def test_it_waits_until_whoever_has_asked_is_answered() -> None:
    assert int(_lines()["TimeoutStopSec"]) > 2 * Settings().deadline_s


def test_it_names_no_secret() -> None:
    """They stand in .env, which the program reads itself, so that no list of processes shows them."""
    assert not any(word in UNIT.read_text(encoding="utf8") for word in ("TOKEN", "SECRET", "PASSWORD", "DATABASE_URL"))


def test_it_is_shut_in() -> None:
    lines = _lines()
    for name in ("NoNewPrivileges", "ProtectHome", "PrivateTmp", "PrivateDevices", "RestrictNamespaces"):
        assert lines[name] == "yes", name
    assert lines["ProtectSystem"] == "strict"
    assert lines["CapabilityBoundingSet"] == ""
    if shutil.which("systemd-analyze"):
        command = ["systemd-analyze", "security", "--offline=true", f"--threshold={WORST_EXPOSURE}", str(UNIT)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-300:]
