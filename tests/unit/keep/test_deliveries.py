"""What messengers must not lose: kept in order, once, until it is sent."""

from datetime import datetime, timezone
from pathlib import Path

import pytest

from spineline.keep.deliveries import Deliveries, Draft


def draft(text: str, recipient: str = "+13105550111", channel: str = "sms") -> Draft:
    return Draft(channel, recipient, f"{channel}:someone", {"text": text})


@pytest.fixture
def deliveries() -> Deliveries:
    return Deliveries(None)


def texts(deliveries: Deliveries, now: float = 100.0) -> list[str]:
    return [outgoing.draft.body["text"] for outgoing in deliveries.waiting("sms", 10) if outgoing.due <= now]


def test_a_message_is_seen_once_it_is_answered(deliveries: Deliveries) -> None:
    assert not deliveries.was_seen("sms", "SM1")
    deliveries.finish("sms", "SM1", [draft("hi")], 1.0)
    assert deliveries.was_seen("sms", "SM1")
    assert not deliveries.was_seen("telegram", "SM1")


def test_only_the_first_message_of_a_person_is_due(deliveries: Deliveries) -> None:
    deliveries.put([draft("one"), draft("two"), draft("other", "+13105550122")], 1.0)
    assert texts(deliveries) == ["one", "other"]


def test_a_postponed_message_holds_up_the_same_person_only(deliveries: Deliveries) -> None:
    deliveries.put([draft("one"), draft("two"), draft("other", "+13105550122")], 1.0)
    deliveries.postpone(deliveries.waiting("sms", 1)[0].number, 50.0)
    assert texts(deliveries, 10.0) == ["other"]
    assert texts(deliveries, 60.0) == ["other", "one"]


def test_what_is_sent_is_gone(deliveries: Deliveries) -> None:
    deliveries.put([draft("one"), draft("two")], 1.0)
    deliveries.done(deliveries.waiting("sms", 1)[0].number)
    assert texts(deliveries) == ["two"]


def test_what_waits_survives_a_restart_in_a_file_of_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "deliveries.db"
    first = Deliveries(path)
    first.put([draft("one")], 1.0)
    first.close()
    assert texts(Deliveries(path)) == ["one"]
    assert path.stat().st_mode & 0o077 == 0


async def test_who_is_forgotten_gets_nothing_more_but_stays_opted_out(deliveries: Deliveries) -> None:
    deliveries.put([draft("one")], 1.0)
    deliveries.opt_out("sms:someone", 1.0)
    await deliveries.forget("sms:someone")
    assert texts(deliveries) == []
    assert deliveries.has_opted_out("sms:someone")


def test_who_opts_in_again_is_no_longer_opted_out(deliveries: Deliveries) -> None:
    deliveries.opt_out("sms:someone", 1.0)
    deliveries.opt_in("sms:someone")
    assert not deliveries.has_opted_out("sms:someone")


def test_old_messages_are_forgotten(deliveries: Deliveries) -> None:
    deliveries.finish("sms", "SM1", [draft("old")], 1.0)
    deliveries.finish("sms", "SM2", [draft("new")], 90.0)
    deliveries.purge(datetime.fromtimestamp(50, timezone.utc))
    assert not deliveries.was_seen("sms", "SM1")
    assert deliveries.was_seen("sms", "SM2")
    assert texts(deliveries) == ["new"]
