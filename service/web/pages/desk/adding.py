"""Add a claim, a source or a document: a look-up shows first what is there already."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from flask import Response, request

from service.model.entities import Qualifier, SourceKind
from service.model.filters import FacetKind
from service.store import Store
from service.use_cases.effects import with_consent
from service.use_cases.look_alikes import LookAlike, look_alikes
from service.web.http.auth import Access, identified
from service.web.pages.desk.blueprint import Desk, next_of
from service.web.pages.desk.forms import AGREED, Form, Problem, Refused, packed, unpacked
from service.web.pages.desk.record_forms import CLAIM, DOCUMENT, SOURCE, Kind
from service.web.pages.desk.rendering import desk_page, see

TRIP = ("kept", "next")
"""The fields of a form that was left for this one, and where it is."""
_TOPICS = 200


def add_adding(desk: Desk) -> None:
    """Add the routes."""
    for kind in (CLAIM, SOURCE, DOCUMENT):
        show = partial(show_form, desk.store, kind)
        endpoint = f"add{kind.name.capitalize()}"
        desk.form(f"/desk/add/{kind.name}", endpoint, Access.EDITOR, show=show)(partial(_add, desk.store, kind))


def show_form(store: Store, kind: Kind, form: Form, correction: object = None) -> Response:
    """Return the page with the form of a kind of record, to add one, or for the ``correction`` of one."""
    others = form.conflict.others if form.conflict else ()
    context: dict[str, Any] = {
        "kinds": list(SourceKind),
        "qualifiers": list(Qualifier),
        "topics": [topic for topic, _ in store.catalogue.facet_values(FacetKind.TOPIC, "", _TOPICS)],
        "action": f"/desk/add/{kind.name}" if correction is None else request.path,
        "correction": correction,
        "there": others,
        "claim": dict(unpacked(form.text("kept"))).get("claim", ""),
    }
    return desk_page(f"add_{kind.name}.html", form=form, kind=kind, **context)


def begun(store: Store, kind: str, form: Form, path: str, field: str) -> Response:
    """Return the form to add what another form, at ``path``, refers to; that one is kept until then."""
    wanted = next(each for each in (SOURCE, DOCUMENT) if each.name == kind)
    begin = Form()
    text = form.lines(field)[-1] if form.lines(field) else ""
    begin.fill(**{"url" if kind == "document" else "name": text, "kept": packed(form.kept()), "next": path})
    return show_form(store, wanted, begin)


def _add(store: Store, kind: Kind, form: Form) -> Response:
    if form.text("act") == "add_source":
        return begun(store, "source", form, f"/desk/add/{kind.name}", form.text("missing"))
    form.names(kind.fields, kind.labels)
    if kind.told_by and not any(map(form.text, kind.told_by)):
        told_by = " or ".join(f"“{kind.labels[name]}”" for name in kind.told_by)
        raise Refused([Problem(f"Fill in {told_by}: nobody could tell it from others.", kind.told_by[0])])
    loaded = form.load(kind.schema, kind.body(store, form))
    alike: list[LookAlike] = []

    def also(public_id: str) -> Sequence[str]:
        alike[:] = look_alikes(store, kind.name, public_id)
        return sorted({each.id for each in alike} | set(form.texts("distinct_from")))

    outcome = with_consent(store, lambda: kind.create(store, identified(), loaded), form.text(AGREED), also)
    if not outcome.done:
        return desk_page("confirm_added.html", form=form, outcome=outcome, kind=kind, alike=alike)
    kept = unpacked(form.text("kept"))
    if kept:
        return desk_page("resume.html", action=next_of(form), kept=kept, added=kind.name)
    return see(kind.after.format(outcome.result))
