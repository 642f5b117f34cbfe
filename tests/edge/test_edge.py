"""A few examples of each property of the edge; `make prove-edge` tries many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, Phase, settings

from spineline.content.library import Content
from tests.edge import raw, routes
from tests.edge.served import Served, served

FEW = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(scope="module")
def server(content: Content, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(content, tmp_path_factory.mktemp("edge")) as server:
        yield server


def test_every_route_answers_as_it_is_described(server: Served) -> None:
    seen = Counter[int]()
    for operation in routes.operations(server).values():
        FEW(routes.tries(server, operation, seen))()
    assert {200, 204, 400, 401, 403, 404, 415, 422} <= set(seen), "much is refused, and much is not"
    assert server.answers_somebody_else()


def test_whatever_comes_over_a_line_is_answered_or_refused(server: Served) -> None:
    seen = Counter[int]()
    settings(FEW, max_examples=60)(raw.tries(server, seen))()
    assert {101, 200, 400} <= set(seen)
    assert server.answers_somebody_else()
