"""How pupils form classes: the law's ceiling of pupils over size, and the size a school really uses.

The need for classes is Σ ⌈pupils / size⌉ over schools and grades, never pupils / size: one pupil more than
fits makes another class. Rooms and posts follow from it. What a school *does* differs: `practised_sizes`
learns from its own past classes the size that reproduces them, leaning on its grade and on all schools where
its past is short.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Floats32 = NDArray[np.float32]
Flags = NDArray[np.bool_]
CANDIDATES: NDArray[np.int64] = np.arange(8, 71)
"""Class sizes a school may practise; a search range, not a limit."""


@njit(cache=True)
def _count(
    pupils: Floats32, mask: Flags, sizes: Floats, pooled: bool, demand: Floats32, classes: Floats32
) -> None:
    years, grades, draws = pupils.shape
    for h in range(years):
        for d in range(draws):
            demand[h, d] = 0.0
        for k in range(sizes.shape[0]):
            for d in range(draws):
                classes[k, h, d] = 0.0
            smallest = np.inf
            for g in range(grades):
                if mask[h, g] and 0.0 < sizes[k, h, g] < smallest:
                    smallest = sizes[k, h, g]
            for g in range(grades):
                size = sizes[k, h, g]
                if not mask[h, g]:
                    continue
                for d in range(draws):
                    value = pupils[h, g, d]
                    if value > 0.0:
                        if k == 0:
                            demand[h, d] += value
                        if pooled:
                            classes[k, h, d] += np.rint(value)
                        elif size > 0.0:
                            classes[k, h, d] += np.ceil(np.rint(value) / size)
            if pooled:
                for d in range(draws):
                    classes[k, h, d] = np.ceil(classes[k, h, d] / smallest) if smallest < np.inf else 0.0


def count_classes(
    pupils: Floats32, mask: Flags, sizes: Floats, pooled: bool = False
) -> tuple[Floats32, Floats32]:
    """Demand float32[H, D] and classes float32[K, H, D] of one school's stage.

    pupils: float32[H, G, D] of all grades of the school; NaN is nobody. mask: bool[H, G], the grades that
    belong to the stage in each year. Children are counted whole before classes form. sizes: float64[K, H, G],
    K class sizes tried at once, at least one. `pooled` puts all grades together (mixed-age and multigrade
    classes) at the smallest of the sizes.
    """
    years, _, draws = pupils.shape
    demand = np.empty((years, draws), dtype=np.float32)
    classes = np.empty((sizes.shape[0], years, draws), dtype=np.float32)
    _count(
        np.ascontiguousarray(pupils), np.ascontiguousarray(mask), np.ascontiguousarray(sizes), pooled,
        demand, classes,
    )  # fmt: skip
    return demand, classes


@dataclass(frozen=True)
class Practice:
    """Class sizes learned from past classes. `size(school, grade)` is the size whose ceiling fits best."""

    schools: dict[str, Floats]
    cells: dict[tuple[str, str], Floats]
    grades: dict[str, Floats]
    everyone: Floats

    def size(self, school: str, grade: str) -> int:
        """The practised class size of a school's grade; falls back to its school, its grade, all schools."""
        for table, key in ((self.cells, (school, grade)), (self.schools, school), (self.grades, grade)):
            if key in table:
                return int(CANDIDATES[int(np.argmax(table[key]))])  # type: ignore[index]
        return int(CANDIDATES[int(np.argmax(self.everyone))])

    def classes(self, school: str, grade: str, pupils: int) -> int:
        """Classes the school would form for `pupils` of a grade."""
        return -(-int(pupils) // self.size(school, grade)) if pupils > 0 else 0


MEMORY = 0.7
"""Weight kept by a past year for each year of age; 0.7-1.0 differ by a point."""
GRADE_PRIOR, SCHOOL_PRIOR, CELL_PRIOR = 5.0, 5.0, 2.0
"""Pseudo-counts of cells by which grade, school and cell lean on the level above."""


def practised_sizes(
    schools: list[str],
    grades: list[str],
    years: NDArray[np.int64],
    pupils: NDArray[np.int64],
    classes: NDArray[np.int64],
    origin: int,
) -> Practice:
    """Learn class sizes from rows (school, grade, year, pupils, classes) with year ≤ origin.

    Each candidate size scores the weighted share of cells whose true number of classes it reproduces; cell,
    school and grade scores shrink to the level above them. ValueError when no row is left.
    """
    keep = (years <= origin) & (pupils > 0) & (classes > 0)
    if not keep.any():
        raise ValueError("no past classes to learn from")
    hits = (np.ceil(pupils[keep, None] / CANDIDATES) == classes[keep, None]).astype(np.float64)
    weight = MEMORY ** (origin - years[keep]).astype(np.float64)
    school = np.asarray(schools)[keep]
    grade = np.asarray(grades)[keep]
    everyone = (weight @ hits) / weight.sum()

    def lean(mask: NDArray[np.bool_], prior: Floats, strength: float) -> Floats:
        inside = weight[mask]
        return (inside @ hits[mask] + strength * prior) / (inside.sum() + strength)

    by_grade = {str(g): lean(grade == g, everyone, GRADE_PRIOR) for g in np.unique(grade)}
    by_school = {str(s): lean(school == s, everyone, SCHOOL_PRIOR) for s in np.unique(school)}
    cells: dict[tuple[str, str], Floats] = {}
    for s in np.unique(school):
        at = school == s
        for g in np.unique(grade[at]):
            prior = lean(at, by_grade[str(g)], SCHOOL_PRIOR)
            cells[str(s), str(g)] = lean(at & (grade == g), prior, CELL_PRIOR)
    return Practice(by_school, cells, by_grade, everyone)
