"""Words of this part of the room, Chinese first."""

from __future__ import annotations

from junheng.web.admission.draws.ceremony_messages import CEREMONY
from junheng.web.admission.draws.freeze_messages import FREEZE
from junheng.web.admission.draws.trial_messages import TRIAL

MESSAGES: dict[str, tuple[str, str]] = {**FREEZE, **CEREMONY, **TRIAL}
