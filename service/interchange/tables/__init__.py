"""Read spreadsheets (CSV, TSV, XLSX) into rows of claims and sources. Pure: no store, no HTTP.

Face: ``reader.read_sheets``, which yields the types of ``row_items``.
"""
