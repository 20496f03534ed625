"""Reads rule files: a small, hostile-proof part of YAML, with line numbers kept for every fault.

Rule files come from offices too, so they are treated as untrusted: no anchors, aliases, merges, tags or
repeated keys, at most `MAX_BYTES` and `MAX_DEPTH`; scalars are numbers, words, dates, true/false and null.
"""

from __future__ import annotations

import math
from datetime import date, datetime
from typing import Any

import yaml as _yaml

from junheng.model.reason import Finding

yaml: Any = _yaml
"""PyYAML ships no types; its objects are checked at run time."""
_FAST: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""libyaml's parser where PyYAML was built with it: the same events and nodes, several times faster."""
MAX_BYTES = 1_000_000
MAX_DEPTH = 12
_TAGS = {f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp")}


class Mapping(dict[str, Any]):
    """A mapping that knows the line (from 1) it begins on, the line of each key, and which keys are whole
    numbers (`numbers`); keys themselves stay text."""

    line: int = 0
    lines: dict[str, int]
    numbers: dict[str, int]


class Fault(Exception):
    """The first fault that stops a file from being read."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.code)
        self.finding = finding


def fault(code: str, file: str, line: int = 0, **parameters: Any) -> Finding:
    """A finding about a line of a rule file, worded by `rules.messages`."""
    key = str(parameters.get("key") or parameters.get("field") or "")
    return Finding(
        code,
        "error",
        file=file,
        row=line or None,
        column=key,
        value=str(parameters.get("value", "")),
        parameters={"file": file, "line": line, **parameters},
    )


def read(content: bytes, file: str) -> Mapping:
    """The top mapping of a rule file. Raises Fault; never constructs objects."""
    value = _tree(content, file)
    if not isinstance(value, Mapping):
        raise Fault(fault("not_a_mapping", file, 1))
    return value


def read_list(content: bytes, file: str) -> list[Mapping]:
    """The mappings of a rule file that is a list. Raises Fault; never constructs objects."""
    value = _tree(content, file)
    if not isinstance(value, list):
        raise Fault(fault("not_a_list", file, 1))
    listed: list[Mapping] = []
    for item in value:
        if not isinstance(item, Mapping):
            raise Fault(fault("not_a_mapping", file, 1))
        listed.append(item)
    return listed


def _tree(content: bytes, file: str) -> Any:
    if len(content) > MAX_BYTES:
        raise Fault(fault("too_large", file, limit=MAX_BYTES))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Fault(fault("not_utf8", file)) from None
    try:
        _refuse_hostile(text, file)
        node = yaml.compose(text, Loader=_FAST)
    except yaml.MarkedYAMLError as error:
        line = (error.problem_mark.line + 1) if error.problem_mark else 0
        raise Fault(fault("not_yaml", file, line, problem=error.problem or "?")) from None
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        problem = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise Fault(fault("not_yaml", file, 0, problem=problem)) from None
    return _build(node, file) if node is not None else None


def _refuse_hostile(text: str, file: str) -> None:
    """Refuses anchors, aliases, tags and deep nesting from the event stream, before any tree is built."""
    depth = 0
    for event in yaml.parse(text, Loader=_FAST):
        line = (event.start_mark.line + 1) if event.start_mark else 0
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise Fault(fault("alias", file, line))
        if tag := getattr(event, "tag", None):
            raise Fault(fault("tag", file, line, tag=tag))
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise Fault(fault("too_deep", file, line))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _build(node: Any, file: str) -> Any:
    line = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        result = Mapping()
        result.line, result.lines, result.numbers = line, {}, {}
        for key_node, value_node in node.value:
            key_line = key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode) or key_node.tag.endswith(":merge"):
                raise Fault(fault("not_a_mapping", file, key_line))
            key = key_node.value
            if key in result:
                raise Fault(fault("duplicate_key", file, key_line, key=key))
            result[key] = _build(value_node, file)
            result.lines[key] = key_line
            if key_node.tag.endswith(":int") and key.lstrip("-").isdecimal():
                result.numbers[key] = int(key)
        return result
    if isinstance(node, yaml.SequenceNode):
        return [_build(child, file) for child in node.value]
    return _scalar(node, file, line)


def _scalar(node: Any, file: str, line: int) -> Any:
    if node.tag not in _TAGS:
        raise Fault(fault("tag", file, line, tag=node.tag))
    loader = yaml.SafeLoader("")
    try:
        value: Any = loader.construct_object(node)
    except (ValueError, OverflowError, yaml.YAMLError) as error:
        raise Fault(fault("not_yaml", file, line, problem=str(error))) from None
    finally:
        loader.dispose()
    if isinstance(value, float) and not math.isfinite(value):
        raise Fault(fault("not_yaml", file, line, problem=str(node.value)))
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, date | str | int | float | bool) or value is None:
        return value
    raise Fault(fault("tag", file, line, tag=node.tag))
