"""Fixtures of the tests of taking in."""

from tests.writing.conftest import desk, desk_with  # noqa: F401 - fixtures
