"""Texts of people who wait at the same time are encoded in one go; nobody is harmed by another's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from spineline.engine.together import MOST_AT_ONCE, Together


class Encoder:
    """Tells how long a text is, and remembers what it was asked for at once."""

    def __init__(self) -> None:
        self.goes: list[list[str]] = []

    def __call__(self, texts: Sequence[str]) -> list[int]:
        self.goes.append(list(texts))
        if "broken" in texts:
            raise ValueError
        return [len(text) for text in texts]


async def test_who_waits_at_the_same_time_is_encoded_in_one_go() -> None:
    encoder = Encoder()
    together = Together(encoder)
    vectors = await asyncio.gather(*(together.vector(text) for text in ("one", "three", "eleven")))
    assert vectors == [3, 5, 6]
    assert encoder.goes == [["one", "three", "eleven"]]


async def test_nobody_is_waited_for() -> None:
    encoder = Encoder()
    together = Together(encoder)
    assert [await together.vector("one"), await together.vector("three")] == [3, 5]
    assert encoder.goes == [["one"], ["three"]]


async def test_a_go_is_never_too_large() -> None:
    encoder = Encoder()
    together = Together(encoder)
    texts = ["x" * length for length in range(1, 2 * MOST_AT_ONCE + 2)]
    assert await asyncio.gather(*map(together.vector, texts)) == list(range(1, 2 * MOST_AT_ONCE + 2))
    assert [len(go) for go in encoder.goes] == [MOST_AT_ONCE, MOST_AT_ONCE, 1]


async def test_a_text_that_cannot_be_encoded_spoils_no_other_go() -> None:
    together = Together(Encoder())
    assert await asyncio.gather(together.vector("broken"), together.vector("one")) == [None, None]
    assert await together.vector("one") == 3


async def test_who_gives_up_disturbs_nobody() -> None:
    together = Together(Encoder())
    gone, waiting = (asyncio.ensure_future(together.vector(text)) for text in ("gone", "one"))
    await asyncio.sleep(0)
    gone.cancel()
    assert await waiting == 3
