"""If-Match: a change names the state it was made from (RFC 9110, 13.1.1)."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from werkzeug.datastructures import ETags
from werkzeug.exceptions import HTTPException

from service.model.errors import VersionConflict
from service.web.http.problem_details import Finding
from service.web.http.problems import problem

# Strong comparison is required here (RFC 9110, 13.1.1), though the tag behind the `W/` names the version.
WEAK = (
    "`If-Match` has a weak ETag (with `W/` before it), which never matches; the resource may be unchanged. A proxy "
    "that compresses answers puts the `W/` there: send the tag without it."
)
_NEEDED = 'Is required, with the ETag of the state that you changed, for example `If-Match: "..."`.'
_HOW = "GET the resource, and send its `ETag` as `If-Match`: this protects changes that others make meanwhile."
CHANGED = "The resource has changed since you read it. GET it again, apply your change to it, and send its new `ETag`."


class PreconditionFailed(VersionConflict):
    """``If-Match`` does not match; the message is for the client."""


def if_match() -> Callable[[str], None]:
    """Return the precondition of the request: a function of the stored tag that raises ``PreconditionFailed``.

    Answers 428 when the request has none. A tag may continue after a dot or colon with a part for what is shown beside
    the resource itself, such as how much rests on it, or for how it was compressed, and proxies continue it after a
    hyphen or semicolon (Apache: `-gzip`): these parts are not compared.
    """
    if not request.headers.get("If-Match"):
        detail = f"`If-Match` is required. {_HOW}"
        raise HTTPException(detail, problem(428, detail, [Finding("header", "/If-Match", _NEEDED)]))
    condition = request.if_match

    def check(tag: str) -> None:
        if condition.star_tag:
            return
        # werkzeug turns the tag "" into None.
        given = [one for one in condition.as_set() if one]
        if not any(one == tag or one.startswith(tuple(f"{tag}{sign}" for sign in ".:-;")) for one in given):
            raise PreconditionFailed(WEAK if is_weak(condition) else CHANGED)

    return check


def is_weak(condition: ETags) -> bool:
    """Return whether all tags of ``condition`` are weak, and there is one."""
    return not condition.as_set() and bool(condition.as_set(include_weak=True))
