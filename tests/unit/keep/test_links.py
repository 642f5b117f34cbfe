from datetime import datetime, timezone
from pathlib import Path

import pytest
from kept import kept_in, run_sql, written

from spineline.keep.database import Database
from spineline.keep.links import CODE_LASTS_S, LETTERS, Joined, Links
from spineline.keep.writes import ConflictError

NOW = 2_000_000_000.0
DAY = 86_400.0
ANNA, PHONE, PAGE, BEN = "rest:anna", "sms:1", "web:2", "sms:3"


async def joined(links: Links, first: str, *others: str) -> Links:
    for other in others:
        assert await links.join(other, await links.offer(first, NOW), NOW) is Joined.YES
    return links


async def test_a_chat_is_its_own_conversation_until_a_code_joins_it() -> None:
    links = Links()
    assert await links.conversation_of(PHONE) == PHONE
    await joined(links, ANNA, PHONE)
    assert await links.conversation_of(PHONE) == await links.conversation_of(ANNA) == ANNA
    assert await links.together(PHONE) == await links.together(ANNA) == (ANNA, PHONE)


async def test_a_code_is_eight_letters_that_nobody_confuses() -> None:
    codes = {await Links().offer(ANNA, NOW) for _ in range(50)}
    assert len(codes) == 50
    assert {len(code) for code in codes} == {8}
    assert set("".join(codes)) <= set(LETTERS)
    assert not [pair for pair in "0O OQ 1I 1L 2Z 5S 6G 8B UV".split() if set(pair) <= set(LETTERS)]


async def test_a_code_is_good_for_ten_minutes_and_not_longer() -> None:
    links = Links()
    code = await links.offer(ANNA, NOW)
    assert await links.join(PHONE, code, NOW + CODE_LASTS_S) is Joined.NO
    code = await links.offer(ANNA, NOW)
    assert await links.join(PHONE, code, NOW + CODE_LASTS_S - 1) is Joined.YES


async def test_a_code_is_good_once() -> None:
    links = Links()
    code = await links.offer(ANNA, NOW)
    assert [await links.join(who, code, NOW) for who in (PHONE, BEN)] == [Joined.YES, Joined.NO]
    assert await links.conversation_of(BEN) == BEN


async def test_a_new_code_takes_the_place_of_the_one_before() -> None:
    links = Links()
    old, new = await links.offer(ANNA, NOW), await links.offer(ANNA, NOW)
    assert [await links.join(PHONE, code, NOW) for code in (old, new)] == [Joined.NO, Joined.YES]


async def test_a_conversations_own_code_joins_nothing_and_stays_good() -> None:
    links = await joined(Links(), ANNA, PHONE)
    code = await links.offer(PHONE, NOW)
    assert [await links.join(who, code, NOW) for who in (ANNA, PHONE, PAGE)] == [Joined.OWN, Joined.OWN, Joined.YES]


async def test_a_conversation_goes_on_elsewhere_with_all_of_its_chats() -> None:
    links = await joined(await joined(Links(), ANNA, PHONE), PAGE, ANNA)
    assert await links.together(PHONE) == (PAGE, ANNA, PHONE)
    assert {await links.conversation_of(who) for who in (ANNA, PHONE, PAGE)} == {PAGE}


async def test_who_leaves_goes_on_alone_and_the_others_stay_together() -> None:
    links = await joined(Links(), ANNA, PHONE, PAGE)
    assert await links.leave(PHONE)
    assert await links.together(PHONE) == (PHONE,)
    assert await links.together(PAGE) == (ANNA, PAGE)
    assert not await links.leave(PHONE)


async def test_when_the_first_chat_leaves_nobody_stays_in_its_conversation() -> None:
    links = await joined(Links(), ANNA, PHONE, PAGE)
    assert await links.leave(ANNA)
    assert [await links.conversation_of(who) for who in (ANNA, PHONE, PAGE)] == [ANNA, PHONE, PAGE]


async def test_who_leaves_takes_no_code_along() -> None:
    links = await joined(Links(), ANNA, PHONE)
    code = await links.offer(PHONE, NOW)
    await links.leave(PHONE)
    assert await links.join(BEN, code, NOW) is Joined.NO


@pytest.mark.parametrize("who", [ANNA, PHONE])
async def test_to_forget_unties_everybody_and_spoils_the_code(who: str) -> None:
    links = await joined(Links(), ANNA, PHONE, PAGE)
    code = await links.offer(PAGE, NOW)
    await links.forget(who)
    assert [await links.together(one) for one in (ANNA, PHONE, PAGE)] == [(ANNA,), (PHONE,), (PAGE,)]
    assert await links.join(BEN, code, NOW) is Joined.NO


async def test_ties_out_of_use_are_purged_and_those_in_use_stay() -> None:
    links = await joined(Links(), ANNA, PHONE, PAGE)
    await links.see(PHONE, NOW + 20 * DAY)
    await links.purge(datetime.fromtimestamp(NOW + 10 * DAY, timezone.utc))
    assert await links.together(ANNA) == (ANNA, PHONE)


async def test_ties_and_codes_survive_a_restart(tmp_path: Path) -> None:
    first = await joined(Links(kept_in(tmp_path), b"key"), ANNA, PHONE)
    code = await first.offer(ANNA, NOW)
    again = Links(kept_in(tmp_path), b"key")
    assert await again.conversation_of(PHONE) == ANNA
    assert await again.join(PAGE, code, NOW + 1) is Joined.YES


async def test_the_file_is_private_and_holds_no_code(tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    links = Links(kept_in(folder), b"key")
    code = await links.offer(ANNA, NOW)
    for file in folder.iterdir():
        assert file.stat().st_mode & 0o077 == 0
        assert code.encode() not in file.read_bytes()
    assert await Links(kept_in(folder), b"another key").join(PHONE, code, NOW) is Joined.NO, (
        "without the key nobody can try codes out"
    )


async def test_nothing_of_who_is_forgotten_stays_in_the_file(tmp_path: Path) -> None:
    links = await joined(Links(kept_in(tmp_path)), ANNA, PHONE)
    await links.forget(PHONE)
    found = written(tmp_path)
    assert not any(who.encode() in found for who in (ANNA, PHONE))


async def test_a_join_that_fails_half_way_changes_nothing() -> None:
    database = Database()
    links = await joined(Links(database), PHONE, PAGE)
    code = await links.offer(ANNA, NOW)
    await run_sql(database, "CREATE TRIGGER full BEFORE INSERT ON links BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    with pytest.raises(ConflictError):
        await links.join(PHONE, code, NOW)
    assert await links.together(PAGE) == (PHONE, PAGE)
    await run_sql(database, "DROP TRIGGER full")
    assert await links.join(PHONE, code, NOW) is Joined.YES
