"""Fixtures of the tests of what goes out."""

from tests.writing.conftest import desk  # noqa: F401 - a fixture
