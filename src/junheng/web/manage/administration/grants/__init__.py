"""授权: who may do what where."""
