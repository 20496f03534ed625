"""A freeze of plain tables gives the bytes that were recorded before receipts, lines and files were made in
other ways: a root that was announced once must come out for ever."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from junheng.admission import receipts
from junheng.admission.draw_tables import read_draw_tables
from junheng.admission.receipts import Secret

ROOT = "81a4ffdbf5e86d3579b39246ffa23caec2529c244a8c1bc5304fe33cb3fd8f7d"
LINES = "a1a17701ed3565c22a55b367526b3d26ff2d8965e93cab852a84938c9045abab"
RECEIPTS = "0401e3bc747cdc29816aec5c55b947cadeb8449d6c653410242a84ed2fc12327"


def tables(folder: Path) -> list[Path]:
    """Forty children in no order, some without a list, families, facts in Chinese, one identity in full
    width."""
    order = [(7 * number) % 40 for number in range(40)]
    kind, family = {5: "ＩＤ"}, {3: "bound:f1", 8: "bound:f1"}
    people = [
        f"甲{n:02d},{kind.get(n, 'id')}-{n:04d},已核验,{family.get(n, '')},{2000 + n % 3},京{n % 2}"
        for n in order
    ]
    lists = [
        f"甲{n:02d},{rank},p{(n + step) % 4},{(n * rank) % 3 - 1}"
        for n in reversed(order)
        if n % 9
        for rank, step in enumerate((0, 1, 3), start=1)
    ]
    written = {
        "programs": ["program_id,capacity", "p3,5", "p0,9", "p1,0", "p2,30"],
        "applicants": ["applicant_id,identity,status,family,year,hukou", *people],
        "applications": ["applicant_id,rank,program_id,priority", *lists],
    }
    paths = [folder / f"{name}.csv" for name in written]
    for path, rows in zip(paths, written.values(), strict=True):
        path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return paths


@pytest.mark.parametrize("many", [1, 10**9])
def test_the_recorded_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    """By the kernel for many children and one by one."""
    monkeypatch.setattr(receipts, "MANY", many, raising=False)
    held = read_draw_tables(
        *tables(tmp_path), secret=Secret("0f" * 24), season="2027-小学", facts=["year", "hukou"]
    )
    assert hashlib.sha256("\n".join(held.frozen.lines).encode()).hexdigest() == LINES
    given = ",".join(f"{one}={receipt}" for one, receipt in sorted(held.receipt_of.items()))
    assert hashlib.sha256(given.encode()).hexdigest() == RECEIPTS
    assert held.frozen.tree.root.hex() == ROOT
