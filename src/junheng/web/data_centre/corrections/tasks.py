"""What becomes of corrections when the import that carries them is done."""

from __future__ import annotations

from junheng.web.data_centre.models import Correction, Upload


def corrected(upload: Upload) -> None:
    """The figure stands in the tables now."""
    for one in upload.corrections.select_for_update():
        one.state = Correction.DONE
        one.row_version += 1
        one.save()
        held = one.submission
        held.data_version = upload.version_id
        held.save()
