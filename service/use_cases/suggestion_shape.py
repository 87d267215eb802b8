"""The JSON of a suggestion, as the API answers it."""

from __future__ import annotations

from typing import Any

from service.schemas.suggestions import REASONS, SuggestionDetailSchema, SuggestionSchema
from service.use_cases.suggestions import ShownSuggestion

_PLAIN, _DETAIL = SuggestionSchema(), SuggestionDetailSchema()


def suggestion_json(shown: ShownSuggestion, *, detail: bool = False) -> dict[str, Any]:
    """Return a suggestion as the API answers it, with its effects if ``detail``."""
    stored, decided = shown.stored, shown.decided
    shape = {
        "id": stored.pair.id,
        "kind": stored.pair.kind,
        "state": stored.state,
        "score": stored.likeness.score / 100,
        "reasons": [{"code": reason, "text": REASONS[reason]} for reason in stored.likeness.reasons],
        "records": shown.records,
        "into": shown.into,
        "found_at": stored.found_at,
        "decided": decided
        and {
            "decision": decided.decision,
            "at": decided.decided.at,
            "by": decided.decided.by,
            "reason": decided.decided.reason,
        },
        "effects": shown.effects,
    }
    dumped: dict[str, Any] = (_DETAIL if detail else _PLAIN).dump(shape)
    return dumped
