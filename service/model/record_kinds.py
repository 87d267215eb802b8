"""The kinds of records that an export has, and the two scopes of an export."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a line is about, each after what it refers to."""

    SOURCE = "source"
    DOCUMENT = "document"
    CLAIM = "claim"
    MENTION = "mention"
    LINK = "link"
    VERDICT = "verdict"
    PAGE = "page"
    REVIEW = "review"
    ASSIGNMENT = "assignment"


class Scope(StrEnum):
    """For whom an export is: for everybody, or for those who see drafts."""

    PUBLIC = "public"
    ALL = "all"
