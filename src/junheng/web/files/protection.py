"""Whose files show every count, and whose have small ones protected."""

from __future__ import annotations

from junheng.report.suppression import Audience, Protection
from junheng.web.accounts.roles import FROM_ABOVE, ROLES
from junheng.web.house.scope import Scope
from junheng.web.runs import reading


def audience(scope: Scope, permission: str) -> Audience:
    """`bureau` for those who work in the unit or answer for it; `public` for who only looks down on it."""
    for grant in scope.user.current_grants():
        role = ROLES[grant.role]
        if grant.role not in FROM_ABOVE and permission in role.permissions and grant.unit.holds(scope.unit):
            return "bureau"
    return "public"


def report_audience(scope: Scope, asked: str = "bureau") -> Audience:
    """The form of a whole region's report: schools and towns, which see their own rows only, get the public
    one; so does whoever asks for it."""
    if asked == "public" or not reading.sees_whole_region(scope):
        return "public"
    return audience(scope, "see")


def protection(held: Audience) -> Protection:
    """Counts below ten are small."""
    return Protection(held)
