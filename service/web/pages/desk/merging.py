"""Merge a claim, a source or a document into another, and undo that; what changes is said first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Response

from service.model.actors import Caller
from service.model.errors import Merged
from service.schemas.request_bodies import MergeBody, ReasonBody
from service.store import Store
from service.use_cases import document_merging, merging
from service.use_cases.claims import get_claim
from service.use_cases.effects import with_consent
from service.use_cases.references import document_meant, source_meant
from service.web.http.auth import Access, identified
from service.web.pages.desk.blueprint import Desk
from service.web.pages.desk.forms import AGREED, Form
from service.web.pages.desk.record_forms import CLAIM, DOCUMENT, SOURCE, Kind, Thing
from service.web.pages.desk.rendering import desk_page, see
from service.web.pages.desk.wide_edits import Recounted

_MERGE, _REASON = MergeBody(), ReasonBody()
_LABELS = {"into": "The one that stays", "reason": "Reason"}


@dataclass(frozen=True, slots=True)
class Merging:
    """The use cases that merge a kind of record.

    ``meant`` returns the id of the record that a person names, ``merged_into`` the ids of those merged into a record.
    """

    kind: Kind
    meant: Callable[[Store, str, str], str]
    merge: Callable[[Store, Caller, str, str, str], None]
    unmerge: Callable[[Store, Caller, str, str], None]
    merged_into: Callable[[Store, str], list[str]]


def _claim_meant(store: Store, field: str, text: str) -> str:
    """Return the id in the address of a claim, or the id itself; the merge refuses one that nothing has."""
    return text.partition("?")[0].rstrip("/").rpartition("/")[2]


def _claims_into(store: Store, claim_id: str) -> list[str]:
    states = store.claims.claim_states(list(store.claims.members([get_claim(store, claim_id).key])))
    return sorted(state.claim.id for state in states if state.merged_into == claim_id)


def _sources_into(store: Store, source_id: str) -> list[str]:
    related = store.evidence.sources_with_relatives([source_id])
    return sorted(name for name, source in related.items() if source.merged_into == source_id)


def _documents_into(store: Store, document_id: str) -> list[str]:
    related = store.catalogue.documents(store.evidence.derivatives([document_id]))
    return sorted(record.document.id for record in related if record.document.merged_into == document_id)


_MERGINGS = (
    Merging(CLAIM, _claim_meant, merging.merge_claim, merging.unmerge_claim, _claims_into),
    Merging(SOURCE, source_meant, merging.merge_source, merging.unmerge_source, _sources_into),
    Merging(
        DOCUMENT,
        document_meant,
        document_merging.merge_document,
        document_merging.unmerge_document,
        _documents_into,
    ),
)


def add_merging(desk: Desk) -> None:
    """Add the routes."""
    for each in _MERGINGS:
        name = each.kind.name
        for step, act, show in (("merge", _merge, _show_merge), ("unmerge", _unmerge, _show_unmerge)):

            def answer(form: Form, *, by: Callable[..., Response], each: Merging = each, **ids: str) -> Response:
                return by(desk.store, each, form, ids[f"{each.kind.name}_id"])

            path, endpoint = f"/desk/{name}s/<{name}_id>/{step}", f"{step}{name.capitalize()}"
            desk.form(path, endpoint, Access.EDITOR, show=partial(answer, by=show))(partial(answer, by=act))


def _show_merge(store: Store, each: Merging, form: Form, record_id: str, **more: object) -> Response:
    record, _ = each.kind.read(store, record_id)
    context: dict[str, Any] = {"outcome": None, "changed": False, "other": None, "recounted": 0, **more}
    return desk_page(
        "merge.html",
        form=form,
        kind=each.kind,
        record=record,
        name=name_of(record),
        merged=each.merged_into(store, record_id),
        **context,
    )


def _merge(store: Store, each: Merging, form: Form, record_id: str) -> Response:
    form.names({}, _LABELS)
    typed = form.text("into")
    into = typed and each.meant(store, "into", typed)
    given = form.load(_MERGE, {"into": into, "reason": form.text("reason")})
    recounted = Recounted(store)
    merging_it = partial(each.merge, store, identified(), record_id, given["into"], given["reason"])
    outcome = with_consent(store, merging_it, form.text(AGREED), lambda _: ["merged", *recounted.since()])
    if outcome.done:
        return see(f"/{each.kind.name}s/{given['into']}")
    other, _ = each.kind.read(store, given["into"])
    return _show_merge(
        store,
        each,
        form,
        record_id,
        outcome=outcome,
        changed=AGREED in form,
        other=(other.id, name_of(other)),
        recounted=recounted.since_then,
    )


def _show_unmerge(store: Store, each: Merging, form: Form, record_id: str, **more: object) -> Response:
    try:
        each.kind.read(store, record_id)
        into = None
    except Merged as error:
        into = error.into
    context: dict[str, Any] = {"outcome": None, "changed": False, "recounted": 0, **more}
    return desk_page("unmerge.html", form=form, kind=each.kind, record_id=record_id, into=into, **context)


def _unmerge(store: Store, each: Merging, form: Form, record_id: str) -> Response:
    form.names({}, _LABELS)
    reason = form.load(_REASON, {"reason": form.text("reason")})["reason"]
    recounted = Recounted(store)
    undoing = partial(each.unmerge, store, identified(), record_id, reason)
    outcome = with_consent(store, undoing, form.text(AGREED), lambda _: ["unmerged", *recounted.since()])
    if outcome.done:
        return see(f"/{each.kind.name}s/{record_id}")
    return _show_unmerge(
        store, each, form, record_id, outcome=outcome, changed=AGREED in form, recounted=recounted.since_then
    )


def name_of(record: Thing) -> str:
    """Return the words by which a person knows a record."""
    names = (getattr(record, name, None) for name in ("text", "name", "title", "url"))
    return next((name for name in names if name), record.id)
