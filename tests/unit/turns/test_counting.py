"""The limits' counts outlive a process, and processes share them; no message waits for that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from engines import EngineOf
from fake_rasa import FakeRasa
from faulty import DANGER, make_turns, say_ok
from kept import FailingDatabase, count, counted, kept_in, written
from stores import empty_postgresql

from spineline.content.library import Content
from spineline.keep.counters import Counted, add_up, newest
from spineline.keep.database import Database
from spineline.keep.persons import forget_person
from spineline.keep.writes import Write
from spineline.settings import Settings
from spineline.turns.counting import Counting
from spineline.turns.limits import Limits, address_of_request
from spineline.turns.rate import SHARED_FROM
from spineline.turns.turns import RefusedError
from spineline.turns.turns import make_turns as turns_of

SECRET = b"s" * 32
ADDRESS = "203.0.113.9"


class Clock:
    def __init__(self, now: float) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


class Process:
    """The limits of one process. Its steady clock and the computer's do not begin at the same time."""

    def __init__(self, database: Database, secret: bytes = SECRET, rate: str = "12/minute") -> None:
        self.steady, self.wall = Clock(7.0), Clock(1.8e9)
        self.limits = Limits(Settings(rate_per_session=rate, rate_per_address=rate), self.steady, secret)
        self.counting = Counting(self.limits.rates, database, self.wall)

    def says(self, sender: str, times: int) -> int:
        """How many of these messages are answered."""
        return sum(self.limits.refuse(sender) is None for _ in range(times))

    def passes(self, seconds: float) -> None:
        self.steady.now += seconds
        self.wall.now += seconds


@pytest.fixture(params=["sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[], Database]:
    """Opens the same database again and again, as one process after the other."""
    if request.param == "sqlite":
        return lambda: kept_in(tmp_path)
    address = empty_postgresql()
    return lambda: Database(address)


async def test_a_restart_forgets_no_count(opened: Callable[[], Database]) -> None:
    before = Process(opened())
    assert before.says("rest:anna", 10) == 10
    await before.counting.share()
    after = Process(opened())
    await after.counting.learn()
    assert after.says("rest:anna", 10) == 2
    assert after.says("rest:ben", 10) == 10


async def test_two_processes_count_together(opened: Callable[[], Database]) -> None:
    one, other = Process(opened()), Process(opened())
    assert (one.says("rest:anna", 6), other.says("rest:anna", 4)) == (6, 4)
    for process in (one, other, one):
        await process.counting.share()
    assert (one.says("rest:anna", 2), other.says("rest:anna", 2)) == (2, 2), "each knows what the other had counted"
    for process in (one, other, one):
        await process.counting.share()
    assert (one.says("rest:anna", 1), other.says("rest:anna", 1)) == (0, 0)


async def test_what_was_told_is_not_told_twice(opened: Callable[[], Database]) -> None:
    database = opened()
    process = Process(database)
    process.says("rest:anna", 6)
    for _ in range(3):
        await process.counting.share()
    assert [one.times for one in await database.read(lambda found: newest(found, 0.0))] == [6]
    assert process.says("rest:anna", 12) == 6


async def test_an_address_is_kept_as_a_digest_that_only_the_same_secret_makes(tmp_path: Path) -> None:
    database = kept_in(tmp_path)
    process, same, stranger = Process(database), Process(database), Process(database, b"t" * 32)
    address_of_request.set(ADDRESS)
    process.says("web:1", 6)
    process.says("web:2", 6)
    await process.counting.share()
    await same.counting.learn()
    await stranger.counting.learn()
    assert (same.says("web:3", 12), stranger.says("web:3", 12)) == (0, 12)
    address_of_request.set(None)
    await database.close()
    assert ADDRESS.encode() not in written(tmp_path)


async def test_of_who_asks_a_little_nothing_is_kept() -> None:
    database = Database()
    process = Process(database, rate="60/minute")
    address_of_request.set(ADDRESS)
    with counted(database) as statements:
        process.says("web:1", 60 // SHARED_FROM - 1)
        await process.counting.share()
        assert not [one for one in statements if one.startswith("INSERT")]
        process.says("web:1", 1)
        await process.counting.share()
    address_of_request.set(None)
    assert [one.times for one in await database.read(lambda found: newest(found, 0.0))] == [15, 15]


async def test_a_flood_is_one_row_however_long_it_is() -> None:
    database = Database()
    process = Process(database)
    process.says("rest:anna", 5000)
    with counted(database) as statements:
        await process.counting.share()
    assert len([one for one in statements if one.startswith("INSERT")]) == 1
    assert await count(database, "counters") == [1]


async def test_a_window_that_is_over_begins_anew_for_all(opened: Callable[[], Database]) -> None:
    database = opened()
    process, late = Process(database), Process(opened())
    process.says("rest:anna", 12)
    await process.counting.share()
    process.passes(61)
    late.passes(61)
    await late.counting.learn()
    assert late.says("rest:anna", 5) == 5
    await late.counting.share()
    await process.counting.learn()
    assert process.says("rest:anna", 12) == 7
    assert await count(database, "counters") == [1]


async def test_windows_that_are_over_are_deleted_however_young_they_are() -> None:
    database = Database()
    process = Process(database)
    process.says("rest:anna", 12)
    await process.counting.share()
    before = datetime(2000, 1, 1, tzinfo=timezone.utc)
    assert not await process.counting.purge(before)
    assert await count(database, "counters") == [1]
    process.passes(61)
    await process.counting.purge(before)
    assert await count(database, "counters") == [0]


@pytest.mark.parametrize("set_s", [-86_400, 86_400], ids=["back", "forward"])
async def test_a_clock_that_is_set_locks_nobody_out(set_s: float) -> None:
    database = Database()
    process = Process(database)
    process.says("rest:anna", 12)
    await process.counting.share()
    process.wall.now += set_s
    process.passes(61)
    await process.counting.learn()
    assert process.says("rest:anna", 12) == 12
    await process.counting.share()
    again = Process(database)
    again.wall.now = process.wall.now
    await again.counting.learn()
    assert again.says("rest:anna", 1) == 0, "what is written now counts"


async def test_a_clock_that_was_ahead_leaves_nothing_behind() -> None:
    database = Database()
    process = Process(database)
    ahead = Counted("session", "rest:anna", 12, process.wall.now + 1e6)
    await database.do(lambda connection: add_up(connection, [ahead], process.wall.now))
    await process.counting.purge(datetime(2000, 1, 1, tzinfo=timezone.utc))
    assert await count(database, "counters") == [0]


async def test_while_the_database_fails_limits_go_on_in_memory_and_nothing_is_lost() -> None:
    database = FailingDatabase()
    process = Process(database)
    process.says("rest:anna", 6)
    database.error = "database is locked"
    with pytest.raises(sa.exc.OperationalError):
        await process.counting.share()
    assert process.says("rest:anna", 12) == 6
    database.error = ""
    await process.counting.share()
    assert [one.times for one in await database.read(lambda found: newest(found, 0.0))] == [18]


async def test_a_database_that_is_away_is_left_alone() -> None:
    database = FailingDatabase()
    process = Process(database)
    process.says("rest:anna", 6)
    database.error, database.reads = "database is locked", False
    await database.commit([Write("notices", [{"sender": "rest:anna", "told": 1}])])  # notices that it is away
    await process.counting.share()  # would raise


async def test_who_is_forgotten_is_not_written_down_again_by_what_came_before(tmp_path: Path, content: Content) -> None:
    database = kept_in(tmp_path)
    settings = Settings(data_dir=tmp_path, rate_per_session="4/minute")
    turns = turns_of(content, settings, FakeRasa(content, database), database)
    for _ in range(2):
        await turns.answer("hello", "rest:anna", "rest")
    await turns.counting.share()
    await turns.answer("hello", "rest:anna", "rest")
    assert await count(turns.database, "counters") == [1]
    await turns.keeper.forget("rest:anna")
    await turns.counting.share()
    assert await count(turns.database, "counters") == [0]
    assert turns.limits.refuse("rest:anna") is None
    assert turns.limits.refuse("rest:anna"), "to be forgotten is no way past a limit"


async def test_a_count_that_could_not_be_written_before_a_deletion_is_not_written_after_it() -> None:
    database = FailingDatabase()
    process = Process(database)
    process.says("rest:anna", 6)
    due = list(process.limits.rates[0].take())
    await process.counting.forget("rest:anna")
    for one in due:
        process.limits.rates[0].give_back(one)
    await forget_person(database, "rest:anna")
    await process.counting.share()
    assert await count(database, "counters") == [0]


async def test_a_turn_writes_no_count(content: Content) -> None:
    turns = make_turns(content)
    await turns.answer("hello", "rest:anna", "rest")
    with counted(turns.database) as statements:
        for _ in range(20):
            await turns.answer("hello", "rest:anna", "rest")
    assert not [one for one in statements if "counters" in one]


async def test_after_a_restart_a_flood_goes_on_being_refused_and_an_emergency_is_answered(
    tmp_path: Path, content: Content
) -> None:
    settings = Settings(data_dir=tmp_path, rate_per_session="4/minute")
    before = turns_of(content, settings, EngineOf(say_ok), kept_in(tmp_path))
    for _ in range(4):
        await before.answer("hello", "rest:anna", "rest")
    await before.counting.share()
    await before.database.close()
    after = turns_of(content, settings, EngineOf(say_ok), kept_in(tmp_path))
    await after.counting.learn()
    with pytest.raises(RefusedError):
        await after.ask("hello", "rest:anna", "rest")
    (alarm, *_) = await after.answer(DANGER["en"], "rest:anna", "rest")
    assert "911" in alarm.text
    await after.stop()


async def test_wrong_codes_are_counted_over_a_restart(tmp_path: Path, content: Content) -> None:
    settings = Settings(data_dir=tmp_path)
    before = turns_of(content, settings, EngineOf(say_ok), kept_in(tmp_path))
    for _ in range(5):
        before.linking.wrong.refuse("sms:5f2c")
    await before.counting.share()
    await before.database.close()
    after = turns_of(content, settings, EngineOf(say_ok), kept_in(tmp_path))
    await after.counting.learn()
    assert after.linking.wrong.is_used_up("sms:5f2c")


async def test_the_purge_of_a_server_deletes_windows_that_are_over(tmp_path: Path, content: Content) -> None:
    database = kept_in(tmp_path)
    turns = turns_of(content, Settings(data_dir=tmp_path), FakeRasa(content, database), database)
    await database.commit([Write("counters", [{"name": "session", "sender": "rest:anna", "count": 60, "until": 1.0}])])
    await turns.keeper.purge(datetime(2000, 1, 1, tzinfo=timezone.utc))
    assert await count(database, "counters") == [0]


async def test_a_window_that_others_began_ends_when_theirs_does() -> None:
    database = Database()
    one, other = Process(database), Process(database)
    one.says("rest:anna", 6)
    await one.counting.share()
    other.passes(30)
    other.says("rest:anna", 6)
    await other.counting.share()
    assert other.says("rest:anna", 1) == 0
    other.passes(31)
    assert other.says("rest:anna", 1) == 1
