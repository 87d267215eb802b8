"""A request that comes again is answered as the first time, and done once.

The answer is kept in the write's own transaction: either both are there or neither. What is written by turns, and
changes nothing when it comes again, is answered when all of it is there: cut short, the same request goes on. While the
first is under way its name is held by a lock that ends with the process, so that a crash leaves nothing behind that
stands in the way.
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
    """The answer to ``caller``'s request ``key``, and whether it was given before; ``act`` makes it, once.

    ``to_keep`` is what of it may be kept, and so is given again. What is done ``by_turns`` is no write as a whole:
    ``act`` writes what it has to.

    Raises ``RequestReused`` when the key was another request's, ``RequestInProgress`` while that has no answer yet.
    """
    with store.try_hold(f"{caller}\n{key}") as free:
        if not free:
            raise RequestInProgress("The first request with this key is still being answered.")
        now = dt.datetime.now(dt.UTC)
        kept = store.api_keys.answer(caller, key, to_us(now))
        if kept is not None:
            if kept.fingerprint != fingerprint:
                raise RequestReused("The key belongs to another request.")
            return kept, True
        with nullcontext() if by_turns else transaction(store):
            answer = act()
            # By turns all of it is done by now, whether there is room for the answer or not.
            with suppress(*[StoreFailure] * by_turns), transaction(store):
                store.api_keys.keep_answer(caller, key, to_keep(answer), to_us(now), to_us(now + lasts))
        return answer, False
