"""Read a folder of seed files, or refuse it with all findings."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import marshmallow as ma

from service.identity.names import folded_names
from service.identity.parties import may_share_a_name
from service.identity.web_addresses import document_key
from service.model.entities import Claim, ClaimLink, Document, Locator, Mention, Source
from service.model.errors import SeedError, SeedFinding
from service.model.ids import stated_id
from service.operations.seeding.schema import SeedClaimSchema, SeedDocumentSchema, SeedSourceSchema
from service.operations.seeding.yaml_lines import YamlFile, YamlPath


@dataclass(frozen=True, slots=True)
class Entry:
    """A valid entry of a seed file, and its place in the file."""

    file: YamlFile
    path: YamlPath
    value: Any

    def finding(self, path: Sequence[str | int], reason: str) -> SeedFinding:
        """Return a finding at ``path`` inside this entry."""
        return self.file.finding((*self.path, *path), reason)


@dataclass(frozen=True, slots=True)
class Seeds:
    """The content of seed files by id. Each link comes with the id of the claim that states it."""

    sources: Mapping[str, Source]
    documents: Mapping[str, Document]
    claims: Mapping[str, Claim]
    mentions: Mapping[str, Mention]
    links: Sequence[tuple[str, ClaimLink]]


def read_seeds(folder: Path) -> Seeds:
    """Read ``sources.yaml``, ``documents.yaml`` and ``claims/*.yaml`` of ``folder``.

    Raises ``SeedError`` with all findings: file, line, field and reason.
    """
    findings: list[SeedFinding] = []
    sources = _entries(_open(folder, [folder / "sources.yaml"], findings), SeedSourceSchema(), findings)
    documents = _entries(_open(folder, [folder / "documents.yaml"], findings), SeedDocumentSchema(), findings)
    paths = sorted((folder / "claims").glob("*.yaml"))
    claims = _entries(_open(folder, paths, findings), SeedClaimSchema(), findings)
    read = {folder / "sources.yaml", folder / "documents.yaml", *paths}
    for path in sorted({*folder.rglob("*.yml"), *folder.rglob("*.yaml")} - read):
        reason = "Unknown file: claims belong in claims/*.yaml, sources in sources.yaml, documents in documents.yaml."
        findings.append(SeedFinding(str(path.relative_to(folder)), 0, "(file)", reason))
    if not paths and not findings:
        findings.append(SeedFinding("claims/", 0, "(file)", "There is no claim file, such as claims/troops.yaml."))
    if not findings:  # references only make sense between valid entries
        findings += _check_references(sources, documents, claims)
    if findings:
        raise SeedError(findings)
    mentions = {mention.id: mention for entry in claims for mention in _mentions(entry.value)}
    return Seeds(
        sources={entry.value.id: entry.value for entry in sources},
        documents={entry.value.id: entry.value for entry in documents},
        claims={entry.value["id"]: _claim(entry.value) for entry in claims},
        mentions=mentions,
        links=[(entry.value["id"], link) for entry in claims for link in entry.value["links"]],
    )


def _open(folder: Path, paths: Sequence[Path], findings: list[SeedFinding]) -> list[YamlFile]:
    files = [YamlFile(path, str(path.relative_to(folder))) for path in paths]
    for file in files:
        findings += file.findings
    return [file for file in files if not file.findings]


def _entries(files: Sequence[YamlFile], schema: ma.Schema, findings: list[SeedFinding]) -> list[Entry]:
    entries: list[Entry] = []
    for file in files:
        if not isinstance(file.data, list):
            findings.append(file.finding((), "Must be a list of entries."))
            continue
        for number, raw in enumerate(file.data):
            try:
                entries.append(Entry(file, (number,), schema.load(raw)))
            except ma.ValidationError as error:
                for path, reason in _reasons(error.normalized_messages()):
                    findings.append(file.finding((number, *path), reason))
    return entries


def _reasons(messages: Any, path: YamlPath = ()) -> Iterator[tuple[YamlPath, str]]:
    """Yield marshmallow's nested messages, each with its path."""
    if isinstance(messages, dict):
        for key, value in messages.items():
            yield from _reasons(value, path if key == "_schema" else (*path, key))
    else:
        for message in messages if isinstance(messages, list) else [messages]:
            yield path, str(message)


def _check_references(
    sources: Sequence[Entry], documents: Sequence[Entry], claims: Sequence[Entry]
) -> Iterator[SeedFinding]:
    source_ids, document_ids = {e.value.id for e in sources}, {e.value.id: e.value for e in documents}
    claim_ids = {e.value["id"] for e in claims}
    for entries in (sources, documents, claims):
        yield from _repeated_ids(entries)
    yield from _cycles(sources, "part_of")
    yield from _cycles(documents, "derived_from")
    for entry in sources:
        yield from _unknown(entry, ("part_of",), entry.value.part_of, source_ids, "source")
        for number, other in enumerate(entry.value.distinct_from):
            yield from _unknown(entry, ("distinct_from", number), other, source_ids, "source")
    yield from _namesakes(sources)
    yield from _shared(documents, "sha256", lambda document: document.sha256)
    yield from _shared(documents, "url", lambda document: document_key(document.url))
    for entry in documents:
        yield from _unknown(entry, ("publisher",), entry.value.publisher, source_ids, "source")
        yield from _unknown(entry, ("derived_from",), entry.value.derived_from, document_ids, "document")
    linked: set[tuple[str, ...]] = set()
    for entry in claims:
        yield from _check_mentions(entry, source_ids, document_ids)
        for number, link in enumerate(entry.value["links"]):
            path = ("links", number, "claim")
            yield from _unknown(entry, path, link.claim, claim_ids, "claim")
            ends = [entry.value["id"], link.claim]
            pair = (link.type, *(sorted(ends) if link.type.symmetric else ends))
            if link.claim == entry.value["id"]:
                yield entry.finding(path, "A claim cannot be linked to itself.")
            elif pair in linked:
                yield entry.finding(
                    path, f"Duplicate link: the two claims already have a link of the type {str(link.type)!r}."
                )
            linked.add(pair)


def _check_mentions(entry: Entry, source_ids: set[str], documents: Mapping[str, Document]) -> Iterator[SeedFinding]:
    seen: set[str] = set()
    for number, (raw, mention) in enumerate(zip(entry.value["mentions"], _mentions(entry.value), strict=True)):
        path = ("mentions", number)
        yield from _unknown(entry, (*path, "document"), mention.document, documents, "document")
        for place, source in enumerate(mention.attribution):
            yield from _unknown(entry, (*path, "attribution", place), source, source_ids, "source")
        document = documents.get(mention.document)
        if document is not None:
            yield from _check_span(entry, path, raw["locator"], document)
        if mention.id in seen:
            yield entry.finding(path, "Duplicate mention: one above has the same span and attribution.")
        seen.add(mention.id)


def _check_span(entry: Entry, path: YamlPath, span: Locator, document: Document) -> Iterator[SeedFinding]:
    if document.length is None:
        reason = f"{document.id} has no `sha256` and `length`: a mention points into the text of its document."
        yield entry.finding((*path, "document"), reason)
    elif span.end > document.length:
        reason = f"{span.end} is past the end of {document.id}, which has {document.length} code points."
        yield entry.finding((*path, "locator", "end"), reason)


def _repeated_ids(entries: Sequence[Entry]) -> Iterator[SeedFinding]:
    seen: dict[str, Entry] = {}
    for entry in entries:
        own = entry.value["id"] if isinstance(entry.value, dict) else entry.value.id
        if own in seen:
            first = seen[own].finding(("id",), "")
            yield entry.finding(("id",), f"Duplicate id {own!r}: it is already used in {first.file}:{first.line}.")
        seen.setdefault(own, entry)


def _shared(entries: Sequence[Entry], name: str, identity: Callable[[Document], str | None]) -> Iterator[SeedFinding]:
    """Yield a finding for each document with the same text, or of the same page, as an earlier one."""
    seen: dict[str, Document] = {}
    for entry in entries:
        value = identity(entry.value)
        if value is None:
            continue
        first = seen.setdefault(value, entry.value)
        if first.id != entry.value.id and getattr(first, name) == getattr(entry.value, name):
            yield entry.finding((name,), f"The document {first.id!r} has the same {name}: use that one.")
        elif first.id != entry.value.id:
            yield entry.finding((name,), f"The document {first.id!r}, at {first.url}, is the same page: use that one.")


def _namesakes(entries: Sequence[Entry]) -> Iterator[SeedFinding]:
    """Yield a finding for each source with a name of an earlier one, unless the two can be different parties."""
    seen: dict[str, list[Source]] = {}
    for entry in entries:
        source = entry.value
        for folded in folded_names((source.name, *source.aliases)):
            for other in seen.setdefault(folded, []):
                if not may_share_a_name(source, other):
                    yield entry.finding(("name",), f"The source {other.id!r} has the name {folded!r} already.")
            seen[folded].append(source)


def _cycles(entries: Sequence[Entry], relation: str) -> Iterator[SeedFinding]:
    parents = {entry.value.id: getattr(entry.value, relation) for entry in entries}
    for entry in entries:
        seen, step = {entry.value.id}, parents[entry.value.id]
        while step is not None and step not in seen:
            seen.add(step)
            step = parents.get(step)
        if step == entry.value.id:
            yield entry.finding((relation,), f"Would create a cycle: {entry.value.id!r} would belong to itself.")


def _unknown(
    entry: Entry, path: Sequence[str | int], value: str | None, known: Collection[str], kind: str
) -> Iterator[SeedFinding]:
    if value is not None and value not in known:
        nearest = "".join(f" Did you mean {name!r}?" for name in get_close_matches(value, known, n=1))
        yield entry.finding(path, f"There is no {kind} {value!r}.{nearest}")


def _claim(raw: Mapping[str, Any]) -> Claim:
    own = {name: raw[name] for name in ("id", "text", "subject", "quantity", "time_frame", "place", "note")}
    return Claim(**own, topics=tuple(raw["topics"]))


def _mentions(raw: Mapping[str, Any]) -> list[Mention]:
    return [
        Mention(
            id=_mention_id(raw["id"], m),
            claim=raw["id"],
            **{**m, "attribution": tuple(m["attribution"])},
        )
        for m in raw["mentions"]
    ]


def _mention_id(claim: str, raw: Mapping[str, Any]) -> str:
    """Return a mention's id, made of its claim, document, span and chain, so that it is the same in every store."""
    span = raw["locator"]
    return stated_id("m", claim, raw["document"], str(span.start), str(span.end), ">".join(raw["attribution"]))
