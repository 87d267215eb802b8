"""A feed with one item for each kind of error: each is accepted or refused on its own, over HTTP and from a file."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from service.interchange.importing.planner import Planner
from service.web.resources.imports import REPORTED
from tests.claim_verification.cli.commands import ran
from tests.claim_verification.cli.test_cli import refused
from tests.interchange.claimreview.samples import rating, review
from tests.interchange.importing.helpers import FIRST, LD_JSON, claimed, codes, counts, import_reviews, post
from tests.use_cases.desk import Desk, done
from tests.web.helpers import assert_problem

pytestmark = pytest.mark.one_engine

# By the code of the finding; refused items begin with a "!".
DIRT: dict[str, Any] = {
    "plain": review(1),
    "missing_rating": review(2, reviewRating=None),
    "unmapped_rating": review(3, reviewRating=rating(alternateName="Three acorns and a half")),
    "invalid_date": review(4, datePublished="sometime in spring"),
    "invalid_url": review(5, itemReviewed=claimed("Jane Roe", appearance=["not an address"])),
    "missing_url": review(6, url=None),
    "cut": review(7, claimReviewed="A very long claim. " * 60),
    "unnamed_party": review(8, itemReviewed=claimed("Jane Roe", author=[{"@type": "Person", "url": {}, "age": 3}])),
    "out_of_bounds": review(9, reviewRating=rating(ratingValue=17, bestRating=5, worstRating=1)),
    "several_claims": review(10, claimReviewed=["One claim.", "And another."]),
    "several_claimants": review(11, itemReviewed=claimed("Jane Roe", "John Roe", appearance=[], firstAppearance=None)),
    "document_differs": review(
        12, itemReviewed=claimed("Jim Roe", firstAppearance={"url": FIRST, "datePublished": "2001-01-01"})
    ),
    "!missing": review(13, claimReviewed=None, itemReviewed=None),
    "!not_an_object": 17,
    "!no_review": {"@type": "Recipe", "name": "Soup"},
    "surrogate": review(14, headline="half a \ud83d pair"),
    "zero": review(15, headline="a\x00b"),
    "emoji": review(16, claimReviewed="🐦🐦🐦"),
    # More than PostgreSQL can keep in an index.
    "long address": review(18, url="https://checks.example.org/" + "".join(map(chr, range(0x4E00, 0x4E00 + 1500)))),
    "right to left": review(17, claimReviewed="كلّفَ الجسرُ مليونًا", inLanguage="ar"),
}
FEED = json.dumps(list(DIRT.values())).encode()
REFUSED = [name.removeprefix("!") for name in DIRT if name.startswith("!")]
ACCEPTED = len(DIRT) - len(REFUSED) + 1  # one has two claims


def test_each_item_is_accepted_or_refused_on_its_own(desk: Desk) -> None:
    answer = done(post(desk, FEED), 200)

    assert (answer["created"], answer["refused"]) == (ACCEPTED, len(REFUSED))
    assert set(REFUSED) == {f["code"] for t in answer["report"] if t["outcome"] == "refused" for f in t["findings"]}
    expected = {name for name in DIRT if "_" in name and not name.startswith("!")}
    assert expected <= set(codes(answer))
    assert not answer["report_truncated"]

    before = desk.rows()
    again = done(post(desk, FEED), 200)
    assert (again["unchanged"], again["created"], again["superseded"]) == (ACCEPTED, 0, 0)
    assert desk.rows() == before


def test_the_wording_of_a_shortened_claim_is_kept_whole(desk: Desk) -> None:
    import_reviews(desk, DIRT["cut"])

    [claim] = desk.walk("/v1/claims")
    [verdict] = desk.walk(f"/v1/claims/{claim['id']}/verdicts")
    assert len(claim["text"]) <= 500
    assert verdict["review"]["claim_reviewed"] == ("A very long claim. " * 60).strip()


@pytest.mark.parametrize("body", [b"", b"[", b"nothing", b"\x1f\x8b\x08broken", b"\xff\xfe\x00", b"<p>", b"\x00" * 50])
def test_empty_and_unknown_input_is_refused_with_a_reason(desk: Desk, body: bytes) -> None:
    answer = done(post(desk, body), 200)

    assert answer["refused"] >= 1
    assert answer["created"] == 0
    assert all(finding["message"] for each in answer["report"] for finding in each["findings"])


@pytest.mark.parametrize(
    ("body", "media_type"),
    [
        (json.dumps(review()).encode(), "application/json"),
        (b"\n".join(json.dumps(review(number)).encode() for number in (1, 1)), "application/x-ndjson"),
        (b'<html><script type="application/ld+json">%s</script>' % json.dumps(review()).encode(), "text/html"),
        (gzip.compress(json.dumps({"@graph": [review()]}).encode()), "application/gzip"),
    ],
)
def test_every_format(desk: Desk, body: bytes, media_type: str) -> None:
    assert done(post(desk, body, media_type=media_type), 200)["created"] == 1


def test_an_item_that_the_store_rejects_stops_no_other(desk: Desk) -> None:
    plan_review = Planner.plan_review

    def fail_for_one(self: Planner, item: Any) -> Any:
        result = plan_review(self, item)
        if item.url.endswith("/3"):
            raise ValueError("no room for a three")
        return result

    with patch.object(Planner, "plan_review", fail_for_one):
        answer = import_reviews(desk, *map(review, range(1, 6)))
    assert (counts(answer), codes(answer)) == ({"created": 4, "refused": 1}, ["not_stored"])
    assert "no room" not in json.dumps(answer)
    desk.assert_whole()
    assert counts(import_reviews(desk, *map(review, range(1, 6)))) == {"created": 1, "unchanged": 4}


def test_a_report_is_bounded(desk: Desk) -> None:
    answer = import_reviews(desk, *[0] * (REPORTED + 1))

    assert answer["refused"] == REPORTED + 1
    assert len(answer["report"]) == REPORTED
    assert answer["report_truncated"]


def test_authorisation_and_media_types(desk: Desk) -> None:
    assert_problem(post(desk, review(), who="Jane"), 403)
    answer = post(desk, b"a,b", media_type="text/plain")
    assert_problem(answer, 415)
    assert LD_JSON in answer.headers["Accept-Post"]
    assert_problem(post(desk, b"", headers={"Content-Encoding": "br"}), 415)


@pytest.mark.parametrize("packed", [False, True])
def test_a_long_body_is_refused(desk_with: Any, packed: bool) -> None:
    desk = desk_with(import_max_bytes=2000)
    body = json.dumps([review(number) for number in range(100)]).encode()
    assert_problem(post(desk, gzip.compress(body) if packed else body), 413)
    for before in (gzip.compress(b"") * 2, gzip.compress(b"") + bytes(3)):
        bomb = before + gzip.compress(bytes(1_000_000))
        assert len(bomb) < 2000
        assert_problem(post(desk, bomb), 413)
    assert done(post(desk, review()), 200)["created"] == 1


def test_the_same_feed_from_a_file(tmp_path: Path, database_url: str) -> None:
    feed, report = tmp_path / "feed.json", tmp_path / "report.ndjson"
    feed.write_bytes(FEED)
    assert ran("migrate", DATABASE_URL=database_url).returncode == 0

    dry = ran("import", str(feed), "--dry-run", DATABASE_URL=database_url)
    assert f"{ACCEPTED} created" in dry.stdout
    assert "nothing was stored" in dry.stdout
    first = ran("import", str(feed), "--report", str(report), DATABASE_URL=database_url)
    assert f"{len(REFUSED)} refused" in refused(first)
    assert f"{ACCEPTED} created" in first.stdout
    lines = [json.loads(line) for line in report.read_text(encoding="utf-8").splitlines()]
    assert {line["file"] for line in lines} == {str(feed)}
    assert sum(line["outcome"] == "refused" for line in lines) == len(REFUSED)

    assert f"{ACCEPTED} existed already" in ran("import", str(feed), DATABASE_URL=database_url).stdout
    for command in ("audit", "doctor"):
        assert ran(command, DATABASE_URL=database_url).returncode == 0
