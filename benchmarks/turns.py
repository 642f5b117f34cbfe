"""What kinds of turns cost, and how memory grows: `python benchmarks/turns.py`. Writes benchmarks/results/turns.json.

Two servers of the same model, one of them answering one question by a plain `utter_` of Rasa; questions after a report
of pain ("form turns") and answers by custom actions on the other. Measured in turn, five times; CPU ms per message.
"""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.bots import ENVIRONMENT, Bot  # noqa: E402
from benchmarks.client import Run, measure, memory_mb, wait_until_up  # noqa: E402
from benchmarks.load import MIXED, QUIET, is_answer, stop  # noqa: E402
from benchmarks.machine import write_result  # noqa: E402

ASKED = [["why is a strong core good for my back"] * 4]
PAIN = [["my lower back is stiff", "none of these", "4", "since monday, about the same", "no"]]
ROUNDS = int(os.environ.get("ROUNDS", "5"))
MESSAGES = 200
GROWTH = (2500, 5000, 7500, 10_000)  # messages; ten to a conversation
LIMITS = {"a form turn against an answer": ("form", "action", 1.5), "an action against utter": ("action", "utter", 1.3)}


def train_with_utter(folder: Path) -> Path:
    """The same model, but `ask_core` is answered by a response of domain.yml, as long as the card's."""
    data = folder / "data"
    shutil.copytree(ROOT / "data", data)
    rules = data / "rules" / "answers.yml"
    text = re.sub(r"(- intent: ask_core\n\s+- action: )action_answer", r"\1utter_core", rules.read_text())
    rules.write_text(text)
    for story in (data / "stories").glob("*.yml"):
        story.unlink()
    from spineline.content.library import current_content

    said = current_content().answer("core/why").text["en"]
    domain = (ROOT / "domain.yml").read_text() + f'\nresponses:\n  utter_core:\n  - text: "{said}"\n'
    (folder / "domain.yml").write_text(domain)
    import rasa

    result = rasa.train(
        str(folder / "domain.yml"), str(ROOT / "config.yml"), [str(data)], str(folder), fixed_model_name="utter"
    )
    assert result.model, "the model with the plain reply could not be trained"
    return Path(result.model)


def server(name: str, port: int, folder: Path, store: str, **settings: str) -> Bot:
    data = folder / name
    data.mkdir()
    environment = {"DATA_DIR": str(data), "PORT": str(port), "PYTHONPATH": str(ROOT), **settings}
    return Bot(name, port, ROOT, [[sys.executable, "-W", "ignore", "-m", "benchmarks.serve", store]], environment)


async def compare(answering: Bot, uttering: Bot, pids: dict[str, list[int]]) -> dict[str, list[Run]]:
    kinds = {"action": (answering, ASKED), "utter": (uttering, ASKED), "form": (answering, PAIN)}
    found: dict[str, list[Run]] = {kind: [] for kind in kinds}
    for number in range(ROUNDS + 1):
        for kind, (bot, said) in kinds.items():
            run = await measure(bot.url, pids[bot.name], said, MESSAGES, 1, is_answer)
            if number:  # the first round warms up
                found[kind].append(run)
        print({kind: round(runs[-1].cpu, 2) for kind, runs in found.items() if runs}, flush=True)
    return found


async def grow(bot: Bot, pids: list[int]) -> dict[str, float]:
    """Memory in MB after so many messages."""
    conversations = [(talk * 4)[:10] for talk in (*QUIET, *MIXED)]
    found, said = {"0": memory_mb(pids)}, 0
    for messages in GROWTH:
        await measure(bot.url, pids, conversations, messages - said, 8, is_answer)
        said = messages
        found[str(messages)] = memory_mb(pids)
        print(messages, found[str(messages)], flush=True)
    return found


async def bench(bots: list[Bot], pids: dict[str, list[int]]) -> dict[str, object]:
    for bot in bots:
        await wait_until_up(bot.url)
    answering, uttering, growing = bots
    found = await compare(answering, uttering, pids)
    ratios = {}
    for title, (kind, base, limit) in LIMITS.items():
        pairs = [a.cpu / b.cpu for a, b in zip(found[kind], found[base], strict=True)]
        ratios[title] = {"median": round(median(pairs), 2), "wanted": f"<= {limit}", "met": median(pairs) <= limit}
    cpu = {kind: round(median(run.cpu for run in runs), 2) for kind, runs in found.items()}
    return {"rounds": ROUNDS, "cpu_ms": cpu, "ratios": ratios, "memory_mb": await grow(growing, pids[growing.name])}


def main() -> None:
    os.environ.update(ENVIRONMENT)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        model = train_with_utter(folder)
        bots = [
            server("answering", 5441, folder, "memory"),
            server("uttering", 5442, folder, "memory", MODEL=str(model)),
            server("growing", 5443, folder, "sqlite"),
        ]
        processes = {bot.name: bot.start() for bot in bots}
        try:
            pids = {name: [process.pid for process in started] for name, started in processes.items()}
            numbers = asyncio.run(bench(bots, pids))
        finally:
            stop([process for started in processes.values() for process in started])
    print(numbers, write_result("turns", numbers), sep="\n")


if __name__ == "__main__":
    main()
