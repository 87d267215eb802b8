"""Fixtures of the tests of taking in."""

from tests.writing.conftest import desk  # noqa: F401 - a fixture
