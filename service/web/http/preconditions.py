"""If-Match: a change names the state it was made from (RFC 9110, 13.1.1)."""

from __future__ import annotations

from collections.abc import Callable

from flask import request
from werkzeug.exceptions import HTTPException

from service.model.errors import VersionConflict
from service.web.http.problems import problem


def if_match() -> Callable[[str], None]:
    """The precondition of the request: called with the tag of what is stored, raises ``VersionConflict`` if it fails.

    Answers 428 when the request has none. A tag may go on after a dot or colon with what is shown beside the thing
    itself, such as how much rests on it, or with how it was compressed: a change of those is no reason to refuse.
    """
    if not request.headers.get("If-Match"):
        detail = "Send the ETag of what you changed as `If-Match`, so that nobody else's change is lost."
        findings = [{"in": "header", "pointer": "/If-Match", "detail": "Is needed."}]
        raise HTTPException(detail, problem(428, detail, findings))
    condition = request.if_match

    def check(tag: str) -> None:
        if condition.star_tag:
            return
        # werkzeug makes None of the tag "".
        given = [one for one in condition.as_set() if one]
        if not any(one == tag or one.startswith((f"{tag}.", f"{tag}:")) for one in given):
            raise VersionConflict("It has changed since you read it: read it again, and make your change to that.")

    return check
