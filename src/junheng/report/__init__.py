"""The only room that formats for people: the annual report as page, document, PDF and workbook."""

from typing import TYPE_CHECKING

from junheng.on_demand import on_demand

if TYPE_CHECKING:
    from junheng.report.html_page import html
    from junheng.report.official_document import docx
    from junheng.report.pdf_document import pdf
    from junheng.report.reading import ReportInput
    from junheng.report.stored_basis import BASIS, basis, with_basis
    from junheng.report.tables_workbook import workbook
else:
    __getattr__ = on_demand(
        __name__,
        {
            "BASIS": "stored_basis",
            "ReportInput": "reading",
            "basis": "stored_basis",
            "docx": "official_document",
            "html": "html_page",
            "pdf": "pdf_document",
            "with_basis": "stored_basis",
            "workbook": "tables_workbook",
        },
    )

__all__ = ["BASIS", "ReportInput", "basis", "docx", "html", "pdf", "with_basis", "workbook"]
