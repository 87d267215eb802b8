"""Cases where a plain count goes wrong. The expected numbers are worked out by hand from the specification."""

from __future__ import annotations

import datetime as dt

import pytest

from service.model.entities import Independence, Locator, Mention, Status
from tests.corroboration.factories import CAST, REFUTES, bounds, document, mention, source
from tests.corroboration.version_1.world import compute, policy

SOURCE, ORGANISATION, COUNTRY = Independence.SOURCE, Independence.ORGANISATION, Independence.COUNTRY


def support(*mentions: Mention, independence: Independence = ORGANISATION) -> tuple[int, int]:
    return bounds(compute(*mentions, policy=policy(independence=independence)).supports)


def test_nothing_said_is_unsupported() -> None:
    result = compute()
    assert (bounds(result.supports), result.status) == ((0, 0), Status.UNSUPPORTED)


# Chains: the origin is the last identifiable source.


def test_a_relay_chain_adds_no_origin() -> None:
    result = compute(mention("a", "bbc-1", "wsj", "nis"), mention("b", "ap-1", "nis"))
    assert (bounds(result.supports), result.status) == ((1, 1), Status.SINGLE_ORIGIN)


def test_five_articles_with_one_figure_are_one_origin() -> None:
    places = ("wsj-1", "wsj-2", "ap-1", "bbc-1", "unknown-1")
    assert support(*(mention(f"m-{each}", each, "hur") for each in places)) == (1, 1)


def test_the_same_relay_of_two_origins_is_two_origins() -> None:
    result = compute(mention("a", "bbc-1", "wsj", "nis"), mention("b", "ap-1", "wsj", "hur"))
    assert (bounds(result.supports), result.status) == ((2, 2), Status.CORROBORATED)


def test_two_origins_in_one_sentence_are_two() -> None:
    sentence = Locator(10, 60, "0" * 64)
    first = mention("a", "bbc-1", "nis", locator=sentence)
    assert support(first, mention("b", "bbc-1", "hur", locator=sentence)) == (2, 2)


@pytest.mark.parametrize("nobody", ["officials", "insider"])
def test_when_the_chain_ends_in_nobody_the_last_identifiable_relay_is_the_origin(nobody: str) -> None:
    result = compute(mention("a", "bbc-1", "ap", "wsj", nobody), mention("b", "unknown-1", "wsj"))
    assert bounds(result.supports) == (1, 1)
    assert [(each.id, each.named) for each in result.supports.groups] == [("source:wsj", True)]


@pytest.mark.parametrize("nobody", ["officials", "insider"])
def test_nobody_identifiable_is_only_a_possible_origin(nobody: str) -> None:
    """It neither joins the government it is part of nor hides that the publisher may have it from there."""
    result = compute(mention("a", "bbc-1", nobody), mention("b", "ap-1", "us"))
    assert (bounds(result.supports), result.status) == ((1, 2), Status.POSSIBLY_CORROBORATED)
    assert {(each.id, each.named) for each in result.supports.groups} == {("source:us", True), ("source:bbc", False)}


def test_an_unidentifiable_middle_does_not_hide_the_end() -> None:
    assert support(mention("a", "bbc-1", "wsj", "officials", "nis"), mention("b", "ap-1", "nis")) == (1, 1)


def test_two_collectives_only_are_two_possible_origins_when_two_publishers_report_them() -> None:
    assert support(mention("a", "bbc-1", "officials"), mention("b", "ap-1", "officials")) == (1, 2)


# Unattributed statements: a possible origin, the publisher, or the document when nobody knows its publisher.


def test_one_unattributed_statement_is_one_origin_without_a_name() -> None:
    result = compute(mention("a", "bbc-1"))
    assert (bounds(result.supports), result.status) == ((1, 1), Status.SINGLE_ORIGIN)
    assert [each.named for each in result.supports.groups] == [False]


def test_the_same_publisher_twice_is_one_possible_origin() -> None:
    assert support(mention("a", "wsj-1"), mention("b", "wsj-2")) == (1, 1)


def test_two_publishers_are_two_possible_origins() -> None:
    result = compute(mention("a", "wsj-1"), mention("b", "bbc-1"))
    assert (bounds(result.supports), result.status) == ((1, 2), Status.POSSIBLY_CORROBORATED)


def test_each_document_of_an_unknown_publisher_is_a_possible_origin() -> None:
    result = compute(mention("a", "unknown-1"), mention("b", "unknown-2"), mention("c", "unknown-1"))
    assert bounds(result.supports) == (1, 2)
    assert {each.id for each in result.supports.groups} == {"document:unknown-1", "document:unknown-2"}


def test_a_named_origin_is_not_proof_against_an_unattributed_repetition() -> None:
    assert support(mention("a", "wsj-1", "nis"), mention("b", "bbc-1")) == (1, 2)


def test_a_publisher_that_is_named_elsewhere_is_that_origin() -> None:
    result = compute(mention("a", "nis-1"), mention("b", "bbc-1", "nis"))
    assert (bounds(result.supports), result.status) == ((1, 1), Status.SINGLE_ORIGIN)


def test_a_publisher_below_a_named_origin_is_that_origin_unless_sources_are_told_apart() -> None:
    mentions = mention("a", "nis-1"), mention("b", "bbc-1", "south-korea")
    assert support(*mentions) == (1, 1)
    assert support(*mentions, independence=SOURCE) == (1, 2)


def test_a_document_that_names_its_origin_once_may_repeat_the_figure() -> None:
    result = compute(mention("a", "bbc-1", "nis"), mention("b", "bbc-1"), mention("c", "bbc-1", "officials"))
    assert (bounds(result.supports), result.status) == ((1, 1), Status.SINGLE_ORIGIN)


def test_another_document_of_the_same_publisher_stays_a_possible_origin() -> None:
    assert support(mention("a", "wsj-1", "nis"), mention("b", "wsj-1"), mention("c", "wsj-2")) == (1, 2)


def test_naming_an_origin_for_support_leaves_the_same_document_s_refutation_standing() -> None:
    result = compute(mention("a", "bbc-1", "nis"), mention("b", "bbc-1", stance=REFUTES))
    assert (bounds(result.refutes), result.status) == ((1, 1), Status.CONTESTED)


# Copies: a derived document takes its original's group.


def test_a_copy_that_repeats_its_original_adds_nothing() -> None:
    assert support(mention("a", "original", "nis"), mention("b", "copy", "nis")) == (1, 1)


def test_a_copy_that_names_nothing_adds_nothing() -> None:
    assert support(mention("a", "original", "nis"), mention("b", "copy")) == (1, 1)
    assert support(mention("a", "original"), mention("b", "copy")) == (1, 1)


@pytest.mark.parametrize("chain", [("nis",), ()])
def test_a_copy_that_names_another_origin_adds_nothing(chain: tuple[str, ...]) -> None:
    assert support(mention("a", "original", *chain), mention("b", "copy", "hur")) == (1, 1)


def test_a_copy_of_a_document_that_names_its_origin_once_adds_nothing() -> None:
    once, repeated = mention("a", "original", "nis"), mention("b", "original")
    assert support(once, repeated, mention("c", "copy")) == (1, 1)
    assert support(once, repeated, mention("c", "copy"), mention("d", "copy", "nis")) == (1, 1)


def test_a_copy_of_two_origins_adds_nothing() -> None:
    first = mention("a", "original", "nis"), mention("b", "original", "hur")
    assert support(*first, mention("c", "copy")) == (2, 2)
    assert support(*first, mention("c", "copy", "nis"), mention("d", "copy", "lab")) == (2, 2)


def test_a_copy_of_a_copy_adds_nothing() -> None:
    last = mention("c", "copy-of-copy", "lab")
    assert support(mention("a", "original", "nis"), mention("b", "copy", "hur"), last) == (1, 1)
    assert support(mention("a", "original", "nis"), last) == (1, 1)
    assert support(mention("b", "copy", "nis"), last) == (1, 1)


def test_copies_of_a_silent_original_stand_for_themselves() -> None:
    """A name they give is a named origin; without one they are one possible origin, being copies of one thing."""
    assert support(mention("a", "copy", "nis")) == (1, 1)
    assert support(mention("a", "copy", "nis"), mention("b", "copy-2", "nis")) == (1, 1)
    assert support(mention("a", "copy", "nis"), mention("b", "copy-2", "hur")) == (2, 2)
    assert support(mention("a", "copy"), mention("b", "copy-2")) == (1, 1)
    assert support(mention("a", "copy"), mention("b", "copy-of-copy")) == (1, 1)


def test_a_copy_with_another_stance_is_not_its_original_s_statement() -> None:
    result = compute(mention("a", "original", "nis"), mention("b", "copy", "hur", stance=REFUTES))
    assert (bounds(result.supports), bounds(result.refutes)) == ((1, 1), (1, 1))
    assert result.status == Status.CONTESTED


def test_a_copy_stands_for_itself_while_its_original_is_not_yet_published() -> None:
    day = dt.date(2024, 10, 18)
    later = document("original", "ap", latest=day + dt.timedelta(days=1))
    copy = document("copy", "bbc", derived_from="original", latest=day)
    mentions = mention("a", "original", "nis"), mention("b", "copy", "hur")
    early = compute(*mentions, documents=(later, copy), as_of=day)
    assert [each.id for each in early.supports.groups] == ["source:ukraine"]
    late = compute(*mentions, documents=(later, copy), as_of=day + dt.timedelta(days=1))
    assert [each.id for each in late.supports.groups] == ["source:south-korea"]


@pytest.mark.parametrize(("first", "second"), [(("nis",), ("hur",)), ((), ("nis",)), ((), ())])
def test_documents_derived_from_each_other_end_as_one_origin(first: tuple[str, ...], second: tuple[str, ...]) -> None:
    circle = document("d1", "ap", derived_from="d2"), document("d2", "bbc", derived_from="d1")
    assert bounds(compute(mention("a", "d1", *first), mention("b", "d2", *second), documents=circle).supports) == (1, 1)


def test_a_document_derived_from_itself_is_a_document() -> None:
    itself = document("d1", "ap", derived_from="d1")
    assert bounds(compute(mention("a", "d1", "nis"), documents=[itself]).supports) == (1, 1)
    assert bounds(compute(mention("a", "d1"), documents=[itself]).supports) == (1, 1)


# Independence: a source, its organisation, its country.


@pytest.mark.parametrize(
    ("one", "other", "counts"),
    [
        ("mod", "hur", (2, 1, 1)),  # a parent and its directorate
        ("nis", "jcs", (2, 1, 1)),  # two bodies of one government
        ("south-korea", "nis", (2, 1, 1)),
        ("nis-old-name", "nis", (1, 1, 1)),  # merged: one source
        ("nis-old-name", "jcs", (2, 1, 1)),
        ("pentagon", "wsj", (2, 2, 1)),  # two organisations of one country
        ("nis", "hur", (2, 2, 2)),
        ("lab", "blog", (2, 2, 2)),  # no country is not a country
        ("lab", "us", (2, 2, 2)),
    ],
)
def test_two_named_origins_at_each_independence(one: str, other: str, counts: tuple[int, int, int]) -> None:
    mentions = mention("a", "bbc-1", one), mention("b", "ap-1", other)
    assert tuple(support(*mentions, independence=each) for each in Independence) == tuple((n, n) for n in counts)


def test_possible_origins_are_lifted_like_named_ones() -> None:
    mentions = mention("a", "wsj-1"), mention("b", "ap-1")
    assert [support(*mentions, independence=each) for each in (ORGANISATION, COUNTRY)] == [(1, 2), (1, 1)]


def test_the_country_is_the_root_s() -> None:
    """A bureau abroad counts for its owner's country, not for where it sits."""
    sources = (*CAST, source("bureau", country="KR", part_of="bbc"))
    abroad = mention("a", "ap-1", "bureau")
    for other, count in (("nis", 2), ("bbc", 1)):
        result = compute(abroad, mention("b", "wsj-1", other), sources=sources, policy=policy(independence=COUNTRY))
        assert bounds(result.supports) == (count, count)


def test_sources_part_of_each_other_are_one_organisation() -> None:
    circle = source("a", part_of="b"), source("b", part_of="c"), source("c", part_of="a"), source("d", part_of="d")
    mentions = [mention(f"m-{each.id}", "unknown-1", each.id) for each in circle]
    counts = [
        bounds(compute(*mentions, sources=circle, policy=policy(independence=each)).supports) for each in Independence
    ]
    assert counts == [(4, 4), (2, 2), (2, 2)]


def test_sources_merged_into_each_other_are_one_source() -> None:
    circle = source("a", merged_into="b"), source("b", merged_into="c"), source("c", merged_into="a")
    mentions = [mention(f"m-{each.id}", "unknown-1", each.id) for each in circle]
    assert bounds(compute(*mentions, sources=circle, policy=policy(independence=SOURCE)).supports) == (1, 1)
