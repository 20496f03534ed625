"""测 How many children are coming, and where seats run short."""
