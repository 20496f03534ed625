"""The numbers of a plan that change every year, found in its text and put back without touching the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from junheng.rules.reader import Fault, read
from junheng.rules.reader import Mapping as Read

Kind = Literal["text", "whole", "day", "number"]
_TOP: tuple[tuple[str, str, Kind], ...] = (
    ("", "plan", "text"),
    ("", "year", "whole"),
    ("age", "born_from", "day"),
    ("age", "born_to", "day"),
    ("address", "years", "whole"),
    ("address", "nine_year_schools", "whole"),
    ("zone_lists", "choices", "whole"),
    ("private", "choices", "whole"),
    ("placement", "limit_m", "whole"),
    ("draw", "freeze", "day"),
    ("", "delete_after", "day"),
)
_BATCH: tuple[tuple[str, Kind], ...] = (("choices", "whole"), ("line", "number"))
_VALUE = r"(\b{name}\s*:\s*)([^\s,}}\]#][^,}}\]#\n]*|)"


@dataclass(frozen=True, slots=True)
class Number:
    """One of them: `path` names it in forms (`age.born_from`, `batches.quota.line`), `part` and `name` say
    which it is, `line` is where it stands (from 1)."""

    path: str
    part: str
    name: str
    kind: Kind
    value: str
    line: int


def numbers(text: str) -> list[Number]:
    """Those that stand in the text, in the order people know them; none while it cannot be read."""
    try:
        data = read(text.encode("utf-8"), "plan")
    except Fault:
        return []
    return list(_found(data))


def _found(data: Read) -> Iterator[Number]:
    for part, name, kind in _TOP:
        held = data.get(part) if part else data
        if isinstance(held, Read) and name in held:
            path = f"{part}.{name}" if part else name
            yield Number(path, part, name, kind, _text(held[name]), held.lines[name])
    draw = data.get("draw")
    for at, seed in enumerate(_maps(draw.get("seed") if isinstance(draw, Read) else None)):
        if "day" in seed:
            source = _text(seed.get("source"))
            yield Number(
                f"draw.seed.{at}.day", source, "seed_day", "day", _text(seed["day"]), seed.lines["day"]
            )
    for batch in _maps(data.get("batches")):
        for name, kind in _BATCH:
            if name in batch:
                path, title = f"batches.{batch.get('id')}.{name}", _text(batch.get("name"))
                yield Number(path, title, f"batch_{name}", kind, _text(batch[name]), batch.lines[name])


def _maps(value: Any) -> list[Read]:
    return [one for one in value if isinstance(one, Read)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return f"{value:g}"
    return "" if value is None else str(value)


def with_numbers(text: str, given: Mapping[str, str]) -> str:
    """The text with new values in their places. What two values on one line cannot be told apart by name, or
    cannot stand in such a file as typed, stays as it is: the check of the plan says what is wrong with it."""
    lines = text.split("\n")
    seen: dict[tuple[int, str], int] = {}
    for one in numbers(text):
        key = one.path.rpartition(".")[2]
        nth = seen.get((one.line, key), 0)
        seen[one.line, key] = nth + 1
        value = given.get(one.path, one.value).strip()
        if value == one.value or not value or not _plain(value, one.kind):
            continue
        lines[one.line - 1] = _replaced(lines[one.line - 1], key, value, nth)
    return "\n".join(lines)


def _replaced(line: str, key: str, value: str, nth: int) -> str:
    found = list(re.finditer(_VALUE.format(name=re.escape(key)), line))
    if nth >= len(found):
        return line
    at = found[nth]
    old = at.group(2)
    tail = old[len(old.rstrip()) :]
    return line[: at.start(2)] + value + tail + line[at.end(2) :]


def _plain(value: str, kind: Kind) -> bool:
    """Whether a value can stand in the file as it is: no sign that would open something else."""
    if kind == "text":
        return not re.search(r"[:#{}\[\],&*!|>'\"%@`\n]", value) and not value.startswith("-")
    return re.fullmatch(r"[0-9][0-9.\-]*", value) is not None
