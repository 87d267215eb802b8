"""Benchmarks: each measures the service beside a reference and prints ratios."""
