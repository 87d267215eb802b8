"""Correct a claim, a source or a document; what this does to counts is said first, and an edit meanwhile is shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Response

from service.model.errors import VersionConflict
from service.store import Store
from service.use_cases.effects import with_consent
from service.web.http.auth import Access, identified
from service.web.pages.desk.adding import begun, show_form
from service.web.pages.desk.blueprint import Desk
from service.web.pages.desk.forms import AGREED, Form
from service.web.pages.desk.record_forms import CLAIM, DOCUMENT, SOURCE, Kind, Thing
from service.web.pages.desk.rendering import desk_page, see
from service.web.pages.desk.wide_edits import Recounted
from service.web.pages.words import plain


@dataclass(frozen=True, slots=True)
class Correction:
    """A record that is being corrected: the tag of its state, and what differs from the form if that is another one.

    ``differing`` has the label of each field, its stored value and the typed one.
    """

    id: str
    tag: str
    differing: Sequence[tuple[str, str, str]] = ()


def add_correcting(desk: Desk) -> None:
    """Add the routes."""
    for kind in (CLAIM, SOURCE, DOCUMENT):

        def show(form: Form, *, kind: Kind = kind, **ids: str) -> Response:
            return _show(desk.store, kind, form, ids[f"{kind.name}_id"])

        def correct(form: Form, *, kind: Kind = kind, **ids: str) -> Response:
            return _correct(desk.store, kind, form, ids[f"{kind.name}_id"])

        path, endpoint = f"/desk/{kind.name}s/<{kind.name}_id>/correction", f"correct{kind.name.capitalize()}"
        desk.form(path, endpoint, Access.EDITOR, show=show)(correct)


def _show(store: Store, kind: Kind, form: Form, record_id: str) -> Response:
    record, tag = kind.read(store, record_id)
    values = kind.values(record)
    if form.is_empty:
        form.fill(**values)
        return show_form(store, kind, form, Correction(record_id, tag))
    stale = form.text("tag") != tag
    return show_form(
        store, kind, form, Correction(record_id, tag, differing(kind.labels, values, form) if stale else ())
    )


def differing(
    labels: Mapping[str, str], values: Mapping[str, str | list[str]], form: Form
) -> list[tuple[str, str, str]]:
    """Return the fields in which stored values and those of a form differ: label, stored value, and typed one."""
    names = dict.fromkeys(name for name, _ in form.kept("tag", "missing", "claim", "reason"))
    pairs = ((name, values.get(name, ""), form.text(name)) for name in names)
    return [
        (labels.get(name, plain(name)), now, typed)
        for name, now, typed in pairs
        if isinstance(now, str) and now != typed and not (name == "qualifier" and not form.text("low"))
    ]


def _correct(store: Store, kind: Kind, form: Form, record_id: str) -> Response:
    if form.text("act") == "add_source":
        return begun(store, "source", form, f"/desk/{kind.name}s/{record_id}/correction", form.text("missing"))
    form.names(kind.fields, kind.labels)
    body = kind.body(store, form)

    def edited(record: Thing) -> Any:
        return form.load(kind.schema, {**kind.stored.dump(record), **body})

    def unchanged(tag: str) -> None:
        if tag != form.text("tag"):
            raise VersionConflict(f"The {kind.name} has changed since you opened it. Nothing was saved.")

    recounted = Recounted(store)
    changing = partial(kind.change, store, identified(), record_id, edited, unchanged, form.texts("distinct_from"))
    outcome = with_consent(store, changing, form.text(AGREED), lambda _: recounted.since())
    if outcome.done:
        return see(f"/{kind.name}s/{record_id}")
    return desk_page(
        "confirm_correction.html",
        form=form,
        kind=kind,
        outcome=outcome,
        recounted=recounted.since_then,
        changed=AGREED in form,
    )
