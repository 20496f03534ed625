"""What the worker does around a draw: freeze, announce, draw and verify. Each may be begun again after an
interruption and comes to the same files."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from junheng import __version__, admission
from junheng.admission.announcement import Announcement, Source, announce
from junheng.admission.changes import NO_CHANGES
from junheng.admission.frozen import Frozen
from junheng.admission.plan_announced import announced_of
from junheng.admission.receipts import spare_receipts
from junheng.admission.seeds import seed_of
from junheng.data.admission_folder import DRAW, RESULT, AdmissionFolder
from junheng.data.digest import bytes_digest
from junheng.report.admission import worked_plan
from junheng.report.admission.draw_folder import PAGE, VERIFIER, DrawFolder, page, verifier
from junheng.report.admission.plain_files import digest
from junheng.report.admission.publication import proofs_of, publication
from junheng.web.admission.draws import again, announced, casework, sums
from junheng.web.admission.draws.folders import folder_of
from junheng.web.admission.draws.models import Draw
from junheng.web.admission.draws.secrets import secret_of
from junheng.web.admission.draws.trying import small
from junheng.web.admission.models import Entry
from junheng.web.jobs.models import Job

if TYPE_CHECKING:
    from junheng.admission.public_draw import PublicDraw

SET_ASIDE = "superseded"
POINTS = 10


def freeze_entry(job: Job, report: Callable[..., None]) -> Mapping[str, Any]:
    """Pin plan and tables, write every line, give the root. BadData with every fault of the data."""
    entry = Entry.objects.get(pk=job.args["entry"])
    folder = folder_of(entry.plan_id)
    report("draws.working_tables", None, None)
    _set_aside(folder, entry)
    folder.pin(entry.plan_text, casework.tables(entry))
    try:
        problem = again.problem_of(folder)
        found: dict[str, Any] = {
            "folder": f"admission/{entry.plan_id}",
            "receipts": problem.standing.height,
            "seats": int(problem.tables["programs"]["seats"].sum()),
            "pools": problem.tables["programs"].height,
            "plan": bytes_digest(entry.plan_text.encode()),
            "spare": 0,
            "root": bytes_digest(json.dumps(folder.seal(), sort_keys=True).encode()),
            "draw": again.decided_by_draw(problem.plan),
        }
        if found["draw"]:
            report("draws.working_lines", None, None)
            frozen, seats, _ = _lines(entry, folder)
            found |= {
                "root": frozen.tree.root.hex(),
                "receipts": len(frozen.lines),
                "seats": sum(seats.values()),
                "pools": len(seats),
                "spare": job.args["spare"],
            }
    except Exception:
        _clear(folder)  # nothing was frozen: the casework goes on, and the next freeze starts afresh
        raise
    return found


def announce_draw(job: Job, report: Callable[..., None]) -> Mapping[str, Any]:
    """Write the announcement with the frozen lines."""
    entry = Entry.objects.get(pk=job.args["entry"])
    draw = entry.draws.exclude(state=Draw.SUPERSEDED).get()
    folder = folder_of(entry.plan_id)
    report("draws.working_lines", None, None)
    frozen, seats, receipt_of = _lines(entry, folder)
    secret = secret_of(entry.plan_id)
    spare = spare_receipts(secret, entry.plan_id, int(draw.facts["spare"]), frozen.receipts)
    said = announce(
        **announced_of(folder.plan()),
        draw=entry.plan_id,
        root=frozen.tree.root.hex(),
        receipts=len(frozen.lines),
        seats=seats,
        spare_receipts=tuple(spare),
        sources=tuple(Source(**one) for one in job.args["sources"]),
        frozen_at=draw.frozen_at,
        announced_at=job.args["announced_at"],
        digests={VERIFIER: digest(verifier()), PAGE: digest(page())},
        software=f"junheng {__version__}",
    )
    store = DrawFolder(folder.path(DRAW))
    if not _kept(store, said):
        store.keep_freeze(said, frozen, receipt_of, secret.of("signatures", said.draw_id).hex())
    content = said.content()
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return {"draw": draw.pk, "announcement": content, "sha256": bytes_digest(text.encode())}


def hold(job: Job, report: Callable[..., None]) -> Mapping[str, Any]:
    """Tickets, admission, and the stand-alone verifier on everything. VerificationFailed when the result
    fails its own check."""
    draw = Draw.objects.select_related("entry").get(pk=job.args["draw"])
    entry = draw.entry
    folder = folder_of(entry.plan_id)
    report("draws.working_tickets", None, None)
    store = DrawFolder(folder.path(DRAW))
    held = store.held()
    seed = seed_of(held.announced, announced.results(draw.results), draw.drawn_at)
    drawn = admission.hold_draw(held.frozen, held.announced, seed, held.handed)
    store.keep_draw(drawn, held.receipt_of)
    report("draws.working_plan", None, None)
    found = again.worked_out(entry.plan_id)
    folder.keep(RESULT, found.result.tables, found.result.summary())
    report("draws.working_verify", None, None)
    checks = verified(drawn)
    failed = list(found.result.check())
    return {
        "draw": draw.pk,
        "receipts": len(held.frozen.lines),
        "tickets": [list(one) for one in drawn.tickets[:12]],
        "ring": [[number, receipt] for number, receipt, _ in drawn.ring[:12]],
        "sums": sums.whole(found.result, small(entry.year)),
        "checks": checks,
        "failed": failed,
        "clean": not failed and all(one["right"] for one in checks),
    }


def assign(job: Job, report: Callable[..., None]) -> Mapping[str, Any]:
    """Admission where scores decide."""
    draw = Draw.objects.select_related("entry").get(pk=job.args["draw"])
    folder = folder_of(draw.entry.plan_id)
    report("draws.working_plan", None, None)
    found = again.worked_out(draw.entry.plan_id)
    folder.keep(RESULT, found.result.tables, found.result.summary())
    failed = list(found.result.check())
    return {
        "draw": draw.pk,
        "receipts": found.problem.standing.height,
        "tickets": [],
        "sums": sums.whole(found.result, small(draw.entry.year)),
        "checks": [],
        "failed": failed,
        "clean": not failed,
    }


def verified(drawn: PublicDraw) -> list[dict[str, Any]]:
    """The ten points of the stand-alone verifier on the full set, with the proof of the first ticket's
    child: number, whether it is right, the first sentence that is not."""
    everything = publication(drawn, NO_CHANGES, "full", 1)
    first = drawn.tickets[0][0] if drawn.tickets else ""
    with tempfile.TemporaryDirectory(prefix="junheng-verify-") as place:
        folder = Path(place) / "full"
        folder.mkdir()
        for name, content in everything.files.items():
            (folder / name).write_bytes(content)
        mine = None
        for receipt, content in proofs_of(drawn, NO_CHANGES, 1):
            if receipt == first:
                mine = Path(place) / "proof.json"
                mine.write_bytes(content)
                break
        verify = runpy.run_path(str(folder / VERIFIER))["verify"]
        done, faults = verify(str(folder), str(mine) if mine is not None else None)
    said: dict[str, str] = {}
    for number, sentence in faults:
        said.setdefault(number, sentence)
    return [
        {"number": number, "right": number not in said, "sentence": said.get(number, "")}
        for number in (f"V{at}" for at in range(1, POINTS + 1))
        if number in done
    ]


def _lines(entry: Entry, folder: AdmissionFolder) -> tuple[Frozen, dict[str, int], dict[str, str]]:
    """The frozen lines with the seats of every pool and the receipt of every child."""
    applicants = folder.tables()["applicants"]
    secret = secret_of(entry.plan_id)
    return worked_plan.frozen_lines(again.problem_of(folder), applicants, secret, entry.plan_id)


def _kept(store: DrawFolder, said: Announcement) -> bool:
    """Whether an earlier attempt of this announcement wrote everything before it was cut off."""
    try:
        return store.held().announced == said
    except Exception:
        return False


def _set_aside(folder: AdmissionFolder, entry: Entry) -> None:
    """An earlier freeze that was taken back before its event makes room; it stays beside."""
    number = entry.draws.count()
    target = folder.path(SET_ASIDE, str(number))
    if not folder.exists or not number or target.exists():
        return  # nothing there, or what an earlier attempt of this very freeze wrote
    target.mkdir(parents=True, mode=0o700)
    for name in os.listdir(folder.root):
        if name != SET_ASIDE:
            shutil.move(str(folder.path(name)), str(target / name))


def _clear(folder: AdmissionFolder) -> None:
    """Take away what this freeze wrote, not what earlier ones left."""
    for name in os.listdir(folder.root) if folder.root.is_dir() else ():
        place = folder.path(name)
        if name == SET_ASIDE:
            continue
        shutil.rmtree(place) if place.is_dir() else place.unlink()
