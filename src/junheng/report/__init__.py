"""The only room that formats for people: the annual report as page, document and workbook."""

from junheng.report.html import html
from junheng.report.official_document import docx
from junheng.report.reading import ReportInput
from junheng.report.workbook import workbook

__all__ = ["ReportInput", "docx", "html", "workbook"]
