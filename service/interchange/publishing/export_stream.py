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
    """Return the scope of an export for ``caller``: ``ALL`` for editors and above."""
    return Scope.ALL if caller is not None and caller.role.includes(KeyRole.EDITOR) else Scope.PUBLIC


def export_lines(store: Store, scope: Scope, after: Place | None = None) -> Iterator[bytes]:
    """Yield all lines, or those after the one at ``after``. Raises ``InvalidInput`` if there is no such line.

    Records created meanwhile are left out. The export is read by short queries, so that a slow reader holds no
    transaction open; for one consistent state read it within ``store.snapshot()``.
    """
    kinds = KINDS[scope]
    with store.snapshot():
        last = store.exports.last_keys()
        size = store.events.log_end()[0]
        resume_key = None if after is None else _key(store, scope, after)
    if after is None:
        yield head_line(scope)
    counts: dict[Kind, int] = {}
    for kind in kinds:
        done = 0
        if after is not None and kinds.index(kind) <= kinds.index(after[0]):
            done = resume_key if kind is after[0] and resume_key is not None else last[kind]
        counts[kind] = store.exports.count_up_to(kind, scope, done) if done else 0
        for row in store.exports.kept(kind, scope, done, last[kind]):
            counts[kind] += 1
            yield line(kind, row)
    yield end_line(counts, written_meanwhile=store.events.log_end()[0] != size)


def _key(store: Store, scope: Scope, place: Place) -> int:
    kind, public_id = place
    key = store.exports.key_of(kind, scope, public_id) if kind in KINDS[scope] else None
    if key is None:
        raise InvalidInput(
            "after",
            f"There is no line {place_of(kind, public_id)} in this export: "
            "give the kind:id of a line that you received.",
        )
    return key
