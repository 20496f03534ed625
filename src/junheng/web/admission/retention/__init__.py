"""What of the casework has been kept long enough."""

from junheng.web.admission.retention.actions import due
from junheng.web.admission.retention.folders import due_folders

__all__ = ["due", "due_folders"]
