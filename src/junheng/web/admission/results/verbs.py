"""Names of this part's jobs."""

PUBLISH = "admission_publish"
ROUND = "admission_round"
NOTICES = "admission_notices"
