"""What the room says to people, gathered from its jobs: code -> (Chinese, English)."""

from __future__ import annotations

from junheng.data import admission_messages, intake_messages, workspace_messages
from junheng.model.reason import Catalogue

MESSAGES: Catalogue = {
    **workspace_messages.MESSAGES,
    **intake_messages.MESSAGES,
    **admission_messages.MESSAGES,
}
