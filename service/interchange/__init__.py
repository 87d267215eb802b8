"""Interchange with other systems: importing, publishing, and the formats that others use."""
