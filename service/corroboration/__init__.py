"""Corroboration kernel: origin groups, intervals, conflicts, reasons. Pure.

Face: ``corroborate``, ``explain``, ``summarise``.
"""
