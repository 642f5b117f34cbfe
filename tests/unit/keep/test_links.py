import sqlite3
from datetime import datetime, timezone
from pathlib import Path

import pytest

from spineline.keep.links import CODE_LASTS_S, LETTERS, Joined, Links

NOW = 2_000_000_000.0
DAY = 86_400.0
ANNA, PHONE, PAGE, BEN = "rest:anna", "sms:1", "web:2", "sms:3"


def joined(links: Links, first: str, *others: str) -> Links:
    for other in others:
        assert links.join(other, links.offer(first, NOW), NOW) is Joined.YES
    return links


def test_a_chat_is_its_own_conversation_until_a_code_joins_it() -> None:
    links = Links(None)
    assert links.conversation_of(PHONE) == PHONE
    joined(links, ANNA, PHONE)
    assert links.conversation_of(PHONE) == links.conversation_of(ANNA) == ANNA
    assert links.together(PHONE) == links.together(ANNA) == (ANNA, PHONE)


def test_a_code_is_eight_letters_that_nobody_confuses() -> None:
    codes = {Links(None).offer(ANNA, NOW) for _ in range(50)}
    assert len(codes) == 50
    assert {len(code) for code in codes} == {8}
    assert set("".join(codes)) <= set(LETTERS)
    assert not [pair for pair in "0O OQ 1I 1L 2Z 5S 6G 8B UV".split() if set(pair) <= set(LETTERS)]


def test_a_code_is_good_for_ten_minutes_and_not_longer() -> None:
    links = Links(None)
    code = links.offer(ANNA, NOW)
    assert links.join(PHONE, code, NOW + CODE_LASTS_S) is Joined.NO
    code = links.offer(ANNA, NOW)
    assert links.join(PHONE, code, NOW + CODE_LASTS_S - 1) is Joined.YES


def test_a_code_is_good_once() -> None:
    links = Links(None)
    code = links.offer(ANNA, NOW)
    assert [links.join(who, code, NOW) for who in (PHONE, BEN)] == [Joined.YES, Joined.NO]
    assert links.conversation_of(BEN) == BEN


def test_a_new_code_takes_the_place_of_the_one_before() -> None:
    links = Links(None)
    old, new = links.offer(ANNA, NOW), links.offer(ANNA, NOW)
    assert [links.join(PHONE, code, NOW) for code in (old, new)] == [Joined.NO, Joined.YES]


def test_a_conversations_own_code_joins_nothing_and_stays_good() -> None:
    links = joined(Links(None), ANNA, PHONE)
    code = links.offer(PHONE, NOW)
    assert [links.join(who, code, NOW) for who in (ANNA, PHONE, PAGE)] == [Joined.OWN, Joined.OWN, Joined.YES]


def test_a_conversation_goes_on_elsewhere_with_all_of_its_chats() -> None:
    links = joined(joined(Links(None), ANNA, PHONE), PAGE, ANNA)
    assert links.together(PHONE) == (PAGE, ANNA, PHONE)
    assert {links.conversation_of(who) for who in (ANNA, PHONE, PAGE)} == {PAGE}


def test_who_leaves_goes_on_alone_and_the_others_stay_together() -> None:
    links = joined(Links(None), ANNA, PHONE, PAGE)
    assert links.leave(PHONE)
    assert links.together(PHONE) == (PHONE,)
    assert links.together(PAGE) == (ANNA, PAGE)
    assert not links.leave(PHONE)


def test_when_the_first_chat_leaves_nobody_stays_in_its_conversation() -> None:
    links = joined(Links(None), ANNA, PHONE, PAGE)
    assert links.leave(ANNA)
    assert [links.conversation_of(who) for who in (ANNA, PHONE, PAGE)] == [ANNA, PHONE, PAGE]


def test_who_leaves_takes_no_code_along() -> None:
    links = joined(Links(None), ANNA, PHONE)
    code = links.offer(PHONE, NOW)
    links.leave(PHONE)
    assert links.join(BEN, code, NOW) is Joined.NO


@pytest.mark.parametrize("who", [ANNA, PHONE])
def test_to_forget_unties_everybody_and_spoils_the_code(who: str) -> None:
    links = joined(Links(None), ANNA, PHONE, PAGE)
    code = links.offer(PAGE, NOW)
    links.forget(who)
    assert [links.together(one) for one in (ANNA, PHONE, PAGE)] == [(ANNA,), (PHONE,), (PAGE,)]
    assert links.join(BEN, code, NOW) is Joined.NO


def test_ties_out_of_use_are_purged_and_those_in_use_stay() -> None:
    links = joined(Links(None), ANNA, PHONE, PAGE)
    links.see(PHONE, NOW + 20 * DAY)
    links.purge(datetime.fromtimestamp(NOW + 10 * DAY, timezone.utc))
    assert links.together(ANNA) == (ANNA, PHONE)


def test_ties_and_codes_survive_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "links.db"
    first = joined(Links(path, b"key"), ANNA, PHONE)
    code = first.offer(ANNA, NOW)
    first.close()
    again = Links(path, b"key")
    assert again.conversation_of(PHONE) == ANNA
    assert again.join(PAGE, code, NOW + 1) is Joined.YES


def test_the_file_is_private_and_holds_no_code(tmp_path: Path) -> None:
    path = tmp_path / "kept" / "links.db"
    links = Links(path, b"key")
    code = links.offer(ANNA, NOW)
    for file in path.parent.iterdir():
        assert file.stat().st_mode & 0o077 == 0
        assert code.encode() not in file.read_bytes()
    assert Links(path, b"another key").join(PHONE, code, NOW) is Joined.NO, "without the key nobody can try codes out"


def test_nothing_of_who_is_forgotten_stays_in_the_file(tmp_path: Path) -> None:
    links = joined(Links(tmp_path / "links.db"), ANNA, PHONE)
    links.forget(PHONE)
    found = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert not any(who.encode() in found for who in (ANNA, PHONE))


def test_a_join_that_fails_half_way_changes_nothing() -> None:
    links = joined(Links(None), PHONE, PAGE)
    code = links.offer(ANNA, NOW)
    links._db.execute("CREATE TRIGGER full BEFORE INSERT ON aliases BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    with pytest.raises(sqlite3.Error):
        links.join(PHONE, code, NOW)
    assert links.together(PAGE) == (PHONE, PAGE)
    links._db.execute("DROP TRIGGER full")
    assert links.join(PHONE, code, NOW) is Joined.YES
