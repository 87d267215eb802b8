"""Frames of a sentence by its dependencies: a verb of saying, its subject, and the clause that is said."""

from __future__ import annotations

from collections.abc import Sequence

from service.reading.frames import Frame, Framed, frames_of
from service.reading.languages import FrameTables, Language
from service.reading.tokens import Token
from service.search.relations.tree import AGENT, PASSIVE_SUBJECT, SUBJECT, ParsedSentence

_SAID = frozenset(("ccomp", "csubj:pass", "csubjpass"))
_BESIDE = frozenset(("parataxis",))
_FRAMES_MOST, _SHORTEST = 4, 2
_EXPLETIVE = frozenset(("it", "es", "il"))
_OF_PREPOSITION, _CASE = frozenset(("pobj",)), frozenset(("case",))
_BETWEEN = frozenset(("mark", "punct"))


def spoken(text: str, words: Sequence[Token], parsed: ParsedSentence, language: Language) -> Framed | None:
    """Return the frames of a sentence by its dependencies, and those by rules in them; ``None`` if there are none."""
    frames: list[Frame] = []
    inside = set(range(len(parsed)))
    root, *others = parsed.roots()
    if others:
        return None
    while len(frames) < _FRAMES_MOST:
        found = _frame(text, words, parsed, root, inside, language.frames)
        if found is None:
            break
        frame, root, inside = found
        frames.append(frame)
    if not frames:
        return None
    start, end = parsed.start(min(inside)), parsed.end(max(inside))
    left = [word for word in words if start <= word.start < end and parsed.at(word.start) in inside]
    if len(left) < _SHORTEST:
        return None
    more = frames_of(text, left, (start, end), language)
    holes = tuple((parsed.start(one), parsed.end(one)) for one in range(min(inside), max(inside)) if one not in inside)
    return Framed((*frames, *more.frames), more.start, more.end, holes)


def _frame(
    text: str, words: Sequence[Token], parsed: ParsedSentence, root: int, inside: set[int], tables: FrameTables
) -> tuple[Frame, int, set[int]] | None:
    """Return the frame around the clause of ``root``, the root of the statement in it, and the words of that."""
    for verb in (root, *parsed.dependents(root, _BESIDE)):
        if verb not in inside:
            continue
        denies = _is(tables, words, parsed, verb, deny=True)
        if not denies and not _is(tables, words, parsed, verb, deny=False):
            continue
        if verb == root:
            statement = next(iter(parsed.dependents(verb, _SAID)), None)
            said = parsed.phrase(statement) if statement is not None else set()
        else:
            statement, said = root, parsed.phrase(root) - parsed.phrase(verb)
        said = _without_edges(parsed, said & inside)
        if statement is None or len(said) < _SHORTEST:
            continue
        negated = any(parsed.words[one].negative for one in parsed.dependents(verb))
        party = _party(parsed, verb)
        wording = text[parsed.start(min(party)) : parsed.end(max(party))] if party else ""
        cue = text[parsed.start(verb) : parsed.end(verb)]
        return Frame(cue, wording, denies != negated, _named(words, parsed, party, tables)), statement, said
    return None


def _is(tables: FrameTables, words: Sequence[Token], parsed: ParsedSentence, verb: int, *, deny: bool) -> bool:
    """Return whether a verb says, or denies, something."""
    phrases = tables.deny if deny else tables.say
    start = parsed.start(verb)
    places = [place for place, word in enumerate(words) if word.start <= start < word.end]
    return any(
        phrases.length_at(words, first) > place - first
        for place in places
        for first in range(max(0, place - 2), place + 1)
    )


def _party(parsed: ParsedSentence, verb: int) -> list[int]:
    """Return the words of who says it: the subject of the verb, or the agent of its passive."""
    labels = AGENT if parsed.is_passive(verb) else SUBJECT - PASSIVE_SUBJECT
    for place in parsed.dependents(verb, labels):
        place = next(iter(parsed.dependents(place, _OF_PREPOSITION)), place)
        whole = parsed.phrase(place) - set(parsed.dependents(place, _CASE))
        if whole and not {parsed.terms[one] for one in whole} <= _EXPLETIVE:
            return sorted(whole)
    return []


def _without_edges(parsed: ParsedSentence, places: set[int]) -> set[int]:
    """Leave out "that" and the stops at both ends of a statement."""
    left = sorted(places)
    while left and parsed.words[left[0]].label in _BETWEEN:
        left.pop(0)
    while left and parsed.words[left[-1]].label in _BETWEEN:
        left.pop()
    return set(left)


def _named(words: Sequence[Token], parsed: ParsedSentence, party: Sequence[int], tables: FrameTables) -> bool:
    """Return whether a party is somebody in particular; the capital at the beginning of a sentence tells nothing."""
    own = [word for word in words if parsed.at(word.start) in party]
    if len(own) > 1 and own[0] is words[0]:
        own = own[1:]
    return any(word.capital and word.term not in tables.unnamed for word in own)
