"""Explanations and summaries: whole sentences, and never a number of origins for nobody."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given

from service.corroboration.explanation import explain, summarise
from service.model.entities import Basis, Mention, Policy
from tests.corroboration.factories import DIFFERS, PARTLY, PARTLY_REFUTES, REFUTES, compute, document, mention
from tests.corroboration.strategies import World, kernel
from tests.corroboration.version_2.world import policies, worlds

DAY = dt.date(2025, 6, 11)
NIS, HUR = mention("a", "bbc-1", "nis"), mention("b", "ap-1", "hur")
BOTH, GUESS = mention("c", "bbc-1", "hur"), mention("g", "wsj-1", "lab", basis=Basis.INFERRED)
DENIED, OTHER = mention("x", "wsj-1", "us", stance=REFUTES), mention("y", "wsj-2", "lab", stance=DIFFERS)


@pytest.mark.parametrize(
    ("mentions", "explanation", "summary"),
    [
        (
            (),
            "Nothing supports the claim as stated. 0 mentions in 0 documents.",
            "Nothing that supports this is recorded.",
        ),
        (
            (NIS,),
            "Everything that supports the claim comes from one origin: South-Korea. "
            "1 mention in 1 document; 1 in support from 1 named origin.",
            "South-Korea is the only origin of this; it stands in 1 document, since 2025-06-11 at the latest.",
        ),
        (
            (mention("u", "unknown-1"),),
            "The claim has support. No origin of the support is named. "
            "1 mention in 1 document; 1 in support from no named origin (1 possible).",
            "1 document says so, since 2025-06-11 at the latest; no origin is named.",
        ),
        (
            (GUESS, mention("u", "unknown-1")),
            "The claim has support. No origin of the support is named; probably Lab. "
            "2 mentions in 2 documents; 2 in support from no named origin (2 possible).",
            "2 documents say so, since 2025-06-11 at the latest; the origin is probably Lab.",
        ),
        (
            (NIS, HUR),
            "2 independent origins of the support are named, in 2 independent documents: South-Korea and Ukraine. "
            "2 mentions in 2 documents; 2 in support from 2 named origins.",
            "2 independent origins support this, in 2 documents, since 2025-06-11 at the latest: South-Korea and "
            "Ukraine.",
        ),
        (
            (NIS, BOTH),
            "2 independent origins of the support are named, but all in 1 document: 2 are required. "
            "2 mentions in 1 document; 2 in support from 2 named origins.",
            "2 independent origins support this, all named in 1 document, since 2025-06-11 at the latest: "
            "South-Korea and Ukraine.",
        ),
        (
            (NIS, GUESS),
            "1 independent origin of the support is named: South-Korea; 2 are required, and the others are only "
            "possible. 2 mentions in 2 documents; 2 in support from 1 named origin (1 more possible).",
            "South-Korea is the only named origin of this; others are possible. It stands in 2 documents, since "
            "2025-06-11 at the latest.",
        ),
        (
            (NIS, DENIED, OTHER),
            "The claim has support, and it is denied as well as stated with another value. 3 mentions in 3 documents; "
            "1 in support from 1 named origin; 1 with another value from 1 named origin; 1 in denial from 1 named "
            "origin.",
            "South-Korea is the only origin of this; it stands in 1 document, since 2025-06-11 at the latest. In "
            "dispute: denied by Us and stated with another value by Lab.",
        ),
        (
            (DENIED,),
            "The claim is only denied. 1 mention in 1 document; 1 in denial from 1 named origin.",
            "Nothing supports this; denied by Us.",
        ),
        (
            (mention("z", "unknown-1", stance=DIFFERS),),
            "Nothing supports the claim as stated. 1 mention in 1 document; 1 with another value from no named origin "
            "(1 possible).",
            "Nothing supports this as stated; stated with another value in 1 document without a named origin.",
        ),
        (
            (mention("p", "bbc-1", "nis", stance=PARTLY), mention("q", "ap-1", "us", stance=PARTLY_REFUTES)),
            "Nothing supports the claim as stated. 2 mentions in 2 documents; 1 in support of a part, not counted; "
            "1 in denial of a part, not counted.",
            "Nothing supports this in full; 1 mention in part.",
        ),
    ],
)
def test_the_words_for_a_result(mentions: tuple[Mention, ...], explanation: str, summary: str) -> None:
    result = compute(*mentions)
    assert explain(result) == explanation
    assert summarise(result, DAY if mentions else None) == summary


def test_evidence_that_is_not_certainly_dated_is_said_to_be_there() -> None:
    documents = document("one"), document("later", earliest=dt.date(2026, 1, 1))
    result = compute(mention("a", "one", "nis"), mention("b", "later", "hur"), documents=documents, as_of=DAY)
    assert (result.status, result.undated_documents) == ("unsupported", 1)
    assert explain(result) == (
        "No document that was certainly published by then mentions the claim. 0 mentions in 0 documents. As of "
        "2025-06-11, documents certainly published by then; left out: 1 mention in later documents and 1 mention in "
        "documents that are not certainly dated."
    )
    assert summarise(result, None) == (
        "Nothing certainly published by 2025-06-11 supports this. Left out: 1 document not certainly dated and "
        "1 document published later."
    )
    later = compute(mention("b", "later", "hur"), documents=documents, as_of=DAY)
    assert summarise(later, None) == (
        "Nothing certainly published by 2025-06-11 supports this. Left out: 1 document published later."
    )


def test_documents_of_one_publisher_are_not_said_to_be_one_document() -> None:
    result = compute(mention("a", "wsj-1", "nis"), mention("b", "wsj-2", "hur"))
    assert explain(result).startswith(
        "2 independent origins of the support are named, but all in documents of one publisher: 2 are required. "
    )
    assert summarise(result, None) == (
        "2 independent origins support this, all named in documents of one publisher: South-Korea and Ukraine."
    )


def test_a_long_list_is_cut() -> None:
    named = [
        mention(f"m{n}", place, who)
        for n, (place, who) in enumerate(
            [("bbc-1", "nis"), ("ap-1", "hur"), ("wsj-1", "us"), ("unknown-1", "lab"), ("unknown-2", "blog")]
        )
    ]
    assert summarise(compute(*named), None) == (
        "5 independent origins support this, in 5 documents: Blog, Lab, South-Korea and 2 others."
    )


@kernel
@given(worlds(), policies)
def test_nobody_is_never_an_independent_origin(world: World, policy: Policy) -> None:
    result = world.compute(policy)
    words = f"{explain(result)} {summarise(result, None)}"
    if result.supports.groups and not result.supports.origins.named:
        assert "independent origin" not in words
        assert "only origin" not in words
    assert "  " not in words
    assert words.endswith(".")
