"""Running a desk: setting it up, serving it, backing it up, telling what is wrong with it."""
