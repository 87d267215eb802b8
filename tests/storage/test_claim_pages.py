"""A page of claims is the same whether an order is walked or the claims of a facet are sorted."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from itertools import product

import pytest

from benchmarks.synthetic import NOW, fill
from service.model.filters import EVERY_CLAIM, Facet, FacetKind, Sort
from service.model.timestamps import to_us
from service.storage.queries import claim_pages
from service.storage.queries.claim_pages import ClaimPages
from service.storage.queries.projections import Listing, SortKeys
from service.store import Store
from service.use_cases.unit_of_work import transaction

# The claims that are sorted at most, in steps of a walk, and the steps that a walk has at least.
WAYS = {"as in a small store": (1.0, 1000), "walked": (0.0, 1000), "given up": (0.0, 0), "sorted": (1000.0, 0)}


@pytest.fixture
def listed(store: Store) -> dict[int, Listing]:
    """Return the listings of claims in ``store`` that changed at different times."""
    fill(store, 40)
    keys = list(store.claims.all_claim_keys())
    with transaction(store):
        for place, key in enumerate(keys):
            changed = to_us(NOW) + place * 7 % 10 * 86_400_000_000
            store.database.run("UPDATE claim_sort_keys SET updated_us = ? WHERE claim_id = ?", (changed, key))
    return store.projections.listings(keys)


def test_pages_have_the_claims_in_their_order(
    store: Store, listed: dict[int, Listing], monkeypatch: pytest.MonkeyPatch
) -> None:
    pages, rng = ClaimPages(store.database), random.Random(3)
    numbers = Counter(facet for own in listed.values() for facet in own.facets)
    facets = [facet for facet, _ in numbers.most_common(30) if facet != EVERY_CLAIM]
    for sort, (way, (sorted_at_most, steps_at_least)) in product(Sort, WAYS.items()):
        monkeypatch.setattr(claim_pages, "SORTED_AT_MOST", sorted_at_most)
        monkeypatch.setattr(claim_pages, "STEPS_AT_LEAST", steps_at_least)
        # With a time that all claims have changed since, and with one since which fewer have than have a facet.
        for number, since in product(range(4), (None, NOW, NOW + dt.timedelta(days=9))):
            asked = rng.sample(facets, number)
            since_us = None if since is None else to_us(since)
            expected = _in_order(listed, asked, since_us, sort)
            found: list[tuple[int, int]] = []
            while page := pages.claims_page(asked, since_us, sort, found[-1] if found else None, 7):
                found += [(claim.position, claim.key) for claim in page]
            assert found == expected, (way, sort, asked, since)


def _in_order(
    listed: dict[int, Listing], asked: list[Facet], since_us: int | None, sort: Sort
) -> list[tuple[int, int]]:
    place = {Sort.RECENCY: "updated_us", Sort.ORIGINS: "origins", Sort.MENTIONS: "mentions", Sort.NAMED: "named"}[sort]
    found = []
    for key, listing in listed.items():
        keys = listing.sort_keys
        assert isinstance(keys, SortKeys)
        if listing.facets.keys() >= set(asked) and (since_us is None or keys.updated_us >= since_us):
            found.append((getattr(keys, place), key))
    return sorted(found, reverse=True)


def test_a_facet_that_no_claim_has_and_an_empty_store(store: Store) -> None:
    pages = ClaimPages(store.database)
    assert pages.claims_page([], None, Sort.RECENCY, None, 5) == []
    fill(store, 3)
    assert len(pages.claims_page([], None, Sort.RECENCY, None, 5)) == 3
    assert pages.claims_page([(FacetKind.TOPIC, "nothing")], None, Sort.RECENCY, None, 5) == []
