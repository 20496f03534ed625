"""A mapping back into text: the part of TOML mappings use."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")


def written(content: Mapping[str, Any]) -> str:
    """The mapping file of parsed content: `format`, then one [[source]] after another."""
    lines = [f"format = {content.get('format', 1)}"]
    for source in content.get("source", []):
        lines += ["", "[[source]]"]
        plain = {name: value for name, value in source.items() if not isinstance(value, dict)}
        tables = {name: value for name, value in source.items() if isinstance(value, dict)}
        lines += [f"{_key(name)} = {_value(value)}" for name, value in plain.items()]
        for name, table in tables.items():
            lines += _table(f"source.{_key(name)}", table)
    return "\n".join(lines) + "\n"


def _table(path: str, table: Mapping[str, Any]) -> list[str]:
    """A table with short inner tables in one line each."""
    if not table:
        return []
    return [f"[{path}]", *(f"{_key(name)} = {_value(value)}" for name, value in table.items())]


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _value(name)


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(one) for one in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    text = json.dumps(str(value), ensure_ascii=False)  # JSON's escapes are TOML's, but for the delete sign
    return text.replace("\x7f", "\\u007f")
