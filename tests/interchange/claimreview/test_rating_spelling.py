"""Wordings that differ by one letter or a space."""

import pytest

from service.interchange.claimreview.rating_spelling import Spellings, is_misspelt


@pytest.mark.parametrize(
    ("given", "meant", "expected"),
    [
        ("flase", "false", True),
        ("misleadintg", "misleading", True),
        ("misleding", "misleading", True),
        ("mislaading", "misleading", True),
        ("misleadin", "misleading", True),
        ("mostly flase", "mostly false", True),
        ("halftrue", "half true", True),
        ("misleading", "misleading", False),
        ("now true", "not true", False),
        ("trje", "true", False),
        ("untrue", "true", False),
        ("walse", "false", False),
        ("mosly flase", "mostly false", False),
        ("fasle claim", "false claims", False),
        ("proven", "unproven", False),
        ("mostly false", "mostly", False),
        ("fxlxe", "false", False),
    ],
)
def test_one_letter(given: str, meant: str, expected: bool) -> None:
    assert is_misspelt(given, meant) is expected
    assert (meant in Spellings([meant, "other"]).near(given)) is expected


@pytest.mark.parametrize("wording", ["", "no", "x" * 61])
def test_short_and_long_wordings_are_not_searched(wording: str) -> None:
    assert list(Spellings(["nox", "x" * 60]).near(wording)) == []
