"""Visibility by day: which mentions count as of a day under policy version 2, and why the others do not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.corroboration.results import NotCounted, Uncounted
from service.corroboration.visibility import certainly_published_by, earliest_first_seen, visible_mentions
from service.model.entities import Document, Mention
from tests.corroboration.factories import document, mention
from tests.corroboration.strategies import DAYS, DOOMSDAY, INTERVALS, days, kernel

MAY, JUNE, JULY, AUGUST = (dt.date(2025, month, 15) for month in (5, 6, 7, 8))
Published = Sequence[tuple[tuple[dt.date | None, dt.date | None], dt.date | None]]


@pytest.mark.parametrize(
    ("latest", "first_seen", "expected"),
    [
        (None, None, None),
        (JUNE, None, JUNE),
        (None, JULY, JULY),
        (JUNE, JULY, JUNE),
        (JULY, JUNE, JUNE),
        (JUNE, JUNE, JUNE),
    ],
)
def test_a_document_was_published_by_the_earlier_of_its_latest_day_and_its_first_seen(
    latest: dt.date | None, first_seen: dt.date | None, expected: dt.date | None
) -> None:
    assert certainly_published_by(document("d", latest=latest, first_seen=first_seen)) == expected


@pytest.mark.parametrize(
    ("days", "expected"), [((), None), ((None,), None), ((JULY, JUNE), JUNE), ((None, JULY), JULY)]
)
def test_documents_of_one_page_were_seen_on_the_first_of_their_days(
    days: tuple[dt.date | None, ...], expected: dt.date | None
) -> None:
    assert earliest_first_seen(document("d", first_seen=day) for day in days) == expected


@pytest.mark.parametrize("as_of", [None, JUNE, JULY])
@pytest.mark.parametrize(
    "place",
    [
        document("d", latest=JUNE),
        document("d", first_seen=JUNE),
        document("d", latest=AUGUST, first_seen=JUNE),
        document("d", earliest=AUGUST, first_seen=JUNE),
    ],
)
def test_a_document_counts_from_the_day_by_which_it_was_published(place: Document, as_of: dt.date | None) -> None:
    assert visible_mentions([mention("m", "d")], {"d": place}, as_of) == ([mention("m", "d")], [])


@pytest.mark.parametrize(
    ("place", "rule", "reason"),
    [
        (
            document("d", earliest=JUNE, latest=JULY, first_seen=AUGUST),
            NotCounted.PUBLISHED_LATER,
            "document d was published on 2025-06-15 at the earliest",
        ),
        (
            document("d", earliest=JUNE),
            NotCounted.PUBLISHED_LATER,
            "document d was published on 2025-06-15 at the earliest",
        ),
        (
            document("d", earliest=MAY, latest=JULY, first_seen=AUGUST),
            NotCounted.PUBLISHED_LATER,
            "document d may have been published as late as 2025-07-15",
        ),
        (
            document("d", latest=AUGUST, first_seen=JULY),
            NotCounted.PUBLISHED_LATER,
            "document d may have been published as late as 2025-07-15",
        ),
        (
            document("d", earliest=MAY, first_seen=JUNE),
            NotCounted.UNDATED,
            "document d has no known latest date of publication and was first seen on 2025-06-15",
        ),
        (document("d"), NotCounted.UNDATED, "document d has no known latest date of publication"),
        (
            Document("d", title="A mast fell"),
            NotCounted.UNDATED,
            "“A mast fell” has no known latest date of publication",
        ),
    ],
)
def test_a_document_that_may_be_later_is_left_out_with_the_reason(
    place: Document, rule: NotCounted, reason: str
) -> None:
    assert visible_mentions([mention("m", "d")], {"d": place}, MAY) == ([], [Uncounted("m", rule, reason)])


published = st.lists(st.tuples(st.sampled_from(INTERVALS), st.none() | days), min_size=1, max_size=5)


def _seen(shelf: Published, as_of: dt.date | None) -> set[str]:
    """Return the ids of the mentions that ``as_of`` shows, one mention a document; none is lost."""
    documents = {
        f"d{number}": document(f"d{number}", earliest=earliest, latest=latest, first_seen=first_seen)
        for number, ((earliest, latest), first_seen) in enumerate(shelf)
    }
    mentions: list[Mention] = [mention(f"m-{name}", name) for name in documents]
    visible, left_out = visible_mentions(mentions, documents, as_of)
    seen, others = {each.id for each in visible}, {each.mention for each in left_out}
    assert not seen & others
    assert seen | others == {each.id for each in mentions}
    return seen


@kernel
@given(published, days, days)
def test_a_later_day_shows_all_that_an_earlier_one_shows(shelf: Published, one: dt.date, other: dt.date) -> None:
    earlier, later = sorted((one, other))
    assert _seen(shelf, earlier) <= _seen(shelf, later)


@kernel
@given(
    st.lists(st.tuples(st.sampled_from(INTERVALS), days), min_size=1, max_size=5), st.sampled_from((*DAYS, DOOMSDAY))
)
def test_from_the_last_first_seen_on_a_day_shows_all(shelf: Published, today: dt.date) -> None:
    known = [(interval, min(first_seen, today)) for interval, first_seen in shelf if first_seen is not None]
    assert _seen(known, today) == _seen(known, None)
