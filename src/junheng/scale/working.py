"""What a worker does with the counties it is given, the same on every engine.

Counties whose data and rules are unchanged are kept. The others go through the verb together where it can,
and one by one when that fails, so that a broken county fails alone and is named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from junheng.model.errors import JunhengError
from junheng.scale.checkpoint import fingerprint, packed
from junheng.scale.partitions import Partitions
from junheng.scale.problem import Made, Outcome, Tables, Task, Work

Read = Callable[[tuple[str, ...]], Mapping[str, Tables]]
LOST = "scale.worker_lost"


def from_partitions(work: Work, source: Partitions, task: Task) -> list[Outcome]:
    """The counties of a task, their tables read from the partitions."""
    return list(
        worked(work, task.province, task.counties, lambda some: source.read(task.province, some, work.year))
    )


def worked(work: Work, province: str, counties: tuple[str, ...], read: Read) -> Iterator[Outcome]:
    """One outcome for each county, in order; never raises but for what ends the whole process."""
    try:
        asked = read(counties)
    except Exception:  # whatever it is, it may concern one county only
        asked = None
    if asked is None:
        for county in counties:
            yield _alone(work, province, county, read)
        return
    marks = {one: fingerprint(work.verb, asked[one], work.year, work.law, one) for one in counties}
    changed = {one: asked[one] for one in counties if work.known.get(one) != marks[one]}
    made: dict[str, Made] = {}
    if work.verb.together and len(changed) > 1:
        try:
            made = work.verb.counties(changed, work.year, work.law, work.names)
        except Exception:  # one of them broke it: each is asked by itself below
            made = {}
    for county in counties:
        if county not in changed:
            yield Outcome(county, province, "kept", marks[county])
        elif county in made:
            yield Outcome(county, province, "made", marks[county], packed(made[county], marks[county]))
        else:
            yield _alone(work, province, county, lambda _some: asked)


def _alone(work: Work, province: str, county: str, read: Read) -> Outcome:
    """One county; a fault of its data is final, anything else is tried again within the limit."""
    attempt = 0
    while True:
        attempt += 1
        try:
            tables = read((county,))[county]
            mark = fingerprint(work.verb, tables, work.year, work.law, county)
            if work.known.get(county) == mark:
                return Outcome(county, province, "kept", mark)
            made = work.verb.counties({county: tables}, work.year, work.law, work.names)[county]
            return Outcome(county, province, "made", mark, packed(made, mark))
        except JunhengError as error:
            return Outcome(
                county, province, "failed", code=error.code, parameters=_plain(error.parameters),
                findings=error.findings[:5],
            )  # fmt: skip
        except Exception as error:  # a failure is told with its county; the others go on
            if attempt > work.retries:
                about = {"kind": type(error).__name__, "detail": str(error)[:300], "attempts": attempt}
                return Outcome(county, province, "failed", code="scale.error", parameters=about)


def lost(task: Task) -> list[Outcome]:
    """The outcomes of a task whose worker ended each time."""
    return [
        Outcome(one, task.province, "failed", code=LOST, parameters={"attempts": task.attempt})
        for one in task.counties
    ]


def _plain(parameters: Mapping[str, object]) -> dict[str, object]:
    """Parameters as they can be written down: what is no number becomes its text."""
    return {name: one if isinstance(one, int | float | str) else str(one) for name, one in parameters.items()}
