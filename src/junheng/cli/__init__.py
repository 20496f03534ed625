"""The `junheng` command: one file a room, no logic of its own."""

from junheng.cli.root import main

__all__ = ["main"]
