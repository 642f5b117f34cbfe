import asyncio

from spineline.turns.places import PLACES, Places


async def test_one_address_has_few_places_and_others_have_their_own() -> None:
    places, running, most = Places(), 0, 0

    async def turn(address: str | None) -> None:
        nonlocal running, most
        async with places.place(address):
            running += 1
            most = max(most, running)
            await asyncio.sleep(0.01)
            running -= 1

    await asyncio.gather(*(turn("203.0.113.1") for _ in range(10)))
    assert most == PLACES
    most = 0
    await asyncio.gather(*(turn(f"203.0.113.{n}") for n in range(10)))
    assert most == 10
    most = 0
    await asyncio.gather(*(turn(None) for _ in range(10)))
    assert most == 10
    assert len(places) == 0


async def test_who_gives_up_waiting_leaves_the_line() -> None:
    places = Places()

    async def hold() -> None:
        async with places.place("a"):
            await asyncio.sleep(3600)

    tasks = [asyncio.ensure_future(hold()) for _ in range(PLACES + 1)]
    await asyncio.sleep(0)
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert len(places) == 0
