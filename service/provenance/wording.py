"""Words, dates and values of a provenance graph."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from service.corroboration.results import MergeRule, NotCounted
from service.model.entities import Document, Qualifier, Quantity, Reported, Stance
from service.provenance.graph import Graph, Node, State

STATES = {
    State.NAMED: "named origin",
    State.POSSIBLE: "possible origin",
    State.DIFFERS: "states another value",
    State.REFUTES: "denies it",
    State.PARTIAL: "in part only: shown, not counted",
    State.NOT_COUNTED: "not counted",
}
SIGNS = {
    State.POSSIBLE: "?",
    State.DIFFERS: "≠",
    State.REFUTES: "×",
    State.PARTIAL: "½",
    State.NOT_COUNTED: "0",
}
LEFT_OUT = {
    NotCounted.PARTIAL_SUPPORT: "supports it in part: shown, not counted",
    NotCounted.PARTIAL_REFUTATION: "denies it in part: shown, not counted",
    NotCounted.UNDATED: "not counted: cannot be dated by then",
    NotCounted.PUBLISHED_LATER: "not counted: published later",
    NotCounted.DOCUMENT_NAMES_ORIGIN: "not counted: its document names the origin elsewhere",
    NotCounted.DERIVED_DOCUMENT: "not counted: derived from another document",
    NotCounted.OPAQUE_ARCHIVE: "not counted: an archive copy that does not show its original",
}
MERGES = {
    MergeRule.SAME_SOURCE: "same source",
    MergeRule.MERGED_SOURCE: "same party",
    MergeRule.PART_OF: "same organisation",
    MergeRule.COUNTRY: "same country",
    MergeRule.DERIVATION: "derived document",
    MergeRule.SAME_PUBLISHER: "same publisher",
    MergeRule.PUBLISHER_IS_ORIGIN: "publisher is the origin",
    MergeRule.SAME_DOCUMENT: "same document",
    MergeRule.SAME_PAGE: "same page",
    MergeRule.SAME_SITE: "same site",
}
_STANCES = {Stance.DIFFERS: "states another value", Stance.REFUTES: "denies it"}
_QUALIFIERS = {
    Qualifier.ABOUT: "about ",
    Qualifier.UP_TO: "up to ",
    Qualifier.AT_LEAST: "at least ",
    Qualifier.MORE_THAN: "more than ",
    Qualifier.LESS_THAN: "less than ",
}
_SHOWN = 3


def number(amount: int, noun: str) -> str:
    """Return a number with its noun, such as ``2 documents``."""
    return f"{amount:,} {noun}{'' if amount == 1 else 's'}"


def listed(names: Sequence[str]) -> str:
    """Return names such as ``A, B and C``; after the third the number of others."""
    shown = list(names[:_SHOWN])
    if len(names) > _SHOWN:
        shown.append(number(len(names) - _SHOWN, "other"))
    return shown[0] if len(shown) == 1 else f"{', '.join(shown[:-1])} and {shown[-1]}"


def left_out_words(rule: NotCounted, stance: Stance) -> str:
    """Return the rule by which a mention of a stance is not counted, in words."""
    return f"{_STANCES[stance]}; {LEFT_OUT[rule]}" if stance in _STANCES else LEFT_OUT[rule]


def published(document: Document) -> str:
    """Return the days between which a document was published, such as ``21 Apr to 31 May 2025``."""
    first, last = document.published_earliest, document.published_latest
    if first is None or last is None:
        return f"{day_in_words(first)} or later" if first else f"by {day_in_words(last)}" if last else "undated"
    if first == last:
        return day_in_words(first)
    return f"{day_in_words(first).removesuffix(f' {last.year}')} to {day_in_words(last)}"


def day_in_words(day: dt.date) -> str:
    """Return a day such as ``31 May 2025``."""
    return f"{day.day} {'JanFebMarAprMayJunJulAugSepOctNovDec'[day.month * 3 - 3 : day.month * 3]} {day.year}"


def value(reported: Reported | None) -> str | None:
    """Return the value that a document reports in words; ``None`` without one."""
    if reported is None:
        return None
    parts = [
        reported.text or (reported.quantity and _quantity(reported.quantity)),
        reported.time_frame and reported.time_frame.label,
    ]
    return ", ".join(part.removesuffix(".") for part in parts if part) or None


def _quantity(quantity: Quantity) -> str:
    ends = list(dict.fromkeys(f"{end:,.12g}" for end in (quantity.low, quantity.high) if end is not None))
    return f"{_QUALIFIERS.get(quantity.qualifier, '')}{' to '.join(ends)} {quantity.unit}".strip()


def letters(index: int) -> str:
    """Return the letters of a document by its index from 0: ``A`` ... ``Z``, ``AA`` ..."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(65 + rest) + text
    return text


def words_below(graph: Graph) -> dict[str, list[str]]:
    """Return by id of a box the words below its label: its notes, the merges that it takes part in, its numbers."""
    words = {node.id: list(node.notes) for node in graph.nodes.values()}
    numbers: dict[tuple[str, str], dict[MergeRule, int]] = {}
    for union in graph.merges:
        counts = numbers.setdefault((union.right, union.left), {})
        counts[union.merge.rule] = counts.get(union.merge.rule, 0) + 1
    for (right, left), counts in numbers.items():
        rules = ", ".join(MERGES[rule] + (f" ×{count}" if count > 1 else "") for rule, count in counts.items())
        alone = "merged among them" if graph.nodes[right].folded > 1 else "counted as one"
        partner = alone if right == left else f"one with {_called(graph.nodes[left])}"
        words[right].append(f"{partner}: {rules}")
    for node in graph.nodes.values():
        words[node.id] += _numbers(node)
    return words


def _called(origin: Node) -> str:
    return origin.mark if origin.state is State.NAMED else f"{origin.mark} {origin.label}"


def _numbers(node: Node) -> list[str]:
    if node.state is not None:
        return [f"{number(len(node.mentions), 'mention')} in {number(len(node.documents), 'document')}"]
    if node.column == "document":
        return [number(len(node.mentions), "mention")]
    return []
