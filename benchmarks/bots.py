"""The servers that are compared: Rasa's own starter bot in three set-ups, and Spineline with and without a disk."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RASA = [str(ROOT / ".venv-stock/bin/python"), "-W", "ignore", "-m", "rasa"]  # its starter bot needs TensorFlow
ENVIRONMENT = {
    **os.environ,
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "SANIC_HOST": "127.0.0.1",
    "RATE_PER_SESSION": "0",
    "RATE_PER_ADDRESS": "0",
    "MOST_IN_FLIGHT": "1000",
    "LOG_LEVEL": "ERROR",
}
_ACTIONS = '''"""Answers what the starter bot answers, by custom actions."""
from rasa_sdk import Action

TEXTS = {texts!r}


def action(name, text):
    async def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text=text)
        return []

    return type(name, (Action,), {{"name": lambda self: name, "run": run}})


for name, text in TEXTS.items():
    globals()[name] = action(name, text)
'''


@dataclass(frozen=True)
class Bot:
    """One server under test: its processes, in `folder`, and where it answers."""

    name: str
    port: int
    folder: Path
    commands: Sequence[Sequence[str]]
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/webhooks/rest/webhook"

    def start(self) -> list[subprocess.Popen[bytes]]:
        """Start every process; what they print goes to a file beside what is kept."""
        log = (Path(self.environment.get("DATA_DIR", self.folder)) / f"{self.name}.log").open("wb")
        settings = {"env": {**ENVIRONMENT, **self.environment}, "cwd": self.folder, "stdout": log, "stderr": log}
        return [subprocess.Popen(command, **settings) for command in self.commands]  # type: ignore[call-overload]


def make_bots(folder: Path) -> list[Bot]:
    """Train the starter bots in `folder` (kept when they are there) and describe all servers."""
    plain, acting = folder / "init", folder / "init_actions"
    if not list(plain.glob("models/*.tar.gz")):
        plain.mkdir(parents=True, exist_ok=True)
        _rasa(plain, "init", "--no-prompt")
    if not list(acting.glob("models/*.tar.gz")):
        shutil.copytree(plain, acting, ignore=shutil.ignore_patterns("models"), dirs_exist_ok=True)
        _let_actions_answer(acting)
        _rasa(acting, "train")
    (plain / "sqlite.yml").write_text(f"tracker_store:\n  type: SQL\n  dialect: sqlite\n  db: {folder / 'init.db'}\n")
    return [
        Bot("init_memory", 5411, plain, [_run(5411)]),
        Bot("init_sqlite", 5412, plain, [_run(5412, "--endpoints", "sqlite.yml")]),
        Bot("init_actions", 5413, acting, [_run(5413), [*RASA, "run", "actions", "--port", "5423"]]),
        _spineline("memory", 5414, folder),
        _spineline("sqlite", 5415, folder),
    ]


def _run(port: int, *more: str) -> list[str]:
    return [*RASA, "run", "--port", str(port), "--interface", "127.0.0.1", *more]


def _rasa(folder: Path, *arguments: str) -> None:
    subprocess.run([*RASA, *arguments], cwd=folder, env=ENVIRONMENT, check=True, stdout=subprocess.DEVNULL)


def _let_actions_answer(folder: Path) -> None:
    """Every answer comes from an action server; intents, stories and training stay as they are."""
    domain = (folder / "domain.yml").read_text()
    texts = dict(re.findall(r'  utter_(\w+):\n  - text: "(.*)"', domain))
    names = "".join(f"- answer_{name}\n" for name in texts)
    (folder / "domain.yml").write_text(domain.partition("responses:")[0] + f"actions:\n{names}")
    for file in folder.glob("data/*.yml"):
        file.write_text(file.read_text().replace("action: utter_", "action: answer_"))
    for file in folder.glob("tests/*.yml"):
        file.unlink()
    answers = {f"answer_{name}": text for name, text in texts.items()}
    (folder / "actions" / "actions.py").write_text(_ACTIONS.format(texts=answers))
    (folder / "endpoints.yml").write_text('action_endpoint:\n  url: "http://127.0.0.1:5423/webhook"\n')


def _spineline(store: str, port: int, folder: Path) -> Bot:
    data = folder / f"spineline_{store}"
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir()
    settings = {"DATA_DIR": str(data), "PORT": str(port), "PYTHONPATH": str(ROOT)}
    settings["MODEL"] = os.environ.get("MODEL") or str(ROOT / "models" / "spineline.tar.gz")
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.serve", store]
    return Bot(f"spineline_{store}", port, ROOT, [command], settings)
