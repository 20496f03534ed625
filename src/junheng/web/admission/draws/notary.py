"""What is lodged with the notary: everything announced, with the programs that verify it, in one file."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from junheng.report.admission.draw_folder import ANNOUNCEMENT, PAGE, VERIFIER
from junheng.web.admission.draws.folders import draw_path

EPOCH = (1980, 1, 1, 0, 0, 0)
"""Date of the members, so that the same draw gives the same file."""


def bundle(held: Any) -> bytes:
    """The public files of the freeze as one archive."""
    folder = draw_path(held.entry.plan_id)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (ANNOUNCEMENT, VERIFIER, PAGE):
            member = zipfile.ZipInfo(f"{held.draw.announcement['draw_id']}/{name}", EPOCH)
            member.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(member, (folder / name).read_bytes())
    return stream.getvalue()
