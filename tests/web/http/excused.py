"""Refusals that no JSON Schema can express: of requests that fit the OpenAPI document, but not the current state.

Hooks of schemathesis: of all that it finds, only these refusals of well-formed requests are passed over.
"""

import json
import re
from itertools import count
from typing import Any

import schemathesis

# By field and reason: a reference to nothing, an order of two values, a number beyond what there is, a circle.
NOT_IN_A_SCHEMA = [
    (r".*", r"There is no (claim|source|document|mention|verdict) '.*'\."),
    (r"/(checker|reviewers/\d+)", r"No active key has the name .*\."),
    (r"/reviewers/\d+", r"You cannot review your own draft: name another checker\."),
    # The name of a key, as it is read by people and told from others; a time that is over.
    (r"/name", r"Must have 1 to \d+ printable characters, such as '.*'\."),
    (r"/name", r".* looks like .*, which exists, with letters of another alphabet.*"),
    (r"/name", r".* differs only in case from .*, which exists: choose another name\."),
    (r"/name", r".* is reserved: the service uses it in the log\."),
    (r"/expires_at", r"Must be in the (future: it is .* now|years 1 to 9999 in UTC, such as .*)\."),
    (r"/claim_version", r"\d+ is not a version of the claim yet: it is at version \d+\."),
    (r"/(from|to|size)", r"Must be at most \d+, the number of events in the log, not \d+\."),
    (r"/from", r"Must not be after .*|Must be at most \d+, not \d+\."),
    (r"/size", r"Must be at least \d+: the tree of the first \d+ events does not have event \d+\."),
    (
        r"/(into|claim)",
        r"The (claim|source|document) '.*' was (itself )?merged into '.*': (merge into|link to) that one\.",
    ),
    (r"/(into|claim)", r"A (claim|source|document) cannot be (merged into|linked to) itself\."),
    (r"/(part_of|derived_from)", r"Would create a cycle: .*"),
    (r"/length", r"Must be at least \d+, not \d+: a mention of the document ends at code point \d+\."),
    (r"/locator/end", r"\d+ is past the end of the document, which has \d+ code points\."),
    # A schema counts characters.
    (r".*/url", r"Must be at most 2000 bytes in UTF-8\."),
    # A patch, of what it makes of the thing that is there.
    (r"/id", r"`id` cannot be changed: .*"),
    (r"/after", r"There is no line \w+:.* in this export: give the kind:id of a line that you received\."),
    (r"/locator/end", r"`end` must be greater than `start` \(\d+\)\."),
    (r".*/low", r"`low` must not be greater than `high` \(.*\)\."),
    (r".*/start", r"`start` must not be after `end` \(.*\)\."),
    (r"/published_earliest", r"`published_earliest` must not be after `published_latest` \(.*\)\."),
    (r"/published_earliest", r"Must not be after .*, the day on which the service first had the document, not .*\."),
    (r"/checker", r"The claim is assigned to .* already: name another checker\."),
    (r"/reviewed_at", r"Must (be a date or an RFC 3339 time|not be in the future), such as .*"),
    # A pattern does not know how many days a month has.
    (
        r"/(updated_since|since|until|known_at|expires_at)",
        r"Must be a date or an RFC 3339 time with a time zone, such as .*",
    ),
    (r"/known_at", r"Must not be (in the future|before the log begins).*"),
    # Schemathesis fills a list with ids of things that are there, whether or not its items are unique.
    (r"/distinct_from", r"Has the same item at positions \d+ and \d+: list each item once\."),
    (
        r"/distinct_from(/\d+)?",
        r"Must be other sources: .*|A claim cannot be distinct from itself\.|.* was merged into .*",
    ),
    (r"/quote", r"Needs a `locator`: .*|Must be (the whole span of the locator|the text of the span), .*"),
    (r"/policy", r"`policy` names the whole policy: .*"),
    (r"/sort", r"Needs a search \(`q`\) with this value: use recency\."),
    (
        r"/(quantity|time_frame)/\w+",
        r"Missing data for required field\.|`low` or `high` is required, such as 15000\.",
    ),
    # The same key for another request, which the draft standard answers with 422.
    (r"/Idempotency-Key", r"The key was used for another request, .*"),
]
# The same under Google's addresses, by field and description.
NOT_IN_A_SCHEMA_OF_GOOGLES = [
    (r"query", r".*Needed unless `reviewPublisherSiteFilter` is given\."),
    (r"pageToken", r".*Is not the `nextPageToken` of a search with the same parameters\."),
    (r"fields", r".*Error expanding 'fields' parameter\. .*"),
    (r".*", r".*Must be at most 2000 bytes in UTF-8\."),
    (r".*(claimDate|publishDate)", r".*Must be a date, such as .*"),
    (r"organization", r".*Not together with `url`\."),
    (r"claimReviewMarkups\[\d+\]\.url", r".*Must be the address of the page \(.*\), optionally with a #fragment\."),
    (
        r"claimReviewMarkups\[\d+\]\.claimReviewed",
        r".*This claim is reviewed twice at this address: give the reviews different #fragments\.",
    ),
    (r"versionId", r".*Required: the `versionId` of the page that you changed\."),
    (r"Idempotency-Key", r".*The key was used for another request, .*"),
]
# A message ends with the value that was given, and the nearest one.
_ENDING = r"( Got .*\.)?( Did you mean '.*'\?)?"
_numbers = count(1)
_SHOWN = re.compile(r"Bearer cv_([a-z2-7]{12})_")


@schemathesis.hook
def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """Return whether a failure counts."""
    if type(failure).__name__ == "EnsureResourceAvailability":
        # That a claim is there does not say that somebody has taken it.
        return not case.operation.path.endswith("/assignment")
    if case.operation.path.endswith("/batch"):
        # A claim may have the id `batch`, at the same address. A wrong item is refused alone.
        if type(failure).__name__ == "AllowHeaderMismatch":
            return False
        if type(failure).__name__ == "AcceptedNegativeData":
            return bool(json.loads(response.content)["refused"] == 0)
    if type(failure).__name__ == "ServerError" and case.operation.path.endswith("/claims:imageSearch"):
        # That it is not here is all that it ever says.
        return bool(response.status_code != 501)
    if type(failure).__name__ != "RejectedPositiveData" or response.status_code not in (400, 422, 501):
        return True
    if case.operation.path.startswith("/v1alpha1/"):
        return not _excused_by_google(json.loads(response.content)["error"])
    findings = json.loads(response.content).get("errors", [])
    return response.status_code != 422 or not findings or not all(map(excused, findings))


def _excused_by_google(error: dict[str, Any]) -> bool:
    """Return whether no schema can express why each field is wrong, or the method is not supported at all."""
    violations = [each for detail in error["details"] for each in detail.get("fieldViolations", [])]
    return error["status"] == "UNIMPLEMENTED" or (
        bool(violations)
        and all(
            any(
                re.fullmatch(field, violation["field"])
                and re.fullmatch(f"({said}){_ENDING}", violation["description"], re.DOTALL)
                for field, said in NOT_IN_A_SCHEMA_OF_GOOGLES
            )
            for violation in violations
        )
    )


def excused(finding: dict[str, str]) -> bool:
    """Return whether no schema can express a finding."""
    return any(
        re.fullmatch(pointer, finding["pointer"]) and re.fullmatch(f"({detail}){_ENDING}", finding["detail"], re.DOTALL)
        for pointer, detail in NOT_IN_A_SCHEMA
    )


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Keep good requests good: dictionaries give the same value twice, and most keys that are made up are short.

    And the key that is shown stays as it is: without it all that follows would be refused.
    """
    shown = _SHOWN.match((case.headers or {}).get("Authorization", ""))
    if shown and case.method != "GET" and (case.path_parameters or {}).get("key_id") == shown[1]:
        case.path_parameters["key_id"] = "another"
    if case.meta is None or not case.meta.generation.mode.is_positive:
        return
    if isinstance(case.body, dict):
        for name in ("attribution", "reviewers"):
            if isinstance(case.body.get(name), list):
                case.body[name] = list(dict.fromkeys(case.body[name]))
    if case.headers and case.headers.get("Idempotency-Key"):
        case.headers["Idempotency-Key"] = f"{case.headers['Idempotency-Key'][:200]}-{next(_numbers)}"
