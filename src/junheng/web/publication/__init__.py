"""对外公布: what is shown to everyone, and taken back."""
