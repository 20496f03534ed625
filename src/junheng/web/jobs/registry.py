"""Which verbs jobs know: how each is carried out, what follows, where its result is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Arguments = Callable[[Any], Sequence[str]]
"""Job → arguments of the `junheng` command."""
Work = Callable[[Any, "Callable[..., None]"], Mapping[str, Any]]
"""(job, report) → result, carried out in the worker; `report(code, done, total, **parameters)` says how far
it is."""
Finish = Callable[[Any, Mapping[str, Any]], None]
"""(job, result) → what the room does with a result, in the transaction that ends the job."""
Failed = Callable[[Any, Mapping[str, Any]], None]
"""(job, failure) → what the room does when it failed, in the same transaction."""
Recover = Callable[[Any], "Mapping[str, Any] | None"]
"""Job → the result of an earlier attempt that ended before it could be written down, if there is one."""
LeadsTo = Callable[[Any], str]
"""Job → address of the page that shows its result."""


@dataclass(frozen=True, slots=True)
class Verb:
    """One kind of job. It has either `arguments` (a child process) or `work` (a function). Besides the owner,
    those with `permission` on the job's unit may see it."""

    name: str
    permission: str = ""
    arguments: Arguments | None = None
    work: Work | None = None
    finish: Finish | None = None
    failed: Failed | None = None
    recover: Recover | None = None
    leads_to: LeadsTo | None = None
    title: str = ""

    @property
    def title_code(self) -> str:
        """Code of the sentence that names this verb."""
        return self.title or f"jobs.verb_{self.name}"


_VERBS: dict[str, Verb] = {}


def register(
    name: str,
    arguments: Arguments | None = None,
    finish: Finish | None = None,
    *,
    permission: str = "",
    work: Work | None = None,
    failed: Failed | None = None,
    recover: Recover | None = None,
    leads_to: LeadsTo | None = None,
    title: str = "",
) -> None:
    """Name a verb, from the `ready` of a room's AppConfig. For a verb that is there already, what is given
    takes the place of what was. ValueError unless it can be carried out in exactly one way."""
    before = _VERBS.get(name, Verb(name))
    made = Verb(
        name,
        permission or before.permission,
        arguments or before.arguments,
        work or before.work,
        finish or before.finish,
        failed or before.failed,
        recover or before.recover,
        leads_to or before.leads_to,
        title or before.title,
    )
    if (made.arguments is None) == (made.work is None):
        raise ValueError(f"verb {name!r} needs either a command or a function")
    _VERBS[name] = made


def verb(name: str) -> Verb:
    """The verb of this name; KeyError when no room knows it."""
    return _VERBS[name]


def verbs() -> list[Verb]:
    """Every verb, by name."""
    return [_VERBS[name] for name in sorted(_VERBS)]
