"""Evidence for items of assessments: brought, reviewed by another person, taken into the data."""
