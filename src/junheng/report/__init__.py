"""The only room that formats for people: the annual report as page, document, PDF and workbook."""

from junheng.report.basis import NAME as BASIS
from junheng.report.basis import basis, with_basis
from junheng.report.html import html
from junheng.report.official_document import docx
from junheng.report.pdf import pdf
from junheng.report.reading import ReportInput
from junheng.report.workbook import workbook

__all__ = ["BASIS", "ReportInput", "basis", "docx", "html", "pdf", "with_basis", "workbook"]
