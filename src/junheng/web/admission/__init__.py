"""招生入学: plans, registration, verification, publicity, and from the freeze on the draw and its results."""
