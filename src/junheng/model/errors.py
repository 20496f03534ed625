"""Everything Junheng refuses, with one exit code for each kind of failure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from junheng.model.reason import Finding


class JunhengError(Exception):
    """A failure the user can act on. `code` and `parameters` are worded from the catalogue of the room
    that raised it; `findings` lists every fault at once."""

    exit_code = 1

    def __init__(
        self, code: str, parameters: Mapping[str, Any] | None = None, findings: Sequence[Finding] = ()
    ) -> None:
        super().__init__(code)
        self.code = code
        self.parameters: dict[str, Any] = dict(parameters or {})
        self.findings = tuple(findings)

    def __str__(self) -> str:
        """Code, parameters and the first findings, for whoever meets the error in Python."""
        lines = [f"{self.code} {self.parameters}" if self.parameters else self.code]
        for finding in self.findings[:5]:
            place = "/".join(
                str(part) for part in (finding.file, finding.table, finding.row, finding.column) if part
            )
            lines.append(f"  {place or '-'}: {finding.code} {dict(finding.parameters)}")
        if len(self.findings) > 5:
            lines.append(f"  ... {len(self.findings) - 5} more in .findings")
        return "\n".join(lines)


class BadData(JunhengError):
    """The user's tables or files hold faults; nothing was imported or computed."""

    exit_code = 3


class Refused(JunhengError):
    """The request is well formed but cannot be answered honestly with what is there."""

    exit_code = 4


class Infeasible(JunhengError):
    """Constraints contradict each other (control totals, levers)."""

    exit_code = 5


class WorkspaceError(JunhengError):
    """The workspace is missing, locked or damaged."""

    exit_code = 6


class VerificationFailed(JunhengError):
    """A recomputation differs from what was stored."""

    exit_code = 7
