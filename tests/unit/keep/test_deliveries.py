"""What messengers must not lose: kept in order, once, until it is sent."""

from datetime import datetime, timezone
from pathlib import Path

import pytest
from kept import kept_in

from spineline.keep.deliveries import Deliveries, Draft


def draft(text: str, recipient: str = "+13105550111", channel: str = "sms") -> Draft:
    return Draft(channel, recipient, f"{channel}:someone", {"text": text})


@pytest.fixture
def deliveries() -> Deliveries:
    return Deliveries()


async def texts(deliveries: Deliveries, now: float = 100.0) -> list[str]:
    return [outgoing.draft.body["text"] for outgoing in await deliveries.waiting("sms", 10) if outgoing.due <= now]


async def test_a_message_is_seen_once_it_is_answered(deliveries: Deliveries) -> None:
    assert not await deliveries.was_seen("sms", "SM1")
    await deliveries.finish("sms", "SM1", [draft("hi")], 1.0)
    assert await deliveries.was_seen("sms", "SM1")
    assert not await deliveries.was_seen("telegram", "SM1")


async def test_only_the_first_message_of_a_person_is_due(deliveries: Deliveries) -> None:
    await deliveries.put([draft("one"), draft("two"), draft("other", "+13105550122")], 1.0)
    assert await texts(deliveries) == ["one", "other"]


async def test_a_postponed_message_holds_up_the_same_person_only(deliveries: Deliveries) -> None:
    await deliveries.put([draft("one"), draft("two"), draft("other", "+13105550122")], 1.0)
    await deliveries.postpone((await deliveries.waiting("sms", 1))[0].number, 50.0)
    assert await texts(deliveries, 10.0) == ["other"]
    assert await texts(deliveries, 60.0) == ["other", "one"]


async def test_what_is_sent_is_gone(deliveries: Deliveries) -> None:
    await deliveries.put([draft("one"), draft("two")], 1.0)
    await deliveries.done((await deliveries.waiting("sms", 1))[0].number)
    assert await texts(deliveries) == ["two"]


async def test_what_waits_survives_a_restart_in_a_file_of_its_owner(tmp_path: Path) -> None:
    await Deliveries(kept_in(tmp_path)).put([draft("one")], 1.0)
    assert await texts(Deliveries(kept_in(tmp_path))) == ["one"]
    assert all(file.stat().st_mode & 0o077 == 0 for file in list(tmp_path.iterdir()))  # noqa: ASYNC240


async def test_who_is_forgotten_gets_nothing_more_but_stays_opted_out(deliveries: Deliveries) -> None:
    await deliveries.put([draft("one")], 1.0)
    await deliveries.opt_out("sms:someone", 1.0)
    await deliveries.forget("sms:someone")
    assert await texts(deliveries) == []
    assert await deliveries.has_opted_out("sms:someone")


async def test_who_opts_in_again_is_no_longer_opted_out(deliveries: Deliveries) -> None:
    await deliveries.opt_out("sms:someone", 1.0)
    await deliveries.opt_in("sms:someone")
    assert not await deliveries.has_opted_out("sms:someone")


async def test_old_messages_are_forgotten(deliveries: Deliveries) -> None:
    await deliveries.finish("sms", "SM1", [draft("old")], 1.0)
    await deliveries.finish("sms", "SM2", [draft("new")], 90.0)
    await deliveries.purge(datetime.fromtimestamp(50, timezone.utc))
    assert not await deliveries.was_seen("sms", "SM1")
    assert await deliveries.was_seen("sms", "SM2")
    assert await texts(deliveries) == ["new"]
