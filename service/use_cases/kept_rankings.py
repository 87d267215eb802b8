"""Rankings of searches, kept so that the next page of a search does not rank again."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from threading import Lock
from weakref import WeakKeyDictionary

from service.store import Store

_NOWHERE = -1
KEPT_AT_MOST = 32
"""The rankings that a store keeps, each of at most 160 kB."""


class Ranking:
    """The hits of a search in their order: the position and the key of each claim. ``complete`` if they are all.

    ``others`` are the keys of those that follow without a place of their own: all with the position -1, the largest key
    first.
    """

    __slots__ = ("_keys", "_positions", "complete")

    def __init__(self, order: Sequence[tuple[int, int]], others: Sequence[int], complete: bool) -> None:
        self._positions = array("q", [position for position, _ in order]) + array("q", [_NOWHERE]) * len(others)
        self._keys = array("q", [key for _, key in order]) + array("q", others)
        self.complete = complete

    def __len__(self) -> int:
        return len(self._keys)

    def page(self, after: tuple[int, int] | None, size: int) -> list[tuple[int, int]]:
        """Return ``size`` hits after the position ``after`` (position, key), or the first ones."""
        start = 0
        if after is not None:
            start = bisect_left(range(len(self)), True, key=lambda place: self._at(place) < after)
        return [self._at(place) for place in range(start, min(start + size, len(self)))]

    def _at(self, place: int) -> tuple[int, int]:
        return self._positions[place], self._keys[place]


class KeptRankings:
    """The rankings of the latest searches, each with the state of the store that it is of."""

    def __init__(self) -> None:
        self._rankings: OrderedDict[Hashable, tuple[Hashable, Ranking]] = OrderedDict()
        self._lock = Lock()

    def get(self, search: Hashable, state: Hashable) -> Ranking | None:
        """Return the ranking of a search in this state; ``None`` if it is not kept, or if there is no state."""
        with self._lock:
            known = self._rankings.get(search)
            if known is None or known[0] != state:
                return None
            self._rankings.move_to_end(search)
            return known[1]

    def keep(self, search: Hashable, state: Hashable, ranking: Ranking) -> None:
        """Keep a ranking instead of the one that was not asked for longest. Without a state it is not kept."""
        if state is None:
            return
        with self._lock:
            self._rankings[search] = state, ranking
            self._rankings.move_to_end(search)
            if len(self._rankings) > KEPT_AT_MOST:
                self._rankings.popitem(last=False)


_OF_STORES: WeakKeyDictionary[Store, KeptRankings] = WeakKeyDictionary()


def kept_rankings(store: Store) -> KeptRankings:
    """Return the rankings that are kept for a store."""
    return _OF_STORES.setdefault(store, KeptRankings())
