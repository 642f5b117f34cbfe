from __future__ import annotations

import stat
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from spineline.keep.outbox import MOST_WAITING, Outbox

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=timezone.utc)


@pytest.fixture
def outbox() -> Outbox:
    outbox = Outbox(None)
    outbox.begin("anna", NOW, None)
    return outbox


def texts(found: list[dict[str, object]]) -> list[object]:
    return [body["text"] for body in found]


def test_answers_are_numbered_in_order(outbox: Outbox) -> None:
    outbox.put("anna", [{"text": "a"}, {"text": "b"}])
    outbox.put("anna", [{"text": "c"}])
    assert [(body["seq"], body["text"]) for body in outbox.after("anna", 0)] == [(1, "a"), (2, "b"), (3, "c")]


def test_what_has_arrived_is_dropped_and_the_rest_stays(outbox: Outbox) -> None:
    outbox.put("anna", [{"text": "a"}, {"text": "b"}])
    assert texts(outbox.after("anna", 1)) == ["b"]
    assert texts(outbox.after("anna", 0)) == ["b"]


def test_nobody_reads_the_answers_of_somebody_else(outbox: Outbox) -> None:
    outbox.begin("ben", NOW, None)
    outbox.put("anna", [{"text": "a"}])
    assert outbox.after("ben", 0) == []


def test_a_message_counts_as_answered_together_with_its_answer(outbox: Outbox) -> None:
    assert not outbox.was_answered("anna", "m1")
    outbox.put("anna", [{"text": "a"}], message="m1")
    assert outbox.was_answered("anna", "m1")
    assert not outbox.was_answered("ben", "m1")


def test_an_answer_that_cannot_be_stored_leaves_nothing_behind(outbox: Outbox) -> None:
    with pytest.raises(TypeError):
        outbox.put("anna", [{"text": "a"}, {"text": object()}], message="m1")
    assert outbox.after("anna", 0) == []
    assert not outbox.was_answered("anna", "m1")


def test_the_box_is_bounded(outbox: Outbox) -> None:
    for number in range(MOST_WAITING + 5):
        outbox.put("anna", [{"text": number}])
    assert texts(outbox.after("anna", 0)) == list(range(5, MOST_WAITING + 5))


def test_a_restart_forgets_nothing(tmp_path: Path) -> None:
    path = tmp_path / "outbox.db"
    first = Outbox(path)
    first.begin("anna", NOW, "es")
    first.put("anna", [{"text": "a"}], message="m1")
    second = Outbox(path)
    assert texts(second.after("anna", 0)) == ["a"]
    assert second.was_answered("anna", "m1")
    assert second.take_language("anna") == "es"


def test_only_its_owner_can_read_the_file(tmp_path: Path) -> None:
    Outbox(tmp_path / "outbox.db")
    assert stat.S_IMODE((tmp_path / "outbox.db").stat().st_mode) == 0o600


def test_the_language_is_told_once_after_each_wish(outbox: Outbox) -> None:
    assert outbox.take_language("anna") is None
    outbox.wish_language("anna", "es")
    assert outbox.take_language("anna") == "es"
    assert outbox.take_language("anna") is None


def test_the_time_of_consent_is_kept(outbox: Outbox) -> None:
    assert outbox.consented("anna") == int(NOW.timestamp())
    assert outbox.consented("ben") is None


def test_emptying_keeps_the_session_and_forgetting_does_not(outbox: Outbox) -> None:
    outbox.put("anna", [{"text": "a"}], message="m1")
    outbox.empty("anna")
    assert outbox.after("anna", 0) == []
    assert outbox.knows("anna")
    outbox.forget("anna")
    assert not outbox.knows("anna")


def test_old_sessions_are_purged_in_small_steps_with_all_that_waited_for_them(outbox: Outbox) -> None:
    for number in range(450):
        outbox.begin(f"old{number}", NOW - timedelta(days=2), "es")
        outbox.put(f"old{number}", [{"text": "a"}], message="m1")
    steps = [outbox.purge(NOW, kept=timedelta(hours=24)) for _ in range(3)]
    assert steps == [True, True, False]
    assert outbox.knows("anna")
    counts = [outbox._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("sessions", "waiting")]
    assert counts == [1, 0]
    assert not outbox.was_answered("old7", "m1")


@pytest.mark.parametrize("deletion", [Outbox.empty, Outbox.forget])
def test_no_deleted_word_stays_in_any_file(tmp_path: Path, deletion: Callable[[Outbox, str], None]) -> None:
    outbox = Outbox(tmp_path / "outbox.db")
    outbox.begin("anna", NOW, None)
    outbox.put("anna", [{"text": "Xochitl"}], message="m1")
    deletion(outbox, "anna")
    assert b"Xochitl" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())


def test_all_that_is_kept_can_be_told(outbox: Outbox) -> None:
    outbox.wish_language("anna", "es")
    outbox.put("anna", [{"text": "a"}], message="m1")
    assert outbox.everything("anna") == {
        "consented_at": int(NOW.timestamp()),
        "seen_at": int(NOW.timestamp()),
        "language_wished": "es",
        "waiting": [{"text": "a", "seq": 1}],
        "answered": ["m1"],
    }
    assert not any(outbox.everything("ben").values())


def test_old_sessions_are_purged_unless_they_are_in_use(outbox: Outbox) -> None:
    outbox.begin("ben", NOW, None)
    outbox.see("ben", NOW + timedelta(hours=20))
    outbox.purge(NOW + timedelta(hours=30), kept=timedelta(hours=24))
    assert not outbox.knows("anna")
    assert outbox.knows("ben")
