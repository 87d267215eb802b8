"""Rankings are kept for the next page, in one state of the store only."""

from __future__ import annotations

from service.use_cases import kept_rankings
from service.use_cases.kept_rankings import KeptRankings, Ranking


def test_a_page_begins_after_a_position() -> None:
    ranking = Ranking([(9, 4), (9, 2), (5, 7)], [8, 3], complete=True)
    everything = [(9, 4), (9, 2), (5, 7), (-1, 8), (-1, 3)]
    assert len(ranking) == 5
    assert ranking.page(None, 2) == everything[:2]
    assert ranking.page(None, 9) == everything
    for place, position in enumerate(everything):
        assert ranking.page(position, 2) == everything[place + 1 : place + 3]
    assert ranking.page((9, 3), 1) == [(9, 2)], "a position that is gone"


def test_rankings_are_of_one_state_and_the_latest_are_kept() -> None:
    kept = KeptRankings()
    ranking = Ranking([(1, 1)], [], complete=True)
    kept.keep("a", 1, ranking)
    assert kept.get("a", 1) is ranking
    assert kept.get("a", 2) is None
    assert kept.get("b", 1) is None

    kept.keep("b", None, ranking)
    assert kept.get("b", None) is None
    for number in range(kept_rankings.KEPT_AT_MOST - 1):
        kept.keep(number, 1, ranking)
        assert kept.get("a", 1) is ranking
    kept.keep("one more", 1, ranking)
    assert kept.get(0, 1) is None
    assert kept.get("a", 1) is ranking
