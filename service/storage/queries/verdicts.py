"""Verdicts and the reviews of drafts: reading them, adding them, and moving them on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from service.model.filters import VerdictFilters
from service.model.records import ListedVerdict
from service.model.timestamps import from_us, to_us
from service.model.verdicts import Decision, EvidenceItem, PublishedReview, Rating, Review, Verdict, VerdictState
from service.storage.database import Row
from service.storage.queries.base import BATCH, Queries, batches, from_json, marks, to_json
from service.storage.tables import Review as ReviewTable
from service.storage.tables import Verdict as VerdictTable

_COLUMNS = (
    "v.id, v.public_id, c.public_id, v.claim_version, v.checker, v.rating, v.textual_rating, v.rationale, v.evidence, "
    "v.url, v.language, s.public_id, v.reason, v.reviewers, v.created_us, v.state, v.state_us, b.public_id, "
    "v.withdrawn_by, v.withdrawn_reason, "
    # A verdict is stale when the claim says something else by now, or is another one; one that was published
    # elsewhere never is: it keeps the claim that it is about.
    "(v.review IS NULL AND (v.judged_hash IS NULL OR v.judged_hash <> c.judged_hash OR c.root_id IS NOT NULL)), "
    "v.claim_id, v.judged_hash, v.review, p.public_id"
)
VERDICTS = (
    f"SELECT {_COLUMNS} FROM verdicts v JOIN claims c ON c.id = v.claim_id "
    "LEFT JOIN verdicts s ON s.id = v.supersedes_id LEFT JOIN verdicts b ON b.id = v.superseded_by_id "
    "LEFT JOIN sources p ON p.id = v.publisher_id"
)
REVIEWS = (
    "SELECT r.public_id, v.public_id, r.reviewer, r.decision, r.note, r.created_us, r.id "
    "FROM reviews r JOIN verdicts v ON v.id = r.verdict_id"
)


class VerdictQueries(Queries):
    """Verdicts and reviews."""

    def verdict(self, public_id: str) -> ListedVerdict | None:
        """One verdict."""
        row = self.database.row(f"{VERDICTS} WHERE v.public_id = ?", (public_id,))
        return None if row is None else _listed(row)

    def verdicts_page(self, filters: VerdictFilters, after: tuple[int, int] | None, limit: int) -> list[ListedVerdict]:
        """Verdicts, the latest first, those after the position ``after`` (time of their state, key)."""
        if filters.claim_key is None:
            return self._page(filters, None, after, limit)
        # One walk along the index for each: no engine merges them by itself.
        members = self.members([filters.claim_key])
        found = [listed for key in members for listed in self._page(filters, key, after, limit)]
        found.sort(key=lambda listed: (to_us(listed.verdict.state_at), listed.key), reverse=True)
        return found[:limit]

    def _page(
        self, filters: VerdictFilters, claim_key: int | None, after: tuple[int, int] | None, limit: int
    ) -> list[ListedVerdict]:
        where = ["v.state = ?"]
        parameters: list[object] = [filters.state]
        for column, value in (("v.checker", filters.checker), ("v.rating", filters.rating), ("v.claim_id", claim_key)):
            if value is not None:
                where.append(f"{column} = ?")
                parameters.append(value)
        for relation, moment in ((">=", filters.since), ("<", filters.until)):
            if moment is not None:
                where.append(f"v.state_us {relation} ?")
                parameters.append(to_us(moment))
        if filters.current is not None:
            where.append(f"v.superseded_by_id IS {'' if filters.current else 'NOT '}NULL")
        if filters.retraction is not None:
            where.append(f"v.rating IS {'' if filters.retraction else 'NOT '}NULL")
        if filters.reader is not None:
            where.append(
                "(v.checker = ? OR v.reviewers LIKE ? ESCAPE '!' OR EXISTS "
                "(SELECT 1 FROM reviews w WHERE w.verdict_id = v.id AND w.reviewer = ?))"
            )
            parameters += [filters.reader, f"%{_escaped(_lines([filters.reader]))}%", filters.reader]
        if after is not None:
            where.append("(v.state_us, v.id) < (?, ?)")
            parameters += after
        sql = f"{VERDICTS} WHERE {' AND '.join(where)} ORDER BY v.state_us DESC, v.id DESC LIMIT ?"
        return [_listed(row) for row in self.database.rows(sql, (*parameters, limit))]

    def current_verdicts(self, members: Mapping[int, int]) -> dict[int, list[Verdict]]:
        """The published verdicts that nothing has superseded, by the claim they stand with now."""
        found: dict[int, list[Verdict]] = {}
        for batch in batches(members):
            sql = (
                f"{VERDICTS} WHERE v.claim_id IN ({marks(batch)}) AND v.state = 'published' "
                "AND v.superseded_by_id IS NULL ORDER BY v.claim_id, v.state_us, v.id"
            )
            for row in self.database.rows(sql, batch):
                found.setdefault(members[row[21]], []).append(verdict_of(row))
        return found

    def reviews_of_site(
        self, site: str, language: str | None, since: dt.datetime | None, after: tuple[int, str] | None, limit: int
    ) -> list[tuple[int, str, int]]:
        """Current verdicts published on a site, the latest first, those after the position ``after``.

        Of each its position (when it was published, its id) and the key of the claim that it stands with now.
        ``language`` is a primary subtag in lower case.
        """
        where = ["v.site = ?", "v.state = 'published'", "v.superseded_by_id IS NULL", "v.rating IS NOT NULL"]
        parameters: list[object] = [site]
        if language is not None:
            where.append("(LOWER(v.language) = ? OR LOWER(v.language) LIKE ?)")
            parameters += [language, f"{language}-%"]
        if since is not None:
            where.append("v.reviewed_us >= ?")
            parameters.append(to_us(since))
        if after is not None:
            where.append("(v.reviewed_us, v.public_id) < (?, ?)")
            parameters += after
        rows = self.database.rows(
            "SELECT v.reviewed_us, v.public_id, COALESCE(c.root_id, c.id) FROM verdicts v "
            f"JOIN claims c ON c.id = v.claim_id WHERE {' AND '.join(where)} "
            "ORDER BY v.reviewed_us DESC, v.public_id DESC LIMIT ?",
            (*parameters, limit),
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def misplaced_verdicts(self) -> Iterator[str]:
        """The verdicts whose stored site or time of the review is not what follows from what they say."""
        last = 0
        sql = VERDICTS.replace(_COLUMNS, f"{_COLUMNS}, v.site, v.reviewed_us") + " WHERE v.id > ? ORDER BY v.id LIMIT ?"
        while rows := self.database.rows(sql, (last, BATCH)):
            for row in rows:
                verdict = verdict_of(row)
                if row[-2:] != (verdict.site, to_us(verdict.reviewed_at)):
                    yield verdict.id
            last = rows[-1][0]

    def successor(self, public_id: str) -> Verdict | None:
        """The verdict, draft or published, that says it supersedes this one."""
        row = self.database.row(f"{VERDICTS} WHERE s.public_id = ? AND v.state <> 'withdrawn'", (public_id,))
        return None if row is None else verdict_of(row)

    def insert_verdict(self, verdict: Verdict) -> None:
        """Add a verdict."""
        self.insert_verdicts([verdict])

    def insert_verdicts(self, verdicts: Sequence[Verdict]) -> None:
        """Add verdicts in any order: what they supersede, and what superseded them, may come in the same call."""
        claims = self.public_keys("claims", {verdict.claim for verdict in verdicts})
        publishers = self.public_keys("sources", {v.review.publisher for v in verdicts if v.review})
        self.insert(VerdictTable, [_row(verdict, claims, publishers) for verdict in verdicts])
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
        """Store where a verdict is on its way; what it says stays."""
        self.save_verdict_states([verdict])

    def save_verdict_states(self, verdicts: Sequence[Verdict]) -> None:
        """Store where verdicts are on their way."""
        keys = self.public_keys("verdicts", {i for v in verdicts for i in (v.id, v.superseded_by) if i})
        self.update(
            VerdictTable,
            [
                {
                    "id": keys[verdict.id],
                    "state": verdict.state,
                    "state_us": to_us(verdict.state_at),
                    "reviewed_us": to_us(verdict.reviewed_at),
                    "superseded_by": keys[verdict.superseded_by] if verdict.superseded_by else None,
                    "withdrawn_by": verdict.withdrawn_by,
                    "withdrawn_reason": verdict.withdrawn_reason,
                }
                for verdict in verdicts
            ],
        )

    def reviews(self, verdict_ids: Iterable[str]) -> dict[str, list[Review]]:
        """The reviews of verdicts, in the order they were given."""
        found: dict[str, list[Review]] = {}
        for batch in batches(verdict_ids):
            for row in self.database.rows(f"{REVIEWS} WHERE v.public_id IN ({marks(batch)}) ORDER BY r.id", batch):
                found.setdefault(row[1], []).append(review_of(row))
        return found

    def review(self, public_id: str) -> Review | None:
        """One review."""
        row = self.database.row(f"{REVIEWS} WHERE r.public_id = ?", (public_id,))
        return None if row is None else review_of(row)

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


def _row(verdict: Verdict, claims: Mapping[str, int], publishers: Mapping[str, int]) -> dict[str, Any]:
    """A verdict's row, but for the verdicts before and after it."""
    review = verdict.review
    return {
        "public_id": verdict.id,
        "claim": claims[verdict.claim],
        "claim_version": verdict.claim_version,
        "judged_hash": verdict.judged_hash,
        "checker": verdict.checker,
        "retraction": verdict.retraction,
        "rating": verdict.rating,
        "textual_rating": verdict.textual_rating,
        "rationale": verdict.rationale,
        "evidence": to_json(verdict.evidence),
        "url": verdict.url,
        "language": verdict.language,
        "reason": verdict.reason,
        "reviewers": _lines(verdict.reviewers),
        "created_us": to_us(verdict.created_at),
        "state": verdict.state,
        "state_us": to_us(verdict.state_at),
        "withdrawn_by": verdict.withdrawn_by,
        "withdrawn_reason": verdict.withdrawn_reason,
        "publisher": publishers[review.publisher] if review else None,
        "review": review and to_json({name: value for name, value in asdict(review).items() if name != "publisher"}),
        "site": verdict.site,
        "reviewed_us": to_us(verdict.reviewed_at),
    }


def _lines(names: Sequence[str]) -> str:
    """Names, none of which has a line end in it, each between two of them."""
    return "".join(["\n", *(f"{name}\n" for name in names)]) if names else ""


def _escaped(text: str) -> str:
    """For LIKE."""
    return text.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _listed(row: Row) -> ListedVerdict:
    return ListedVerdict(key=row[0], verdict=verdict_of(row), stale=bool(row[20]))


def verdict_of(row: Sequence[Any]) -> Verdict:
    """A verdict from ``VERDICTS``."""
    return Verdict(
        id=row[1],
        claim=row[2],
        claim_version=row[3],
        judged_hash=row[22],
        checker=row[4],
        rating=None if row[5] is None else Rating(row[5]),
        textual_rating=row[6],
        rationale=row[7],
        evidence=tuple(EvidenceItem(**ground) for ground in from_json(row[8])),
        url=row[9],
        language=row[10],
        supersedes=row[11],
        reason=row[12],
        reviewers=tuple(row[13].split("\n")[1:-1]),
        created_at=from_us(row[14]),
        state=VerdictState(row[15]),
        state_at=from_us(row[16]),
        superseded_by=row[17],
        withdrawn_by=row[18],
        withdrawn_reason=row[19],
        review=_review_elsewhere(row[24], from_json(row[23])),
    )


def _review_elsewhere(publisher: str | None, said: dict[str, Any] | None) -> PublishedReview | None:
    """Whose it is stands in a column of its own."""
    if publisher is None and said is None:
        return None
    return PublishedReview(**{**(said or {}), "publisher": publisher})


def review_of(row: Row) -> Review:
    """A review from ``REVIEWS``."""
    public_id, verdict, reviewer, decision, note, created_us = row[:6]
    return Review(public_id, verdict, reviewer, Decision(decision), note, from_us(created_us))
