"""Tests of reading, loading and verifying seed files."""
