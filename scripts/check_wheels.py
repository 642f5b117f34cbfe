"""Asks for each kind of machine which packages of a lock file cannot be had as wheels, and prints them:

    .venv/bin/python scripts/check_wheels.py requirements.lock

It needs the network and is therefore no test. What it found last stands in docs/operations.md.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

MACHINES = {
    "Linux x86-64": "x86_64-unknown-linux-gnu",
    "Linux arm64": "aarch64-unknown-linux-gnu",
    "macOS arm64": "aarch64-apple-darwin",
    "macOS x86-64": "x86_64-apple-darwin",
}


def pins(lock: Path) -> list[str]:
    """Every package with its version."""
    lines = lock.read_text(encoding="utf8").splitlines()
    return [line.split(" ")[0] for line in lines if line[:1].isalnum() and "==" in line]


def has_wheels(wanted: list[str], machine: str) -> bool:
    """Whether uv, which reads only what an index says about files, finds a wheel of each."""
    command = f"pip compile -q --no-deps --only-binary :all: --python-version 3.10 --python-platform {machine} -"
    uv = Path(sys.executable).with_name("uv")
    return not subprocess.run(
        [uv, *command.split()], input="\n".join(wanted), capture_output=True, text=True
    ).returncode


def without_wheel(wanted: list[str], machine: str) -> list[str]:
    """Those that have none, found by halving."""
    if not wanted or has_wheels(wanted, machine):
        return []
    if len(wanted) == 1:
        return wanted
    half = len(wanted) // 2
    return without_wheel(wanted[:half], machine) + without_wheel(wanted[half:], machine)


if __name__ == "__main__":
    locked = pins(Path(sys.argv[1]))
    for name, machine in MACHINES.items():
        missing = without_wheel(locked, machine)
        print(
            f"{name}: {len(locked) - len(missing)} of {len(locked)}; no wheel of: {', '.join(missing) or 'none'}",
            flush=True,
        )
