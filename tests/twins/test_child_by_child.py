"""A county of three hundred children a cohort, one child at a time: every child traceable, means agree.

The simulator knows nothing of the forecast's arrays: children are objects who enter, move up, leave and
choose
a junior school. The forecast's central path must be the mean of its years within Monte Carlo error, and each
child is in one school or has left.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from junheng.forecast.cohort_simulation import BirthsSource, Intake, LeaversSource, Setup, simulate

TOWNS = 2
PRIMARY, JUNIOR = (0, 1, 2), (3, 4)
STAY = {1: 0.97, 2: 0.99, 3: 0.98, 4: 0.96, 5: 1.0, 7: 0.98, 8: 0.95}
"""Chance of moving up from positions in G01-G09 (grade 6 ends primary)."""
TO_JUNIOR = np.array([[0.7, 0.2], [0.1, 0.8]])
YIELD = 0.9
HORIZON = 8
RUNS = 60


@dataclass
class Child:
    """One child: where it was born, and its place now (None = not in school here)."""

    town: int
    school: int | None
    grade: int


def births(year: int) -> tuple[int, int]:
    return (180 - 6 * year, 120 - 3 * year)


def enter(rng: np.random.Generator, year: int) -> list[Child]:
    out: list[Child] = []
    for town, born in enumerate(births(year)):
        for _ in range(born):
            if rng.random() < YIELD:
                school = (0 if rng.random() < 0.6 else 1) if town == 0 else 2
                out.append(Child(town, school, 1))
    return out


def move_up(rng: np.random.Generator, child: Child) -> None:
    if child.school is None:
        return
    if child.grade == 6:
        draw = rng.random()
        one, both = TO_JUNIOR[child.town][0], TO_JUNIOR[child.town].sum()
        child.school = JUNIOR[0] if draw < one else JUNIOR[1] if draw < both else None
        child.grade = 7
    elif child.grade == 9 or rng.random() > STAY[child.grade]:
        child.school = None
    else:
        child.grade += 1


def start() -> list[Child]:
    """The county as it stands: 30 children a grade in every school."""
    seated: list[Child] = []
    for school in (*PRIMARY, *JUNIOR):
        grades = range(1, 7) if school in PRIMARY else range(7, 10)
        town = 0 if school in (0, 1, 3) else 1
        seated += [Child(town, school, grade) for grade in grades for _ in range(30)]
    return seated


def count(children: list[Child]) -> np.ndarray:
    cells = np.zeros((5, 9))
    for child in children:
        if child.school is not None:
            cells[child.school, child.grade - 1] += 1
    return cells


def one_by_one(seed: int) -> np.ndarray:
    """float[H, 5, 9] pupils of one history; every child is somewhere or has left."""
    rng = np.random.default_rng(seed)
    children = start()
    seen: list[np.ndarray] = []
    for year in range(HORIZON):
        for child in children:
            move_up(rng, child)
        children += enter(rng, year)
        cells = count(children)
        gone = sum(child.school is None for child in children)
        assert cells.sum() + gone == len(children)
        seen.append(cells)
    return np.array(seen)


def forecast() -> np.ndarray:
    """The same county through the year loop, float[H, 5, 9]."""
    stepped = np.zeros((5, 9), dtype=bool)
    ratio = np.ones((5, HORIZON, 9))
    for school in (*PRIMARY, *JUNIOR):
        for grade in range(2, 7) if school in PRIMARY else range(8, 10):
            stepped[school, grade - 1] = True
            ratio[school, :, grade - 1] = STAY[grade - 1]
    begin = np.zeros((5, 9))
    begin[:3, :6], begin[3:, 6:] = 30, 30
    entrants = np.array(
        [[b * YIELD for b in town] for town in zip(*map(births, range(HORIZON)), strict=True)]
    )
    first = Intake(
        0, np.array([True, True, True, False, False]), np.zeros((5, HORIZON)),
        (BirthsSource(entrants, np.array([[0.6, 0.4, 0, 0, 0], [0, 0, 1.0, 0, 0]])),), (), np.ones((1,
                                                                                                    HORIZON)),
    )  # fmt: skip
    feeder = np.array([[1.0, 1.0, 0, 0, 0], [0, 0, 1.0, 0, 0]])
    inside = TO_JUNIOR.sum(axis=1)
    share = np.zeros((2, 5))
    share[:, 3:] = TO_JUNIOR / inside[:, None]
    junior = Intake(
        6, np.array([False, False, False, True, True]), np.zeros((5, HORIZON)), (),
        (LeaversSource(feeder, share, np.ones((2, HORIZON)), 1.0 - inside),), np.ones((1, HORIZON)),
    )  # fmt: skip
    ones = np.ones((5, HORIZON, 9))
    return np.moveaxis(
        simulate(Setup(begin, stepped, ratio, ones, ones * 0, (first, junior), ()))[..., 0], 1, 0
    )


def test_the_central_path_is_the_mean_of_children_one_by_one():
    runs = np.array([one_by_one(seed) for seed in range(RUNS)])
    mean, error = runs.mean(axis=0), runs.std(axis=0, ddof=1) / np.sqrt(RUNS)
    ours = forecast()
    apart = np.abs(ours - mean)
    assert (apart <= 4.5 * error + 0.05).all()
    assert np.abs((ours - mean).sum(axis=(1, 2)) / mean.sum(axis=(1, 2))).max() < 0.005


def test_without_chance_both_are_the_same_to_the_child():
    stay, split = dict(STAY), TO_JUNIOR.copy()
    try:
        STAY.update(dict.fromkeys(STAY, 1.0))
        TO_JUNIOR[:] = [[1.0, 0.0], [0.0, 1.0]]
        runs = one_by_one(1)
        ours = forecast()
        assert np.array_equal(runs[:, 3:, 6:][:6].sum(axis=(1, 2)), ours[:, 3:, 6:][:6].sum(axis=(1, 2)))
    finally:
        STAY.update(stay)
        TO_JUNIOR[:] = split
