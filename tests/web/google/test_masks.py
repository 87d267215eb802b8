"""The parameter ``fields``: what it leaves of an answer, against a reference that takes one path at a time."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.schemas.google_search import FactCheckedClaimsSchema
from service.web.google.masks import BadMask, apply, choose, names_of

KNOWN = names_of(FactCheckedClaimsSchema())
ANSWER = {
    "claims": [
        {
            "text": "T",
            "claimant": "C",
            "claimReview": [{"publisher": {"name": "N", "site": "S"}, "url": "U"}, {"title": "Ti"}],
        },
        {"text": "T2"},
    ],
    "nextPageToken": "P",
}
# Every path of the shape, in a notation of its own.
PATHS = [
    ("nextPageToken",),
    ("claims",),
    ("claims", "text"),
    ("claims", "claimant"),
    ("claims", "claimDate"),
    ("claims", "claimReview"),
    ("claims", "claimReview", "url"),
    ("claims", "claimReview", "title"),
    ("claims", "claimReview", "publisher"),
    ("claims", "claimReview", "publisher", "name"),
    ("claims", "claimReview", "publisher", "site"),
]


def leave(paths: list[tuple[str, ...]], value: Any, at: tuple[str, ...] = ()) -> Any:
    """Return the part of ``value`` at ``at`` that is on one of the paths, or below the end of one."""
    if isinstance(value, list):
        return [leave(paths, each, at) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, inner in value.items():
        here = (*at, name)
        if any(path == here[: len(path)] for path in paths):
            kept[name] = inner
        elif any(path[: len(here)] == here for path in paths):
            kept[name] = leave(paths, inner, here)
    return kept


def _written(path: tuple[str, ...], style: str) -> str:
    if style == "()":
        return "(".join(path) + ")" * (len(path) - 1)
    return style.join(path)


@given(st.lists(st.tuples(st.sampled_from(PATHS), st.sampled_from(["/", ".", "()", " / "])), min_size=1, max_size=5))
def test_a_mask_leaves_what_its_paths_lead_to(chosen: list[tuple[tuple[str, ...], str]]) -> None:
    mask = ",".join(_written(*each) for each in chosen)
    assert apply(choose(mask, KNOWN), ANSWER) == leave([path for path, _ in chosen], ANSWER)


@pytest.mark.parametrize(
    ("mask", "paths"),
    [
        ("*", [("claims",), ("nextPageToken",)]),
        ("*/text", [("claims", "text")]),
        ("claims/*", [("claims",)]),
        ("claims/*/publisher", [("claims", "claimReview", "publisher")]),
        ("claims(*/*/site,text)", [("claims", "claimReview", "publisher", "site"), ("claims", "text")]),
        ("claims/claimReview(url,publisher(name))", [PATHS[6], PATHS[9]]),
        ("claims(text),claims(claimant)", [PATHS[2], PATHS[3]]),
        ("claims(text),claims", [PATHS[1]]),
    ],
)
def test_stars_and_brackets(mask: str, paths: list[tuple[str, ...]]) -> None:
    assert apply(choose(mask, KNOWN), ANSWER) == leave(paths, ANSWER)


@pytest.mark.parametrize(
    "mask",
    [
        *("claim", "Claims", "text", "claims/nothing", "claims/text/more", "*/nothing", "nextPageToken(a)"),
        *("claims(", "claims(text", "claims)", "claims()", "(claims)", "claims(text))", "claims(text)/url"),
        *(",", "claims,", ",claims", "claims,,nextPageToken", "/claims", "claims/", "claims//text", "/"),
        *("claims text", "cl aims", "**", "*claims", "-claims", "claims[0]", "ключ", "claims\0", "'", "1"),
        *("(" * 4000, "*(" * 2000, "claims/" * 1000, "claims(" * 1000 + ")" * 1000, "*/" * 4000 + "*"),
    ],
)
def test_a_mask_that_cannot_be_read_or_finds_nothing_is_refused(mask: str) -> None:
    with pytest.raises(BadMask):
        choose(mask, KNOWN)


@given(st.text(alphabet="claims*/.(), textnP\0é", max_size=40))
def test_no_mask_does_worse_than_be_refused(mask: str) -> None:
    try:
        asked = choose(mask, KNOWN)
    except BadMask:
        return
    left = apply(asked, ANSWER)
    assert set(left) <= set(ANSWER)
