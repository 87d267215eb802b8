"""Another subject of the same verb, and another portfolio of a ministry."""

from __future__ import annotations

import pytest

from tests.search.relations.related import kinds

ONE_MORE: tuple[tuple[str, str, set[str]], ...] = (
    ("Fishermen describe the new law as a trap.", "Investigators describe the new law as a trap.", {"speaker"}),
    ("Peru itself describes the new law as a trap.", "Investigators describe the new law as a trap.", {"speaker"}),
    ("Bakers accuse the mayor of lying.", "Nurses accuse the mayor of lying.", {"speaker"}),
    ("The airline operates the port of Larkport.", "The navy operates the port of Larkport.", {"actor"}),
    ("Investigators describe it as a trap.", "Fishing is a trap, investigators describe it so.", set()),
    ("They describe the new law as a trap.", "Investigators describe the new law as a trap.", set()),
    ("Workers describe the new law as a trap.", "Labourers describe the new law as a trap.", set()),
    ("The Health Ministry closed the harbour.", "The Transport Ministry closed the harbour.", {"actor"}),
    ("The talks were at the Ministry of Justice.", "The talks were at the Ministry of Defence.", {"place"}),
    ("Peru's foreign minister closed the harbour.", "The Peruvian interior minister closed the harbour.", {"actor"}),
    ("The Ministry of Foreign Affairs closed the harbour.", "The Foreign Ministry closed the harbour.", set()),
    ("The defense minister closed the harbour.", "The minister of defence closed the harbour.", set()),
    ("The ministry closed the harbour.", "The Health Ministry closed the harbour.", set()),
)


@pytest.mark.parametrize(("text", "claim", "differs"), ONE_MORE)
def test_another_subject_is_told(text: str, claim: str, differs: set[str]) -> None:
    assert kinds(text, claim) == differs
