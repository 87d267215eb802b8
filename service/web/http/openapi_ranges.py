"""The refusals that any operation can answer with, as the ranges 4XX and 5XX of the OpenAPI document.

Ranges and not ``default``: the clients that openapi-generator makes know ranges, and read the problem from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

Json = dict[str, Any]

GOOGLE = "google-"
RESPONSES = "#/components/responses/"
# These say nothing about the resource. The others are listed by each operation that has them.
IN_RANGES = ("400", "401", "403", "406", "413", "414", "415", "429", "431", "500", "503", "507")


def join_into_ranges(operations: Iterable[Json], responses: Json) -> None:
    """Replace these statuses of ``operations`` by references to the ranges, which replace them in ``responses``.

    Operations of Google's API have ranges of their own. They include the errors that the server answers on all paths,
    which have no form in Google's shape.
    """
    own = {status: responses.pop(status) for status in IN_RANGES}
    googles = {status: responses.pop(GOOGLE + status, answer) for status, answer in own.items()}
    for prefix, answers in (("", own), (GOOGLE, googles)):
        for digit in "45":
            responses[f"{prefix}{digit}XX"] = _joined({s: a for s, a in answers.items() if s.startswith(digit)})
    for operation in operations:
        answers = operation["responses"]
        references = [answers.pop(status)["$ref"] for status in IN_RANGES if status in answers]
        prefix = GOOGLE if any(GOOGLE in reference for reference in references) else ""
        answers |= {f"{digit}XX": {"$ref": f"{RESPONSES}{prefix}{digit}XX"} for digit in "45"}


def _joined(answers: Mapping[str, Json]) -> Json:
    """Return one response for ``answers``, by status: with the headers of each, and an example of each."""
    headers: Json = {}
    content: Json = {}
    for status, answer in answers.items():
        headers |= answer["headers"]
        for media_type, part in answer["content"].items():
            shown = content.setdefault(media_type, {"schema": part["schema"], "examples": {}})
            shown["examples"][status] = {"value": part["example"]}
    meanings = " ".join(f"`{status}`: {answer['description']}" for status, answer in answers.items())
    return {"description": meanings, "headers": headers, "content": content}
