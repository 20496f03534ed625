"""`python -m junheng`."""

from junheng.cli import main

main()
