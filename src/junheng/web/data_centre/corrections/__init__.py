"""更正申请: one figure changed after it was handed in, with both numbers and a decision."""
