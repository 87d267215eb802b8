"""The refusals that any operation can answer with, as the ranges 4XX and 5XX of the OpenAPI document.

Ranges and not ``default``: the clients that openapi-generator makes know ranges, and read the problem from them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.web.http.negotiation import JSON
from service.web.http.openapi_nodes import Json

GOOGLE = "google-"
RESPONSES = "#/components/responses/"
# Most operations have these. The others are listed by each operation that has them.
IN_RANGES = ("400", "401", "403", "404", "406", "412", "413", "414", "415", "422", "429", "431", "500", "503", "507")
# An operation that requires a condition lists 412 itself; any other one can have it when a request has a condition.
_CONDITION_REQUIRED, _CONDITION_FAILED = "428", "412"


def join_into_ranges(operations: Sequence[Json], responses: Json) -> None:
    """Replace these statuses of ``operations`` by references to the ranges, which replace them in ``responses``.

    Operations of Google's API have ranges of their own. They include the errors that the server answers on all paths,
    which have no form in Google's shape.
    """
    own = {status: responses[status] for status in IN_RANGES}
    # Google's shape has 400 where ours has 422.
    googles = {status: responses.get(GOOGLE + status, answer) for status, answer in own.items() if status != "422"}
    for operation in operations:
        _refer_to_ranges(operation["responses"])
    _remove_unused(operations, responses)
    for digit in "45":
        responses[f"{digit}XX"] = _joined({s: a for s, a in own.items() if s.startswith(digit)})
        shown = _joined({s: a for s, a in googles.items() if s.startswith(digit)})
        # The others differ in the codes only, which the description has.
        examples = shown["content"][JSON]["examples"]
        first = min(examples)
        shown["content"][JSON]["examples"] = {first: examples[first]}
        responses[f"{GOOGLE}{digit}XX"] = shown


def _refer_to_ranges(answers: Json) -> None:
    listed = {_CONDITION_FAILED} if _CONDITION_REQUIRED in answers else set()
    references = [answers.pop(status)["$ref"] for status in IN_RANGES if status in answers.keys() - listed]
    prefix = GOOGLE if any(GOOGLE in reference for reference in references) else ""
    answers |= {f"{digit}XX": {"$ref": f"{RESPONSES}{prefix}{digit}XX"} for digit in "45"}


def _remove_unused(operations: Sequence[Json], responses: Json) -> None:
    used = {answer.get("$ref") for operation in operations for answer in operation["responses"].values()}
    for name in [name for name in responses if RESPONSES + name not in used]:
        del responses[name]


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
