"""Which desk a command speaks of: the workspace named to it, the settings of its environment."""

from __future__ import annotations

import os
from pathlib import Path

from junheng.data import Workspace
from junheng.model.errors import Refused

DEMO, PRODUCTION = "junheng.web.settings.demo", "junheng.web.settings.production"
REQUIRED = ("JUNHENG_SECRET_KEY", "JUNHENG_FIELD_KEYS", "JUNHENG_HOSTS")
DEMO_MARK = "demo-secret"
"""The demonstration's own secret in the desk's folder: a desk begun as a demonstration stays one."""


def configure(path: Path, *, demo: bool | None = None) -> Workspace:
    """Open the workspace and make Django speak of its desk.

    `demo` None: as the desk was begun, where DJANGO_SETTINGS_MODULE does not say. WorkspaceError without a
    workspace; Refused naming every variable that production needs and the environment lacks.
    """
    workspace = Workspace.open(path)
    folder = path.resolve()
    os.environ["JUNHENG_WORKSPACE"] = str(folder)
    if demo is None:
        demo = (folder / "desk" / DEMO_MARK).is_file() and not present("JUNHENG_SECRET_KEY")
    if demo:
        os.environ["DJANGO_SETTINGS_MODULE"] = DEMO
    settings = os.environ.setdefault("DJANGO_SETTINGS_MODULE", PRODUCTION)
    if settings == PRODUCTION and (missing := [name for name in REQUIRED if not present(name)]):
        raise Refused("serve.variables_missing", {"names": ", ".join(missing)})

    import django  # noqa: PLC0415 - only now is the environment what it must be
    from django.core.exceptions import ImproperlyConfigured  # noqa: PLC0415

    try:
        (folder / "desk").mkdir(mode=0o700, exist_ok=True)
        django.setup()
    except (ImproperlyConfigured, OSError, ValueError) as error:
        raise Refused("serve.settings_wrong", {"detail": str(error)}) from error
    return workspace


def present(name: str) -> bool:
    """Whether a variable is given, itself or as a file."""
    return bool(os.environ.get(name) or os.environ.get(f"{name}_FILE"))
