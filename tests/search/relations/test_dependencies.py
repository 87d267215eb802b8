"""Statements read from the dependencies of a parser, with labels of ClearNLP and of Universal Dependencies."""

from __future__ import annotations

import pytest

from service.reading.syntax import Syntax, Tree, Word
from service.search.relations.compare import compare
from service.search.relations.dependencies import Dependencies
from service.search.relations.findings import Relation
from service.search.relations.parties import Background
from service.search.relations.statement import Statement, read_statement

_NEGATIVE = {"neg", "not", "never", "jamais", "pas"}


class Marked:
    """A parser of sentences that are written with their dependencies: "word/head/label", 0 for the head of a root."""

    languages = frozenset({"en", "fr"})

    def __init__(self, *sentences: str) -> None:
        self.parsed = 0
        self.trees = dict(map(_marked, sentences))

    def parse(self, sentence: str, language: str) -> Tree:
        """Return the words of a sentence that is known."""
        self.parsed += 1
        return self.trees.get(sentence, ())


def _marked(line: str) -> tuple[str, Tree]:
    text, words = "", []
    for place, marked in enumerate(line.split()):
        word, head, label = marked.rsplit("/", 2)
        text += " " if text and word not in (",", ".") else ""
        own = int(head) - 1 if int(head) else place
        words.append(Word(len(text), len(text) + len(word), own, label, word in _NEGATIVE))
        text += word
    return text, tuple(words)


def related(text: str, claim: str) -> Relation:
    """Return the relation of a marked text to a marked claim."""
    parser = Marked(text, claim)
    read = Dependencies(Syntax(parser), 1_000).read
    own, its = (read(sentence) for sentence in parser.trees)
    assert own.clauses is not None is not its.clauses
    return compare(own, its, Background(), []).relation


def by_rules(text: str, claim: str) -> Relation:
    """Return their relation by the order of words."""
    own, its = (read_statement(_marked(marked)[0]) for marked in (text, claim))
    return compare(own, its, Background(), []).relation


def kinds(relation: Relation) -> list[str]:
    """Return the kinds of the differences."""
    return [str(one.kind) for one in relation.differences]


def read(marked: str) -> Statement:
    """Return a marked sentence, read."""
    parser = Marked(marked)
    return Dependencies(Syntax(parser), 1_000).read(next(iter(parser.trees)))


SUED = "The/2/det bank/3/nsubj sued/0/ROOT the/5/det heirs/3/dobj of/5/prep a/8/det clerk/6/pobj ./3/punct"
POURSUIVIT = "La/2/det banque/4/nsubj a/4/aux poursuivi/0/root les/6/det héritiers/4/obj ./4/punct"
EXCHANGED = (
    ("The/2/det heirs/6/nsubj of/2/prep a/5/det clerk/3/pobj sued/0/ROOT the/8/det bank/6/dobj ./6/punct", SUED),
    (
        "The/2/det bank/4/nsubjpass was/4/auxpass sued/0/ROOT by/4/agent the/7/det heirs/5/pobj of/7/prep "
        "a/10/det clerk/8/pobj ./4/punct",
        SUED,
    ),
    (
        "The/2/det bank/4/nsubj:pass was/4/aux:pass sued/0/root by/7/case the/7/det heirs/4/obl:agent of/10/case "
        "a/10/det clerk/7/nmod ./4/punct",
        SUED,
    ),
    ("Les/2/det héritiers/4/nsubj ont/4/aux poursuivi/0/root la/6/det banque/4/obj ./4/punct", POURSUIVIT),
    (
        "La/2/det banque/5/nsubj:pass a/5/aux été/5/aux:pass poursuivie/0/root par/8/case les/8/det "
        "héritiers/5/obl:agent ./5/punct",
        "La/2/det banque/4/nsubj a/4/aux poursuivie/0/root les/6/det héritiers/4/obj ./4/punct",
    ),
    # A verb that makes somebody do something has him for an object.
    (
        "Lara/2/nsubj made/0/ROOT Otto/4/nsubj pay/2/ccomp the/6/det bank/4/dobj ./2/punct",
        "Otto/2/nsubj made/0/ROOT Lara/4/nsubj pay/2/ccomp the/6/det bank/4/dobj ./2/punct",
    ),
    (
        "Chilean/2/amod miners/4/nsubjpass were/4/auxpass flown/0/ROOT to/4/prep Peru/5/pobj ./4/punct",
        "Peru/3/nsubj has/3/aux flown/0/ROOT miners/3/dobj to/3/prep Chile/5/pobj ./3/punct",
    ),
    (
        "The/2/det clerk/7/nsubj ,/2/punct who/5/nsubj sued/2/relcl Lara/5/dobj slept/0/ROOT ./7/punct",
        "Lara/2/nsubj sued/0/ROOT the/4/det clerk/2/dobj and/2/cc slept/2/conj ./2/punct",
    ),
)
THE_SAME = (
    (
        "The/2/det heirs/7/nsubjpass of/2/prep a/5/det clerk/3/pobj were/7/auxpass sued/0/ROOT by/7/agent "
        "the/10/det bank/8/pobj ./7/punct",
        SUED,
    ),
    (
        "Les/2/det héritiers/5/nsubj:pass ont/5/aux été/5/aux:pass poursuivi/0/root par/8/case la/8/det "
        "banque/5/obl:agent ./5/punct",
        POURSUIVIT,
    ),
    # Where something happens takes no part in it.
    (
        "A/2/det clerk/3/nsubj slept/0/ROOT in/3/prep a/6/det bank/4/pobj on/6/prep Monday/7/pobj ./3/punct",
        "A/2/det bank/3/nsubj slept/0/ROOT near/3/prep a/6/det clerk/4/pobj on/3/prep Monday/7/pobj ./3/punct",
    ),
    # What is denied beside the clause is not denied of it.
    (
        "The/2/det bank/7/nsubj ,/2/punct which/6/nsubj never/6/neg slept/2/relcl sued/0/ROOT the/9/det heirs/7/dobj "
        "of/9/prep a/12/det clerk/10/pobj ./7/punct",
        SUED,
    ),
)


@pytest.mark.parametrize(("text", "claim"), EXCHANGED)
def test_who_acts_and_to_whom_is_compared(text: str, claim: str) -> None:
    assert kinds(related(text, claim)) == ["roles"]


@pytest.mark.parametrize(("text", "claim"), THE_SAME)
def test_another_form_says_the_same(text: str, claim: str) -> None:
    assert related(text, claim).kind == "same"


def test_the_rules_do_not_tell_all_of_them() -> None:
    assert any(kinds(by_rules(text, claim)) != ["roles"] for text, claim in EXCHANGED)
    assert any(by_rules(text, claim).kind != "same" for text, claim in THE_SAME)


@pytest.mark.parametrize(
    "text",
    [
        "The/2/det bank/5/nsubj did/5/aux not/5/neg sue/0/ROOT the/7/det heirs/5/dobj of/7/prep a/10/det "
        "clerk/8/pobj ./5/punct",
        "Nora/2/nsubj denied/0/ROOT that/6/mark the/5/det bank/6/nsubj sued/2/ccomp the/8/det heirs/6/dobj of/8/prep "
        "a/11/det clerk/9/pobj ./2/punct",
        "Nora/2/nsubj denied/0/ROOT on/2/prep Monday/3/pobj with/2/prep all/8/det her/8/poss power/5/pobj that/12/mark "
        "the/11/det bank/12/nsubj sued/2/ccomp the/14/det heirs/12/dobj of/14/prep a/17/det clerk/15/pobj ./2/punct",
    ],
)
def test_a_denial_contradicts(text: str) -> None:
    relation = related(text, SUED)
    assert (relation.kind, kinds(relation)) == ("contradicts", ["polarity"])


@pytest.mark.parametrize(
    ("text", "party", "statement"),
    [
        (
            "Nora/2/nsubj said/0/ROOT that/5/mark Lara/5/nsubj praised/2/ccomp Otto/5/dobj ./2/punct",
            "Nora",
            "Lara praised Otto",
        ),
        (
            "Lara/2/nsubj praised/6/ccomp Otto/2/dobj ,/6/punct Nora/6/nsubj said/0/ROOT ./6/punct",
            "Nora",
            "Lara praised Otto",
        ),
        (
            "Lara/5/nsubj ,/4/punct Nora/4/nsubj says/5/parataxis praised/0/root Otto/5/obj today/5/advmod ./5/punct",
            "Nora",
            "Lara praised Otto today",
        ),
        (
            "It/3/nsubjpass was/3/auxpass reported/0/ROOT by/3/agent Nora/4/pobj that/8/mark Lara/8/nsubj "
            "praised/3/ccomp Otto/8/dobj ./3/punct",
            "Nora",
            "Lara praised Otto",
        ),
    ],
)
def test_who_says_it_is_the_subject_of_a_verb_of_saying(text: str, party: str, statement: str) -> None:
    found = read(text)
    assert [frame.party for frame in found.frames] == [party]
    assert [word.term for word in found.words] == statement.lower().split()
    assert [named.part.role for named in found.names] == ["actor", "goal"]


def test_a_sentence_that_cannot_be_parsed_is_read_by_rules() -> None:
    parser = Marked(SUED)
    syntax = Syntax(parser)
    for sentence in ("Lara praised Otto.", "Сергей похвалил Анну."):
        assert Dependencies(syntax, 1_000).read(sentence) == read_statement(sentence)
    [sentence] = parser.trees
    parser.parsed = 0
    for _ in range(3):
        assert Dependencies(syntax, 1_000).read(sentence).clauses is not None
    assert parser.parsed == 1  # the tree is kept


def test_a_request_parses_only_so_much() -> None:
    parser = Marked()
    read = Dependencies(Syntax(parser), 0).read
    for number in range(100):
        read(f"The bank sued {number} heirs of a clerk.")
    assert 40 < parser.parsed < 60
