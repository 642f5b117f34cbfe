"""Each property holds for few examples, the same each time; `make prove-properties` tries many."""

import pytest

from tests.properties.all_of_them import PROPERTIES
from tests.properties.prop import Property


@pytest.mark.parametrize("fact", PROPERTIES, ids=lambda fact: fact.name)
def test_it_holds(fact: Property) -> None:
    fact.hold()
