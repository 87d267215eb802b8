"""Add a claim, a source or a document: a look-up shows first what is there already."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import marshmallow as ma
from flask import Response

from service.model.actors import Caller
from service.model.entities import Document, Qualifier, Source, SourceKind
from service.model.filters import FacetKind
from service.model.records import ClaimDraft
from service.schemas.request_bodies import ClaimBody, DocumentBody, SourceBody
from service.store import Store
from service.use_cases.editing import create_claim, create_document, create_source
from service.use_cases.effects import with_consent
from service.use_cases.look_alikes import LookAlike, look_alikes
from service.use_cases.references import document_meant, source_meant
from service.web.http.auth import Access, identified
from service.web.pages.desk.blueprint import Desk, next_of
from service.web.pages.desk.forms import AGREED, Form, packed, unpacked
from service.web.pages.desk.rendering import desk_page, see

TRIP = ("kept", "next")
"""The fields of a form that was left for this one, and where it is."""
_TOPICS = 200

Fields = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record that can be added: the body that its form stands for, and what creates it."""

    name: str
    schema: ma.Schema
    body: Callable[[Store, Form], Mapping[str, Any]]
    create: Callable[[Store, Caller, Any], str]
    labels: Fields
    fields: Fields
    after: str


def add_adding(desk: Desk) -> None:
    """Add the routes."""
    for kind in (_CLAIM, _SOURCE, _DOCUMENT):
        show = partial(show_form, desk.store, kind)
        endpoint = f"add{kind.name.capitalize()}"
        desk.form(f"/desk/add/{kind.name}", endpoint, Access.EDITOR, show=show)(partial(_add, desk.store, kind))


def show_form(store: Store, kind: Kind, form: Form) -> Response:
    """Return the page with the form of a kind of record."""
    others = form.conflict.others if form.conflict else ()
    context: dict[str, Any] = {
        "kinds": list(SourceKind),
        "qualifiers": list(Qualifier),
        "topics": [topic for topic, _ in store.catalogue.facet_values(FacetKind.TOPIC, "", _TOPICS)],
        "action": f"/desk/add/{kind.name}",
        "there": others,
        "claim": dict(unpacked(form.text("kept"))).get("claim", ""),
    }
    return desk_page(f"add_{kind.name}.html", form=form, kind=kind, **context)


def begun(store: Store, kind: str, form: Form, path: str, field: str) -> Response:
    """Return the form to add what another form, at ``path``, refers to; that one is kept until then."""
    wanted = next(each for each in (_SOURCE, _DOCUMENT) if each.name == kind)
    begin = Form()
    text = form.lines(field)[-1] if form.lines(field) else ""
    begin.fill(**{"url" if kind == "document" else "name": text, "kept": packed(form.kept()), "next": path})
    return show_form(store, wanted, begin)


def _add(store: Store, kind: Kind, form: Form) -> Response:
    if form.text("act") == "add_source":
        return begun(store, "source", form, f"/desk/add/{kind.name}", form.text("missing"))
    form.names(kind.fields, kind.labels)
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


def numeric(text: str) -> object:
    """Return the number that a text is, with or without separators; another text as it is, for the schema to refuse."""
    try:
        number = float(text.replace(",", "").replace(" ", ""))
    except ValueError:
        return text
    return int(number) if number.is_integer() else number


def part(**members: object) -> dict[str, object] | None:
    """Return an object of members, without empty ones; ``None`` if all of them are."""
    given = {name: value for name, value in members.items() if value not in ("", None)}
    return given or None


def _claim_body(store: Store, form: Form) -> Mapping[str, Any]:
    quantity = part(low=numeric(form.text("low")), high=numeric(form.text("high")), unit=form.text("unit"))
    if quantity and form.text("qualifier"):
        quantity["qualifier"] = form.text("qualifier")
    return {
        **{name: form.text(name) for name in ("text", "subject", "place", "note")},
        "quantity": quantity,
        "time_frame": part(label=form.text("label"), start=form.text("start"), end=form.text("end")),
        "topics": form.text("topics").replace(",", " ").split(),
        "distinct_from": form.texts("distinct_from"),
    }


def _source_body(store: Store, form: Form) -> Mapping[str, Any]:
    above = form.text("part_of")
    return {
        **{name: form.text(name) for name in ("name", "kind", "country", "url", "note")},
        "part_of": above and source_meant(store, "part_of", above),
        "aliases": form.lines("aliases"),
        "distinct_from": form.texts("distinct_from"),
    }


def _document_body(store: Store, form: Form) -> Mapping[str, Any]:
    names = ("title", "url", "author", "language", "published_earliest", "published_latest")
    publisher, original = form.text("publisher"), form.text("derived_from")
    return {
        **{name: form.text(name) for name in (*names, "publisher_reason", "published_reason")},
        "publisher": publisher and source_meant(store, "publisher", publisher),
        "derived_from": original and document_meant(store, "derived_from", original),
    }


def _create_claim(store: Store, caller: Caller, draft: ClaimDraft) -> str:
    return create_claim(store, caller, draft.claim, draft.distinct_from)


def _create_source(store: Store, caller: Caller, source: Source) -> str:
    return create_source(store, caller, source)


def _create_document(store: Store, caller: Caller, document: Document) -> str:
    return create_document(store, caller, document)


_CLAIM = Kind(
    "claim",
    ClaimBody(),
    _claim_body,
    _create_claim,
    {
        "text": "The claim",
        "subject": "Subject",
        "place": "Place",
        "topics": "Topics",
        "note": "Remark",
        "low": "From",
        "high": "To",
        "unit": "Unit",
        "label": "Time, in words",
    },
    {
        "/quantity/low": "low",
        "/quantity/high": "high",
        "/quantity/unit": "unit",
        "/quantity/qualifier": "qualifier",
        "/time_frame/label": "label",
        "/time_frame/start": "start",
        "/time_frame/end": "end",
    },
    "/desk/claims/{}/mentions?done=added",
)
_SOURCE = Kind(
    "source",
    SourceBody(),
    _source_body,
    _create_source,
    {
        "name": "Name",
        "kind": "Kind",
        "country": "Country",
        "part_of": "Part of",
        "url": "Home page",
        "aliases": "Other names",
        "note": "Remark",
    },
    {},
    "/sources/{}",
)
_DOCUMENT = Kind(
    "document",
    DocumentBody(),
    _document_body,
    _create_document,
    {
        "title": "Title",
        "url": "Address",
        "author": "Byline",
        "language": "Language",
        "publisher": "Publisher",
        "published_earliest": "Published, at the earliest",
        "published_latest": "Published, at the latest",
        "derived_from": "Copied from",
    },
    {},
    "/documents/{}",
)
