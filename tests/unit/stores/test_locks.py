"""The turns of one conversation happen one after the other."""

from __future__ import annotations

import asyncio

import pytest
from patience import LONG_S, let_others_run
from rasa.core.lock_store import LockError, LockStore
from rasa.utils.endpoints import EndpointConfig

from spineline.stores.locks import MOST_WAITING, FairLocks


async def _turn(locks: FairLocks, name: str, done: list[str], lasts_s: float = 0.01) -> None:
    async with locks.lock("anna"):
        await asyncio.sleep(lasts_s)
        done.append(name)


async def test_turns_of_one_conversation_keep_their_order() -> None:
    locks, done = FairLocks(), []
    await asyncio.gather(*(_turn(locks, str(n), done) for n in range(5)))
    assert done == ["0", "1", "2", "3", "4"]


async def test_a_quick_second_message_waits_no_longer_than_the_first_takes() -> None:
    locks, done = FairLocks(), list[str]()
    async with locks.lock("anna"):
        second = asyncio.ensure_future(_turn(locks, "second", done, 0.0))
        await let_others_run()
        assert not done
    await let_others_run()  # turns of the loop, not time: Rasa's own lock looks again once a second
    assert done == ["second"]
    await second


async def test_conversations_do_not_wait_for_each_other() -> None:
    locks = FairLocks()
    async with locks.lock("anna"), locks.lock("ben"):
        assert len(locks) == 2


async def test_nothing_is_kept_when_nobody_waits() -> None:
    locks = FairLocks()
    await asyncio.gather(*(_turn(locks, "x", [], 0) for _ in range(3)))
    assert len(locks) == 0


async def test_a_turn_that_is_given_up_lets_the_next_one_in() -> None:
    locks, done = FairLocks(), []
    stuck = asyncio.ensure_future(_turn(locks, "stuck", done, 60))
    await let_others_run()
    waiting = asyncio.ensure_future(_turn(locks, "waiting", done))
    gone = asyncio.ensure_future(_turn(locks, "gone", done))
    await let_others_run()
    assert locks.is_someone_waiting("anna")
    gone.cancel()
    stuck.cancel()
    await waiting
    assert done == ["waiting"]
    assert len(locks) == 0


async def test_an_action_that_raises_lets_the_next_one_in() -> None:
    locks = FairLocks()
    with pytest.raises(ValueError, match="broken"):
        async with locks.lock("anna"):
            raise ValueError("broken")
    async with locks.lock("anna", lock_lifetime=LONG_S):
        pass


async def test_waiting_ends() -> None:
    locks = FairLocks()
    async with locks.lock("anna"):
        with pytest.raises(LockError, match="did not end"):
            async with locks.lock("anna", lock_lifetime=0.01):
                pass


async def test_a_flood_in_one_conversation_is_refused() -> None:
    locks = FairLocks()
    async with locks.lock("anna"):
        waiting = [asyncio.ensure_future(_turn(locks, "x", [], 0)) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(LockError, match="are waiting"):
            async with locks.lock("anna"):
                pass
    await asyncio.gather(*waiting)


def test_rasa_builds_it_from_its_class_path() -> None:
    assert type(LockStore.create(EndpointConfig(type="spineline.stores.locks.FairLocks"))) is FairLocks
