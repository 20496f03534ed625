"""数: the bureau's tables on disk, in dated versions; what comes in and what an example region holds."""

from junheng.data.checking import check_tables
from junheng.data.preview import preview
from junheng.data.workspace import Workspace

__all__ = ["Workspace", "check_tables", "preview"]
