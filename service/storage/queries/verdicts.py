"""Read verdicts and the reviews of drafts, add them, and change the state of verdicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import peewee as pw

from service.identity.web_addresses import document_key
from service.model.filters import VerdictFilters
from service.model.records import ListedVerdict
from service.model.timestamps import to_us
from service.model.verdicts import Review, Verdict, VerdictState
from service.storage.prepared import Prepared, param, params, prepared
from service.storage.queries.base import Queries, given
from service.storage.queries.verdict_rows import (
    SUPERSEDES,
    ReviewRow,
    VerdictRow,
    fields_of,
    lines_of,
    listed_verdict_from,
    named_pattern,
    review_from,
    select_reviews,
    select_verdicts,
    verdict_from,
)
from service.storage.tables import Claim as ClaimTable
from service.storage.tables import Review as ReviewTable
from service.storage.tables import Verdict as VerdictTable


class _ReviewedClaim(NamedTuple):
    reviewed_us: int
    public_id: str
    claim: int


_PUBLISHED = VerdictTable.state == VerdictState.PUBLISHED.value
_CURRENT = VerdictTable.superseded_by.is_null()

_VERDICT = prepared(select_verdicts().where(VerdictTable.public_id == param("public_id")), VerdictRow)
_SUCCESSOR = prepared(
    select_verdicts().where((param("public_id") == SUPERSEDES) & (VerdictTable.state != VerdictState.WITHDRAWN.value)),
    VerdictRow,
)
_PUBLISHED_VERDICTS = prepared(
    select_verdicts()
    .where(VerdictTable.claim.in_(params("claims")) & _PUBLISHED)
    .order_by(VerdictTable.claim, VerdictTable.state_us, VerdictTable.id),
    VerdictRow,
)
_CURRENT_VERDICTS = prepared(
    select_verdicts()
    .where(VerdictTable.claim.in_(params("claims")) & _PUBLISHED & _CURRENT)
    .order_by(VerdictTable.claim, VerdictTable.state_us, VerdictTable.id),
    VerdictRow,
)
_WITH_EARLIER_REVIEWS = prepared(
    select_verdicts()
    .where(VerdictTable.claim.in_(params("claims")) & _PUBLISHED & (_CURRENT | VerdictTable.review.is_null(False)))
    .order_by(VerdictTable.claim, VerdictTable.state_us, VerdictTable.id),
    VerdictRow,
)
_ALL_VERDICTS = prepared(
    select_verdicts().where(VerdictTable.id > param("after")).order_by(VerdictTable.id).limit(param("limit")),
    VerdictRow,
)
_REVIEW = prepared(select_reviews().where(ReviewTable.public_id == param("public_id")), ReviewRow)
_REVIEWS = prepared(
    select_reviews().where(VerdictTable.public_id.in_(params("verdicts"))).order_by(ReviewTable.id), ReviewRow
)

# The conditions of a page of verdicts, by the parameter that each takes.
_FILTERS: Mapping[str, pw.Node] = {
    "checker": VerdictTable.checker == param("checker"),
    "rating": VerdictTable.rating == param("rating"),
    "claim": VerdictTable.claim == param("claim"),
    "page_key": VerdictTable.page_key == param("page_key"),
    "since_us": VerdictTable.state_us >= param("since_us"),
    "until_us": VerdictTable.state_us < param("until_us"),
    "reader": (VerdictTable.checker == param("reader"))
    | pw.NodeList((VerdictTable.reviewers, pw.SQL("LIKE"), param("reader_line"), pw.SQL("ESCAPE '!'")))
    | pw.fn.EXISTS(
        ReviewTable.select(pw.SQL("1")).where(
            (ReviewTable.verdict == VerdictTable.id) & (ReviewTable.reviewer == param("reader"))
        )
    ),
    "after_us": pw.Tuple(VerdictTable.state_us, VerdictTable.id) < pw.Tuple(param("after_us"), param("after_key")),
}


@lru_cache(maxsize=256)
def _verdicts_page(filters: frozenset[str], current: bool | None, retraction: bool | None) -> Prepared[VerdictRow]:
    query = select_verdicts().where(VerdictTable.state == param("state"))
    for name, condition in _FILTERS.items():
        if name in filters:
            query = query.where(condition)
    if current is not None:
        query = query.where(VerdictTable.superseded_by.is_null(current))
    if retraction is not None:
        query = query.where(VerdictTable.rating.is_null(retraction))
    latest_first = (VerdictTable.state_us.desc(), VerdictTable.id.desc())
    return prepared(query.order_by(*latest_first).limit(param("limit")), VerdictRow)


_SITE_FILTERS: Mapping[str, pw.Node] = {
    "language": VerdictTable.language.is_null()
    | (pw.fn.LOWER(VerdictTable.language) == param("language"))
    | pw.NodeList((pw.fn.LOWER(VerdictTable.language), pw.SQL("LIKE"), param("dialects"))),
    "since_us": VerdictTable.reviewed_us >= param("since_us"),
    "after_us": pw.Tuple(VerdictTable.reviewed_us, VerdictTable.public_id)
    < pw.Tuple(param("after_us"), param("after_id")),
}


@lru_cache(maxsize=8)
def _reviews_of_site(filters: frozenset[str]) -> Prepared[_ReviewedClaim]:
    query = (
        VerdictTable.select(
            VerdictTable.reviewed_us,
            VerdictTable.public_id,
            pw.fn.COALESCE(ClaimTable.root, ClaimTable.id).alias("claim"),
        )
        .join(ClaimTable, on=ClaimTable.id == VerdictTable.claim)
        .where((VerdictTable.site == param("site")) & _PUBLISHED & _CURRENT & VerdictTable.rating.is_null(False))
    )
    for name, condition in _SITE_FILTERS.items():
        if name in filters:
            query = query.where(condition)
    latest_first = (VerdictTable.reviewed_us.desc(), VerdictTable.public_id.desc())
    return prepared(query.order_by(*latest_first).limit(param("limit")), _ReviewedClaim)


class VerdictQueries(Queries):
    """Verdicts and reviews."""

    def verdict(self, public_id: str) -> ListedVerdict | None:
        """Return one verdict."""
        row = self.database.one(_VERDICT, public_id=public_id)
        return None if row is None else listed_verdict_from(row)

    def verdicts_page(self, filters: VerdictFilters, after: tuple[int, int] | None, limit: int) -> list[ListedVerdict]:
        """Return verdicts, the latest first, those after the position ``after`` (time of their state, key)."""
        if filters.claim_key is None:
            return self._page(filters, None, after, limit)
        # One walk along the index for each claim: no engine merges them by itself.
        members = self.members([filters.claim_key])
        found = [listed for key in members for listed in self._page(filters, key, after, limit)]
        found.sort(key=lambda listed: (to_us(listed.verdict.state_at), listed.key), reverse=True)
        return found[:limit]

    def _page(
        self, filters: VerdictFilters, claim_key: int | None, after: tuple[int, int] | None, limit: int
    ) -> list[ListedVerdict]:
        after_us, after_key = after or (None, None)
        values = given(
            checker=filters.checker,
            rating=filters.rating,
            claim=claim_key,
            page_key=document_key(filters.url),
            since_us=filters.since and to_us(filters.since),
            until_us=filters.until and to_us(filters.until),
            reader=filters.reader,
            reader_line=filters.reader and named_pattern(filters.reader),
            after_us=after_us,
            after_key=after_key,
        )
        query = _verdicts_page(frozenset(values), filters.current, filters.retraction)
        return list(map(listed_verdict_from, self.database.all(query, state=filters.state, limit=limit, **values)))

    def published_verdicts(self, members: Mapping[int, int]) -> dict[int, list[Verdict]]:
        """Return the published verdicts, superseded or not, by the claim that they belong to now."""
        return self._of_claims(_PUBLISHED_VERDICTS, members)

    def current_verdicts(self, members: Mapping[int, int]) -> dict[int, list[Verdict]]:
        """Return the published verdicts that nothing has superseded, by the claim that they belong to now."""
        return self._of_claims(_CURRENT_VERDICTS, members)

    def _of_claims(self, query: Prepared[VerdictRow], members: Mapping[int, int]) -> dict[int, list[Verdict]]:
        found: dict[int, list[Verdict]] = {}
        for row in self.batched(query, "claims", members):
            found.setdefault(members[row.claim_key], []).append(verdict_from(row))
        return found

    def with_earlier_reviews(
        self, members: Mapping[int, int]
    ) -> tuple[dict[int, list[Verdict]], dict[int, list[Verdict]]]:
        """Return the current verdicts, and the superseded versions of reviews published elsewhere.

        Both by the claim that they belong to now.
        """
        current: dict[int, list[Verdict]] = {}
        earlier: dict[int, list[Verdict]] = {}
        for row in self.batched(_WITH_EARLIER_REVIEWS, "claims", members):
            found = current if row.superseded_by is None else earlier
            found.setdefault(members[row.claim_key], []).append(verdict_from(row))
        return current, earlier

    def reviews_of_site(
        self, site: str, language: str | None, since: dt.datetime | None, after: tuple[int, str] | None, limit: int
    ) -> list[tuple[int, str, int]]:
        """Return current verdicts published on a site, the latest first, those after the position ``after``.

        Each is its position (time of publication, id) and the key of the claim that it belongs to now. ``language`` is
        a primary subtag in lower case; reviews whose language is not known have every one.
        """
        after_us, after_id = after or (None, None)
        values = given(
            language=language,
            dialects=language and f"{language}-%",
            since_us=since and to_us(since),
            after_us=after_us,
            after_id=after_id,
        )
        rows = self.database.all(_reviews_of_site(frozenset(values)), site=site, limit=limit, **values)
        return [(row.reviewed_us, row.public_id, row.claim) for row in rows]

    def misplaced_verdicts(self) -> Iterator[str]:
        """Yield the verdicts whose stored site, page or time of review differs from that of their review.

        And those whose list of reviewers is not in the form in which it is searched.
        """
        for row in self.walk(_ALL_VERDICTS):
            verdict = verdict_from(row)
            time, page = to_us(verdict.reviewed_time), document_key(verdict.url)
            derived = (verdict.site, time, page, lines_of(verdict.reviewers))
            if (row.site, row.reviewed_us, row.page_key, row.reviewers) != derived:
                yield verdict.id

    def successor(self, public_id: str) -> Verdict | None:
        """Return the verdict, draft or published, that says it supersedes this one."""
        row = self.database.one(_SUCCESSOR, public_id=public_id)
        return None if row is None else verdict_from(row)

    def insert_verdict(self, verdict: Verdict, claim_key: int | None = None) -> None:
        """Add a verdict. ``claim_key`` is the key of its claim, if it is known."""
        self.insert_verdicts([verdict], {} if claim_key is None else {verdict.claim: claim_key})

    def insert_verdicts(self, verdicts: Sequence[Verdict], claim_keys: Mapping[str, int] | None = None) -> None:
        """Add verdicts in any order: those that they supersede, or that superseded them, may be in the same call.

        ``claim_keys`` has the keys of their claims by id; by default they are looked up.
        """
        claims = claim_keys or self.public_keys("claims", {verdict.claim for verdict in verdicts})
        publishers = self.public_keys("sources", {v.review.publisher for v in verdicts if v.review})
        self.insert(VerdictTable, [fields_of(verdict, claims, publishers) for verdict in verdicts])
        related = [verdict for verdict in verdicts if verdict.supersedes or verdict.superseded_by]
        keys = self.public_keys("verdicts", {i for v in related for i in (v.id, v.supersedes, v.superseded_by) if i})
        self.update(
            VerdictTable,
            [
                {
                    "id": keys[verdict.id],
                    "supersedes": keys[verdict.supersedes] if verdict.supersedes else None,
                    "superseded_by": keys[verdict.superseded_by] if verdict.superseded_by else None,
                }
                for verdict in related
            ],
        )

    def save_verdict_state(self, verdict: Verdict) -> None:
        """Store the state of a verdict; what it says cannot change."""
        self.save_verdict_states([verdict])

    def save_verdict_addresses(self, verdict: Verdict) -> None:
        """Store the addresses in a verdict: an upgrade may write them in another form."""
        fields = fields_of(verdict, {verdict.claim: 0}, {verdict.review.publisher: 0} if verdict.review else {})
        names = ("url", "evidence", "authors", "site", "page_key")
        key = self.public_keys("verdicts", [verdict.id])[verdict.id]
        self.update(VerdictTable, [{"id": key} | {name: fields[name] for name in names}])

    def save_verdict_states(self, verdicts: Sequence[Verdict]) -> None:
        """Store the states of verdicts."""
        keys = self.public_keys("verdicts", {i for v in verdicts for i in (v.id, v.superseded_by) if i})
        self.update(
            VerdictTable,
            [
                {
                    "id": keys[verdict.id],
                    "state": verdict.state,
                    "state_us": to_us(verdict.state_at),
                    "reviewed_us": to_us(verdict.reviewed_time),
                    "published_by": verdict.published_by,
                    "superseded_by": keys[verdict.superseded_by] if verdict.superseded_by else None,
                    "withdrawn_by": verdict.withdrawn_by,
                    "withdrawn_reason": verdict.withdrawn_reason,
                }
                for verdict in verdicts
            ],
        )

    def reviews(self, verdict_ids: Iterable[str]) -> dict[str, list[Review]]:
        """Return the reviews of verdicts, by verdict, in the order they were given."""
        found: dict[str, list[Review]] = {}
        for row in self.batched(_REVIEWS, "verdicts", verdict_ids):
            found.setdefault(row.verdict, []).append(review_from(row))
        return found

    def review(self, public_id: str) -> Review | None:
        """Return one review."""
        row = self.database.one(_REVIEW, public_id=public_id)
        return None if row is None else review_from(row)

    def insert_review(self, review: Review) -> None:
        """Add a review."""
        row = {
            "public_id": review.id,
            "verdict": self.public_keys("verdicts", [review.verdict])[review.verdict],
            "reviewer": review.reviewer,
            "decision": review.decision,
            "note": review.note,
            "created_us": to_us(review.created_at),
        }
        self.insert(ReviewTable, [row])
