"""What this room does with jobs, and what waits in it for whom: told once the applications are ready."""

from __future__ import annotations

from junheng.web.accounts import roles
from junheng.web.data_centre import links, todos
from junheng.web.data_centre.uploads import command
from junheng.web.data_centre.uploads import tasks as uploads
from junheng.web.data_centre.versions import tasks as versions
from junheng.web.jobs import registry
from junheng.web.notices import todo


def register() -> None:
    """Name the verbs and the to-dos."""
    registry.register("preview", finish=uploads.previewed, leads_to=links.upload)
    registry.register("commit", finish=uploads.committed, leads_to=links.upload)
    registry.register(
        "draft_mapping",
        command.drafting,
        uploads.drafted,
        permission=roles.COLLECT,
        leads_to=links.mapping,
        title="data_centre.verb_draft_mapping",
    )
    registry.register(
        "restore",
        versions.arguments,
        versions.restored,
        permission=roles.IMPORT,
        leads_to=links.versions,
        title="data_centre.verb_restore",
    )
    todo.register("data_centre", todos.mine, todos.year)
