"""Statistical starting values of the enrolment model, in one frozen place.

Legal and local numbers live in `rules` or in a region; what stands here is about how school counts vary. The
values were tuned on Texas districts and New York City schools and are the same for every user.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Parameters:
    """Scalars of the progression model. Variances are on the log scale, per year where they are rates."""

    pooled_half_life: float = 4.0
    """Years in which the weight of a transition halves in the pooled ratio of a grade."""
    county_pseudo_pupils: float = 5000.0
    """Pupils' worth of belief that a county's ratios equal the pooled ones."""
    unit_pseudo_pupils: float = 625.0
    """phi / tau^2 with tau 0.04: spread of units' common factor about the county's."""
    unit_drift: float = 0.001
    """Yearly process variance q of a unit's factor."""
    unit_clip: tuple[float, float] = (0.75, 1.35)
    cell_pseudo_pupils: float = 156.0
    """phi / tau^2 with tau 0.08: spread of one grade's ratio about the unit's."""
    cell_drift: float = 0.00025
    """Yearly process variance q of one grade's ratio in one unit."""
    cell_floor: float = 0.3
    """A cell's ratio is never below this share of the pooled one."""
    sampling: float = 1.0
    """phi: variance of a count is phi times its mean."""
    outlier: float = 2.0
    """Standard deviations beyond which a transition is drawn in before ratios are estimated again."""
    outlier_spread: float = 0.03
    """Yearly sd of a ratio (share) that is no outlier however large the unit."""
    cap: float = 1.6
    """A ratio above this never enters estimation, and no forecast ratio exceeds it."""
    intake_share: float = 0.62
    """A grade is an intake when those who could have come up are under this share of those who came."""
    last_share: float = 0.15
    """A grade is the last when at most this share of its pupils goes on inside."""
    structure_transitions: int = 4
    """Transitions looked at to find intake and last grades."""
    entry_drift: float = 0.006
    """Yearly process variance q of an entry level."""
    entry_sampling: float = 1.2
    """phi of entry counts."""
    entry_pseudo_pupils: float = 20000.0
    """Pupils' worth of belief that one intake grade's pooled growth equals that of all intakes."""
    entry_growth_spread: float = 0.05
    """Spread of true yearly growths of pooled entry; growth is shrunk to zero by its noise against this."""
    entry_growth_years: int = 4
    """Pooled growths averaged into the forward drift."""
    entry_growth_recency: float = 0.7
    """Weight of each year's growth relative to the year after it."""
    entry_growth_share: float = 0.9
    """Share of the mean pooled growth carried forward."""
    entry_growth_damping: float = 0.7
    """Each further year carries this share of the growth of the year before."""
    entry_migration_share: float = 0.3
    """Share of a unit's own factor that also moves its entry."""
    entry_migration_damping: float = 0.8
    """Each further year moves entry by this share of the year before."""
    hold_weight: float = 0.4
    """Weight of the last total in the forecast of a very small unit's total."""
    hold_pupils: float = 800.0
    """Size at which that weight is halved."""
    hold_region_share: float = 0.25
    """Share of the region's forecast change that the last total is moved by before it is combined."""
    hold_prior_origins: float = 20.0
    """Origin-leads' worth of belief in the weights above."""
    hold_lead_origins: float = 3.0
    """Origins' worth of belief that all leads ask for the same factor on them."""
    hold_factor_limit: float = 2.0
    hold_fall: float = 0.08
    """Yearly fall of a unit's intake (log) at which the weight of its last total is halved."""
    hold_fall_pupils: float = 100.0
    """Entrants' worth of belief that the intake has not been falling."""
    dent: float = 0.12
    """A drop of this share that returns the year after counts as a missing year."""


DEFAULT = Parameters()
