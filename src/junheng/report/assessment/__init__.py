"""The self-evaluation report of an assessment: 红头 document, workbook and school cards, with sources."""

from typing import TYPE_CHECKING

from junheng.on_demand import on_demand

if TYPE_CHECKING:
    from junheng.report.assessment.assessment_workbook import workbook
    from junheng.report.assessment.document import docx
else:
    __getattr__ = on_demand(__name__, {"docx": "document", "workbook": "assessment_workbook"})

__all__ = ["docx", "workbook"]
