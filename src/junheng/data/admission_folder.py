"""What a year of an admission plan leaves: `WS/admission/<plan_id>/`, readable by its owner alone.

`plan.yaml` and `tables/*.parquet` are pinned at the freeze and never written again; `draw/` is the folder of
the public draw, `result/` and `rounds/<n>/` hold frames with a summary. Whatever differs from its seal stops
everything. The folder holds data of children and is erased when the plan says so.
"""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import polars as pl

from junheng import rules
from junheng.data import atomic
from junheng.data.digest import bytes_digest, frame_digest
from junheng.data.workspace import Workspace
from junheng.model import INPUTS
from junheng.model.errors import Refused, VerificationFailed, WorkspaceError
from junheng.rules import AdmissionPlan
from junheng.rules.admission_plans_reader import FOLDER

ROOM = "admission"
PLAN, SEAL, SUMMARY = "plan.yaml", "seal.json", "summary.json"
RESULT, ROUNDS, DRAW, PUBLISHED = "result", "rounds", "draw", "published"
FORMAT = 1
SUPPORT = ("schools", "areas")
"""Tables of the region that are pinned with those of the plan: kind and place of schools."""
_NAME = re.compile(r"\w[\w.-]{0,79}")


class AdmissionFolder:
    """The folder of one plan in a workspace; nothing is read or written before it is asked for."""

    def __init__(self, workspace: Workspace | Path | str, plan_id: str) -> None:
        """Refused `admission_folder.plan_name` for an id that is no plain file name."""
        if not _NAME.fullmatch(plan_id):
            raise Refused("admission_folder.plan_name", {"plan": plan_id})
        self.workspace = workspace if isinstance(workspace, Workspace) else Workspace.open(workspace)
        self.plan_id = plan_id
        self.root = self.workspace.path / ROOM / plan_id

    @property
    def exists(self) -> bool:
        """Whether the plan is frozen here."""
        return (self.root / SEAL).is_file()

    def path(self, *parts: str) -> Path:
        """A place in the folder."""
        return self.root.joinpath(*parts)

    def pin(self, plan_text: str, tables: Mapping[str, pl.DataFrame]) -> None:
        """Keep the plan and the rows of `tables` (of the model, as in the workspace) that belong to it, once.
        The same content again changes nothing. Refused `admission_folder.pinned` for other content."""
        held = of_plan(tables, self.plan_id)
        seal = {
            "format": FORMAT,
            "plan": bytes_digest(plan_text.encode()),
            "tables": {name: frame_digest(frame) for name, frame in sorted(held.items())},
        }
        if self.exists:
            if self.seal() != seal:
                raise Refused("admission_folder.pinned", {"plan": self.plan_id})
            return
        with self._writing():
            self._put(PLAN, plan_text.encode())
            for name, frame in held.items():
                self._put(f"tables/{name}.parquet", _parquet(frame))
            self._put(SEAL, _json(seal))  # last: a killed freeze left none
        vars(self).pop("_pinned", None)

    def seal(self) -> dict[str, Any]:
        """Digests of what was pinned: `format`, `plan`, `tables` by name. Refused
        `admission_folder.not_pinned`."""
        if not self.exists:
            raise Refused("admission_folder.not_pinned", {"plan": self.plan_id})
        try:
            held: dict[str, Any] = json.loads(self.path(SEAL).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            raise self._changed(SEAL) from None
        return held

    def plan_text(self) -> str:
        """The plan's file as it was frozen. VerificationFailed `admission_folder.changed`."""
        seal = self.seal()
        try:
            content = self.path(PLAN).read_bytes()
        except OSError:
            raise self._changed(PLAN) from None
        if bytes_digest(content) != seal.get("plan"):
            raise self._changed(PLAN)
        return content.decode()

    def plan(self) -> AdmissionPlan:
        """The plan as it was frozen, under its own id."""
        self.plan_text()
        return replace(rules.read_plan(self.path(PLAN)), id=self.plan_id)

    def tables(self) -> dict[str, pl.DataFrame]:
        """The pinned tables. VerificationFailed `admission_folder.changed` names the one that differs."""
        return dict(self._pinned)

    @cached_property
    def _pinned(self) -> dict[str, pl.DataFrame]:
        return self._frames("tables", self.seal()["tables"])

    def keep(self, name: str, frames: Mapping[str, pl.DataFrame], summary: Mapping[str, Any]) -> None:
        """Keep the frames of a step (`result`, `rounds/1`, …) and its summary, in place of earlier ones."""
        target = self.path(*_parts(name))
        seal = {name: frame_digest(frame) for name, frame in sorted(frames.items())}
        with self._writing():
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            fresh = Path(tempfile.mkdtemp(prefix=atomic.PARTIAL, dir=target.parent))
            try:
                for one, frame in frames.items():
                    atomic.write_bytes(fresh / f"{one}.parquet", _parquet(frame), private=True)
                atomic.write_bytes(fresh / SUMMARY, _json(summary), private=True)
                atomic.write_bytes(fresh / SEAL, _json(seal), private=True)
                if target.exists():
                    os.replace(target, f"{fresh}-old")
                os.replace(fresh, target)
                atomic.sync_folder(target.parent)
            finally:
                shutil.rmtree(fresh, ignore_errors=True)
                shutil.rmtree(f"{fresh}-old", ignore_errors=True)

    def has(self, name: str) -> bool:
        """Whether a step was kept."""
        return self.path(*_parts(name), SEAL).is_file()

    def read(self, name: str) -> dict[str, pl.DataFrame]:
        """The frames of a step. Refused `admission_folder.nothing_kept`, VerificationFailed
        `admission_folder.changed`."""
        return self._frames(name, self._kept(name, SEAL))

    def summary(self, name: str = RESULT) -> dict[str, Any]:
        """The summary of a step. Refused `admission_folder.nothing_kept`."""
        return self._kept(name, SUMMARY)

    def rounds(self) -> list[int]:
        """Numbers of the rounds kept, in order."""
        if not self.path(ROUNDS).is_dir():
            return []
        return sorted(int(one.name) for one in self.path(ROUNDS).iterdir() if one.name.isdecimal())

    def erase(self) -> bool:
        """Remove everything the plan left; whether there was anything. The plan under `plans/admission`,
        which names nobody, stays."""
        if not self.root.exists():
            return False
        with self._writing():
            shutil.rmtree(self.root)
        return True

    def _frames(self, name: str, seal: Mapping[str, str]) -> dict[str, pl.DataFrame]:
        held: dict[str, pl.DataFrame] = {}
        for one, digest in seal.items():
            try:
                frame = pl.read_parquet(self.path(*_parts(name), f"{one}.parquet"))
            except (OSError, pl.exceptions.PolarsError):
                raise self._changed(f"{name}/{one}") from None
            if frame_digest(frame) != digest:
                raise self._changed(f"{name}/{one}")
            held[one] = frame
        return held

    def _kept(self, name: str, file: str) -> dict[str, Any]:
        try:
            held: dict[str, Any] = json.loads(self.path(*_parts(name), file).read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise Refused("admission_folder.nothing_kept", {"plan": self.plan_id, "name": name}) from None
        except (OSError, ValueError):
            raise self._changed(f"{name}/{file}") from None
        return held

    def _put(self, name: str, content: bytes) -> None:
        path = self.path(*name.split("/"))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        atomic.write_bytes(path, content, private=True)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            self.root.parent.mkdir(exist_ok=True)
            self.root.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            about = {"path": str(self.root), "detail": error.strerror or str(error)}
            raise WorkspaceError("workspace_unwritable", about) from error
        with atomic.lock(self.root.parent / ".lock"):
            yield

    def _changed(self, name: str) -> VerificationFailed:
        return VerificationFailed("admission_folder.changed", {"plan": self.plan_id, "name": name})


def plan_file(workspace: Workspace, plan_id: str) -> Path:
    """The plan's file in the workspace. Refused `admission_folder.plan_unknown`."""
    folder = workspace.path / FOLDER
    path = folder / f"{plan_id}.yaml"
    if not _NAME.fullmatch(plan_id) or not path.is_file():
        known = ", ".join(plan_ids(workspace)) or "–"
        raise Refused("admission_folder.plan_unknown", {"plan": plan_id, "known": known})
    return path


def plan_ids(workspace: Workspace) -> list[str]:
    """Ids of the plans in a workspace, in order."""
    return sorted(one.stem for one in (workspace.path / FOLDER).glob("*.yaml"))


def of_plan(tables: Mapping[str, pl.DataFrame], plan_id: str) -> dict[str, pl.DataFrame]:
    """Of the model's tables those admission reads: the rows of the plan, and what holds for every plan
    (schools, areas, earlier uses of the addresses of its children). Tables without a row are absent."""
    held: dict[str, pl.DataFrame] = {}
    for name, frame in tables.items():
        if name in INPUTS and "plan_id" in INPUTS[name].names:
            held[name] = frame.filter(pl.col("plan_id") == plan_id)
        elif name in SUPPORT:
            held[name] = frame
    if "address_uses" in tables and "applicants" in held:
        lived = held["applicants"]["address_id"].unique().implode()
        held["address_uses"] = tables["address_uses"].filter(pl.col("address_id").is_in(lived))
    return {name: INPUTS[name].conform(frame) for name, frame in held.items() if frame.height}


def _parts(name: str) -> tuple[str, ...]:
    parts = tuple(name.split("/"))
    if not all(_NAME.fullmatch(one) for one in parts):
        raise ValueError(f"step {name!r}")
    return parts


def _parquet(frame: pl.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def _json(content: Mapping[str, Any]) -> bytes:
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, allow_nan=False, indent=1)
    return text.encode() + b"\n"
