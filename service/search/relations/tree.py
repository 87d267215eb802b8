"""A parsed sentence beside the words of a statement: who governs whom, whichever scheme the labels are from."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence, Set

from service.reading.syntax import Tree
from service.reading.tokens import plain
from service.search.relations.lexicon import word_class

SUBJECT = frozenset(("nsubj", "csubj"))
PASSIVE_SUBJECT = frozenset(("nsubjpass", "nsubj:pass", "csubjpass", "csubj:pass"))
AGENT = frozenset(("agent", "obl:agent"))
OBJECT = frozenset(("dobj", "obj", "iobj", "dative", "obl:arg"))
# They take part in what their head takes part in.
_INSIDE = frozenset(
    (
        *("compound", "flat", "flat:name", "flat:foreign", "fixed", "amod", "nmod", "poss", "nmod:poss", "det:poss"),
        *("conj", "appos", "nummod"),
    )
)
_CASE, _MARKS = frozenset(("case",)), frozenset(("mark",))
_WITH_CASE = frozenset(("obl", "nmod", "obl:agent", "obl:arg", "obl:mod"))
_PREPOSITIONS = frozenset(("prep", "agent", "dative"))
# Said beside a clause, and what has a subject of its own in it.
_ASIDE = frozenset(("relcl", "acl:relcl", "advcl", "advcl:relcl", "parataxis"))
_CLAUSES = _ASIDE | {"acl", "ccomp", "csubj", "csubj:pass", "csubjpass"}
_RELATIVE_CLAUSES, _RELATIVE = frozenset(("relcl", "acl:relcl")), frozenset(("who", "which", "that"))
_SMALL_CLAUSES = frozenset(("ccomp", "xcomp"))
_WITH_SUBJECT_OF_HEAD = frozenset(("xcomp", "conj", "advcl"))
_QUANTITIES = word_class("quantities")


class ParsedSentence:
    """The words of a tree by their places, with their dependents."""

    def __init__(self, text: str, start: int, tree: Tree) -> None:
        self.words = tree
        self.terms = [plain(text[start + word.start : start + word.end]) for word in tree]
        self._starts = [start + word.start for word in tree]
        self._dependents: list[list[int]] = [[] for _ in tree]
        for place, word in enumerate(tree):
            if word.head != place:
                self._dependents[word.head].append(place)

    def __len__(self) -> int:
        return len(self.words)

    def at(self, start: int) -> int:
        """Return the word at the character ``start`` of the text."""
        return max(0, bisect_right(self._starts, start) - 1)

    def start(self, place: int) -> int:
        """Return the first character of a word in the text."""
        return self._starts[place]

    def end(self, place: int) -> int:
        """Return the character after a word in the text."""
        return self._starts[place] + self.words[place].end - self.words[place].start

    def dependents(self, place: int, labels: Set[str] | None = None) -> list[int]:
        """Return the dependents of a word, those with one of the labels if given."""
        found = self._dependents[place]
        return found if labels is None else [one for one in found if self.words[one].label in labels]

    def phrase(self, place: int, without: Set[str] = frozenset()) -> set[int]:
        """Return a word with all that depends on it, except what is joined to it by one of the labels."""
        found, left = {place}, [place]
        while left:
            for one in self._dependents[left.pop()]:
                if one not in found and self.words[one].label not in without:
                    found.add(one)
                    left.append(one)
        return found

    def top(self, places: Sequence[int]) -> int:
        """Return the first of some words whose head is none of them."""
        return next((one for one in places if self.words[one].head not in places or self.words[one].head == one), 0)

    def argument(self, place: int) -> int:
        """Return the word by which a word takes part in its clause: "miners" for the first of "a number of miners"."""
        for _ in self.words:
            word = self.words[place]
            preposition = self.preposition(place)
            if preposition == "of" and self.terms[self.governor(place)] in _QUANTITIES:
                place = self.governor(place)
            elif word.label in _INSIDE and not preposition and word.head != place:
                place = word.head
            else:
                break
        return place

    def preposition(self, place: int) -> str:
        """Return the preposition of a word; empty without one."""
        word = self.words[place]
        if word.label == "pobj" and self.words[word.head].label in _PREPOSITIONS:
            return self.terms[word.head]
        if word.label in _WITH_CASE:
            return next((self.terms[one] for one in self.dependents(place, _CASE)), "")
        return ""

    def governor(self, place: int) -> int:
        """Return the word that an argument belongs to, across its preposition."""
        word = self.words[place]
        return self.words[word.head].head if word.label == "pobj" else word.head

    def clause_of(self, place: int) -> int:
        """Return the predicate of the clause that a word is in."""
        for _ in self.words:
            if self.is_predicate(place) or self.words[place].head == place:
                return place
            place = self.words[place].head
        return place

    def is_predicate(self, place: int) -> bool:
        """Return whether a word has arguments of a verb."""
        label = self.words[place].label
        return label in _CLAUSES or label == "xcomp" or bool(self.arguments(place))

    def arguments(self, place: int) -> list[int]:
        """Return the subjects, objects and agents of a word."""
        return self.dependents(place, SUBJECT | PASSIVE_SUBJECT | OBJECT | AGENT)

    def is_passive(self, place: int) -> bool:
        """Return whether a verb is in the passive."""
        labels = {self.words[one].label for one in self._dependents[place]}
        return bool(labels & (PASSIVE_SUBJECT | AGENT)) or not labels.isdisjoint(("auxpass", "aux:pass"))

    def clause(self, predicate: int) -> set[int]:
        """Return the words of a clause and of what it says of others, without those that it says beside."""
        return self.phrase(predicate, _ASIDE)

    def object_of(self, place: int) -> int | None:
        """Return the verb whose object is the subject of a clause: "made" for the second of "Chile made Peru pay"."""
        verb = self.words[place].head
        if self.words[place].label not in SUBJECT or self.words[verb].label not in _SMALL_CLAUSES:
            return None
        return None if self.dependents(verb, _MARKS) else self.words[verb].head

    def others(self, predicate: int) -> set[int]:
        """Return the words of a clause without those of who acts; of a relative clause maybe its antecedent."""
        actors = self.actors(predicate)
        return (self.clause(predicate) | self.antecedent(predicate)) - actors - {predicate}

    def antecedent(self, predicate: int) -> set[int]:
        """Return the words that a relative clause is about; none for another clause."""
        word = self.words[predicate]
        return self.phrase(word.head, _CLAUSES) if word.label in _RELATIVE_CLAUSES else set()

    def _are_relative(self, places: Sequence[int]) -> bool:
        return all(self.terms[place] in _RELATIVE for place in places)

    def actors(self, predicate: int) -> set[int]:
        """Return the words of who acts: the subject, or the agent of a passive; maybe that of the clause around."""
        for _ in self.words:
            if self.is_passive(predicate):
                return self._phrases(self.dependents(predicate, AGENT))
            if own := self.dependents(predicate, SUBJECT):
                return self.antecedent(predicate) if self._are_relative(own) else self._phrases(own)
            word = self.words[predicate]
            if word.label not in _WITH_SUBJECT_OF_HEAD or word.head == predicate:
                return set()
            predicate = word.head
        return set()

    def _phrases(self, places: Sequence[int]) -> set[int]:
        return {one for place in places for one in self.phrase(place, _CLAUSES)}

    def roots(self) -> Iterator[int]:
        """Yield the words without a head."""
        for place, word in enumerate(self.words):
            if word.head == place:
                yield place
