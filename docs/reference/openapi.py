"""Write the schema of the API, docs/reference/openapi.json. Run by `make reference`; a test compares."""

from __future__ import annotations

import json
import os
import tempfile
from pathlib import Path

FILE = Path(__file__).parent / "openapi.json"


def schema() -> str:
    """The schema as text, the same from run to run."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "junheng.web.settings.test")
    os.environ.setdefault("JUNHENG_WORKSPACE", str(Path(tempfile.gettempdir()) / "no-workspace"))
    import django  # noqa: PLC0415 - settings first

    django.setup()
    from junheng.web.api.router import api  # noqa: PLC0415

    held = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(held, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


if __name__ == "__main__":
    FILE.write_text(schema(), encoding="utf-8")
