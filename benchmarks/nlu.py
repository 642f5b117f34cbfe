"""How well messages are understood: `make evaluate`.

Always the project's own held-out sentences (tests/nlu), each judged against all intents; beside a checkout of the
evaluation data also the development set, with that set's own scorer. Writes benchmarks/results/nlu.json.
"""

from __future__ import annotations

import asyncio
import collections
import csv
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.chdir(ROOT)
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `python -m spineline` sets it

from benchmarks.machine import write_result  # noqa: E402
from spineline.text.yaml_file import read_yaml  # noqa: E402

EVALUATION = ROOT.parent / "shared" / "eval"


def held_out() -> Iterator[dict[str, Any]]:
    """Every sentence of tests/nlu: text, language, the right intent and those that are also right."""
    for path in sorted((ROOT / "tests/nlu").glob("*/*.yml")):
        data = read_yaml(path)
        for sentence in data["sentences"]:
            entry = {"text": sentence, "also": []} if isinstance(sentence, str) else sentence
            yield {**entry, "lang": path.parent.name, "intent": data["intent"]}


def load_parser() -> Any:
    """The trained model; its debug log would print what people wrote."""
    import logging

    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    from rasa.core.agent import Agent

    return Agent.load(os.environ.get("MODEL") or "models/spineline.tar.gz")


async def parse_all(agent: Any, texts: list[str]) -> tuple[list[dict[str, Any]], float]:
    """Parses and CPU milliseconds per message."""
    await agent.parse_message("warm up")
    started = time.process_time()
    parsed = [await agent.parse_message(text) for text in texts]
    return parsed, (time.process_time() - started) / max(1, len(texts)) * 1000


def as_scored(name: str) -> str:
    return "out_of_scope" if name == "nlu_fallback" else name


def own_numbers(rows: list[dict[str, Any]], parsed: list[dict[str, Any]]) -> dict[str, Any]:
    right: dict[str, list[bool]] = collections.defaultdict(list)
    taken: collections.Counter[tuple[str, str]] = collections.Counter()
    for row, result in zip(rows, parsed):
        predicted = as_scored(result["intent"]["name"])
        ok = predicted in (row["intent"], *row["also"])
        kind = "out_of_scope" if row["intent"] == "out_of_scope" else "in_scope"
        right[f"{kind}_{row['lang']}"].append(ok)
        if not ok:
            taken[(row["intent"], predicted)] += 1
    return {
        "sentences": len(rows),
        "accuracy_percent": {name: round(100 * sum(ok) / len(ok), 1) for name, ok in sorted(right.items())},
        "over_matched": {f"{gold} -> {name}": count for (gold, name), count in taken.most_common(20)},
    }


def development_rows() -> list[dict[str, Any]]:
    rows = []
    for path in sorted((EVALUATION / "dev").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            rows += [{**row, "file": path.stem} for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)]
    return rows


def development_numbers(rows: list[dict[str, Any]], parsed: list[dict[str, Any]]) -> dict[str, Any]:
    """Score with the scorer that comes with the set."""
    with tempfile.TemporaryDirectory() as folder:
        predictions, summary = Path(folder) / "predictions.jsonl", Path(folder) / "summary.json"
        lines = [json.dumps({**row, "js": _plain(result)}, ensure_ascii=False) for row, result in zip(rows, parsed)]
        predictions.write_text("\n".join(lines) + "\n", encoding="utf-8")
        command = [sys.executable, str(EVALUATION / "score.py"), "--rescore", str(predictions), "--json", str(summary)]
        report = subprocess.run([*command, "--confusions", "0"], capture_output=True, text=True, check=True).stdout
        print(report.split("  missed red flags")[0])
        numbers: dict[str, Any] = json.loads(summary.read_text())
    return {**numbers, **group_numbers(rows, parsed)}


def group_numbers(rows: list[dict[str, Any]], parsed: list[dict[str, Any]]) -> dict[str, Any]:
    """The groups that the targets name: topics, clinic_admin, pain, general together; the out-of-scope sets."""
    sys.path.insert(0, str(EVALUATION))
    import score

    def share(wanted: Any, good: Any) -> float:
        picked = [(row, as_scored(result["intent"]["name"])) for row, result in zip(rows, parsed) if wanted(row)]
        return round(100 * sum(good(row, name) for row, name in picked) / max(1, len(picked)), 1)

    def strict(row: dict[str, Any], name: str) -> bool:
        return name in score.GROUPS.get(row["gold_intent"], [row["gold_intent"]])

    def lenient(row: dict[str, Any], name: str) -> bool:
        return strict(row, name) or name in row["accept"].split("|")

    def in_scope(row: dict[str, Any]) -> bool:
        return row["file"] in ("topics", "clinic_admin", "pain", "general")

    return {
        "target_in_scope_lenient": share(in_scope, lenient),
        "target_in_scope_strict": share(in_scope, strict),
        "target_topics_lenient": share(lambda row: row["file"] == "topics", lenient),
        "target_spanish_in_scope_lenient": share(lambda row: in_scope(row) and row["lang"] == "es", lenient),
        "target_out_of_scope_recall": share(lambda row: row["file"] in ("oos", "medical_oos"), lenient),
        "target_in_scope_refused": share(in_scope, lambda row, name: name == "out_of_scope" and not lenient(row, name)),
    }


def _plain(result: dict[str, Any]) -> dict[str, Any]:
    intent = {"name": result["intent"]["name"], "confidence": float(result["intent"]["confidence"])}
    return {"intent": intent, "entities": []}


def main() -> None:
    rows, development = list(held_out()), development_rows()
    print(f"Parsing {len(rows)} own and {len(development)} development sentences ...", flush=True)
    agent = load_parser()
    parsed, cpu_ms = asyncio.run(parse_all(agent, [row["text"] for row in [*rows, *development]]))
    numbers = {"parse_cpu_ms": round(cpu_ms, 2), "own": own_numbers(rows, parsed[: len(rows)])}
    if development:
        numbers["development"] = development_numbers(development, parsed[len(rows) :])
    print(json.dumps(numbers, indent=1, ensure_ascii=False))
    print(f"Written to {write_result('nlu', numbers)}")


if __name__ == "__main__":
    main()
