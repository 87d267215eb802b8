"""Stream a store as the lines of ``export_format``, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator

from service.interchange.publishing.export_format import KINDS, end_line, head_line, line, place_of
from service.model.actors import Caller, KeyRole
from service.model.errors import InvalidInput
from service.model.record_kinds import Kind, Scope
from service.store import Store

Place = tuple[Kind, str]


def scope_for(caller: Caller | None) -> Scope:
    """What ``caller`` may see of a store."""
    return Scope.ALL if caller is not None and caller.role.includes(KeyRole.EDITOR) else Scope.PUBLIC


def export_lines(store: Store, scope: Scope, after: Place | None = None) -> Iterator[bytes]:
    """All lines, or those after the one of ``after``; raises ``InvalidInput`` when there is none.

    What comes into the store while it is read is left out. Short queries, one after another: a slow reader holds no
    transaction open. Whoever needs one state whatever others write reads it in a ``snapshot``.
    """
    kinds = KINDS[scope]
    with store.snapshot():
        last = store.exports.last_keys()
        size = store.events.log_end()[0]
        begun_with = None if after is None else _key(store, scope, after)
    if after is None:
        yield head_line(scope)
    counts: dict[Kind, int] = {}
    for kind in kinds:
        done = 0
        if after is not None and kinds.index(kind) <= kinds.index(after[0]):
            done = begun_with if kind is after[0] and begun_with is not None else last[kind]
        counts[kind] = store.exports.count_up_to(kind, scope, done) if done else 0
        for kept in store.exports.kept(kind, scope, done, last[kind]):
            counts[kind] += 1
            yield line(kind, kept)
    yield end_line(counts, written_meanwhile=store.events.log_end()[0] != size)


def _key(store: Store, scope: Scope, place: Place) -> int:
    kind, public_id = place
    key = store.exports.key_of(kind, scope, public_id) if kind in KINDS[scope] else None
    if key is None:
        raise InvalidInput("after", f"There is no line of {place_of(kind, public_id)} in this export.")
    return key
