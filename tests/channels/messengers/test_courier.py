"""The courier and the inbox: in order, again after a failure, each channel by itself, each message once."""

import asyncio
from collections.abc import Sequence

import pytest

from spineline.channels.messengers import courier as courier_module
from spineline.channels.messengers.courier import Courier, TooFastError, UnreachableError
from spineline.channels.messengers.inbox import Inbox
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
async def courier(monkeypatch: pytest.MonkeyPatch) -> Courier:
    monkeypatch.setattr(courier_module, "_WAITS_S", (0.02,))
    return Courier(Deliveries(None), Metrics())


async def wait_for(texts: Sequence[str], messenger: FakeMessenger) -> None:
    for _ in range(300):
        if messenger.taken == list(texts):
            return
        await asyncio.sleep(0.01)
    raise AssertionError(f"{messenger.taken}, not {texts}")


async def test_messages_arrive_in_order_after_failures(courier: Courier) -> None:
    messenger = FakeMessenger()
    messenger.failures = [ConnectionError(), TimeoutError(), TooFastError(0.05)]
    courier.carry("sms", messenger.send)
    running = asyncio.ensure_future(courier.run("sms"))
    await asyncio.sleep(0.01)
    courier.post([draft("one"), draft("two"), draft("three")])
    await wait_for(["one", "two", "three"], messenger)
    running.cancel()


async def test_what_waited_before_the_start_is_sent(courier: Courier) -> None:
    messenger = FakeMessenger()
    courier.carry("sms", messenger.send)
    courier.post([draft("one")])
    running = asyncio.ensure_future(courier.run("sms"))
    await wait_for(["one"], messenger)
    running.cancel()


async def test_who_cannot_be_reached_is_not_tried_again(courier: Courier) -> None:
    messenger = FakeMessenger()
    messenger.failures = [UnreachableError()]
    courier.carry("sms", messenger.send)
    courier.post([draft("one"), draft("two")])
    running = asyncio.ensure_future(courier.run("sms"))
    await wait_for(["two"], messenger)
    running.cancel()


async def test_a_messenger_that_is_down_does_not_disturb_another(courier: Courier) -> None:
    down, up = FakeMessenger(), FakeMessenger()
    down.failures = [ConnectionError()] * 1000
    courier.carry("telegram", down.send)
    courier.carry("sms", up.send)
    courier.post([draft("one", "telegram"), draft("two")])
    running = [asyncio.ensure_future(courier.run(name)) for name in courier.channels]
    await wait_for(["two"], up)
    assert courier.deliveries.waiting("telegram", 1)
    for task in running:
        task.cancel()


async def test_the_file_is_left_alone_while_everything_waits(courier: Courier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier_module, "_WAITS_S", (60,))
    down, looked, waiting = FakeMessenger(), [], courier.deliveries.waiting
    down.failures = [ConnectionError()] * 1000
    monkeypatch.setattr(courier.deliveries, "waiting", lambda *given: looked.append(1) or waiting(*given))
    courier.carry("sms", down.send)
    courier.post([draft("one"), draft("two")])
    running = asyncio.ensure_future(courier.run("sms"))
    await asyncio.sleep(0.2)
    assert len(looked) == 2
    running.cancel()


async def test_the_same_message_is_answered_once_even_at_the_same_time(courier: Courier) -> None:
    inbox, asked = Inbox(courier), []

    async def answer() -> list[Draft]:
        asked.append(1)
        await asyncio.sleep(0.02)
        return [draft("one")]

    first, second = await asyncio.gather(inbox.take("sms", "SM1", answer), inbox.take("sms", "SM1", answer))
    assert (first, second) == ([draft("one")], None)
    assert await inbox.take("sms", "SM1", answer) is None
    assert len(asked) == 1
    assert len(courier.deliveries.waiting("sms", 10)) == 1


async def test_a_message_whose_answer_failed_may_come_again(courier: Courier) -> None:
    inbox = Inbox(courier)

    async def fail() -> list[Draft]:
        raise OSError("no disk")

    async def answer() -> list[Draft]:
        return [draft("one")]

    with pytest.raises(OSError, match="no disk"):
        await inbox.take("sms", "SM1", fail)
    assert await inbox.take("sms", "SM1", answer) == [draft("one")]


async def test_answers_that_go_back_with_the_request_are_not_posted(courier: Courier) -> None:
    async def answer() -> list[Draft]:
        return [draft("one")]

    assert await Inbox(courier).take("sms", "SM1", answer, is_posted=False) == [draft("one")]
    assert not courier.deliveries.waiting("sms", 1)
