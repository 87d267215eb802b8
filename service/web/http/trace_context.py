"""The ids of the trace that a request belongs to, by its header ``traceparent`` (W3C Trace Context)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# Later versions may add members at the end; version ff is invalid.
_TRACEPARENT = re.compile(
    r"(?:00-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-[0-9a-f]{2}"
    r"|(?!00|ff)[0-9a-f]{2}-(?P<later_trace>[0-9a-f]{32})-(?P<later_span>[0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?)"
)


def trace_ids(environ: Mapping[str, Any]) -> dict[str, str]:
    """Return ``trace_id`` and ``span_id``, that of the caller's span; nothing without a valid header."""
    header = environ.get("HTTP_TRACEPARENT")
    match = None if header is None else _TRACEPARENT.fullmatch(header)
    if match is None:
        return {}
    trace, span = match["trace"] or match["later_trace"], match["span"] or match["later_span"]
    return {"trace_id": trace, "span_id": span} if trace.strip("0") and span.strip("0") else {}
