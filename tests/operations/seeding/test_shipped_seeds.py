"""The seeds that come with the project: what a reader of them relies on."""

import datetime as dt
import re
from collections import Counter
from dataclasses import replace
from functools import cache

import pytest

from service.config import PROJECT
from service.corroboration.corroborate import corroborate
from service.corroboration.results import ConflictKind, Corroboration
from service.model.entities import Basis, LinkType, Mention, Passage, SourceKind, Stance, Status
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
    texts = {document.id for document in seeds().documents.values() if document.sha256}
    assert len(texts) == 5
    assert {mention.document for mention in seeds().mentions.values()} == texts
    originals = {seeds().documents[name].derived_from for name in texts} - {None}
    assert set(seeds().documents) == texts | originals
    assert {mention.claim for mention in seeds().mentions.values()} == set(seeds().claims)


def test_every_document_says_who_published_it_and_when_or_why_nobody_knows() -> None:
    for document in seeds().documents.values():
        assert document.publisher or document.publisher_reason, document.id
        assert document.published_reason, document.id
        assert document.published_earliest or document.published_latest, document.id
        # The day on which the seeds first had it, so that every store gives the same answers as of a day.
        later = document.id == "doc-wsj-original"
        assert document.first_seen == (dt.date(2026, 11, 30) if later else dt.date(2026, 11, 22)), document.id
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
        ("nk-wage-share-taken", ConflictKind.VALUE, Stance.DIFFERS, "doc-occupied-ukraine"),
        ("nk-some-workers-hand-over-90-percent", ConflictKind.VALUE, Stance.DIFFERS, "doc-workers-flood"),
        ("russia-breaches-un-labour-ban", ConflictKind.STANCE, Stance.REFUTES, "doc-workers-flood"),
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


def test_nothing_else_is_contested() -> None:
    assert {claim for claim in seeds().claims if corroboration(claim).status is Status.CONTESTED} == {
        "nk-12000-troops-sent",
        "nk-wage-share-taken",
        "nk-some-workers-hand-over-90-percent",
        "russia-breaches-un-labour-ban",
        "kursk-fully-retaken",
    }


@pytest.mark.parametrize(
    ("claim", "status", "other_stance"),
    [
        ("alabuga-workers-arrive-by-end-2025", Status.SINGLE_ORIGIN, Stance.PARTLY_SUPPORTS),  # an impossible year
        ("un-120-companies", Status.SINGLE_ORIGIN, Stance.PARTLY_REFUTES),  # denied for many of the firms, not for all
        ("un-ban-2017", Status.UNATTRIBUTED, None),  # decided in 2017, in effect in 2019
        ("war-in-third-year", Status.UNATTRIBUTED, None),  # counted to another day than the text of spring 2025 does
        ("russian-casualties-hundreds-thousands", Status.UNATTRIBUTED, None),  # deaths are casualties
        ("russian-deaths-hundreds-thousands", Status.UNATTRIBUTED, Stance.PARTLY_SUPPORTS),  # not all casualties died
    ],
)
def test_what_only_sounds_different_is_no_conflict(claim: str, status: Status, other_stance: Stance | None) -> None:
    result = corroboration(claim)

    assert (result.status, result.conflicts) == (status, ())
    assert {m.stance for m in mentions(claim)} == {Stance.SUPPORTS, other_stance} - {None}


def test_a_war_that_enters_its_third_year_in_2025_did_not_begin_in_2022() -> None:
    links = {(claim, link.type, link.claim) for claim, link in seeds().links}

    assert ("war-entering-third-year-in-2025", LinkType.CONTRADICTS, "war-began-2022") in links
    assert [mention.document for mention in mentions("war-in-third-year")] == ["doc-alabuga-drones"]


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


def test_the_seeds_page_says_how_many_claims_have_each_status() -> None:
    numbers = Counter(corroboration(claim).status for claim in seeds().claims)
    page = (PROJECT / "docs" / "seeds.md").read_text(encoding="utf-8")

    assert (
        f"Now {numbers[Status.CORROBORATED]} claim is `corroborated`, {numbers[Status.POSSIBLY_CORROBORATED]} are "
        f"`possibly_corroborated`, {numbers[Status.SINGLE_ORIGIN]} `single_origin`, {numbers[Status.UNATTRIBUTED]} "
        f"`unattributed` and {numbers[Status.CONTESTED]} `contested`."
    ) in " ".join(page.split())
    assert set(numbers) <= set(Status) - {Status.UNSUPPORTED, Status.REFUTED}


def test_only_what_two_originals_name_is_corroborated() -> None:
    assert {claim for claim in seeds().claims if corroboration(claim).status is Status.CORROBORATED} == {
        "nk-personnel-deployed"
    }
    support = corroboration("nk-personnel-deployed").supports
    assert (support.origins.named, support.naming_documents) == (3, 2)


@pytest.mark.parametrize("claim", ["jihyang-role-weapons-exports", "jihyang-linked-komid"])
def test_three_bodies_that_one_article_names_do_not_corroborate(claim: str) -> None:
    result = corroboration(claim)

    assert result.status is Status.POSSIBLY_CORROBORATED
    assert (result.supports.origins.named, result.supports.naming_documents) == (3, 1)


def test_that_three_bodies_imposed_sanctions_is_inferred_from_their_having_identified_the_firm() -> None:
    result = corroboration("jihyang-sanctioned")

    assert result.status is Status.UNATTRIBUTED
    assert (result.supports.origins.named, result.supports.origins.at_most) == (0, 3)


def test_an_attribution_is_inferred_where_the_note_says_so() -> None:
    doubtful = [m for m in seeds().mentions.values() if m.note and "only inferred" in m.note]

    assert {mention.claim for mention in doubtful} >= {
        "russia-labour-shortage",
        "nk-ballistic-missiles-to-russia",
        "nk-large-arms-deliveries",
        "strategic-partnership-signed-2024",
    }
    assert {mention.basis for mention in doubtful} == {Basis.INFERRED}


def test_a_general_named_by_his_role_is_a_party_of_his_government() -> None:
    result = corroboration("nk-20000-in-weapons-factories")

    assert result.status is Status.SINGLE_ORIGIN
    assert [group.id for group in result.supports.groups] == ["source:ukraine-government"]


def test_two_texts_that_draw_on_one_report_count_once() -> None:
    apart = {name: replace(document, derived_from=None) for name, document in seeds().documents.items()}
    fewer = set()
    for claim in seeds().claims:
        separate = corroborate(seeds().claims[claim], mentions(claim), apart, seeds().sources).supports.origins
        together = corroboration(claim).supports.origins
        assert (together.named, together.at_least) == (separate.named, separate.at_least), claim
        if together.at_most < separate.at_most:
            fewer.add(claim)
            assert {m.document for m in mentions(claim)} >= {"doc-workers-flood", "doc-wsj-report"}, claim

    assert len(fewer) == 12
    assert corroboration("nk-workers-do-not-complain").status is Status.SINGLE_ORIGIN


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


def test_texts_stand_alone() -> None:
    """None counts from the day of writing, or goes on from another claim."""
    relative = re.compile(
        r"\b(recently|lately|currently|so far|(this|last) (week|month|year)|of this kind|such (coercion|hiring)"
        r"|the (deal|two states|new links))\b",
        re.IGNORECASE,
    )
    for claim in seeds().claims.values():
        assert not relative.search(claim.text), claim.id


def test_most_claims_say_what_time_they_are_about() -> None:
    timed = [claim for claim in seeds().claims.values() if claim.time_frame]
    dated = [claim for claim in timed if claim.time_frame and (claim.time_frame.start or claim.time_frame.end)]

    assert len(timed) > 160
    assert len(dated) > 150
