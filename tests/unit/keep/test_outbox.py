from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from kept import FailingDatabase, count, kept_in, written
from sqlalchemy.exc import OperationalError

from spineline.keep.outbox import MOST_WAITING, Outbox

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)


@pytest.fixture
async def outbox() -> Outbox:
    outbox = Outbox()
    await outbox.begin("anna", NOW, None)
    return outbox


def texts(found: list[dict[str, object]]) -> list[object]:
    return [body["text"] for body in found]


async def test_answers_are_numbered_in_order(outbox: Outbox) -> None:
    await outbox.put("anna", [{"text": "a"}, {"text": "b"}])
    await outbox.put("anna", [{"text": "c"}])
    assert [(body["seq"], body["text"]) for body in await outbox.after("anna", 0)] == [(1, "a"), (2, "b"), (3, "c")]


async def test_what_has_arrived_is_dropped_and_the_rest_stays(outbox: Outbox) -> None:
    await outbox.put("anna", [{"text": "a"}, {"text": "b"}])
    assert texts(await outbox.after("anna", 1)) == ["b"]
    assert texts(await outbox.after("anna", 0)) == ["b"]


async def test_nobody_reads_the_answers_of_somebody_else(outbox: Outbox) -> None:
    await outbox.begin("ben", NOW, None)
    await outbox.put("anna", [{"text": "a"}])
    assert await outbox.after("ben", 0) == []


async def test_a_message_counts_as_answered_together_with_its_answer(outbox: Outbox) -> None:
    assert not await outbox.was_answered("anna", "m1")
    await outbox.put("anna", [{"text": "a"}], message="m1")
    assert await outbox.was_answered("anna", "m1")
    assert not await outbox.was_answered("ben", "m1")


async def test_what_arrived_while_the_database_could_not_be_read_is_not_said_again() -> None:
    """As just after a start, when everybody comes at once."""
    database = FailingDatabase()
    outbox = Outbox(database)
    await outbox.begin("anna", NOW, None)
    await outbox.put("anna", [{"text": "a"}, {"text": "b"}, {"text": "c"}])
    started = Outbox(database)
    database.error, database.reads = "database is locked", False
    await started.arrived("anna", 2)
    database.error = ""
    assert texts(await started.waiting("anna")) == ["c"]
    await started.put("anna", [{"text": "d"}])
    assert await count(database, "web_waiting") == [2]


async def test_an_answer_that_cannot_be_stored_leaves_nothing_behind(outbox: Outbox) -> None:
    with pytest.raises(TypeError):
        await outbox.put("anna", [{"text": "a"}, {"text": object()}], message="m1")
    assert await outbox.after("anna", 0) == []
    assert not await outbox.was_answered("anna", "m1")


async def test_the_box_is_bounded(outbox: Outbox) -> None:
    for number in range(MOST_WAITING + 5):
        await outbox.put("anna", [{"text": number}])
    assert texts(await outbox.after("anna", 0)) == list(range(5, MOST_WAITING + 5))


async def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    first = Outbox(kept_in(tmp_path))
    await first.begin("anna", NOW, "es")
    await first.put("anna", [{"text": "a"}], message="m1")
    second = Outbox(kept_in(tmp_path))
    assert texts(await second.after("anna", 0)) == ["a"]
    assert await second.was_answered("anna", "m1")
    assert await second.take_language("anna") == "es"


async def test_the_language_is_told_once_after_each_wish(outbox: Outbox) -> None:
    assert await outbox.take_language("anna") is None
    await outbox.wish_language("anna", "es")
    assert await outbox.take_language("anna") == "es"
    assert await outbox.take_language("anna") is None


async def test_the_time_of_consent_is_kept(outbox: Outbox) -> None:
    assert (await outbox.everything("anna"))["consented_at"] == int(NOW.timestamp())
    assert (await outbox.everything("ben"))["consented_at"] is None


async def test_emptying_keeps_the_session_and_forgetting_does_not(outbox: Outbox) -> None:
    await outbox.put("anna", [{"text": "a"}], message="m1")
    await outbox.empty("anna")
    assert await outbox.after("anna", 0) == []
    assert await outbox.knows("anna")
    await outbox.forget("anna")
    assert not await outbox.knows("anna")


async def test_old_sessions_are_purged_in_small_steps_with_all_that_waited_for_them(outbox: Outbox) -> None:
    for number in range(450):
        await outbox.begin(f"old{number}", NOW - timedelta(days=2), "es")
        await outbox.put(f"old{number}", [{"text": "a"}], message="m1")
    steps = [await outbox.purge(NOW, kept=timedelta(hours=24)) for _ in range(3)]
    assert steps == [True, True, False]
    assert await outbox.knows("anna")
    assert await count(outbox._database, "web_sessions", "web_waiting", "web_answered") == [1, 0, 0]
    assert not await outbox.was_answered("old7", "m1")


@pytest.mark.parametrize("deletion", [Outbox.empty, Outbox.forget])
async def test_no_deleted_word_stays_in_any_file(
    tmp_path: Path, deletion: Callable[[Outbox, str], Awaitable[None]]
) -> None:
    outbox = Outbox(kept_in(tmp_path))
    await outbox.begin("anna", NOW, None)
    await outbox.put("anna", [{"text": "Xochitl"}], message="m1")
    await deletion(outbox, "anna")
    assert b"Xochitl" not in written(tmp_path)


async def test_all_that_is_kept_can_be_told(outbox: Outbox) -> None:
    await outbox.wish_language("anna", "es")
    await outbox.put("anna", [{"text": "a"}], message="m1")
    assert await outbox.everything("anna") == {
        "consented_at": int(NOW.timestamp()),
        "seen_at": int(NOW.timestamp()),
        "language_wished": "es",
        "waiting": [{"text": "a", "seq": 1}],
        "answered": ["m1"],
    }
    assert not any((await outbox.everything("ben")).values())


async def test_old_sessions_are_purged_unless_they_are_in_use(outbox: Outbox) -> None:
    await outbox.begin("ben", NOW, None)
    await outbox.see("ben", NOW + timedelta(hours=20))
    await outbox.purge(NOW + timedelta(hours=30), kept=timedelta(hours=24))
    assert not await outbox.knows("anna")
    assert await outbox.knows("ben")


async def test_a_session_begun_while_the_database_is_away_is_told_what_became_of_a_deletion() -> None:
    database = FailingDatabase()
    database.error = "database or disk is full"
    outbox = Outbox(database)
    await outbox.begin("anna", NOW, None)
    with pytest.raises(OperationalError):
        await outbox.empty("anna")
    assert await outbox.knows("anna", within_s=None)
