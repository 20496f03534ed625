"""The self-evaluation report of an assessment: 红头 document, workbook and school cards, with sources."""

from typing import TYPE_CHECKING

from junheng.on_demand import on_demand

if TYPE_CHECKING:
    from junheng.report.assessment.card import card
    from junheng.report.assessment.document import docx
    from junheng.report.assessment.workbook import workbook
else:
    __getattr__ = on_demand(__name__, {"card": "card", "docx": "document", "workbook": "workbook"})

__all__ = ["card", "docx", "workbook"]
