"""The verbs of the command line as jobs: a job's arguments as the command's."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from junheng.data.digest import bytes_digest
from junheng.web.accounts import roles
from junheng.web.jobs import registry
from junheng.web.units.actions import sync
from junheng.web.workspace import workspace


def register_all() -> None:
    """Run, scenario, preview, commit and verify."""
    registry.register("run", run, permission=roles.FORECAST)
    registry.register("scenario", scenario, permission=roles.FORECAST)
    registry.register("preview", preview, permission=roles.COLLECT)
    registry.register("commit", commit, _units_follow, permission=roles.COLLECT, recover=committed)
    registry.register("verify", verify, permission=roles.FORECAST)


def run(job: Any) -> list[str]:
    """The annual run: `origin`, `years`, `draws`, `seed`, `public`."""
    return [
        "run",
        _workspace(),
        *_options(job.args, "origin", "years", "draws", "seed"),
        *_flags(job.args, "public"),
    ]


def scenario(job: Any) -> list[str]:
    """A scenario stored as a run: `levers` (a file, under the desk's folder when relative), `scenario` and
    the options of a run."""
    files = ["--levers", desk_path(job.args["levers"])] if job.args.get("levers") else []
    chosen = _options(job.args, "scenario", "origin", "years", "draws", "seed")
    return ["forecast", "what-if", _workspace(), *files, *chosen, "--save"]


def preview(job: Any) -> list[str]:
    """What an import would do: `files`, `report` (folder), `mapping`, `sheet`, `replace`, `schools` and
    `areas`."""
    return [*_import(job.args), "--report", desk_path(job.args["report"])]


def commit(job: Any) -> list[str]:
    """The import itself: as `preview`, with `base` (the version previewed, "none" for an empty workspace) and
    `note`."""
    chosen = ["--commit", "--base", job.args["base"], *_options(job.args, "note")]
    return [*_import(job.args), *chosen]


def verify(job: Any) -> list[str]:
    """Compute a stored run again: `run` (its id)."""
    return ["verify", str(workspace().runs / Path(job.args["run"]).name)]


def committed(job: Any) -> Mapping[str, Any] | None:
    """The version an earlier attempt of this import made just before its worker was killed: the one after
    `base`, of the same files under the same note."""
    versions = workspace().versions()
    ids = [version.id for version in versions]
    base = job.args["base"]
    place = 0 if base == "none" else ids.index(base) + 1 if base in ids else len(ids)
    if place >= len(versions):
        return None
    made = versions[place]
    mine = sorted(bytes_digest(Path(desk_path(file)).read_bytes()) for file in job.args["files"])
    if sorted(digest for _, digest in made.sources) != mine or made.note != job.args.get("note", ""):
        return None
    return {"version": made.id, "tables": []}


def desk_path(path: str) -> str:
    """A file of the application: relative paths lie under the desk's folder."""
    return str(Path(settings.DESK) / path)


def language(job: Any) -> str:
    """Language of a command's output: the job's `language`, else the owner's."""
    wanted = str(job.args.get("language") or job.owner.language)
    return "en" if wanted.startswith("en") else "zh"


def _import(args: Mapping[str, Any]) -> list[str]:
    mapping = ["--mapping", desk_path(args["mapping"])] if args.get("mapping") else []
    limits = _repeated("--school", args.get("schools", ())) + _repeated("--area", args.get("areas", ()))
    files = [desk_path(file) for file in args["files"]]
    return [
        "import",
        _workspace(),
        *files,
        *mapping,
        *_options(args, "sheet"),
        *_flags(args, "replace"),
        *limits,
    ]


def _workspace() -> str:
    return str(settings.WORKSPACE)


def _options(args: Mapping[str, Any], *names: str) -> list[str]:
    """Given options as `--name value`; a value that begins with a dash stays a value."""
    return [f"--{name}={args[name]}" for name in names if args.get(name) not in (None, "")]


def _flags(args: Mapping[str, Any], *names: str) -> list[str]:
    return [f"--{name}" for name in names if args.get(name)]


def _repeated(option: str, values: Iterable[str]) -> list[str]:
    return [f"{option}={value}" for value in values]


def _units_follow(job: Any, result: Mapping[str, Any]) -> None:
    """New areas and schools are units at once."""
    sync(by=job.owner)
