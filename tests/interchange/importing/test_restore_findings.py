"""Restored records that may be the same as others are accepted, with findings."""

from __future__ import annotations

import io
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from service.interchange.claimreview.collective_names import load_collectives
from service.interchange.claimreview.ratings import load_table
from service.interchange.importing import restore
from service.interchange.importing.import_stream import import_stream
from service.interchange.importing.outcomes import Outcome
from service.interchange.importing.reviews import Importer
from service.store import Store
from tests.interchange.importing.helpers import exported, import_bytes
from tests.use_cases.desk import Desk

Empty = Callable[[], AbstractContextManager[Store]]


def found(store: Store, export: bytes) -> dict[str | None, list[str]]:
    """Restore an export; return the codes of the findings by subject."""
    importer = Importer(store, "Ann", load_collectives())
    results = [r for batch in import_stream(importer, io.BytesIO(export), table=load_table()) for r in batch]
    assert {result.outcome for result in results} <= {Outcome.CREATED, Outcome.UNCHANGED}
    return {result.subject: [f.code for f in result.findings] for result in results if result.findings}


@pytest.mark.parametrize("size", [1, 500])
def test_a_source_with_the_name_of_another_one(
    desk: Desk, empty: Empty, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore, "BATCH", size)
    desk.source("board", name="The Harbour Board", aliases=["HB"])
    desk.source("abroad", name="Harbour Office", country="SE")
    desk.source("gone", name="Port Office")
    desk.source("port", name="The Port")
    desk.merge("/v1/sources/gone", "port")
    export = exported(desk.store)
    with empty() as other:
        assert found(other, export) == {}
        again = export
        for name in (b"board", b"abroad", b"gone", b"port"):
            again = again.replace(b'"%s"' % name, b'"%s-2"' % name)
        again = again.replace(b'"country":"SE"', b'"country":"NO"').replace(b"The Harbour Board", b"HARBOUR BOARD")
        assert found(other, again) == {"source:board-2": ["same_name"], "source:port-2": ["same_name"]}
        assert found(other, again) == {}, "nothing is new"


def test_a_claim_with_the_words_of_another_one(desk: Desk, empty: Empty) -> None:
    desk.claim("lock", text="The lock was closed.")
    desk.claim("again", text="The lock was closed", distinct_from=["lock"])
    desk.claim("other", text="The lock was opened.")
    export = exported(desk.store)
    with empty() as other:
        assert found(other, export) == {}, "what one store told apart stays so"
        new = [line for line in export.splitlines(keepends=True) if b'"id":"lock"' in line or b'"id":"other"' in line]
        lines = b"".join(new).replace(b'"lock"', b'"lock-2"').replace(b'"other"', b'"other-2"')
        whole = lines.replace(b"was opened", b"will open") + b'{"kind":"end","counts":{},"written_meanwhile":false}\n'
        assert found(other, whole) == {"claim:lock-2": ["same_words"]}
        import_bytes(other, export)
