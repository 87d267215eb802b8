"""The kinds of records in an export, and the scopes of exports."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """The kinds of records, each after the kinds that it refers to."""

    SOURCE = "source"
    DOCUMENT = "document"
    CLAIM = "claim"
    MENTION = "mention"
    LINK = "link"
    VERDICT = "verdict"
    PAGE = "page"
    REVIEW = "review"
    ASSIGNMENT = "assignment"
    SUGGESTION = "suggestion"


class Scope(StrEnum):
    """The audience of an export: everybody, or those who may see drafts."""

    PUBLIC = "public"
    ALL = "all"
