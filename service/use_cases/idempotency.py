"""Idempotent requests: a repeated request is executed once and gets the first answer again.

The answer is stored in the transaction of the write, so that both are stored or neither. A request that writes in
several transactions must itself be idempotent: its answer is stored at the end, and if it is interrupted, the repeated
request continues. While a request runs, its key is held by a lock that ends with the process, so that a crash leaves no
lock behind.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextlib import nullcontext, suppress

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
        stored = store.api_keys.answer(caller, key, to_us(now))
        if stored is not None:
            if stored.fingerprint != fingerprint:
                raise RequestReused(
                    "The key was used for another request, with another path or body: use a new key for each request."
                )
            return stored, True
        with nullcontext() if by_turns else transaction(store):
            answer = act()
            # With `by_turns` the work is already committed, even if its answer cannot be stored.
            with suppress(*[StoreFailure] * by_turns), transaction(store):
                store.api_keys.keep_answer(caller, key, to_keep(answer), to_us(now), to_us(now + lasts))
        return answer, False
