"""Corroboration kernel: origin groups, intervals, conflicts, reasons. Pure.

Face: ``corroborate``, ``counting_days``, ``explain``, ``summarise``.
"""
