"""Origin groups, their names and their reasons, worked out by hand."""

from __future__ import annotations

import pytest

from service.corroboration.results import Interval, MergeRule, NotCounted
from service.corroboration.version_2.pages import Pages
from service.model.entities import Basis, Document, Mention, Policy, SourceKind, Stance, Status
from service.model.ids import statement_document_id
from tests.corroboration.factories import CAST, DOCUMENTS, OUTLET, compute, document, mention, source

GAZETTE, HERALD = "https://gazette.example", "https://herald.example"


def support(*mentions: Mention, documents: tuple[Document, ...]) -> Interval:
    return compute(*mentions, documents=documents).supports.origins


def test_an_inferred_origin_is_probable_and_raises_only_what_is_possible() -> None:
    result = compute(mention("a", "bbc-1", "nis"), mention("b", "ap-1", "hur", basis=Basis.INFERRED))
    assert result.supports.origins == Interval(at_least=1, at_most=2, named=1)
    assert {(each.name, each.named, each.basis) for each in result.supports.groups} == {
        ("South-Korea", True, Basis.EXPLICIT),
        ("Ukraine", False, Basis.INFERRED),
    }


def test_one_stated_attribution_names_a_group_of_guesses() -> None:
    guess = mention("a", "bbc-1", "nis", basis=Basis.INFERRED)
    carried = mention("b", "ap-1", "jcs", basis=Basis.CARRIED_OVER)
    [group] = compute(guess, carried).supports.groups
    assert (group.named, group.basis, group.source_names) == (True, Basis.CARRIED_OVER, ("Jcs", "Nis"))


def test_a_copy_names_nobody() -> None:
    """Neither where its original names nobody, nor where that only leads to an origin by inference."""
    silent = mention("a", "original")
    assert compute(silent, mention("b", "copy", "nis")).supports.origins == Interval(1, 1, 0)
    guess = mention("a", "original", "nis", basis=Basis.INFERRED)
    assert compute(guess, mention("b", "copy", "nis")).supports.origins == Interval(1, 1, 0)


PAGES = {
    "another form": (f"{GAZETTE}/a", "http://www.gazette.example/a/?utm_source=x#top"),
    "an archive copy": (f"{GAZETTE}/a", f"https://web.archive.org/web/2020/{GAZETTE}/a"),
    "another name of a network": ("https://twitter.com/u/status/1", "https://mobile.twitter.com/u/status/1"),
    "its new name": ("https://twitter.com/u/status/1", "https://x.com/u/status/1"),
}


@pytest.mark.parametrize("urls", PAGES.values(), ids=list(PAGES))
def test_one_page_under_two_addresses_is_one_document(urls: tuple[str, str]) -> None:
    documents = document("one", url=urls[0]), document("two", url=urls[1])
    result = compute(mention("a", "one"), mention("b", "two"), documents=documents)
    assert result.supports.origins == Interval(1, 1, 0)
    [merge] = result.supports.merges
    assert (merge.rule, {merge.left, merge.right}) == (MergeRule.SAME_PAGE, {"one", "two"})
    named = compute(mention("a", "one", "nis"), mention("b", "two", "hur"), documents=documents)
    assert (named.supports.origins.named, named.supports.naming_documents) == (2, 1)


def test_merged_documents_are_one_page() -> None:
    documents = document("one", "bbc"), document("two", "ap", merged_into="one")
    result = compute(mention("a", "one", "nis"), mention("b", "two"), documents=documents)
    assert result.supports.origins == Interval(1, 1, 1), "the page names its origin"
    assert [each.rule for each in result.uncounted] == [NotCounted.DOCUMENT_NAMES_ORIGIN]


def test_pages_of_one_site_are_one_possible_origin() -> None:
    documents = document("one", url=f"{GAZETTE}/a"), document("two", url=f"{GAZETTE}/b"), document("three", url=HERALD)
    mentions = [mention(each.id, each.id) for each in documents]
    result = compute(*mentions, documents=documents)
    assert result.supports.origins == Interval(1, 2, 0)
    assert {each.id: each.name for each in result.supports.groups} == {
        "site:gazette.example": "gazette.example",
        "site:herald.example": "herald.example",
    }
    [merge] = result.supports.merges
    assert (merge.rule, merge.reason) == (MergeRule.SAME_SITE, "one and two are of the site gazette.example")


@pytest.mark.parametrize("host", ["https://www.facebook.com", "https://{}.blogspot.com", "https://bit.ly"])
def test_pages_of_a_host_of_many_stay_apart(host: str) -> None:
    documents = document("one", url=f"{host.format('alpha')}/a"), document("two", url=f"{host.format('beta')}/b")
    assert support(mention("a", "one"), mention("b", "two"), documents=documents) == Interval(1, 2, 0)


def test_a_page_of_an_origins_own_site_is_that_origins() -> None:
    paper = source("paper", OUTLET, url=f"{GAZETTE}/")
    documents = document("one", url=f"{GAZETTE}/a"), document("two", "bbc")
    mentions = mention("a", "one"), mention("b", "two", "paper")
    assert compute(*mentions, documents=documents, sources=(*CAST, paper)).supports.origins == Interval(1, 1, 1)
    elsewhere = source("paper", OUTLET, url=f"{GAZETTE}/authors/paper")
    assert compute(*mentions, documents=documents, sources=(*CAST, elsewhere)).supports.origins == Interval(1, 2, 1)


def test_an_archive_copy_of_something_adds_no_origin_beside_a_document() -> None:
    documents = document("kept", url="https://archive.ph/AbCdE"), document("one", url=f"{GAZETTE}/a")
    kept, one = mention("a", "kept", "nis"), mention("b", "one")
    assert support(kept, documents=documents) == Interval(1, 1, 1)
    result = compute(kept, one, documents=documents)
    assert result.supports.origins == Interval(1, 1, 0)
    assert [(each.mention, each.rule) for each in result.uncounted] == [("a", NotCounted.OPAQUE_ARCHIVE)]
    named = compute(kept, mention("b", "one", "nis"), documents=documents)
    assert [each.mentions for each in named.supports.groups] == [("a", "b")]


def test_of_archive_copies_alone_the_one_with_the_fewest_origins_counts() -> None:
    documents = document("one", url="https://archive.ph/AbCdE"), document("two", url="https://archive.ph/FgHiJ")
    first = mention("a", "one", "nis"), mention("b", "one", "hur")
    assert support(*first, mention("c", "two", "lab"), documents=documents) == Interval(1, 1, 1)


def test_a_merged_copy_stays_a_copy() -> None:
    """Merging a copy into its original must not promote what the copy says."""
    before = document("original", "ap"), document("copy", "bbc", derived_from="original")
    after = document("original", "ap"), document("copy", "bbc", derived_from="original", merged_into="original")
    mentions = mention("a", "original", "nis"), mention("b", "copy", "hur")
    assert support(*mentions, documents=before) == support(*mentions, documents=after) == Interval(1, 1, 1)


def test_a_record_of_a_derived_page_is_derived() -> None:
    documents = document("first", "ap"), document("one", derived_from="first"), document("two", merged_into="one")
    assert support(mention("a", "first", "nis"), mention("b", "two", "hur"), documents=documents) == Interval(1, 1, 1)


def test_a_source_merged_into_nobody_is_not_named() -> None:
    crowd = source("crowd", SourceKind.COLLECTIVE), source("post", merged_into="crowd")
    result = compute(mention("a", "bbc-1", "post"), sources=(*CAST, *crowd))
    assert (result.status, result.supports.origins) == (Status.UNATTRIBUTED, Interval(1, 1, 0))


def test_a_record_of_a_statement_is_no_document() -> None:
    """An import makes one for a review without appearances: nobody has seen the party say so."""
    record = document(statement_document_id("claim"))
    said = mention("c", record.id, "nis")
    known = mention("a", "bbc-1", "nis"), mention("b", "bbc-1", "hur")
    documents = (*DOCUMENTS, record)
    assert compute(said, documents=documents).status is Status.SINGLE_ORIGIN
    result = compute(*known, said, documents=documents)
    assert (result.supports.naming_documents, result.status) == (1, Status.POSSIBLY_CORROBORATED)


def test_documents_that_have_nothing_to_do_with_each_other_are_not_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pairs would be millions for these, under the lock of a write."""
    monkeypatch.delattr(Pages, "_precedes")
    many = [document(f"d{number:05}", url=f"https://site{number}.example/") for number in range(3000)]
    mentions = [mention(f"m{number:05}", each.id) for number, each in enumerate(many)]
    assert compute(*mentions, documents=many).supports.origins.at_most == len(many)


def test_reasons_have_names() -> None:
    titled = Document("one", title="A mast fell", publisher="bbc"), Document("two", derived_from="one")
    result = compute(mention("a", "one", "nis"), mention("b", "two"), documents=titled)
    assert [each.reason for each in result.supports.merges] == ["two is derived from “A mast fell”"]
    [group] = result.supports.groups
    assert (group.name, group.document_titles) == ("South-Korea", ("A mast fell", None))
    refuted = compute(mention("a", "one", "nis"), mention("c", "two", "us", stance="refutes"), documents=titled)  # type: ignore[arg-type]
    assert refuted.supports.groups[0].source_names == ("Nis",)


@pytest.mark.parametrize(
    ("mentions", "merge"),
    [
        ((("a", "one", "nis"), ("b", "two")), (MergeRule.DERIVATION, "South-Korea", "A mast fell", None)),
        ((("a", "one", "nis"), ("b", "three", "jcs")), (MergeRule.PART_OF, "South-Korea", "Nis", "Jcs")),
        ((("a", "one", "nis"), ("b", "three", "nis")), (MergeRule.SAME_SOURCE, "South-Korea", "A mast fell", "A fall")),
        ((("a", "one", "nis"), ("b", "one")), (MergeRule.SAME_DOCUMENT, "South-Korea", "A mast fell", "A mast fell")),
    ],
)
def test_merges_have_the_names_of_both_sides(mentions: tuple[tuple[str, ...], ...], merge: tuple[object, ...]) -> None:
    titled = (
        Document("one", title="A mast fell", publisher="bbc"),
        Document("two", derived_from="one"),
        Document("three", title="A fall", publisher="lab"),
    )
    result = compute(*(mention(*each) for each in mentions), documents=titled)
    assert merge in [(each.rule, each.group_name, each.left_name, each.right_name) for each in result.supports.merges]


def test_what_is_not_counted_has_its_document() -> None:
    titled = Document("one", title="A mast fell", publisher="bbc"), Document("two", derived_from="one")
    result = compute(mention("a", "one", "nis"), mention("b", "two"), mention("c", "one"), documents=titled)
    assert [(each.mention, each.document, each.document_title) for each in result.uncounted] == [
        ("b", "two", None),
        ("c", "one", "A mast fell"),
    ]


def test_the_positions_of_a_conflict_have_names_and_titles() -> None:
    titled = Document("one", title="A mast fell", publisher="bbc"), Document("two", publisher="lab")
    mentions = mention("a", "one", "nis"), mention("b", "two", "hur", stance=Stance.REFUTES)
    [conflict] = compute(*mentions, documents=titled).conflicts
    assert [(each.origin_names, each.documents, each.document_titles) for each in conflict.positions] == [
        (("South-Korea",), ("one",), ("A mast fell",)),
        (("Ukraine",), ("two",), (None,)),
    ]
    before = compute(*mentions, documents=titled, policy=Policy.named("v1-organisation-2"))
    assert [(each.origin_names, each.documents) for each in before.conflicts[0].positions] == [((), ()), ((), ())]
