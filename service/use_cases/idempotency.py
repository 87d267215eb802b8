"""Idempotent requests: a repeated request is executed once and gets the first answer again.

The answer is stored in the transaction of the write, so that both are stored or neither. A request that writes in
several transactions must itself be idempotent: its answer is stored at the end, and if it is interrupted, the repeated
request continues. While a request runs, its key is held by a lock that ends with the process, so that a crash leaves no
lock behind.

A request of many items, each a write of its own, stores an answer for each item with that write (``ItemAnswers``): if
it is interrupted, the repeated request does only the rest.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass

from service.model.errors import RequestInProgress, RequestReused, StoreFailure
from service.model.records import Answer
from service.model.timestamps import to_us
from service.store import Store
from service.use_cases.unit_of_work import transaction


def once(
    store: Store,
    caller: str,
    key: str,
    fingerprint: str,
    lasts: dt.timedelta,
    act: Callable[[], Answer],
    to_keep: Callable[[Answer], Answer] = lambda answer: answer,
    *,
    by_turns: bool = False,
) -> tuple[Answer, bool]:
    """Return the answer to ``caller``'s request ``key``, and whether it was stored before; ``act`` makes it, once.

    The stored answer is ``to_keep`` of the first one, and is valid for the time ``lasts``. With ``by_turns``, ``act``
    opens its own transactions.

    Raises ``RequestReused`` if the key belongs to another request, ``RequestInProgress`` while that one is running.
    """
    with store.try_hold(f"{caller}\n{key}") as free:
        if not free:
            raise RequestInProgress(
                "The first request with this key is still running: repeat it later to get its answer."
            )
        now = dt.datetime.now(dt.UTC)
        stored = _stored(store, caller, key, fingerprint, now)
        if stored is not None:
            return stored, True
        with nullcontext() if by_turns else transaction(store):
            answer = act()
            # With `by_turns` the work is already committed, even if its answer cannot be stored.
            with suppress(*[StoreFailure] * by_turns), transaction(store):
                store.api_keys.keep_answer(caller, key, to_keep(answer), to_us(now), to_us(now + lasts))
        return answer, False


@dataclass(frozen=True, slots=True)
class ItemAnswers:
    """The answers to the items of ``caller``'s request ``key``, which must be held by ``once`` meanwhile."""

    store: Store
    caller: str
    key: str
    fingerprint: str
    lasts: dt.timedelta

    def once(self, number: int, act: Callable[[], str]) -> str:
        """Return the answer to an item; ``act`` makes it, once, in the transaction that stores it.

        Raises ``RequestReused``.
        """
        with transaction(self.store):
            now = dt.datetime.now(dt.UTC)
            own_key = f"{self.key}\n{number}"  # A key has no line end.
            stored = _stored(self.store, self.caller, own_key, self.fingerprint, now)
            if stored is not None:
                return stored.body
            answer = Answer(self.fingerprint, 200, "{}", act())
            self.store.api_keys.keep_answer(self.caller, own_key, answer, to_us(now), to_us(now + self.lasts))
            return answer.body


def _stored(store: Store, caller: str, key: str, fingerprint: str, now: dt.datetime) -> Answer | None:
    stored = store.api_keys.answer(caller, key, to_us(now))
    if stored is not None and stored.fingerprint != fingerprint:
        raise RequestReused(
            "The key was used for another request, with another path or body: use a new key for each request."
        )
    return stored
