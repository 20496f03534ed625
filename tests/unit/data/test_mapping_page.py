"""The handbook page of the mapping file stays true: it names every entry, and its example reads."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from junheng.data import mapping_file
from junheng.data.mapping import YEAR_LABELS

PAGE = (Path(__file__).parents[3] / "docs" / "handbook" / "mapping.md").read_text(encoding="utf-8")


def test_the_example_is_a_mapping() -> None:
    example = re.findall(r"```toml\n(.*?)```", PAGE, flags=re.S)[0]
    (source,) = mapping_file.parse(tomllib.loads(example)).sources
    assert source.unpivot is not None and source.header == (3, 4)


def test_every_entry_is_on_the_page() -> None:
    entries = mapping_file._ENTRIES
    assert {entry for entry in entries if not re.search(rf"\b{entry}\b", PAGE)} == set()
    assert all(label in PAGE for label in YEAR_LABELS)
