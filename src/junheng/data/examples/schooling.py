"""The county's children year by year: each moves house, changes school, enters and leaves, and none is lost.

Children are counted by origin (local or migrant), home area, age on 31 August and school, the last place
standing for no school. A year's step sorts every child of one year into a place of the next or out of the
county, so that `children(t + 1) = children(t) + births + arrivals - departures - those who turn eighteen`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.data.examples.chance import stream
from junheng.data.examples.choosing import Choosing, special_school
from junheng.data.examples.people import Births
from junheng.data.examples.recipe import Recipe, grade_at
from junheng.model.stages import GRADES

AGES = 18
LOCAL, MIGRANT = 0, 1
STAYED, MOVED, ARRIVED = 0, 1, 2
"""What happened to a child's home: nothing, a move within the county, arrival from outside."""
_ROUNDS = 4

Counts = NDArray[np.int64]


@dataclass
class History:
    """What the simulation counted, by year index from `first`.

    `pupils[origin, school, grade, year]`, `children[area, age, year]`, `flows[from, to, grade, year]` of
    pupils who leave a school's last grade (`to` past the schools: none or outside), `balance[name, year]`.
    """

    first: int
    pupils: Counts
    children: Counts
    flows: Counts
    balance: dict[str, Counts]


class Schooling:
    """One simulation. `caps[school, grade, year]` bounds new entrants; None lets schools fill without end."""

    def __init__(
        self, recipe: Recipe, born: Births, model: Choosing, seed: int, caps: NDArray[np.float64] | None
    ) -> None:
        self.recipe, self.born, self.model, self.caps = recipe, born, model, caps
        self.random = stream(seed, "schooling")
        self.none = len(recipe.schools)
        self.areas = len(recipe.areas)
        self.special = special_school(recipe)
        self.moving = self._moving()
        years = len(recipe.years)
        shape = (2, self.none, len(GRADES), years)
        self.history = History(
            recipe.years[0],
            np.zeros(shape, dtype=np.int64),
            np.zeros((self.areas, AGES, years), dtype=np.int64),
            np.zeros((self.none, self.none + 1, len(GRADES), years), dtype=np.int64),
            {name: np.zeros(years, dtype=np.int64) for name in ("births", "arrivals", "departures", "grown")},
        )

    def run(self) -> History:
        """Simulate every year of the recipe."""
        state = self._start()
        self._record(state, 0)
        for year in self.recipe.years[1:]:
            state = self._step(state, year)
            self._record(state, year - self.history.first)
        return self.history

    def _start(self) -> Counts:
        """Everyone placed afresh in the first year, from births alone."""
        year = self.recipe.years[0]
        state = np.zeros((2, self.areas, AGES, self.none + 1), dtype=np.int64)
        for age in range(AGES):
            children = self.born.cohort(year - age)
            grade = grade_at(age)
            for area in range(self.areas):
                row = np.zeros(self.none + 1)
                if grade is not None:
                    row[:-1] = self._rate(grade, LOCAL, year, new=True) * self.model.probabilities(
                        area, GRADES.index(grade), year
                    )
                row[-1] = max(0.0, 1.0 - row.sum())
                state[LOCAL, area, age] = self.random.multinomial(children[area], row / row.sum())
        return state

    def _step(self, state: Counts, year: int) -> Counts:
        """The state of `year` from that of the year before."""
        new = np.zeros_like(state)
        balance = self.history.balance
        at = year - self.history.first
        balance["grown"][at] = state[:, :, AGES - 1].sum()
        for age in range(AGES - 1):
            rows, leavers = self._move(state[:, :, age], age)
            balance["departures"][at] += sum(count for *_, count in leavers)
            rows += self._arrive(state[:, :, age], age)
            balance["arrivals"][at] += sum(row[4] for row in rows if row[3] == ARRIVED)
            self._note_leavers(leavers, age, at)
            self._place(rows, age + 1, year, new)
        new[LOCAL, :, 0, self.none] = self.born.cohort(year)
        balance["births"][at] = self.born.cohort(year).sum()
        return new

    def _moving(self) -> NDArray[np.float64]:
        """[origin, area, age, area or outside] chances of next year's home."""
        given = self.recipe["movement"]
        areas = self.recipe.areas
        pull = np.array([area.pull for area in areas])
        result = np.zeros((2, self.areas, AGES, self.areas + 1))
        for place, area in enumerate(areas):
            for age in range(AGES):
                others = np.where(np.arange(self.areas) == place, 0.0, pull)
                others = others / others.sum()
                if area.kind == "street":
                    others = others * given["between_streets"]
                    out = given["outward"][age]
                else:
                    others = others * given["to_town"][age] * area.leaving
                    out = given["outward"][age] * area.leaving
                for origin, factor in ((LOCAL, 1.0), (MIGRANT, given["migrant_leaving"])):
                    result[origin, place, age, : self.areas] = others
                    result[origin, place, age, self.areas] = out * factor
                    result[origin, place, age, place] = 1.0 - others.sum() - out * factor
        return result

    def _move(self, children: Counts, age: int) -> tuple[list[list[int]], list[list[int]]]:
        """Rows [origin, home, school, moved, count] of those who stay in the county, and of those who
        leave it."""
        origin, area, school = np.nonzero(children)
        counts = children[origin, area, school]
        moved = self.random.multinomial(counts, self.moving[origin, area, age])
        rows: list[list[int]] = []
        leavers: list[list[int]] = []
        for row, home in zip(*np.nonzero(moved), strict=True):
            target = leavers if home == self.areas else rows
            changed = MOVED if home != area[row] else STAYED
            target.append([int(origin[row]), int(home), int(school[row]), changed, int(moved[row, home])])
        return rows, leavers

    def _arrive(self, children: Counts, age: int) -> list[list[int]]:
        """Migrant children who come to the county town, as rows marked so."""
        rate = self.recipe["movement"]["inward"][age]
        rows: list[list[int]] = []
        for place, area in enumerate(self.recipe.areas):
            if area.kind != "street":
                continue
            count = int(self.random.poisson(rate * area.pull * children[:, place].sum()))
            if count:
                rows.append([MIGRANT, place, self.none, ARRIVED, count])
        return rows

    def _note_leavers(self, leavers: list[list[int]], age: int, at: int) -> None:
        grade = grade_at(age)
        if grade is None:
            return
        for _, _, school, _, count in leavers:
            if school < self.none and self._leaves(school, grade):
                self.history.flows[school, self.none, GRADES.index(grade), at] += count

    def _place(self, rows: list[list[int]], age: int, year: int, new: Counts) -> None:
        """Sort children who are now `age` into the schools of `year`."""
        grade = grade_at(age)
        if grade is None:
            for origin, home, _, _, count in rows:
                new[origin, home, age, self.none] += count
            return
        index = GRADES.index(grade)
        at = year - self.history.first
        teaches = self.model.teaches[index, :, at]
        seekers: list[tuple[int, int, int, int]] = []
        chances: list[NDArray[np.float64]] = []
        for origin, home, school, moved, count in rows:
            left = count
            if school < self.none and teaches[school]:
                staying = self._staying(school, moved, grade, year)
                stay = int(self.random.binomial(count, staying))
                new[origin, home, age, school] += stay
                left -= stay
            if left:
                seekers.append((origin, home, school, left))
                chances.append(self._chances(origin, home, school, moved, grade, year))
        if not seekers:
            return
        placed = self._allocate(seekers, np.array(chances), new[:, :, age, :-1].sum(axis=(0, 1)), index, at)
        before = GRADES[index - 1] if index else ""
        for (origin, home, school, _), row in zip(seekers, placed, strict=True):
            new[origin, home, age] += row
            if school < self.none and self._leaves(school, before):
                self.history.flows[school, :, index - 1, at] += row

    def _leaves(self, school: int, grade: str) -> bool:
        """Whether pupils of the grade finish the school, or the ninth grade, where all may go elsewhere."""
        return grade in (self.recipe.schools[school].grades[-1], "G09")

    def _staying(self, school: int, moved: int, grade: str, year: int) -> float:
        """Chance that a pupil stays at a school that teaches the next grade."""
        one = self.recipe.schools[school]
        if grade == "G10":
            return self.recipe["enrolling"]["own_senior"]
        given = self.recipe["choosing"]["transfer"]
        stay = 1.0 - given["village" if one.village else "centre"]
        if moved:
            stay *= 1.0 - self.recipe["movement"]["changes_school"]
        if one.stage(grade) == "senior":
            stay *= self.recipe["enrolling"]["senior_staying"]
        for event in self.recipe["events"]:
            if event["event"] == "split" and event["year"] == year and event["other"] == one.name:
                other = self.recipe.school(event["school"])
                if other.teaches(grade, year):
                    stay *= 1.0 - event["share"]
        return stay

    def _chances(
        self, origin: int, home: int, school: int, moved: int, grade: str, year: int
    ) -> NDArray[np.float64]:
        """[school or none] chances of a child who looks for a place in a grade."""
        model, index = self.model, GRADES.index(grade)
        enrolled = school < self.none
        wanted = np.zeros(self.none)
        if enrolled and not self.recipe.schools[school].open_in(year):
            wanted = self._receivers(school, year) * model.teaches[index, :, year - self.history.first]
        elif enrolled and not moved:
            split = self._split_target(school, grade, year)
            if split is not None:
                wanted[split] = 1.0
        if not wanted.any():
            free = model.after(school, home, index, year) if enrolled else None
            wanted = model.probabilities(home, index, year) if free is None else free
        row = np.append(wanted * self._seeking(origin, enrolled, moved == ARRIVED, grade, year), 0.0)
        if grade == "G01" and self.special is not None:
            share = self.recipe["enrolling"]["special"]
            row *= 1.0 - share
            row[self.special] += share
        row[self.none] = max(0.0, 1.0 - row.sum())
        return row / row.sum()

    def _seeking(self, origin: int, enrolled: bool, arrived: bool, grade: str, year: int) -> float:
        """Chance that a child without a place for the grade takes one at all."""
        if enrolled and grade in ("G11", "G12"):
            return self.recipe["enrolling"]["senior_staying"]
        if enrolled and grade not in ("G01", "G07", "G10"):
            return 1.0
        if not enrolled and not arrived and grade > "G01" and grade[0] == "G":
            return 0.0
        return self._rate(grade, LOCAL if arrived else origin, year, new=not enrolled)

    def _receivers(self, school: int, year: int) -> NDArray[np.float64]:
        """[school] shares in which a school that closes in `year` hands over its pupils."""
        shares = np.zeros(self.none)
        name = self.recipe.schools[school].name
        for event in self.recipe["events"]:
            if event["school"] == name and event["year"] == year and "other" in event:
                shares[self.recipe.schools.index(self.recipe.school(event["other"]))] += event["share"]
        return shares

    def _split_target(self, school: int, grade: str, year: int) -> int | None:
        for event in self.recipe["events"]:
            if event["event"] != "split" or event["year"] != year:
                continue
            target = self.recipe.school(event["school"])
            if event["other"] == self.recipe.schools[school].name and target.teaches(grade, year):
                return self.recipe.schools.index(target)
        return None

    def _rate(self, grade: str, origin: int, year: int, *, new: bool) -> float:
        """Share who enter a grade; for kindergarten, of those not yet in one when `new`."""
        given = self.recipe["enrolling"]
        if grade == "K0":
            return self.recipe.at_year(given["nursery"], year)
        if grade[0] == "K":
            rate = self.recipe.at_year(given["kindergarten"], year)
            return rate if grade == "K1" or year == self.recipe.years[0] else given["late_entry"]
        if grade < "G07":
            return given["primary"]
        if grade < "G10":
            return (
                given["junior_migrant"] if origin == MIGRANT else self.recipe.at_year(given["junior"], year)
            )
        return given["senior_migrant"] if origin == MIGRANT else self.recipe.at_year(given["senior"], year)

    def _allocate(
        self,
        seekers: list[tuple[int, int, int, int]],
        chances: NDArray[np.float64],
        held: Counts,
        grade: int,
        at: int,
    ) -> Counts:
        """[seeker, school or none] children placed; where a school has no room left, some look elsewhere."""
        waiting = np.array([count for *_, count in seekers])
        placed = np.zeros(chances.shape, dtype=np.int64)
        open_ = np.ones(chances.shape[1], dtype=bool)
        for round_ in range(_ROUNDS):
            rest = chances * open_
            lost = rest.sum(axis=1) <= 1e-9
            rest[lost] = chances[lost]
            placed += self.random.multinomial(waiting, rest / rest.sum(axis=1, keepdims=True))
            waiting = np.zeros_like(waiting)
            if self.caps is None or round_ == _ROUNDS - 1:
                break
            over = placed[:, :-1].sum(axis=0) + held - np.floor(self.caps[:, grade, at])
            for school in np.nonzero((over > 0) & open_[:-1])[0]:
                column = placed[:, school]
                turned = min(int(over[school]), int(column.sum()))
                if turned and school != self.special:
                    back = self.random.multivariate_hypergeometric(column, turned)
                    placed[:, school] -= back
                    waiting += back
                    open_[school] = False
            if not waiting.any():
                break
        return placed

    def _record(self, state: Counts, at: int) -> None:
        history = self.history
        history.children[:, :, at] = state.sum(axis=(0, 3))
        for index in range(len(GRADES)):
            history.pupils[:, :, index, at] = state[:, :, index + 2, :-1].sum(axis=1)
