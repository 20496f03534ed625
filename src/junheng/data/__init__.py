"""数: the bureau's tables on disk, in dated versions; what comes in and what an example region holds."""

from junheng.data.workspace import Workspace

__all__ = ["Workspace"]
