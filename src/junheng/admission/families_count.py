"""How it went for families bound as a block, counted again from what children hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from junheng.admission.families_block import Family, Lists, blocking, common

Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FamilyCount:
    """Of `families` all of whose children have a list: `together_alone` without links, `together` with them,
    `moved` by the link; of those apart the ones `without_common` programme, and `blocking`: some common
    programme would take the whole family from the children it holds and them. Children of no moved family
    who are better or worse off than without links. `kept`: moved families sit together where they were bound,
    and nobody who sat together without links was parted."""

    families: int
    together_alone: int
    together: int
    moved: int
    without_common: int
    blocking: int
    others_better: int
    others_worse: int
    kept: bool

    def counts(self) -> dict[str, int]:
        """Everything that is counted, with who sits apart."""
        return {
            "families": self.families,
            "together_without_link": self.together_alone,
            "together": self.together,
            "moved": self.moved,
            "apart": self.families - self.together,
            "apart_without_common": self.without_common,
            "blocking": self.blocking,
            "others_better": self.others_better,
            "others_worse": self.others_worse,
        }


def family_count(
    lists: Lists, families: Sequence[Family], held: Whole, alone: Whole, bound: Mapping[int, int]
) -> FamilyCount:
    """Count; `lists` with the seats at the end."""
    listed = [one for one in families if all(lists.start[c] < lists.start[c + 1] for c in one)]
    apart = [one for one in listed if not lists.together(held, one)]
    within = np.zeros(held.size, bool)
    for at in bound:
        within[list(families[at])] = True
    sits = all({lists.at(held, c) for c in families[at]} == {program} for at, program in bound.items())
    stay = all(lists.together(held, one) for one in families if lists.together(alone, one))
    return FamilyCount(
        families=len(listed),
        together_alone=sum(lists.together(alone, one) for one in listed),
        together=len(listed) - len(apart),
        moved=len(bound),
        without_common=sum(not common(lists, one) for one in apart),
        blocking=sum(blocking(lists, lists.seats, held, one) >= 0 for one in apart),
        others_better=int((~within & (held < alone)).sum()),
        others_worse=int((~within & (held > alone)).sum()),
        kept=sits and stay,
    )
