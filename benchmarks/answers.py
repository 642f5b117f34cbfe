"""How often people get the answer that they asked for: `make evaluate`.

Always the project's own questions (tests/answers), and every title of a quick reply as people type it, with one slip;
beside a checkout of the evaluation data also its written conversations, with their own scorer, over REST. Writes
benchmarks/results/answers.json.
"""

from __future__ import annotations

import asyncio
import collections
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support")]
os.chdir(ROOT)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `python -m spineline` sets it

from expected_answers import OTHER, Expected, judged, load_expected, slipped_titles  # noqa: E402

from benchmarks.bots import ENVIRONMENT, Bot  # noqa: E402
from benchmarks.client import wait_until_up  # noqa: E402
from benchmarks.load import stop  # noqa: E402
from benchmarks.machine import write_result  # noqa: E402
from benchmarks.nlu import EVALUATION, load_parser, parse_all  # noqa: E402
from spineline.content.library import Content, load_content  # noqa: E402

DIALOGUES = EVALUATION / "dialogues"
PORT = 5451


def numbers(rows: list[Expected], parsed: list[dict[str, Any]], content: Content) -> dict[str, Any]:
    became: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    taken: collections.Counter[str] = collections.Counter()
    for row, result in zip(rows, parsed):
        outcome, given = judged(row, result, content)
        became[row.language][outcome] += 1
        if outcome == OTHER:
            taken[f"{', '.join(row.answers) or 'nothing'} -> {given}"] += 1
    return {
        "questions": len(rows),
        "percent": {language: _percent(outcomes) for language, outcomes in sorted(became.items())},
        "over_matched": dict(taken.most_common(20)),
        "given_wrongly_most": dict(_collected(taken).most_common(5)),
    }


def _percent(outcomes: collections.Counter[str]) -> dict[str, float]:
    return {name: round(100 * count / outcomes.total(), 1) for name, count in sorted(outcomes.items())}


def _collected(taken: collections.Counter[str]) -> collections.Counter[str]:
    """How often each answer was given to somebody who asked for another."""
    collected: collections.Counter[str] = collections.Counter()
    for pair, count in taken.items():
        collected[pair.rpartition(" -> ")[2]] += count
    return collected


def dialogue_numbers() -> dict[str, Any]:
    """The share of checks that each set of written conversations passes, against a server of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {"DATA_DIR": folder, "PORT": str(PORT), "PYTHONPATH": str(ROOT)}
        command = [sys.executable, "-W", "ignore", "-m", "benchmarks.serve", "memory"]
        bot, out = Bot("dialogues", PORT, ROOT, [command], {**ENVIRONMENT, **environment}), Path(folder) / "out.json"
        processes = bot.start()
        try:
            asyncio.run(wait_until_up(bot.url))
            scorer = [sys.executable, str(DIALOGUES / "score_dialogues.py"), f"http://127.0.0.1:{PORT}", "--dev"]
            subprocess.run([*scorer, "--json", str(out), "--fails", os.devnull], check=True, stdout=subprocess.DEVNULL)
        finally:
            stop(processes)
        rates = json.loads(out.read_text())["rates"]
    sets = {name.removeprefix("by set: "): rate for name, rate in rates.items() if name.startswith("by set: ")}
    return {name: {"checks": rate["n"], "percent": round(100 * rate["rate"], 1)} for name, rate in sets.items()}


def understood(rows: list[Expected], agent: Any, content: Content) -> dict[str, Any]:
    """What becomes of questions that are asked first thing in a conversation."""
    parsed, _ = asyncio.run(parse_all(agent, [row.text for row in rows]))
    return numbers(rows, parsed, content)


def main() -> None:
    content, agent = load_content(ROOT, "example"), load_parser()
    sets = {"own": list(load_expected(ROOT / "tests/answers")), "slipped_titles": list(slipped_titles(content))}
    found = {name: understood(rows, agent, content) for name, rows in sets.items() if rows}
    if DIALOGUES.is_dir():
        found["dialogues"] = dialogue_numbers()
    print(json.dumps(found, indent=1, ensure_ascii=False))
    print(f"Written to {write_result('answers', found)}")


if __name__ == "__main__":
    main()
