"""Names of this part's jobs."""

TRIAL = "admission_trial"
FREEZE = "admission_freeze"
ANNOUNCE = "admission_announce"
DRAW = "admission_draw"
ASSIGN = "admission_assign"
