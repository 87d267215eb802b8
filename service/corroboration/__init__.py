"""Corroboration kernel: origin groups, intervals, conflicts, and why. Pure. Face: ``corroborate``, ``explain``."""
