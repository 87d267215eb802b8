"""Corroboration kernel: origin groups, intervals, conflicts, and reasons. Pure. Face: ``corroborate``, ``explain``, ``summarise``."""
