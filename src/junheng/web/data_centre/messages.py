"""Sentences of this application's pages."""

from junheng.web.data_centre.collecting import messages as collecting
from junheng.web.data_centre.holdings import messages as holdings
from junheng.web.data_centre.holdings.admission_messages import ADMISSION
from junheng.web.data_centre.uploads import messages as uploads

MESSAGES: dict[str, tuple[str, str]] = {
    **holdings.MESSAGES,
    **ADMISSION,
    **collecting.MESSAGES,
    **uploads.MESSAGES,
}
