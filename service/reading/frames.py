"""Frames around a statement: "According to X, S", "X said that S", "It is false that S", "S, X says".

A frame has a cue, a party and a polarity; the innermost statement is what is said. The tables of each language are data
(``languages/``). A sentence that fits no frame is its own statement.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.reading.languages import FrameTables, Language, language_of
from service.reading.tokens import Token, tokens

_FRAMES_MOST = 4
_PARTY_LONGEST, _ADJUNCT_LONGEST, _HEADLINE_PARTY_LONGEST, _CLOSING_LONGEST = 11, 7, 5, 14
_STATEMENT_SHORTEST, _BARE_SHORTEST = 3, 4
_BREAK = re.compile(r"[,;:–—|]|\s-\s")
_GERUND = re.compile(r"[a-z]{3,}ing")
_PRONOUNS = frozenset(("it", "they", "he", "she", "having", "any", "its", "their", "his", "her", "being"))
_NEGATIVE = frozenset(("not", "n't", "never"))
_AUXILIARIES = frozenset(("do", "does", "did", "has", "have", "had", "will", "would", "can", "could", "ever"))
_NOT_A_STATEMENT = frozenset(
    ("to", "of", "on", "about", "for", "by", "who", "what", "where", "why", "how", "which", "whether")
)
_REPORTED = re.compile(r"[a-z]{2,}ed")


@dataclass(frozen=True, slots=True)
class Frame:
    """The speaker of a statement: the ``cue`` and the ``party`` as written; the party is empty if nobody is named.

    ``denies``: the party says that the statement is not true. ``named``: the party is somebody in particular.
    """

    cue: str
    party: str
    denies: bool = False
    named: bool = False


@dataclass(frozen=True, slots=True)
class Framed:
    """A sentence: its frames, the outermost first, and the span ``[start, end)`` of the statement in them.

    ``holes`` are spans of it that belong to the frames: "Chile, *Peru says*, sends troops".
    """

    frames: tuple[Frame, ...]
    start: int
    end: int
    holes: tuple[tuple[int, int], ...] = ()

    @property
    def denied(self) -> bool:
        """True if the frames together deny the statement; a denial of a denial does not."""
        return sum(frame.denies for frame in self.frames) % 2 == 1


@dataclass(slots=True)
class _Sentence:
    """A part of a text that is still read: its words, and the span that they are from."""

    text: str
    words: Sequence[Token]
    end: int

    def source(self, first: int, after: int) -> str:
        return self.text[self.words[first].start : self.words[after - 1].end] if first < after else ""

    def gap(self, place: int) -> str:
        """Return the text between a word and the one before it."""
        return self.text[self.words[place - 1].end : self.words[place].start]


_Found = tuple[Frame, int, int]  # a frame, and the words of the statement in it


def read_frames(text: str) -> Framed:
    """Return the frames of the sentence ``text`` and the statement in them."""
    words = tokens(text)
    return frames_of(text, words, (0, len(text)), language_of(text, words))


def frames_of(text: str, words: Sequence[Token], span: tuple[int, int], language: Language) -> Framed:
    """Return the frames of the sentence in ``span`` of ``text``, whose words are ``words``."""
    (start, end), tables = span, language.frames
    sentence = _Sentence(text, words, end)
    frames: list[Frame] = []
    while len(frames) < _FRAMES_MOST and (found := _frame(sentence, tables)) is not None:
        frame, first, after = found
        frames.append(frame)
        sentence.words = sentence.words[first:after]
    if not frames:
        return Framed((), start, end)
    return Framed(tuple(frames), sentence.words[0].start, sentence.words[-1].end)


def _frame(sentence: _Sentence, tables: FrameTables) -> _Found | None:
    for read in (_claim_that, _opening, _according, _according_after, _speaker, _speaker_after, _headline):
        found = read(sentence, tables)
        if found is not None and found[2] - found[1] >= _STATEMENT_SHORTEST:
            return found
    return None


def _opening(sentence: _Sentence, tables: FrameTables) -> _Found | None:
    """Read "It is false that S", "There are reports that S", "Breaking: S"."""
    words = sentence.words
    for phrases, denies in ((tables.false, True), (tables.true, False)):
        if length := phrases.length_at(words, 0):
            after = length + tables.that.length_at(words, length)
            whole = after > length or length > 1 or (length < len(words) and _BREAK.search(sentence.gap(length)))
            if whole and after < len(words):
                return Frame(sentence.source(0, length), "", denies), after, len(words)
    if length := tables.hedges.length_at(words, 0):
        return Frame(sentence.source(0, length), ""), length, len(words)
    return None


def _according(sentence: _Sentence, tables: FrameTables) -> _Found | None:
    """Read "According to X, S" and "S, according to X"."""
    words = sentence.words
    if length := tables.according.length_at(words, 0):
        after = _end_of_party(sentence, length, tables)
        return None if after is None else (_named(sentence, 0, length, length, after, tables), after, len(words))
    found = tables.according.find(words, _STATEMENT_SHORTEST)
    if found is None or len(words) - found[0] > _CLOSING_LONGEST:
        return None
    place, length = found
    # Within a sentence only after a comma, else it may be a part of the statement.
    if place + length >= len(words) or not (
        _BREAK.search(sentence.gap(place)) or len(words) - place <= _CLOSING_LONGEST
    ):
        return None
    return _named(sentence, place, place + length, place + length, len(words), tables), 0, place


def _end_of_party(sentence: _Sentence, first: int, tables: FrameTables) -> int | None:
    """Return the word after a party that begins with the word ``first``: after a comma, else at a verb or a number."""
    words = sentence.words
    most = min(len(words), first + _PARTY_LONGEST + 1)
    for place in range(first + 1, most):
        if _BREAK.search(sentence.gap(place)):
            return place
    for place in range(first + 1, most):
        if words[place].term in tables.finite or words[place].term[0].isdigit() or tables.that.length_at(words, place):
            return place
    return None


def _according_after(sentence: _Sentence, tables: FrameTables) -> _Found | None:
    """Read "X zufolge S": the cue stands after the party."""
    found = tables.according_after.find(sentence.words, 1, _PARTY_LONGEST)
    if found is None:
        return None
    place, length = found
    return _named(sentence, place, place + length, 0, place, tables), place + length, len(sentence.words)


def _claim_that(sentence: _Sentence, tables: FrameTables) -> _Found | None:
    """Read "The claim that S is false", and "S is a hoax"."""
    words = sentence.words
    opened = tables.named_claims.length_at(words, 0)
    first = opened + tables.that.length_at(words, opened) if opened else 0
    for place in range(max(_STATEMENT_SHORTEST, len(words) - 6), len(words)):
        length = tables.false_after.length_at(words, place)
        if length and place + length == len(words) and (first or _BREAK.search(sentence.gap(place))):
            return Frame(sentence.source(place, len(words)), "", denies=True), first, place
    return None


def _speaker(sentence: _Sentence, tables: FrameTables) -> _Found | None:
    """Read "X said that S", "X denied that S", "X: S"; in some languages "said X that S"."""
    words = sentence.words
    for place in range(min(len(words), _PARTY_LONGEST + 2)):
        for phrases, denies in ((tables.deny, True), (tables.say, False)):
            length = phrases.length_at(words, place)
            # Of "Three reports say" the second word is the verb.
            noun = length == 1 and bool(tables.say.length_at(words, place + 1))
            if length and not noun and (found := _said(sentence, tables, place, length, denies)) is not None:
                return found
        if words[place].term in tables.finite and words[place].term not in _AUXILIARIES and place:
            break
    return None


def _said(sentence: _Sentence, tables: FrameTables, place: int, length: int, denies: bool) -> _Found | None:
    words = sentence.words
    after = place + length
    statement = _after_that(sentence, tables, after, denies)
    if statement is None and not denies and place and tables.bare.length_at(words, place) >= length:
        rest = words[after:]
        clause = any(word.term in tables.finite or _REPORTED.fullmatch(word.term) for word in rest)
        if len(rest) >= _BARE_SHORTEST and clause and rest[0].term not in _NOT_A_STATEMENT:
            statement = after
    if statement is None:
        return None
    if place:
        stripped = _without_auxiliaries(words, place)
        if any(word.term in _NEGATIVE for word in words[stripped:place]):
            place, denies = stripped, not denies
        if not _is_party(sentence, 0, place, tables, explicit=statement > after):
            return None
        return _named(sentence, place, after, 0, place, tables, denies), statement, len(words)
    # The verb comes first: the party is between it and "that".
    that = tables.that.find(words, after, after + _PARTY_LONGEST)
    if that is None or that[0] == after:
        return None
    return _named(sentence, 0, after, after, that[0], tables, denies), sum(that), len(words)


def _without_auxiliaries(words: Sequence[Token], place: int) -> int:
    """Return the place before the auxiliaries of a verb: "did not deny"."""
    while place > 1 and (words[place - 1].term in _NEGATIVE or words[place - 1].term in _AUXILIARIES):
        place -= 1
    return place


def _after_that(sentence: _Sentence, tables: FrameTables, after: int, denies: bool) -> int | None:
    """Return the first word of what is said, after "that", a colon, or a verb that denies and a gerund."""
    words = sentence.words
    if after >= len(words):
        return None
    if denies:
        skipped = after + tables.denied.length_at(words, after)
        if that := tables.that.length_at(words, skipped):
            return skipped + that
        if words[after].term in _PRONOUNS or _GERUND.fullmatch(words[after].term):
            return after
        if skipped > after and words[skipped - 1].term in ("false", "untrue", "fake"):
            return skipped
    for place in range(after, min(len(words), after + _ADJUNCT_LONGEST + 1)):
        if place and ":" in sentence.gap(place):
            return place
        if that := tables.that.length_at(words, place):
            return place + that
        # The next verb has its own "that": "Reports say Kyiv denies that ...".
        if (
            words[place].term in tables.finite
            or tables.say.length_at(words, place)
            or tables.deny.length_at(words, place)
        ):
            break
    return None


def _is_party(sentence: _Sentence, first: int, after: int, tables: FrameTables, *, explicit: bool) -> bool:
    """Return whether words can be a party: a name, or one of those who say things; any short ones before "that"."""
    words = sentence.words[first:after]
    if len(words) > _PARTY_LONGEST or any(tables.that.length_at(words, place) for place in range(len(words))):
        return False
    if any(word.term in tables.finite for word in words):
        return False
    named = any(word.capital for word in words[1:]) or any(word.term in tables.unnamed for word in words)
    return named or explicit or (len(words) <= 3 and words[0].capital)


def _speaker_after(sentence: _Sentence, tables: FrameTables) -> _Found | None:
    """Read "S, X says" and "S, said X on Monday"."""
    words = sentence.words
    for place in range(len(words) - 1, max(_STATEMENT_SHORTEST, len(words) - _CLOSING_LONGEST) - 1, -1):
        if not _BREAK.search(sentence.gap(place)):
            continue
        for phrases, denies in ((tables.deny, True), (tables.say, False)):
            found = phrases.find(words, place, place + _PARTY_LONGEST)
            if found is None:
                continue
            verb, length = found
            rest = len(words) - verb - length
            inverted = verb == place and 0 < rest <= _PARTY_LONGEST
            if inverted and (
                denies or tables.that.length_at(words, verb + length) or not _may_stand(tables, words, verb)
            ):
                continue
            if inverted:
                party = (verb + length, len(words))
            elif verb > place and rest <= _ADJUNCT_LONGEST and not _goes_on(words, verb + length):
                party = (place, verb)
            else:
                continue
            if _is_party(sentence, *party, tables, explicit=True):
                return _named(sentence, verb, verb + length, *party, tables, denies), 0, place
    return None


def _goes_on(words: Sequence[Token], place: int) -> bool:
    """Return whether a verb has an infinitive after it, as in "agreed to sell", so that it says nothing."""
    return place < len(words) and words[place].term == "to"


def _may_stand(tables: FrameTables, words: Sequence[Token], place: int) -> bool:
    """Return whether a verb may stand without "that"; in most languages all that say something may."""
    return not tables.bare.first_terms or tables.bare.length_at(words, place) > 0


def _headline(sentence: _Sentence, tables: FrameTables) -> _Found | None:
    """Read "X: S", "S: X" and "S – X": a headline with its speaker."""
    words = sentence.words
    for place in range(1, min(len(words), _HEADLINE_PARTY_LONGEST + 1)):
        if sentence.gap(place).startswith(":") and _all_named(words[:place]):
            return _named(sentence, place, place, 0, place, tables), place, len(words)
    for place in range(len(words) - 1, max(_STATEMENT_SHORTEST, len(words) - _HEADLINE_PARTY_LONGEST) - 1, -1):
        if re.match(r"\s*(?::|[–—|]|\s-\s)", sentence.gap(place)) and _all_named(words[place:]):
            return _named(sentence, place, place, place, len(words), tables), 0, place
    return None


def _all_named(words: Sequence[Token]) -> bool:
    return all(word.capital or len(word.term) <= 3 for word in words) and not words[0].term[0].isdigit()


def _named(
    sentence: _Sentence, cue: int, cue_after: int, first: int, after: int, tables: FrameTables, denies: bool = False
) -> Frame:
    # A capital at the beginning of a sentence tells nothing, unless the word is all of the party.
    words = sentence.words[1 if first == 0 and after > 1 else first : after]
    named = any(word.capital and word.term not in tables.unnamed for word in words)
    return Frame(sentence.source(cue, cue_after), sentence.source(first, after), denies, named)
