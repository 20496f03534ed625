"""列对应: which of their columns is which of ours, drafted, edited, kept by name."""
