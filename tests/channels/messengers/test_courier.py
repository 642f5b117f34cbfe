"""The courier and the inbox: in order, again after a failure, each channel by itself, each message once."""

import asyncio
import sqlite3
import time
from collections.abc import Sequence

import pytest
from kept import waiting
from patience import NEVER_S, let_others_run, until

from spineline.channels.messengers import courier as courier_module
from spineline.channels.messengers.courier import Courier, TooFastError, UnreachableError
from spineline.channels.messengers.inbox import Inbox, Taking
from spineline.keep.deliveries import Deliveries, Draft
from spineline.turns.metrics import Metrics


def draft(text: str, channel: str = "sms", to: str = "+13105550111") -> Draft:
    return Draft(channel, to, f"{channel}:someone", {"text": text})


class FakeMessenger:
    """Takes messages, after as many failures as the test wants."""

    def __init__(self) -> None:
        self.failures: list[Exception] = []
        self.taken: list[str] = []

    async def send(self, said: Draft) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append(said.body["text"])


@pytest.fixture
async def courier() -> Courier:
    return Courier(Deliveries(), Metrics(), waits_s=(0.02,))


async def wait_for(texts: Sequence[str], messenger: FakeMessenger) -> None:
    await until(lambda: messenger.taken == list(texts))


async def test_messages_arrive_in_order_after_failures(courier: Courier) -> None:
    messenger = FakeMessenger()
    messenger.failures = [ConnectionError(), TimeoutError(), TooFastError(0.05)]
    courier.carry("sms", messenger.send)
    running = asyncio.ensure_future(courier.run("sms"))
    await let_others_run()
    await courier.post([draft("one"), draft("two"), draft("three")])
    await wait_for(["one", "two", "three"], messenger)
    running.cancel()


async def test_what_waited_before_the_start_is_sent(courier: Courier) -> None:
    messenger = FakeMessenger()
    courier.carry("sms", messenger.send)
    await courier.post([draft("one")])
    running = asyncio.ensure_future(courier.run("sms"))
    await wait_for(["one"], messenger)
    running.cancel()


async def test_a_clock_that_is_set_back_keeps_nobody_waiting(courier: Courier) -> None:
    messenger = FakeMessenger()
    courier.carry("sms", messenger.send)
    await courier.deliveries.put([draft("one")], time.time() + NEVER_S)
    running = asyncio.ensure_future(courier.run("sms"))
    await wait_for(["one"], messenger)
    running.cancel()


async def test_who_cannot_be_reached_is_not_tried_again(courier: Courier) -> None:
    messenger = FakeMessenger()
    messenger.failures = [UnreachableError()]
    courier.carry("sms", messenger.send)
    await courier.post([draft("one"), draft("two")])
    running = asyncio.ensure_future(courier.run("sms"))
    await wait_for(["two"], messenger)
    running.cancel()


async def test_a_messenger_that_is_down_does_not_disturb_another(courier: Courier) -> None:
    down, up = FakeMessenger(), FakeMessenger()
    down.failures = [ConnectionError()] * 1000
    courier.carry("telegram", down.send)
    courier.carry("sms", up.send)
    await courier.post([draft("one", "telegram"), draft("two")])
    running = [asyncio.ensure_future(courier.run(name)) for name in courier.channels]
    await wait_for(["two"], up)
    assert await courier.deliveries.waiting("telegram", 1)
    for task in running:
        task.cancel()


async def test_the_file_is_left_alone_while_everything_waits(courier: Courier, monkeypatch: pytest.MonkeyPatch) -> None:
    courier.waits_s = (NEVER_S,)
    down, looked, look = FakeMessenger(), [], courier.deliveries.waiting
    down.failures = [ConnectionError()] * 1000
    monkeypatch.setattr(courier.deliveries, "waiting", lambda *given: looked.append(1) or look(*given))
    courier.carry("sms", down.send)
    await courier.post([draft("one"), draft("two")])
    running = asyncio.ensure_future(courier.run("sms"))
    await until(lambda: len(looked) >= 2)
    await let_others_run()
    assert len(looked) == 2
    running.cancel()


class FullDisk(Deliveries):
    """Can be read, not written. Counts the times that somebody tried."""

    def __init__(self) -> None:
        super().__init__()
        self.is_full, self.tries = False, 0

    async def done(self, number: int) -> None:
        """As on a full disk."""
        self._fail_if_full()
        await super().done(number)

    async def postpone(self, number: int, until: float) -> None:
        """As on a full disk."""
        self._fail_if_full()
        await super().postpone(number, until)

    def _fail_if_full(self) -> None:
        if self.is_full:
            self.tries += 1
            raise sqlite3.OperationalError("database or disk is full")


@pytest.fixture
async def full(monkeypatch: pytest.MonkeyPatch) -> Courier:
    """A courier whose disk fills up; it looks again at once."""
    monkeypatch.setattr(courier_module, "FILE_FAILED_S", 0.001)
    deliveries = FullDisk()
    await deliveries.put([draft("one"), draft("two"), draft("other", to="+13105550122")], 0.0)
    deliveries.is_full = True
    return Courier(deliveries, Metrics(), lambda: 10.0)


async def test_on_a_full_disk_nobody_gets_a_message_twice(full: Courier) -> None:
    messenger, disk = FakeMessenger(), full.deliveries
    assert isinstance(disk, FullDisk)
    full.carry("sms", messenger.send)
    running = asyncio.ensure_future(full.run("sms"))
    await until(lambda: disk.tries > 10)
    assert sorted(messenger.taken) == ["one", "other"]
    disk.is_full = False
    await until(lambda: not waiting(disk, "sms"))
    assert sorted(messenger.taken) == ["one", "other", "two"]
    running.cancel()


async def test_after_a_crash_on_a_full_disk_it_is_said_at_most_once_more(full: Courier) -> None:
    messenger, disk = FakeMessenger(), full.deliveries
    assert isinstance(disk, FullDisk)
    for _ in range(2):
        courier = Courier(disk, Metrics(), lambda: 10.0)
        courier.carry("sms", messenger.send)
        running, before = asyncio.ensure_future(courier.run("sms")), disk.tries
        await until(lambda tried=before + 10: disk.tries > tried)  # type: ignore[misc]
        running.cancel()
    assert sorted(messenger.taken) == ["one", "one", "other", "other"]


async def test_on_a_full_disk_a_messenger_that_is_down_is_not_asked_all_the_time(full: Courier) -> None:
    asked, disk = list[str](), full.deliveries
    assert isinstance(disk, FullDisk)

    async def down(said: Draft) -> None:
        asked.append(said.body["text"])
        raise ConnectionError

    looked, look = list[int](), disk.waiting
    disk.waiting = lambda *given: looked.append(1) or look(*given)  # type: ignore[method-assign, func-returns-value]
    full.carry("sms", down)
    running = asyncio.ensure_future(full.run("sms"))
    await until(lambda: len(looked) > 1)
    await asyncio.sleep(0)
    assert sorted(asked) == ["one", "other"]
    running.cancel()


async def test_what_is_still_being_sent_is_not_sent_again_when_the_file_fails_for_another(full: Courier) -> None:
    sent, may_end, disk = list[str](), asyncio.Event(), full.deliveries
    assert isinstance(disk, FullDisk)

    async def send(said: Draft) -> None:
        sent.append(said.body["text"])
        if said.body["text"] == "other":
            await may_end.wait()

    full.carry("sms", send)
    running = asyncio.ensure_future(full.run("sms"))
    await until(lambda: disk.tries >= 1)
    for _ in range(20):
        await asyncio.sleep(0.002)
    assert sorted(sent) == ["one", "other"]
    may_end.set()
    running.cancel()


async def test_the_same_message_is_answered_once_even_at_the_same_time(courier: Courier) -> None:
    inbox, asked = Inbox(courier), []

    async def answer(_: Taking) -> list[Draft]:
        asked.append(1)
        await let_others_run()
        return [draft("one")]

    first, second = await asyncio.gather(inbox.take("sms", "SM1", answer), inbox.take("sms", "SM1", answer))
    assert (first, second) == ([draft("one")], None)
    assert await inbox.take("sms", "SM1", answer) is None
    assert len(asked) == 1
    assert len(await courier.deliveries.waiting("sms", 10)) == 1


async def test_what_an_earlier_process_answered_last_is_known_while_the_database_is_slow(
    courier: Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def answer(_: Taking) -> list[Draft]:
        return [draft("one")]

    async def too_slow(*_: object) -> bool:
        raise asyncio.TimeoutError

    await Inbox(courier).take("sms", "SM1", answer)
    inbox = Inbox(courier)
    await inbox.recall()
    monkeypatch.setattr(courier.deliveries, "was_seen", too_slow)
    assert await inbox.take("sms", "SM1", answer) is None
    assert await inbox.take("sms", "SM2", answer) == [draft("one")]


async def test_a_message_whose_answer_failed_may_come_again(courier: Courier) -> None:
    inbox = Inbox(courier)

    async def fail(_: Taking) -> list[Draft]:
        raise OSError("no disk")

    async def answer(_: Taking) -> list[Draft]:
        return [draft("one")]

    with pytest.raises(OSError, match="no disk"):
        await inbox.take("sms", "SM1", fail)
    assert await inbox.take("sms", "SM1", answer) == [draft("one")]


async def test_answers_that_go_back_with_the_request_are_not_posted(courier: Courier) -> None:
    async def answer(_: Taking) -> list[Draft]:
        return [draft("one")]

    taken = await Inbox(courier).take("sms", "SM1", answer, is_posted=False)
    assert taken == [draft("one")]
    (kept,) = await courier.deliveries.waiting("sms", 1)
    assert kept.due > time.time() + 5, "in case nobody takes it"
    await courier.deliveries.handed_over(taken)
    assert not await courier.deliveries.waiting("sms", 1)
