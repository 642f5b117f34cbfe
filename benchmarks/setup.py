"""What doing without TensorFlow saves: `make .venv-stock/stamp`, then `.venv/bin/python benchmarks/setup.py`.
Writes benchmarks/results/setup.json.

The same server and model start in turn with the packages of requirements.lock and with those of stock Rasa beside them.
Disk is what the packages of a lock file hold, compiled files included. CPU seconds, because a busy machine does not
change them; wall-clock seconds beside them.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.client import memory_mb  # noqa: E402
from benchmarks.machine import write_result  # noqa: E402
from scripts.check_wheels import pins  # noqa: E402

KINDS = {"spineline": (".venv", "requirements.lock"), "stock": (".venv-stock", "requirements-stock.lock")}
ROUNDS = int(os.environ.get("ROUNDS", "5"))
QUESTION = {"sender": "setup", "message": "how long should I hold a plank?"}
SIZES = """
import importlib.metadata, sys
files = [f.locate() for name in sys.argv[1:] for f in importlib.metadata.files(name) or ()]
print(sum(f.stat().st_size for f in set(files) if f.is_file()))
"""


def python(kind: str) -> str:
    return str(ROOT / KINDS[kind][0] / "bin/python")


def disk_mb(kind: str) -> int:
    names = [pin.partition("==")[0].partition("[")[0] for pin in pins(ROOT / KINDS[kind][1])]
    return int(subprocess.check_output([python(kind), "-c", SIZES, *names])) // 2**20


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])


def ask(port: int) -> Any:
    """The answer, or nothing while the server starts."""
    address = f"http://127.0.0.1:{port}/webhooks/rest/webhook"
    request = urllib.request.Request(address, json.dumps(QUESTION).encode(), {"Content-Type": "application/json"})
    try:
        return json.load(urllib.request.urlopen(request, timeout=60))
    except OSError:
        return None


def cpu_s(pid: int) -> float:
    """Seconds that a process has computed, in user and system mode."""
    numbers = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def start(kind: str) -> dict[str, float]:
    """From the command to the first answer."""
    port, began = free_port(), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATA_DIR": folder, "PORT": str(port)}
        command = [python(kind), "-W", "ignore", "-m", "spineline", "serve"]
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            while not ask(port):
                assert server.poll() is None, f"the server of {kind} ended: is there a model (`make train`)?"
                time.sleep(0.1)
            took = {
                "wall_s": time.monotonic() - began,
                "cpu_s": cpu_s(server.pid),
                "memory_mb": memory_mb([server.pid]),
            }
        finally:
            server.terminate()
            server.wait(60)
    return took


def main() -> None:
    found: dict[str, list[dict[str, float]]] = {kind: [] for kind in KINDS}
    for number in range(ROUNDS + 1):
        for kind in KINDS:
            took = start(kind)
            if number:  # the first round fills the caches of the disk
                found[kind].append(took)
    start_to_answer = {
        kind: {name: round(median(run[name] for run in runs), 2) for name in runs[0]} for kind, runs in found.items()
    }
    numbers = {"rounds": ROUNDS, "disk_mb": {kind: disk_mb(kind) for kind in KINDS}, "first_answer": start_to_answer}
    print(json.dumps(numbers, indent=1))
    print(write_result("setup", numbers))


if __name__ == "__main__":
    main()
