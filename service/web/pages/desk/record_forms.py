"""The forms of claims, sources and documents: the bodies that they stand for, and what creates and changes these."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma

from service.model.actors import Caller
from service.model.entities import Claim, Document, Source
from service.model.records import ClaimDraft
from service.schemas.request_bodies import ClaimBody, ClaimValue, DocumentBody, SourceBody
from service.store import Store
from service.use_cases import editing
from service.use_cases.catalogue import get_document, get_source
from service.use_cases.claims import get_claim
from service.use_cases.references import document_meant, source_meant
from service.web.pages.desk.forms import Form

Fields = Mapping[str, str]
Thing = Claim | Source | Document
Edit = Callable[[Any], Any]
Check = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record with a form: the body that the form stands for, and the use cases of such records.

    ``stored`` dumps a record as it could be posted, ``read`` returns a record with the tag of its state. A new one must
    have one of the fields ``told_by``, if there are any.
    """

    name: str
    schema: ma.Schema
    body: Callable[[Store, Form], Mapping[str, Any]]
    create: Callable[[Store, Caller, Any], str]
    stored: ma.Schema
    read: Callable[[Store, str], tuple[Thing, str]]
    change: Callable[[Store, Caller, str, Edit, Check, Sequence[str]], None]
    labels: Fields
    fields: Fields
    after: str
    told_by: tuple[str, ...] = ()

    def values(self, record: Thing) -> dict[str, str | list[str]]:
        """Return the values of the fields of the form for a record."""
        body = self.stored.dump(record)
        inner = {field: _inside(body, pointer) for pointer, field in self.fields.items()}
        plain = {name: value for name, value in body.items() if not isinstance(value, dict)}
        return {name: typed(name, value) for name, value in (plain | inner).items() if value not in (None, "", [])}


def _inside(body: Any, pointer: str) -> Any:
    for step in pointer.split("/")[1:]:
        body = (body or {}).get(step)
    return body


def typed(name: str, value: Any) -> str | list[str]:
    """Return a member of a body as it is typed into its field."""
    if isinstance(value, list):
        return value if name == "distinct_from" else {"topics": ", "}.get(name, "\n").join(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value)


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
    return editing.create_claim(store, caller, draft.claim, draft.distinct_from)


def _create_source(store: Store, caller: Caller, source: Source) -> str:
    return editing.create_source(store, caller, source)


def _create_document(store: Store, caller: Caller, document: Document) -> str:
    return editing.create_document(store, caller, document)


def _read_claim(store: Store, claim_id: str) -> tuple[Claim, str]:
    stored = get_claim(store, claim_id)
    [state] = store.claims.claim_states([stored.key])
    return state.claim, stored.tag


def _read_source(store: Store, source_id: str) -> tuple[Source, str]:
    record = get_source(store, source_id)
    return record.source, record.tag


def _read_document(store: Store, document_id: str) -> tuple[Document, str]:
    record = get_document(store, document_id)
    return record.document, record.tag


def _change_claim(
    store: Store, caller: Caller, claim_id: str, edit: Edit, check: Check, distinct_from: Sequence[str]
) -> None:
    editing.change_claim(store, caller, claim_id, lambda claim: edit(claim).claim, check, distinct_from)


def _change_source(store: Store, caller: Caller, source_id: str, edit: Edit, check: Check, _: Sequence[str]) -> None:
    editing.change_source(store, caller, source_id, edit, check)


def _change_document(
    store: Store, caller: Caller, document_id: str, edit: Edit, check: Check, _: Sequence[str]
) -> None:
    editing.change_document(store, caller, document_id, edit, check)


CLAIM = Kind(
    "claim",
    ClaimBody(),
    _claim_body,
    _create_claim,
    ClaimValue(),
    _read_claim,
    _change_claim,
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
SOURCE = Kind(
    "source",
    SourceBody(),
    _source_body,
    _create_source,
    SourceBody(),
    _read_source,
    _change_source,
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
DOCUMENT = Kind(
    "document",
    DocumentBody(),
    _document_body,
    _create_document,
    DocumentBody(),
    _read_document,
    _change_document,
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
    ("url", "title"),
)
