"""Rasa reports nothing to its makers, and our commands talk to this machine only."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# Python imports a module of this name before anything else, in each process that has its folder in PYTHONPATH.
GUARD = """
import os, socket

NEAR = ("127.", "::1", "localhost", "0.0.0.0")

def note(host):
    with open(os.environ["LEFT_THE_MACHINE"], "a") as file:
        file.write(f"{host}\\n")
    raise OSError(f"a connection to {host} was tried")

def guarded(real):
    def connect(self, address, *rest):
        host = address[0] if isinstance(address, tuple) else "localhost"
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(host).startswith(NEAR):
            note(host)
        return real(self, address, *rest)
    return connect

class Guarded(socket.socket):
    connect = guarded(socket.socket.connect)
    connect_ex = guarded(socket.socket.connect_ex)

def getaddrinfo(host, *rest, real=socket.getaddrinfo, **more):
    if host and not str(host).startswith(NEAR):
        note(host)
    return real(host, *rest, **more)

socket.socket, socket.getaddrinfo = Guarded, getaddrinfo
"""


def run(tmp_path: Path, *command: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """Run Python without the switch of the make file, and list the hosts that it tried to reach."""
    (tmp_path / "sitecustomize.py").write_text(GUARD)
    left = tmp_path / "left"
    environment = {name: value for name, value in os.environ.items() if name != "RASA_TELEMETRY_ENABLED"}
    environment |= {"PYTHONPATH": f"{tmp_path}:{ROOT}", "LEFT_THE_MACHINE": str(left), "HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", *command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done, left.read_text().split() if left.exists() else []


def test_the_make_file_switches_telemetry_off_for_every_target() -> None:
    lines = (ROOT / "Makefile").read_text(encoding="utf8").splitlines()
    assert "export RASA_TELEMETRY_ENABLED := false" in lines


def test_the_gate_runs_nothing_but_make_targets_of_ours() -> None:
    gate = (ROOT / ".ci/run").read_text(encoding="utf8")
    assert "make lint" in gate
    assert not [word for word in ("rasa ", "python ", "pytest") if word in gate]


def test_our_commands_switch_telemetry_off_before_rasa_is_imported(tmp_path: Path) -> None:
    code = (
        "import os, sys, spineline.__main__ as m; sys.argv = ['x', 'check']; m.main(); "
        "print(os.environ['RASA_TELEMETRY_ENABLED'], 'rasa' in sys.modules)"
    )
    done, _ = run(tmp_path, "-c", code)
    assert done.stdout.split()[-2:] == ["false", "False"], done.stderr


def test_rasa_takes_our_switch_for_a_no(monkeypatch: pytest.MonkeyPatch) -> None:
    from rasa import telemetry

    monkeypatch.setenv("RASA_TELEMETRY_ENABLED", "false")
    assert not telemetry.is_telemetry_enabled()


def test_a_command_connects_to_this_machine_only(tmp_path: Path) -> None:
    done, left = run(tmp_path, "-m", "spineline", "check")
    assert (done.returncode, left) == (0, []), done.stderr


@pytest.mark.parametrize(
    "attempt",
    ["socket.create_connection(('192.0.2.1', 9), 1)", "socket.socket().connect(('192.0.2.1', 9))"],
    ids=["by name", "by address"],
)
def test_the_guard_notices_who_leaves(attempt: str, tmp_path: Path) -> None:
    done, left = run(tmp_path, "-c", f"import socket; {attempt}")
    assert (done.returncode, left) == (1, ["192.0.2.1"])
