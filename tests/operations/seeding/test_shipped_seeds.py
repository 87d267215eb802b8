"""The seeds that come with the project: what a reader of them relies on."""

import datetime as dt
from functools import cache

import pytest

from service.config import PROJECT
from service.corroboration.corroborate import corroborate
from service.corroboration.results import ConflictKind, Corroboration
from service.model.entities import LinkType, Mention, Passage, SourceKind, Stance, Status
from service.operations.seeding.files import Seeds, read_seeds


@cache
def seeds() -> Seeds:
    """All of them."""
    return read_seeds(PROJECT / "seeds")


def mentions(claim: str) -> list[Mention]:
    """Return the mentions of a claim."""
    return [mention for mention in seeds().mentions.values() if mention.claim == claim]


@cache
def corroboration(claim: str) -> Corroboration:
    """Return the corroboration of a claim."""
    return corroborate(seeds().claims[claim], mentions(claim), seeds().documents, seeds().sources)


def test_there_are_enough_of_them_to_be_of_use() -> None:
    assert len(seeds().claims) > 120
    assert len(seeds().mentions) > 250
    assert len(seeds().documents) == 5
    assert {mention.document for mention in seeds().mentions.values()} == set(seeds().documents)
    assert {mention.claim for mention in seeds().mentions.values()} == set(seeds().claims)


def test_every_document_says_who_published_it_and_when_or_why_nobody_knows() -> None:
    for document in seeds().documents.values():
        assert document.publisher or document.publisher_reason, document.id
        assert document.published_reason, document.id
        assert document.published_earliest or document.published_latest, document.id
        # The day of the first release of the seeds, so that every store gives the same answers as of a day.
        assert document.first_seen == dt.date(2026, 11, 22), document.id
        assert document.language == "en"


def test_the_publisher_of_a_copyright_line_is_known() -> None:
    wsj = seeds().documents["doc-wsj-report"]

    assert wsj.publisher == "hngn"
    assert (wsj.published_earliest, wsj.published_latest) == (dt.date(2025, 4, 28), dt.date(2025, 5, 31))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("nk-15000-troops-sent", "nk-15000-workers-in-russia"),
        ("alabuga-12000-nk-workers-planned", "nk-12000-troops-sent"),
        ("nk-25000-workers-drone-training", "nk-25000-workers-geran-production"),
        ("russian-casualties-hundreds-thousands", "russian-deaths-hundreds-thousands"),
        ("nk-law-70-percent-wages", "nk-wage-share-taken"),
        ("nk-50000-workers-2018", "nk-50000-to-occupied-ukraine"),
        ("nk-13221-entries-2024", "nk-15000-workers-in-russia"),
        ("russia-8600-student-visas-2024", "nk-7887-entries-education-visas"),
        ("alabuga-shifts-12-hours", "nk-workers-12-hour-days"),
        ("moscow-denies-sanctions-breach", "russia-breaches-un-labour-ban"),
    ],
)
def test_what_looks_alike_is_told_apart(one: str, other: str) -> None:
    linked = {frozenset((a, link.claim)) for a, link in seeds().links if link.type is LinkType.DISTINCT_FROM}

    assert frozenset((one, other)) in linked
    assert not {(m.document, m.locator, m.attribution) for m in mentions(one) if m.stance is Stance.DIFFERS} & {
        (m.document, m.locator, m.attribution) for m in mentions(other) if m.stance is Stance.DIFFERS
    }


@pytest.mark.parametrize(
    ("claim", "kind", "stance", "document"),
    [
        ("nk-12000-troops-sent", ConflictKind.DATE, Stance.DIFFERS, "doc-wsj-report"),
        ("alabuga-workers-arrive-by-end-2025", ConflictKind.DATE, Stance.DIFFERS, "doc-alabuga-drones"),
        ("nk-wage-share-taken", ConflictKind.VALUE, Stance.DIFFERS, "doc-occupied-ukraine"),
        ("russia-breaches-un-labour-ban", ConflictKind.STANCE, Stance.REFUTES, "doc-workers-flood"),
        ("russian-casualties-hundreds-thousands", ConflictKind.VALUE, Stance.DIFFERS, "doc-wsj-report"),
        ("russian-deaths-hundreds-thousands", ConflictKind.VALUE, Stance.DIFFERS, "doc-workers-flood"),
        ("war-in-third-year", ConflictKind.VALUE, Stance.DIFFERS, "doc-wsj-report"),
        ("un-ban-2017", ConflictKind.DATE, Stance.DIFFERS, "doc-workers-flood"),
        ("kursk-fully-retaken", ConflictKind.STANCE, Stance.REFUTES, "doc-wsj-report"),
    ],
)
def test_what_the_documents_disagree_about_is_in_conflict(
    claim: str, kind: ConflictKind, stance: Stance, document: str
) -> None:
    result = corroboration(claim)

    assert result.status is Status.CONTESTED
    assert [conflict.kind for conflict in result.conflicts] == [kind]
    assert document in {m.document for m in mentions(claim) if m.stance is stance}
    assert {position.stance for position in result.conflicts[0].positions} == {Stance.SUPPORTS, stance}


def test_the_year_of_the_troops_is_2024_or_2023() -> None:
    own = seeds().claims["nk-12000-troops-sent"].time_frame
    [differing] = [m.reported for m in mentions("nk-12000-troops-sent") if m.stance is Stance.DIFFERS]

    assert own is not None
    assert own.start is not None
    assert own.start.year == 2024
    assert differing is not None
    assert differing.time_frame is not None
    assert differing.time_frame.start is not None
    assert differing.time_frame.start.year == 2023


def test_the_share_of_wages_is_above_90_or_at_most_90() -> None:
    own = seeds().claims["nk-wage-share-taken"].quantity
    reported = [m.reported for m in mentions("nk-wage-share-taken") if m.stance is Stance.DIFFERS]

    assert own is not None
    assert (own.low, own.high) == (90, None)
    assert sorted((r.quantity.low, r.quantity.high) for r in reported if r and r.quantity) == [(None, 90)]


def test_three_articles_that_name_the_intelligence_of_south_korea_are_one_origin() -> None:
    result = corroboration("nk-15000-workers-in-russia")

    assert result.documents == 3
    assert (result.supports.origins.at_least, result.supports.origins.at_most) == (1, 1)
    assert result.status is Status.SINGLE_ORIGIN
    assert result.supports.groups[0].sources == ("south-korea-nis",)
    assert any("wall-street-journal" in mention.attribution for mention in mentions("nk-15000-workers-in-russia"))


def test_what_stands_in_an_embed_is_attributed() -> None:
    embedded = [m for m in seeds().mentions.values() if m.passage is Passage.EMBED]

    assert embedded
    assert [m.id for m in embedded if not m.attribution] == []


def test_nobody_who_cannot_be_identified_is_an_origin() -> None:
    unidentifiable = {source.id for source in seeds().sources.values() if not source.kind.identifiable}
    assert {seeds().sources[name].kind for name in unidentifiable} == {SourceKind.COLLECTIVE, SourceKind.ANONYMOUS}
    assert unidentifiable & {source for m in seeds().mentions.values() for source in m.attribution}
    for claim in seeds().claims:
        result = corroboration(claim)
        groups = [group for side in (result.supports, result.differs, result.refutes) for group in side.groups]

        assert not unidentifiable.intersection(source for group in groups for source in group.sources), claim
        assert not {f"source:{name}" for name in unidentifiable}.intersection(group.id for group in groups), claim


def test_every_claim_is_supported_or_disputed_by_somebody() -> None:
    idle = {claim for claim in seeds().claims if corroboration(claim).status is Status.UNSUPPORTED}

    assert {c for c in idle if all(m.stance is not Stance.PARTLY_SUPPORTS for m in mentions(c))} == set()


def test_words_are_one_paragraph_without_quotations() -> None:
    for claim in seeds().claims.values():
        for text in (claim.text, claim.subject, claim.place, claim.note):
            assert text is None or ("\n" not in text and text == text.strip()), claim.id
        assert claim.text.endswith("."), claim.id
        assert not set(claim.text) & set('“”"'), claim.id
