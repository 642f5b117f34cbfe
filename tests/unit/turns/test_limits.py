import time
from collections.abc import Callable
from inspect import signature
from ipaddress import ip_network

import pytest
from starlette.datastructures import Headers

from spineline.settings import Settings
from spineline.turns.limits import MOST_PER_SESSION, Limits, address_of_request, client_address
from spineline.turns.rate import FLOOD, MOST_KEYS, Rate


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_what_is_one_too_many_may_come_back_when_the_window_is_over() -> None:
    clock = Clock()
    rate = Rate("3/minute", clock)
    assert [rate.refuse("anna") for _ in range(3)] == [None, None, None]
    refusal = rate.refuse("anna")
    assert refusal is not None
    assert refusal.reason == "too_fast"
    assert 1 <= refusal.retry_after_s <= 61
    clock.now += refusal.retry_after_s
    assert rate.refuse("anna") is None


@pytest.mark.parametrize("counter", [Rate, Limits])
def test_a_clock_that_is_set_back_locks_nobody_out(counter: Callable[..., object]) -> None:
    assert signature(counter).parameters["clock"].default is time.monotonic


def test_one_person_does_not_use_up_the_limit_of_another() -> None:
    rate = Rate("1/minute", Clock())
    rate.refuse("anna")
    assert rate.refuse("anna")
    assert rate.refuse("ben") is None


def test_messages_over_the_limit_are_still_read_for_danger_until_it_is_a_flood() -> None:
    rate = Rate("2/minute", Clock())
    refusals = [rate.refuse("anna") for _ in range(2 * FLOOD + 2)]
    assert [r.is_read for r in refusals if r] == [True] * (2 * FLOOD - 2) + [False] * 2


def test_no_rate_is_no_limit() -> None:
    rate = Rate("", Clock())
    assert not any(rate.refuse("anna") for _ in range(1000))


def test_counters_do_not_grow_without_end() -> None:
    rate = Rate("1/hour", Clock())
    for n in range(MOST_KEYS + 100):
        rate.refuse(str(n))
    assert len(rate._windows) == MOST_KEYS


def test_a_long_message_counts_several_times() -> None:
    limits = Limits(Settings(rate_per_session="12/minute"), Clock())
    assert limits.refuse("anna", length=10_000) is None
    assert limits.refuse("anna") is None
    assert limits.refuse("anna")


def test_ten_thousand_sessions_of_one_address_share_its_limit() -> None:
    limits = Limits(Settings(rate_per_address="100/minute"), Clock())
    address_of_request.set("203.0.113.9")
    answered = sum(limits.refuse(f"web:{n}") is None for n in range(10_000))
    address_of_request.set(None)
    assert answered == 100


def test_a_conversation_has_few_turns_at_a_time() -> None:
    limits = Limits(Settings(), Clock())
    turns = [limits.turn("anna") for _ in range(MOST_PER_SESSION)]
    for turn in turns:
        assert limits.refuse("anna") is None
        turn.__enter__()
    assert limits.refuse("anna").reason == "too_fast"  # type: ignore[union-attr]
    assert limits.refuse("ben") is None
    turns[0].__exit__(None, None, None)
    assert limits.refuse("anna") is None


def test_when_all_places_are_taken_people_are_asked_to_come_back() -> None:
    limits = Limits(Settings(most_in_flight=1), Clock())
    with limits.turn("anna"):
        refusal = limits.refuse("ben")
        assert refusal is not None
        assert (refusal.reason, refusal.is_read) == ("busy", True)
    assert limits.refuse("ben") is None


def test_a_server_that_stops_takes_nothing_new() -> None:
    limits = Limits(Settings(), Clock())
    limits.is_stopping = True
    assert limits.refuse("anna").reason == "stopping"  # type: ignore[union-attr]


PROXY = (ip_network("10.0.0.0/8"),)


@pytest.mark.parametrize(
    ("peer", "headers", "address"),
    [
        pytest.param("127.0.0.1", {}, None, id="a program on this machine has no address"),
        pytest.param(
            "127.0.0.1", {"x-forwarded-for": "1.2.3.4"}, "127.0.0.1", id="a proxy nobody trusts is the client"
        ),
        pytest.param("10.0.0.1", {"x-forwarded-for": "1.2.3.4"}, "1.2.3.4", id="a trusted proxy says who it is"),
        pytest.param("10.0.0.1", {"x-forwarded-for": "6.6.6.6, 1.2.3.4"}, "1.2.3.4", id="claims do not count"),
        pytest.param("10.0.0.1", {"x-forwarded-for": "1.2.3.4, 10.0.0.2"}, "1.2.3.4", id="a row of proxies"),
        pytest.param("9.9.9.9", {"x-forwarded-for": "1.2.3.4"}, "9.9.9.9", id="strangers cannot pose as others"),
        pytest.param(
            "10.0.0.1", {"x-forwarded-for": "x" * 999}, "10.0.0.1", id="rubbish is the proxy that passed it on"
        ),
        pytest.param(
            "10.0.0.1", {"x-forwarded-for": "1.2.3.4, unknown"}, "10.0.0.1", id="nothing is read past rubbish"
        ),
        pytest.param("10.0.0.1", {"x-forwarded-for": "1.2.3.4:51000"}, "1.2.3.4", id="a port"),
        pytest.param("10.0.0.1", {"x-forwarded-for": '"1.2.3.4"'}, "1.2.3.4", id="quotes"),
        pytest.param("10.0.0.1", {"x-forwarded-for": "001.02.3.004"}, "1.2.3.4", id="leading zeros"),
        pytest.param("10.0.0.1", {"x-forwarded-for": "::ffff:1.2.3.4"}, "1.2.3.4", id="mapped by the proxy"),
        pytest.param("10.0.0.1", {"x-forwarded-for": "1.2.3.4, 10.0.0.2:443"}, "1.2.3.4", id="a row with ports"),
        pytest.param("::ffff:10.0.0.1", {"x-forwarded-for": "1.2.3.4"}, "1.2.3.4", id="a mapped proxy is trusted"),
        pytest.param("10.0.0.1", {"x-forwarded-for": "1.2.3.4, ,"}, "1.2.3.4", id="empty hops are none"),
        pytest.param("10.0.0.1", {"x-forwarded-for": ""}, "10.0.0.1", id="an empty header is none"),
        pytest.param("unix:", {"x-forwarded-for": "1.2.3.4"}, "unix:", id="a peer that is no address"),
        pytest.param("::ffff:1.2.3.4", {}, "1.2.3.4", id="mapped addresses are the same"),
    ],
)
def test_whose_limit_counts(peer: str, headers: dict[str, str], address: str | None) -> None:
    assert client_address(peer, Headers(headers), PROXY) == address


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("6.6.6.6", "1.2.3.4"), id="the proxy's own line comes last"),
        pytest.param(("6.6.6.6, 7.7.7.7", "1.2.3.4"), id="a row, then the proxy's line"),
        pytest.param(("6.6.6.6", "1.2.3.4, 10.0.0.2"), id="the proxies' line is a row"),
    ],
)
def test_a_line_of_the_client_before_the_line_of_the_proxy_does_not_count(lines: tuple[str, ...]) -> None:
    headers = Headers(raw=[(b"x-forwarded-for", line.encode()) for line in lines])
    assert client_address("10.0.0.1", headers, PROXY) == "1.2.3.4"


@pytest.mark.parametrize("form", ["2001:db8::5", "[2001:db8::5]", "[2001:db8::5]:443", "2001:0DB8:0:0::5"])
def test_every_form_of_an_ipv6_address_is_the_same_client(form: str) -> None:
    headers = Headers({"x-forwarded-for": form})
    assert client_address("10.0.0.1", headers, PROXY) == client_address("2001:db8::1", Headers(), ())


def test_a_whole_ipv6_network_is_one_client() -> None:
    one, other = (client_address(f"2001:db8:1:2:{n}::1", Headers(), ()) for n in (1, 2))
    assert one == other
    assert one != client_address("2001:db8:1:3::1", Headers(), ())
