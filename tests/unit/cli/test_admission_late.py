"""Late arrivals by command: the next spare receipt in the order of the table, its ticket from the seed, a row
in the published chain; nobody gets a second ticket, and used up receipts are said with the way out."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from pathlib import Path

import polars as pl
import pytest
from tests.unit.admission.draws import rows as rows_of
from tests.unit.admission.draws import sealed, with_rows
from tests.unit.admission.test_verifier import named
from tests.unit.cli.test_admission_check import Rows, made, run

from junheng.data.admission_folder import AdmissionFolder
from junheng.report.admission import publication

HEAD = "报名编号,身份摘要,出生日期,hukou,志愿1,志愿2,文号,经办人,批准人,办理时间"
SIGNED = "云教9号,甲,乙,2027-07-02T09:00"


def eight(held: Rows) -> None:
    """Eight children, all for one school of one seat first."""
    held["applicants"] = [
        {**held["applicants"][0], "applicant_id": f"A{n}", "identity_code": f"IA{n}"} for n in range(8)
    ]
    held["applicant_facts"] = []
    held["applications"] = [
        {"applicant_id": f"A{n}", "batch": "public", "program_id": to, "choice_rank": rank}
        for n in range(8)
        for rank, to in ((1, "s-p"), (2, "t-p"))
    ]


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace whose plan was drawn and admitted, with two spare receipts."""
    ws = made(tmp_path, eight)
    (tmp_path / "sources.csv").write_text("source,event,at,count\n3D,2027150,2027-06-20T21:15,3\n")
    (tmp_path / "numbers.csv").write_text("source,event,numbers\n3D,2027150,3 1 4\n")
    (tmp_path / "secret").write_text("ab" * 16)
    freeze = ["--sources", tmp_path / "sources.csv", "--secret", tmp_path / "secret", "--spare", "2"]
    times = ["--frozen-at", "2027-06-15T18:00", "--announced-at", "2027-06-16T09:00"]
    plan = ["--plan", "p"]
    assert run(monkeypatch, "admission", "freeze", ws, *plan, *freeze, *times) == 0
    numbers = ["--numbers", tmp_path / "numbers.csv", "--at", "2027-06-21T09:00"]
    assert run(monkeypatch, "admission", "draw", ws, *plan, *numbers) == 0
    assert run(monkeypatch, "admission", "assign", ws, *plan) == 0
    return ws


def late(tmp_path: Path, *lines: str, head: str = HEAD) -> Path:
    path = tmp_path / "late.csv"
    path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    return path


def one(who: str, code: str, hukou: str = "", signed: str = SIGNED) -> str:
    return f"{who},{code},2021-01-01,{hukou},s-p,t-p,{signed}"


def round_of(monkeypatch: pytest.MonkeyPatch, ws: Path, *words: object) -> int:
    return run(monkeypatch, "admission", "second-round", ws, "--plan", "p", "--silence", "accept", *words)


def test_late_arrivals_take_the_spare_receipts_in_turn_and_are_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = AdmissionFolder(drawn, "p")
    said = json.loads(folder.path("draw", "announcement.json").read_text())
    seed = json.loads(folder.path("draw", "seed.json").read_text())
    before = folder.read("result")["assignment"]
    sits = before.filter(pl.col("program_id") == "s-p")["applicant_id"].item()
    (tmp_path / "answers.csv").write_text(f"applicant_id,answer\n{sits},decline\n")
    assert round_of(monkeypatch, drawn, "--answers", tmp_path / "answers.csv",
                    "--late", late(tmp_path, one("L1", "IL1"), one("L2", "IL2", "local"))) == 0  # fmt: skip
    kept = folder.read("rounds/1")
    receipts = kept["late_arrivals"]["receipt"].to_list()
    assert receipts == said["spare_receipts"]
    now = dict(kept["assignment"].select("applicant_id", "program_id").iter_rows())
    assert now["L2"] == "s-p"  # alone of the class that goes first: a class counts for who comes late too
    digest = hashlib.sha256(seed["canonical"].encode()).digest()
    ticket = {
        receipt: hashlib.sha256(
            b"junheng-ticket-1\n" + digest + f"{said['draw_id']}\n\n{receipt}".encode()
        ).hexdigest()
        for receipt in receipts
    }
    waits = kept["waiting_list"].filter(pl.col("program_id") == "s-p")["applicant_id"].to_list()
    assert "L1" in waits
    capsys.readouterr()
    assert run(monkeypatch, "admission", "publish", drawn, "--plan", "p", "--level", "list") == 0
    files = {path.name: path.read_bytes() for path in folder.path("published").iterdir()}
    spare = [line.split(",") for line in rows_of(files, "spare.csv")[1:]]
    assert spare == [[receipt, ticket[receipt]] for receipt in receipts]
    by_ticket = {line.split(",")[0]: line.split(",")[1] for line in rows_of(files, "tickets.csv")[1:]}
    receipt_of = dict(csv.reader(folder.path("draw", "private", "receipts.csv").open()))
    mine = {**{who: by_ticket[receipt_of[who]] for who in before["applicant_id"]}, "L1": ticket[receipts[0]]}
    assert waits == sorted(waits, key=lambda who: mine[who])
    changes = list(csv.DictReader(io.StringIO(files["changes.csv"].decode())))
    assert [(row["receipt"], row["program_id"], row["ground"]) for row in changes] == [
        (receipts[0], now["L1"] or "", "late"), (receipts[1], "s-p", "late"),
    ]  # fmt: skip
    assert named(tmp_path / "check", files) == []
    assert run(monkeypatch, "verify", drawn / "admission" / "p") == 0
    lines = rows_of(files, "spare.csv")
    other = with_rows(files, "spare.csv", [lines[0], lines[1][:-1] + "0", *lines[2:]])
    assert "V4" in named(tmp_path / "check", sealed(other))
    turned = with_rows(files, "spare.csv", [lines[0], *lines[:0:-1]])
    assert "V4" in named(tmp_path / "check", sealed(turned))
    fewer = with_rows(files, "changes.csv", rows_of(files, "changes.csv")[:-1])
    assert "V9" in named(tmp_path / "check", sealed(fewer))


def test_a_further_round_takes_the_next_receipt_and_none_can_be_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert round_of(monkeypatch, drawn, "--late", late(tmp_path, one("L1", "IL1"))) == 0
    assert round_of(monkeypatch, drawn, "--round", "1") == 4  # nothing to do it with
    assert round_of(monkeypatch, drawn, "--round", "1", "--late", late(tmp_path, one("L9", "IL9"))) == 4
    assert "第 1 轮已有 1 名补登儿童" in capsys.readouterr().err
    both = late(tmp_path, one("L2", "IL2"), one("L3", "IL3"))
    assert round_of(monkeypatch, drawn, "--late", both) == 4
    told = capsys.readouterr().err
    assert "还剩 1 个，这次要 2 个" in told and "另行封存、公告" in told and "--spare" in told
    assert round_of(monkeypatch, drawn, "--late", late(tmp_path, one("L2", "IL2"))) == 0
    folder = AdmissionFolder(drawn, "p")
    spare = json.loads(folder.path("draw", "announcement.json").read_text())["spare_receipts"]
    assert [folder.read(f"rounds/{n}")["late_arrivals"]["receipt"].item() for n in (1, 2)] == spare
    assert run(monkeypatch, "verify", drawn / "admission" / "p") == 0


@pytest.mark.parametrize(
    ("lines", "head", "told"),
    [
        ([one("A1", "IX")], HEAD, "A1 已在名单中"),
        ([one("L1", "ia 1")], HEAD, "L1 的身份与 A1 相同：同一个孩子不能换一个编号再取随机号"),
        ([one("L1", "IL1"), one("L2", "IL1")], HEAD, "L2 的身份与 L1 相同"),
        ([one("L1", "IL1"), one("L1", "IL2")], HEAD, "L1"),
        ([one("L1", "IL1", signed="云教9号,甲,甲,2027-07-02T09:00")], HEAD, "经办人与批准人是同一人"),
        ([one("L1", "IL1", signed=",甲,乙,2027-07-02T09:00")], HEAD, "L1 缺 document_no"),
        ([one("L1", "IL1")], HEAD.replace("hukou", "户口"), "不认识列“户口”"),
        ([one("L1", "IL1")], HEAD.replace(",文号", ",备注号"), "document_no"),
        ([one("L1", "IL1").replace(",s-p,", ",,")], HEAD, "L1 的志愿中间有空"),
        ([one("L1", "IL1").replace(",s-p,", ",x-p,")], HEAD, "x-p"),
        ([one("L1", "IL1").replace("2021-01-01", "去年")], HEAD, "去年"),
        ([], HEAD, "补登表里没有儿童"),
    ],
    ids=["known", "identity", "twice", "number", "alone", "document", "heading", "column", "gap", "program",
         "day", "empty"],
)  # fmt: skip
def test_what_cannot_be_is_said_and_no_receipt_is_used(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    drawn: Path,
    capsys: pytest.CaptureFixture[str],
    lines: list[str],
    head: str,
    told: str,
) -> None:
    assert round_of(monkeypatch, drawn, "--late", late(tmp_path, *lines, head=head)) in (3, 4)
    assert told in capsys.readouterr().err
    assert AdmissionFolder(drawn, "p").rounds() == []


def test_the_verifier_that_was_announced_is_the_one_published(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, drawn: Path
) -> None:
    """Junheng is renewed between freeze and publication: families get the program they were promised."""
    promised = AdmissionFolder(drawn, "p").path("draw", "verify_admission.py").read_bytes()
    monkeypatch.setattr(publication, "verifier", lambda: promised + b"\n# a later version\n")
    assert run(monkeypatch, "admission", "publish", drawn, "--plan", "p") == 0
    place = AdmissionFolder(drawn, "p").path("published")
    assert (place / "verify_admission.py").read_bytes() == promised
    assert named(tmp_path / "check", {path.name: path.read_bytes() for path in place.iterdir()}) == []
