"""Roles: what each may do. A role's prose stands in the catalogue under `accounts.role_<name>_prose`."""

from __future__ import annotations

from dataclasses import dataclass

SEE = "see"
FILL = "fill"
COLLECT = "collect"
EXAMINE = "examine"
IMPORT = "import"
FORECAST = "forecast"
PUBLISH = "publish"
EXPORT = "export"
REGISTER = "register"
ADMIT = "admit"
PEOPLE = "people"
GRANTS = "grants"
AUDIT = "audit"
OPERATE = "operate"

PERMISSIONS = (
    SEE,
    FILL,
    COLLECT,
    EXAMINE,
    IMPORT,
    FORECAST,
    PUBLISH,
    EXPORT,
    REGISTER,
    ADMIT,
    PEOPLE,
    GRANTS,
    AUDIT,
    OPERATE,
)
"""
see      facts and results of the unit and below
fill     upload, correct and submit the unit's own tables
collect  accept, return, lock and remind
examine  evidence and task reports of others, the steps of an assessment
import   whole tables of the region, mappings, versions, restore
forecast start runs and scenarios, review a run
publish  propose and confirm publication (two people)
export   take files out
register take in children for admission and check their papers: those who register with the unit
admit    run the admission of a region: plan, second check, objections, draw
people   accounts: make, stop, unlock, end sessions
grants   who may do what where
audit    read and verify the audit trail
operate  jobs of all, health, backup state
"""
ANY = "any"
"""Held by whoever holds anything: pages about oneself."""


@dataclass(frozen=True, slots=True)
class Role:
    """A role. `levels` are the levels of unit it may be granted on; a `sensitive` role is granted by one
    person and confirmed by another, and can only be used with a second factor, as can a `guarded` one."""

    name: str
    permissions: frozenset[str]
    levels: frozenset[str]
    sensitive: bool = False
    guarded: bool = False

    @property
    def needs_factor(self) -> bool:
        """Whether a second factor is needed to use it."""
        return self.sensitive or self.guarded


def _role(
    name: str, permissions: str, levels: str, *, sensitive: bool = False, guarded: bool = False
) -> Role:
    return Role(name, frozenset(permissions.split()), frozenset(levels.split()), sensitive, guarded)


_REGION = "province city county"

ROLES: dict[str, Role] = {
    role.name: role
    for role in (
        _role("school_clerk", "see fill export register", "school"),
        _role("principal", "see export", "school"),
        _role("town_clerk", "see fill export", "area"),
        _role("statistician", "see fill collect examine import export", _REGION),
        _role("planner", "see import forecast publish export", _REGION),
        _role("admission_officer", "see export register admit", _REGION, guarded=True),
        _role("leader", "see publish export", _REGION),
        _role("inspector", "see examine export", _REGION),
        _role("superior", "see collect examine export", "province city"),
        _role("system_admin", "people operate", _REGION, sensitive=True),
        _role("security_admin", "grants", _REGION, sensitive=True),
        _role("auditor", "audit", _REGION, sensitive=True),
    )
}
"""Roles by name. The three administrators see no facts by office: each would need a second role for that."""
FROM_ABOVE = ("superior",)
"""Roles that look down from a level above: their files are of the public form, and show no single person."""
