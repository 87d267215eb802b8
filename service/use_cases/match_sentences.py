"""Find the claims that a text repeats, each at the sentence that repeats it, to mark them in the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.reading.syntax import Syntax
from service.search.matching.passages import Span, sentence_spans
from service.store import Store
from service.use_cases.match import Match, match_texts
from service.use_cases.nearest_claims import Nearest

SENTENCES_AT_MOST = 100
"""The most sentences that are matched by themselves; of a longer text those in passages that match."""


def match_sentences(
    store: Store,
    text: str,
    limit: int,
    threshold: float,
    nearest: Nearest | None = None,
    syntax: Syntax | None = None,
) -> list[Match]:
    """Return the claims that ``text`` repeats, each once, at most ``limit``, in the order of their places.

    A claim stands at the sentence that repeats it best. Passages of several sentences of which none repeats a claim
    by itself keep the claims that they repeat together.
    """
    with store.snapshot():
        [whole] = match_texts(store, [text], limit, threshold, nearest, syntax)
        sentences = _sentences(text, whole)
        texts = [text[start:end] for start, end in sentences]
        by_sentence = match_texts(store, texts, limit, threshold, nearest, syntax)
    best: dict[str, Match] = {}
    for (start, _), matches in zip(sentences, by_sentence, strict=True):
        for match in matches:
            if match.json not in best or best[match.json].score < match.score:
                best[match.json] = replace(match, start=start + match.start, end=start + match.end)
    covered = [(match.start, match.end) for match in best.values()]
    for match in whole:
        if not any(match.start < end and start < match.end for start, end in covered):
            best.setdefault(match.json, match)
    kept = sorted(best.values(), key=lambda match: -match.score)[:limit]
    return sorted(kept, key=lambda match: (match.start, -match.end, -match.score))


def _sentences(text: str, whole: Sequence[Match]) -> list[Span]:
    """Return the sentences to match by themselves."""
    found = sentence_spans(text)
    if len(found) > SENTENCES_AT_MOST:
        found = [(start, end) for start, end in found if any(m.start < end and start < m.end for m in whole)]
    return found[:SENTENCES_AT_MOST]
