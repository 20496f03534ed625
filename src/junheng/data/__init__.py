"""数: the bureau's tables on disk, in dated versions; what comes in and what an example region holds."""

from typing import TYPE_CHECKING

from junheng.on_demand import on_demand

if TYPE_CHECKING:
    from junheng.data.checking import check_tables
    from junheng.data.import_preview import preview
    from junheng.data.workspace import Workspace
else:
    __getattr__ = on_demand(
        __name__, {"Workspace": "workspace", "check_tables": "checking", "preview": "import_preview"}
    )

__all__ = ["Workspace", "check_tables", "preview"]
