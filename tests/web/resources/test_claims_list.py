"""The list of claims: filters, orders and pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import combinations, product

import pytest
from flask.testing import FlaskClient

from service.model.entities import Stance
from service.store import Store
from tests.web.helpers import (
    NOON,
    Json,
    a_claim,
    a_mention,
    a_source,
    assert_problem,
    get,
    ids,
    load,
    pages,
    raw_claims,
    raw_documents,
    raw_sources,
    resting,
    roles,
    seeds_of,
    walk,
)

SORTS = ("recency", "origins", "mentions")


# The meaning of each filter, for a claim as the API shows it and its mentions as the seed files have them.
MEANINGS: dict[str, Callable[[Json, str], bool]] = {
    "topic": lambda claim, value: value in raw_claims()[claim["id"]]["topics"],
    "source": lambda claim, value: value in resting()[claim["id"]],
    "origin": lambda claim, value: value in resting("origin")[claim["id"]],
    "document": lambda claim, value: value in {m["document"] for m in raw_claims()[claim["id"]]["mentions"]},
    "status": lambda claim, value: claim["corroboration"]["status"] == value,
    "min_origins": lambda claim, value: claim["corroboration"]["origins"]["at_least"] >= int(value),
    "stance": lambda claim, value: value in {m["stance"] for m in raw_claims()[claim["id"]]["mentions"]},
    "updated_since": lambda claim, value: claim["updated_at"] >= value,
}


def _values(name: str, everything: list[Json]) -> list[str]:
    values: dict[str, list[str]] = {
        "topic": sorted({topic for raw in raw_claims().values() for topic in raw["topics"]}),
        "source": sorted(raw_sources()),
        "origin": sorted(raw_sources()),
        "document": sorted(raw_documents()),
        "status": ["unsupported", "single_origin", "possibly_corroborated", "corroborated", "contested", "refuted"],
        "min_origins": ["0", "1", "2", "3", "4", "100"],
        "stance": ["supports", "partly_supports", "differs", "refutes", "partly_refutes"],
        "updated_since": [
            "2000-01-01T00:00:00Z",
            *sorted({claim["updated_at"] for claim in everything}),
            "2999-01-01T00:00:00Z",
        ],
    }
    return values[name]


# Together with `stance` these filters must match the same mention.
OF_A_MENTION: dict[str, Callable[[Json, str], bool]] = {
    "source": lambda mention, value: any(value in kins for kins in roles(mention).values()),
    "origin": lambda mention, value: value in roles(mention)["origin"],
    "document": lambda mention, value: value == mention["document"],
}


def _expected(everything: list[Json], **filters: str) -> list[str]:
    return [claim["id"] for claim in everything if all(_holds(claim, n, v, filters) for n, v in filters.items())]


def _holds(claim: Json, name: str, value: str, filters: dict[str, str]) -> bool:
    if "stance" in filters and name in OF_A_MENTION:
        mentions = raw_claims()[claim["id"]]["mentions"]
        return any(m["stance"] == filters["stance"] and OF_A_MENTION[name](m, value) for m in mentions)
    return MEANINGS[name](claim, value)


def test_without_filters_the_list_has_every_claim_of_the_seeds_once(seeded: FlaskClient) -> None:
    found = ids(walk(seeded, "/v1/claims"))
    assert len(found) == len(set(found))
    assert set(found) == set(raw_claims())


@pytest.mark.parametrize("name", MEANINGS)
def test_a_filter_alone_keeps_what_a_look_at_every_claim_selects_in_the_same_order(
    seeded: FlaskClient, name: str
) -> None:
    everything = walk(seeded, "/v1/claims")
    sizes = set()
    for value in _values(name, everything):
        found = ids(walk(seeded, "/v1/claims", **{name: value}))
        assert found == _expected(everything, **{name: value}), f"{name}={value}"
        sizes.add(len(found))
    assert len(sizes) > 1, "the values of this filter tell nothing apart"


def test_two_filters_together_keep_what_both_select(seeded: FlaskClient) -> None:
    everything = walk(seeded, "/v1/claims")
    chosen = {}
    for name in MEANINGS:
        by_size = sorted(_values(name, everything), key=lambda v: len(_expected(everything, **{name: v})))
        chosen[name] = [by_size[0], by_size[len(by_size) * 3 // 4], by_size[-1]]
    for one, other in combinations(MEANINGS, 2):
        sizes = []
        for first, second in product(chosen[one], chosen[other]):
            filters = {one: first, other: second}
            found = ids(walk(seeded, "/v1/claims", **filters))
            assert found == _expected(everything, **filters), filters
            sizes.append(len(found))
        assert any(sizes), f"no two values of {one} and {other} select anything together"


def test_all_filters_together_keep_what_all_select(seeded: FlaskClient) -> None:
    everything = walk(seeded, "/v1/claims")
    claim = next(c for c in everything if roles(raw_claims()[c["id"]]["mentions"][0])["origin"])
    raw = raw_claims()[claim["id"]]
    mention = raw["mentions"][0]
    origin = min(roles(mention)["origin"])
    filters = {
        "topic": raw["topics"][0],
        "source": mention["attribution"][0],
        "origin": origin,
        "document": mention["document"],
        "status": claim["corroboration"]["status"],
        "min_origins": str(claim["corroboration"]["origins"]["at_least"]),
        "stance": mention["stance"],
        "updated_since": claim["updated_at"],
    }
    found = ids(walk(seeded, "/v1/claims", **filters))
    assert found == _expected(everything, **filters)
    assert claim["id"] in found


@pytest.mark.parametrize(("name", "value"), [("topic", "no-such"), ("source", "no-such"), ("document", "no-such")])
def test_a_value_that_nothing_has_gives_an_empty_page(seeded: FlaskClient, name: str, value: str) -> None:
    assert get(seeded, "/v1/claims", **{name: value}) == {"data": [], "next": None}


SORT_KEYS: dict[str, Callable[[Json], object]] = {
    "recency": lambda claim: claim["updated_at"],
    "origins": lambda claim: claim["corroboration"]["origins"]["at_least"],
    "mentions": lambda claim: claim["corroboration"]["mentions"],
}


@pytest.mark.parametrize("sort", SORTS)
def test_a_sort_is_descending(seeded: FlaskClient, sort: str) -> None:
    keys = [SORT_KEYS[sort](claim) for claim in walk(seeded, "/v1/claims", sort=sort)]
    assert keys == sorted(keys, reverse=True)  # type: ignore[type-var]
    assert len(set(keys)) > 1 or sort == "recency"


def test_the_order_is_recency_unless_another_is_asked_for(seeded: FlaskClient) -> None:
    assert ids(walk(seeded, "/v1/claims")) == ids(walk(seeded, "/v1/claims", sort="recency"))


def test_recency_is_the_order_of_changes(client: FlaskClient, store: Store) -> None:
    claims = [a_claim(name) for name in ("one", "two", "three")]
    for minute in range(3):
        load(store, seeds_of(claims[: minute + 1]), minute)
    assert ids(walk(client, "/v1/claims")) == ["three", "two", "one"]
    claims[0] = a_claim("one", text="Said anew.")
    load(store, seeds_of(claims), 10)
    listed = walk(client, "/v1/claims")
    assert ids(listed) == ["one", "three", "two"]
    assert listed[0]["updated_at"] == "2026-03-01T12:10:00.000000Z"


@pytest.mark.parametrize(("day", "found"), [("2026-03-01", ["new", "old"]), ("2026-03-02", [])])
def test_a_day_is_its_beginning(client: FlaskClient, store: Store, day: str, found: list[str]) -> None:
    load(store, seeds_of([a_claim("old")]))
    load(store, seeds_of([a_claim("old"), a_claim("new")]), minutes=5)
    assert ids(walk(client, "/v1/claims", updated_since=day)) == found


@pytest.mark.parametrize("offset", [-1, 0, 1])
def test_updated_since_includes_the_instant_itself(client: FlaskClient, store: Store, offset: int) -> None:
    load(store, seeds_of([a_claim("old")]))
    load(store, seeds_of([a_claim("old"), a_claim("new")]), minutes=5)
    since = NOON + dt.timedelta(minutes=5, microseconds=offset)
    local = since.astimezone(dt.timezone(dt.timedelta(hours=-7))).isoformat()
    for spelled in (since.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), local):
        assert ids(walk(client, "/v1/claims", updated_since=spelled)) == (["new"] if offset <= 0 else [])


@pytest.mark.parametrize(
    ("sort", "limit", "filters"),
    [(sort, limit, {}) for sort in SORTS for limit in (1, 7, 200) if limit > 1 or sort == "origins"]
    + [(sort, 3, {"status": "single_origin", "stance": "supports"}) for sort in SORTS],
    ids=lambda value: str(value) if not isinstance(value, dict) else ("filtered" if value else "all"),
)
def test_pages_of_any_length_add_up_to_the_whole_list(
    seeded: FlaskClient, sort: str, limit: int, filters: dict[str, str]
) -> None:
    whole = ids(walk(seeded, "/v1/claims", sort=sort, limit=200, **filters))
    paged = [page.get_json()["data"] for page in pages(seeded, "/v1/claims", sort=sort, limit=limit, **filters)]
    assert all(len(page) == limit for page in paged[:-1])
    assert 0 < len(paged[-1]) <= limit
    assert [claim["id"] for page in paged for claim in page] == whole
    assert len(whole) == len(set(whole)) > limit - 200


def test_a_list_that_fills_its_page_exactly_has_no_next(client: FlaskClient, store: Store) -> None:
    load(store, seeds_of([a_claim(f"c{number}") for number in range(4)]))
    assert get(client, "/v1/claims", limit=4)["next"] is None
    first = get(client, "/v1/claims", limit=2)
    second = client.get(first["next"]).get_json()
    assert len(second["data"]) == 2
    assert second["next"] is None


@pytest.mark.parametrize("path", ["/v1/claims", "/v1/sources", "/v1/documents", "/v1/topics", "/v1/conflicts"])
def test_the_link_header_is_next(seeded: FlaskClient, path: str) -> None:
    seen = list(pages(seeded, path, limit=4))
    for page in seen[:-1]:
        assert page.headers["Link"] == f'<{page.get_json()["next"]}>; rel="next"'
    assert "Link" not in seen[-1].headers
    assert seen[-1].get_json()["next"] is None
    assert len(seen) > 1


def test_next_keeps_filters_order_and_limit(seeded: FlaskClient) -> None:
    asked = {"limit": "2", "sort": "mentions", "stance": "supports", "updated_since": "2000-01-01T00:00:00+00:00"}
    following = get(seeded, "/v1/claims", **asked)["next"]
    response = seeded.get(following)
    arguments = response.request.args.to_dict()
    assert arguments.pop("cursor")
    assert arguments == asked
    assert len(response.get_json()["data"]) == 2


def test_a_page_is_fifty_long_unless_said_otherwise(seeded: FlaskClient) -> None:
    assert len(get(seeded, "/v1/claims")["data"]) == 50


def _cursor(client: FlaskClient, path: str, **parameters: object) -> str:
    following = get(client, path, limit=1, **parameters)["next"]
    return str(following.split("cursor=")[1].split("&")[0])


def test_a_cursor_of_another_order_or_list_is_refused(seeded: FlaskClient) -> None:
    claim = max(raw_claims().values(), key=lambda raw: len(raw["mentions"]))["id"]
    lists = [("/v1/claims", {"sort": sort}) for sort in SORTS]
    others = ("conflicts", "sources", "documents", "topics", f"claims/{claim}/mentions")
    lists += [(f"/v1/{name}", {}) for name in others]
    cursors = [_cursor(seeded, path, **parameters) for path, parameters in lists]
    for own, (path, parameters) in enumerate(lists):
        for number, cursor in enumerate(cursors):
            response = seeded.get(path, query_string={**parameters, "cursor": cursor})
            if number == own:
                assert response.status_code == 200
            else:
                assert_problem(response, 404, "unknown_cursor", "/cursor")


def test_a_cursor_of_the_mentions_of_another_claim_is_refused(seeded: FlaskClient) -> None:
    one, other = [raw["id"] for raw in raw_claims().values() if len(raw["mentions"]) > 2][:2]
    cursor = _cursor(seeded, f"/v1/claims/{one}/mentions")
    assert_problem(seeded.get(f"/v1/claims/{other}/mentions?cursor={cursor}"), 404, "unknown_cursor", "/cursor")


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("moved", ["seen", "unseen"])
def test_a_walk_has_every_unchanged_claim_once_when_one_changes_between_its_pages(
    client: FlaskClient, store: Store, sort: str, moved: str
) -> None:
    names = [f"claim-{number}" for number in range(9)]
    sources = [a_source(f"source-{number}") for number in range(9)]

    def mentions(extra: str | None) -> list[tuple[str, int]]:
        counts = [(name, number // 2) for number, name in enumerate(names)]
        return [(name, 8 if name == extra else number) for name, number in counts]

    def state(extra: str | None) -> None:
        stated = [
            a_mention(name, f"doc-{number}", f"source-{number}", stance=Stance.SUPPORTS)
            for name, count in mentions(extra)
            for number in range(count)
        ]
        load(store, seeds_of([a_claim(name) for name in names], stated, sources), 60 if extra else 0)

    state(None)
    reading = pages(client, "/v1/claims", sort=sort, limit=2)
    seen = ids(next(reading).get_json()["data"]) + ids(next(reading).get_json()["data"])
    changed = seen[0] if moved == "seen" else next(name for name in names if name not in seen)
    state(changed)
    seen += [item["id"] for page in reading for item in page.get_json()["data"]]
    assert len(seen) == len(set(seen))
    assert set(seen) | {changed} == set(names)
