"""Findings about restored records that may be the same as others. A restore is never refused for that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from service.identity.names import folded_names
from service.identity.parties import may_share_a_name
from service.identity.statements import same_statement, statement_key
from service.interchange.claimreview.review_items import Finding
from service.interchange.importing.export_reader import Line
from service.interchange.importing.outcomes import ImportNote, ItemResult, Outcome
from service.model.entities import Source
from service.model.record_kinds import Kind
from service.store import Store


def merged_pages(merged: Mapping[str, str]) -> dict[str, Finding]:
    """Return findings by document about those that were merged into another one of their page."""
    return {
        name: Finding(
            ImportNote.SAME_PAGE,
            "url",
            f"{Kind.DOCUMENT}:{into} is the same page under another address: merged into it",
        )
        for name, into in merged.items()
    }


def namesakes(store: Store, lines: Sequence[Line]) -> dict[str, Finding]:
    """Return findings by source about those that have a name of an earlier source, and may be the same party."""
    sources: dict[str, Source] = {line.id: line.thing for line in lines if line.thing.merged_into is None}
    names = {name: folded_names((source.name, *source.aliases)) for name, source in sources.items()}
    called = store.source_names.called(folded for own in names.values() for folded in own)
    others = {other for ids in called.values() for other in ids}
    known = {record.source.id: record.source for record in store.catalogue.sources(sorted(others))}
    findings: dict[str, Finding] = {}
    for name, source in sources.items():
        earlier = [known[o] for folded in names[name] for o in called[folded][: called[folded].index(name)]]
        same = [o for o in earlier if o.merged_into is None and not may_share_a_name(source, o)]
        if same:
            message = f"{Kind.SOURCE}:{same[0].id} ({same[0].name}) has the same name: merge the two if they are one"
            findings[name] = Finding(ImportNote.SAME_NAME, "name", message)
    return findings


def claims_of_same_words(store: Store, lines: Sequence[Line], last_before: int) -> dict[str, Finding]:
    """Return findings by claim about those with the words of a claim from before the restore.

    ``last_before`` is the last key of such a claim. Those of one export are as its store had them.
    """
    texts: dict[str, str] = {line.id: line.thing.text for line in lines if line.beside["merged_into"] is None}
    places = store.statements.claims_with_keys(statement_key(text) for text in texts.values())
    before = [place for place in places if place.order <= last_before and place.root == place.id]
    findings: dict[str, Finding] = {}
    for name, text in texts.items():
        same = next((place for place in before if place.id != name and same_statement(place.text, text)), None)
        if same is not None:
            message = f"{Kind.CLAIM}:{same.id} has the same words: merge the two if they are one"
            findings[name] = Finding(ImportNote.SAME_WORDS, "text", message)
    return findings


def with_finding(result: ItemResult, findings: Mapping[str, Finding]) -> ItemResult:
    """Return the result of a created line with its finding, if there is one."""
    finding = findings.get((result.subject or "").partition(":")[2])
    if finding is None or result.outcome is not Outcome.CREATED:
        return result
    return replace(result, findings=(*result.findings, finding))
