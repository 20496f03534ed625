"""What was pressed at the ceremony, as an action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from junheng.web.admission.draws.actions import ceremony
from junheng.web.admission.draws.queries import Held


def press(held: Held, sent: Mapping[str, str]) -> None:
    """Go on, type the numbers, or make the seed. Refused as the action says."""
    by, verb = held.scope.user, sent.get("verb", "")
    if verb == "type":
        ceremony.type_numbers(draw=held.draw, by=by, typed=typed(held, sent))
    elif verb == "hold":
        ceremony.hold(draw=held.draw, by=by)
    else:
        ceremony.advance(draw=held.draw, by=by, to=sent.get("to", ""))


def typed(held: Held, sent: Mapping[str, str]) -> list[dict[str, Any]]:
    """Results of all sources from the boxes of the form."""
    found: list[dict[str, Any]] = []
    for number, one in enumerate(held.draw.announcement["sources"]):
        result: dict[str, Any] = {"source": one["name"], "event": sent.get(f"event_{number}", one["event"])}
        if one["kind"] == "drand":
            result |= {name: sent.get(f"{name}_{number}", "")[:400] for name in ("signature", "randomness")}
        else:
            result["numbers"] = [sent.get(f"n_{number}_{at}", "") for at in range(one["count"])]
        found.append(result)
    return found
