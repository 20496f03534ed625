"""The page for browsers says what the verifier says, of honest and of changed files; it asks no network."""

from __future__ import annotations

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from tests.unit.admission import draws
from tests.unit.admission.draws import Files, cell, field, files_of, put, sealed
from tests.unit.admission.markets import draw
from tests.unit.admission.test_verifier import MECHANISMS, swap

from junheng.admission import verify_admission
from junheng.report.admission.draw_folder import page
from junheng.report.admission.publication import proofs_of

DONE_HERE = {"V1", "V3", "V4", "V5", "V6"}
RUN = """
const fs = require("fs");
(async () => {
  for (const folder of JSON.parse(fs.readFileSync(0, "utf-8"))) {
    const files = {};
    for (const name of fs.readdirSync(folder)) {
      files[name] = new Uint8Array(fs.readFileSync(folder + "/" + name));
    }
    const proof = JSON.parse(fs.readFileSync(folder + "/proof.json", "utf-8"));
    const { found } = await verify(files, proof);
    console.log(JSON.stringify([...new Set(found.map(said => said.split(" ")[0]))].sort()));
  }
})();
"""


def node() -> str:
    found = shutil.which("node")
    if found is None:
        pytest.skip("node is not installed")
    return found


def script() -> str:
    return page().decode().split("<script>")[1].split("</script>")[0]


def told_by_the_page(folders: list[Path], tmp_path: Path) -> list[list[str]]:
    program = tmp_path / "page.cjs"
    program.write_text(script() + RUN, encoding="utf-8")
    asked = json.dumps([str(folder) for folder in folders])
    done = subprocess.run([node(), program], input=asked, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_page_agrees_with_the_verifier(tmp_path: Path) -> None:
    folders: list[Path] = []
    rng = random.Random(7)

    def add(files: Files, proof: dict[str, Any]) -> None:
        folder = tmp_path / f"{len(folders):03d}"
        put(folder, {**files, "proof.json": json.dumps(proof).encode()})
        folders.append(folder)

    for mechanism, bands in MECHANISMS:
        held = draws.held(draw(rng, 12, 4, 3, 3, full=True), mechanism=mechanism, bands=bands)
        files = files_of(held, "own", least=3)
        for content in dict(proofs_of(held, draws.changes_of(held), 3)).values():
            proof = json.loads(content)
            add(files, proof)
            add(files, {**proof, "result": {**proof["result"], "drawn": "p0"}})
        add(files, {**proof, "nonce": "00" * 16})
        add(files, {**proof, "path": proof["path"][1:]})
        add(sealed(swap("tickets.csv", 1)(files)), proof)
        add({**files, "changes.csv": files["changes.csv"] + b"\n"}, proof)
        add(sealed(field(files, "seed.json", canonical="1./")), proof)
        add(sealed(cell(files, "cutoffs.csv", lambda row: row[3] == "full", 7, held.tickets[0][1])), proof)
    said = told_by_the_page(folders, tmp_path)
    expected: list[list[str]] = []
    for folder in folders:
        _, found = verify_admission.verify(str(folder), str(folder / "proof.json"))
        expected.append(sorted({number for number, _ in found} & DONE_HERE))
    assert said == expected
    assert [] in said and {number for numbers in said for number in numbers} == DONE_HERE


def test_the_page_asks_nobody() -> None:
    text = page().decode()
    assert "default-src 'none'" in text
    assert not any(
        word in text for word in ("http:", "https:", "fetch(", "XMLHttp", "WebSocket", "src=", "import(")
    )
