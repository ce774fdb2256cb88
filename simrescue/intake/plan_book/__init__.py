"""A plan in a workbook: its sheets, the words of their cells, their faults."""
