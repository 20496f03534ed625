"""The example county, synthesised once for all tests."""

from __future__ import annotations

from pathlib import Path

import pytest

from junheng.data import examples
from junheng.data.examples import people
from junheng.data.examples.recipe import load

RECIPE = Path(examples.__file__).parent / "yunzhou" / "recipe.toml"


@pytest.fixture(scope="session")
def recipe():
    return load(RECIPE)


@pytest.fixture(scope="session")
def county(recipe):
    """(tables, boundaries) under seed 1."""
    return examples.synthesise(recipe, 1)


@pytest.fixture(scope="session")
def tables(county):
    return county[0]


@pytest.fixture(scope="session")
def simulated(recipe):
    """(births, history, rooms) under seed 1."""
    born = people.births(recipe, 1)
    return born, *examples.simulate(recipe, born, 1)
