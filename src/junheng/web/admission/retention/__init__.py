"""What of the casework has been kept long enough."""

from junheng.web.admission.retention.actions import due

__all__ = ["due"]
