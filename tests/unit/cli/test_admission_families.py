"""`junheng admission notices` and `families`: what is printed before the freeze, and what is refused."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from junheng.cli.root import app
from junheng.model.errors import Refused

PLAN = "2027-kindergarten"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("region") / "ws"
    assert CliRunner().invoke(app, ["example", str(path)]).exit_code == 0
    (path.parent / "secret.txt").write_text("5e" * 32, encoding="ascii")
    return path


def said(workspace: Path, verb: str, *words: str) -> Result:
    return CliRunner().invoke(app, ["admission", verb, str(workspace), "--plan", PLAN, *words])


def test_receipt_slips_are_printed_and_printed_again_the_same(workspace: Path) -> None:
    made: list[bytes] = []
    for name in ("a.zip", "b.zip"):
        target = workspace.parent / name
        words = ["--kind", "receipt", "--secret", str(workspace.parent / "secret.txt"), "--to", str(target)]
        children = ["--child", "K2027-00001", "--child", "K2027-00002"]
        result = said(workspace, "notices", *words, *children)
        assert result.exit_code == 0, result.output
        made.append(target.read_bytes())
        assert target.stat().st_mode & 0o077 == 0, "codes are for their families alone"
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as held:
        assert held.namelist() == ["00001.docx", "00002.docx"]


@pytest.mark.parametrize(
    ("verb", "words", "code"),
    [
        ("notices", ["--kind", "receipt", "--to", "a.txt"], "families_cli.file_kind"),
        ("notices", ["--kind", "receipt", "--to", "a.pdf"], "families_cli.secret_needed"),
        ("notices", ["--kind", "result", "--to", "a.pdf"], "admission_folder.not_pinned"),
        ("families", [], "families_cli.secret_needed"),
        ("families", ["--withdraw"], "families_cli.nothing"),
    ],
)
def test_what_cannot_be_done_is_said(workspace: Path, verb: str, words: list[str], code: str) -> None:
    result = said(workspace, verb, *words)
    assert isinstance(result.exception, Refused) and result.exception.code == code
