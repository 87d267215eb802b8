"""A sentence read for comparison: its frames, what denies it, its names with their roles, and its other words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Protocol

from service.reading.frames import Frame, Framed, frames_of
from service.reading.languages import Language, language_of
from service.reading.negation import Denial, read_denial
from service.reading.scope import ScopeWord, read_scope
from service.reading.tokens import Token, tokens
from service.search.matching.function_words import FUNCTION_STEMS
from service.search.relations.lexicon import is_verb, poles, synonyms
from service.search.relations.marked_roles import marked_parts
from service.search.relations.names import Name, names
from service.search.relations.roles import Part, part
from service.search.stemming import stem

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Content:
    """A word that says something, with its stem."""

    term: str
    stem: str
    start: int
    end: int
    place: int


@dataclass(frozen=True, slots=True)
class Named:
    """A name and its role."""

    name: Name
    part: Part
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Sides:
    """A verb by its stem, with the stems of the words for who acts, and of the others of its clause.

    ``place`` is that of the verb among the words of the statement.
    """

    verb: str
    actors: frozenset[str]
    others: frozenset[str]
    place: int


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of a statement, read from its dependencies.

    ``beside`` has the stem of the noun that a name is said of, and ``denied`` the words that a denial is about, by the
    first characters of all of them.
    """

    sides: tuple[Sides, ...]
    beside: Mapping[int, str]
    denied: Mapping[int, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement in ``text[start:end]``, in the frames around it. ``words`` are those of the statement.

    ``clauses`` is ``None`` for one that is read by the order of its words.
    """

    text: str
    start: int
    end: int
    language: str
    frames: tuple[Frame, ...]
    framed_denied: bool
    denial: Denial
    words: tuple[Token, ...]
    content: tuple[Content, ...]
    names: tuple[Named, ...]
    scope: tuple[ScopeWord, ...]
    clauses: Clauses | None = None

    @property
    def denied(self) -> bool:
        """True if the sentence as a whole denies its statement."""
        return self.framed_denied != self.denial.denied

    @property
    def speaker(self) -> Frame | None:
        """The innermost frame with a party in particular: one that has a name."""
        return next((frame for frame in reversed(self.frames) if _has_name(frame)), None)

    def about(self, alone: Set[int]) -> Statement:
        """Return the statement without the denials of what only it has: all of their words start at one of ``alone``.

        Without clauses it is the same.
        """
        if self.clauses is None or not self.denial.words:
            return self
        denied = self.clauses.denied
        kept = tuple(word for word in self.denial.words if not denied[word.start] or not denied[word.start] <= alone)
        if len(kept) == len(self.denial.words):
            return self
        return replace(self, denial=self.denial._replace(words=kept, denied=bool(kept)))

    def wording(self, first: int, after: int) -> str:
        """Return the words ``[first, after)`` as written."""
        return self.text[self.words[first].start : self.words[after - 1].end]

    def source(self, start: int, end: int) -> str:
        return self.text[start:end]


class ReadStatement(Protocol):
    """Reads the sentence ``text[start:end]``: by the order of its words, or by its dependencies."""

    def __call__(self, text: str, start: int = 0, end: int | None = None) -> Statement: ...


ReadFrames = Callable[[Sequence[Token], Language], Framed | None]


@lru_cache(maxsize=1 << 12)
def read_statement(text: str, start: int = 0, end: int | None = None) -> Statement:
    """Read the sentence ``text[start:end]``."""
    return statement_in(text, start, len(text) if end is None else end)


def statement_in(text: str, start: int, end: int, spoken: ReadFrames | None = None) -> Statement:
    """Read the sentence ``text[start:end]``; its frames by rules, unless ``spoken`` finds some."""
    sentence = tokens(text, start, end)
    language = language_of(text[start:end], sentence)
    framed = spoken(sentence, language) if spoken is not None and sentence else None
    framed = framed or frames_of(text, sentence, (start, end), language)
    words = [
        word
        for word in sentence
        if framed.start <= word.start < framed.end
        and not any(first <= word.start < after for first, after in framed.holes)
    ]
    english = language.code == ENGLISH
    found = names(text, words, english=english, known=_known(words), capitals=language.roles.capitals)
    parts = [part(words, name, found) for name in found] if english else marked_parts(words, found, language.roles)
    denial = _denial(words, language)
    return Statement(
        text,
        framed.start,
        framed.end,
        language.code,
        framed.frames,
        framed.denied,
        denial,
        tuple(words),
        tuple(_content(words, found, denial, language)),
        tuple(
            Named(name, own, words[name.first].start, words[name.after - 1].end)
            for name, own in zip(found, parts, strict=True)
        ),
        read_scope(words, language.scope),
    )


def _has_name(frame: Frame) -> bool:
    words = tokens(frame.party)
    found = names(frame.party, words, english=True, known=_known(words))
    return frame.named or any(name.state or not name.unsure for name in found)


def _denial(words: Sequence[Token], language: Language) -> Denial:
    return read_denial(words, language.negation)


def _known(words: Sequence[Token]) -> frozenset[str]:
    """Return the first word if it is an ordinary one."""
    return frozenset(
        word.term
        for word in words[:1]
        if stem(word.term) in FUNCTION_STEMS
        or synonyms(stem(word.term))
        or poles(stem(word.term))
        or is_verb(word.term)
    )


def _content(words: Sequence[Token], found: Sequence[Name], denial: Denial, language: Language) -> Iterator[Content]:
    skipped = {place for name in found for place in range(name.first, name.after) if not name.unsure}
    denying = {word.start for word in denial.words}
    for place, word in enumerate(words):
        if place in skipped or word.start in denying or word.term[0].isdigit() or len(word.term) == 1:
            continue
        stemmed = stem(word.term)
        if stemmed in FUNCTION_STEMS or word.term in language.common or language.frames.hedges.length_at(words, place):
            continue
        yield Content(word.term, stemmed, word.start, word.end, place)
