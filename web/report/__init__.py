"""The annual report: gathered once, then written as pages, workbook, tables and document."""
