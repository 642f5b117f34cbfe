"""How likely a message tells of an emergency, how urgent that is, and which red flag it may be about. No Rasa here.

A committee of small networks names the tier, or that there is none; a regression over the sentence vector names the
flag (docs/decisions/0017-the-net-and-a-sign.md).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from spineline.nlu.committee import Committee, Members, train_committee
from spineline.nlu.network import Shape

NO_DANGER = "none"  # the class beside the tiers
MEMBERS = Members(networks=3, shape=Shape(hidden=64, passes=3, blanked=0.3), regression=False)
_COUNTED = 3  # times that a sentence about danger counts, among many more that ask for something
_FLAG_REGULARISATION = 10.0
_OF_TIERS = "tiers_"  # before the names of the committee's arrays


@dataclass(frozen=True)
class DangerModel:
    """What was learnt.

    Attributes:
        tiers: over the tiers of emergencies and NO_DANGER.
        flags: (f,) ids; `flag_weights` (d, f) and `flag_offset` (f,).
    """

    tiers: Committee
    flags: Any
    flag_weights: Any
    flag_offset: Any

    def as_arrays(self) -> dict[str, Any]:
        """What `of_arrays` needs; numbers and names only."""
        tiers = {f"{_OF_TIERS}{name}": array for name, array in self.tiers.as_arrays().items()}
        return {**tiers, "flags": self.flags, "flag_weights": self.flag_weights, "flag_offset": self.flag_offset}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Any]) -> DangerModel:
        """As it was trained."""
        tiers = {n.removeprefix(_OF_TIERS): arrays[n] for n in arrays if n.startswith(_OF_TIERS)}
        return cls(Committee(**tiers), *(arrays[name] for name in ("flags", "flag_weights", "flag_offset")))

    def chances(self, counts: csr_matrix, vector: Any) -> dict[str, float]:
        """How likely the message is each tier of emergency, from 0 to 1; what lacks to 1 is the chance of none.

        Args:
            counts: (1, n) how often it has each term.
            vector: (d,) its sentence vector.
        """
        chances = zip(self.tiers.classes, self.tiers.chances(counts, vector))
        return {str(tier): float(chance) for tier, chance in chances if tier != NO_DANGER}

    def likely(self, vector: Any) -> list[tuple[str, float]]:
        """Each flag with its chance, the likeliest first; the chances add up to 1."""
        scores = vector @ self.flag_weights + self.flag_offset
        chances = np.exp(scores - scores.max())
        chances /= chances.sum()
        return [(str(self.flags[at]), float(chances[at])) for at in np.argsort(-chances)]


def train_danger_model(
    counts: csr_matrix, vectors: Any, tiers: Sequence[str], flags: Sequence[str | None], of_danger: Collection[int]
) -> DangerModel:
    """Train both.

    Args:
        counts: (m, n) how often each message has each term.
        vectors: (m, d) sentence vectors.
        tiers: (m,) of each message, NO_DANGER where there is none.
        flags: (m,) the red flag of each, where it is known.
        of_danger: the places of those that were written about danger, or that only sound like it.
    """
    taught = [*range(len(tiers)), *(_COUNTED - 1) * list(of_danger)]
    named: list[Collection[str]] = [(tiers[place],) for place in taught]
    committee = train_committee(counts[taught], vectors[taught], named, MEMBERS, tell=print)
    known = [place for place, flag in enumerate(flags) if flag]
    naming = LogisticRegression(C=_FLAG_REGULARISATION, max_iter=500, class_weight="balanced")
    naming.fit(vectors[known], [flags[place] for place in known])
    return DangerModel(
        tiers=committee,
        flags=naming.classes_.astype(str),
        flag_weights=naming.coef_.T.astype(np.float32),
        flag_offset=naming.intercept_.astype(np.float32),
    )
