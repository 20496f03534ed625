"""What others may want to know of: sent inside the acting transaction, received by services further up."""

from django.dispatch import Signal

told = Signal()
"""People are to be told something: `to` (users), `code`, `parameters`, `link`."""
