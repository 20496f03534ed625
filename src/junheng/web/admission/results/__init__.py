"""Results of an entry: lists, answers, second rounds, overrides, the report for supervision."""
