"""Sentences of this application's pages."""

from junheng.web.data_centre.collecting import messages as collecting
from junheng.web.data_centre.holdings import messages as holdings
from junheng.web.data_centre.uploads import messages as uploads

MESSAGES: dict[str, tuple[str, str]] = {**holdings.MESSAGES, **collecting.MESSAGES, **uploads.MESSAGES}
