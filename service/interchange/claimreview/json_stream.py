"""Split text of any length into the JSON elements of its lists, one at a time, in constant memory.

Elements are those of top-level arrays, of ``@graph``, ``dataFeedElement``, ``claims`` and the like, concatenated JSON
values, and lines. The rest of an object whose list was taken out is an element itself, after them. An invalid element
is yielded as a refusal, and reading continues where the next one visibly begins.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from service.interchange.claimreview.decoding import BAD
from service.interchange.claimreview.finding_codes import ReadRefusal
from service.interchange.claimreview.json_noise import LONGEST_MARK, OPEN, noise_end
from service.interchange.claimreview.json_repair import DEEPEST, PREFIXED, NotJson, parse
from service.interchange.claimreview.review_items import Finding, Place

LONGEST = 1024 * 1024
"""The maximum length of an element, in characters."""
_LISTS_DEEPEST = 8
_GAP = 200
# For each character of the input: the most that are read again after invalid elements, beside those of one element.
_MOST_REREAD = 8

# True where an element without a review is reported: a graph also describes pages and people.
_LISTS = {'"@graph"': False, '"dataFeedElement"': True, '"claims"': True, '"itemListElement"': False}
# A string at the end of the text may have no closing quote.
_TOKEN = re.compile(r'[{}\[\]]|"(?:[^"\\]++|\\.)*+("|\\?\Z)', re.DOTALL)
# Lists to be taken out, undecodable bytes, half surrogate pairs, and non-numbers.
_CLOSER_LOOK = (*_LISTS, BAD, "\\ud", "\\uD", "NaN", "Infinity")
_DECODER = json.JSONDecoder()
_BETWEEN = re.compile(r"[\s,\ufeff\x00\x1e]*+")
_WORD = re.compile(r'"(?:[^"\\]++|\\.)*+"?|[^\s,\[\]{}"\ufeff\x1e]++|.', re.DOTALL)
_GARBAGE = re.compile(r"[^{\[\n]++|.", re.DOTALL)
_LIST_FOLLOWS = re.compile(r"\s*+:\s*+(\[)?")
# After an element: another one, the end of the list, or the end of the text read so far.
_INTACT = re.compile(r"[\s,\ufeff\x1e]*+(?:[{\[\]]|\Z)")
_OPENING = re.compile(r'\{\s*+(?:"@?type"\s*+:\s*+"[^"\\]{0,100}+"|"[^"\\]{0,100}+"(?=\s*+:))')


@dataclass(frozen=True, slots=True)
class Element:
    """One element: its ``value``, or the ``refusal`` (code and message) if it is invalid.

    ``expected``: it should hold a review. ``document`` numbers the top-level JSON values, the scope of ``@id``.
    """

    place: Place
    document: int
    expected: bool
    value: Any = None
    repairs: tuple[Finding, ...] = ()
    refusal: tuple[ReadRefusal, str] | None = None


@dataclass(frozen=True, slots=True)
class _List:
    """A list that is being read. ``outer`` is the text of its object up to the list, with the list emptied."""

    expected: bool
    outer: str | None = None
    line: int = 0


class ElementSplitter:
    """Iterates over the elements of a text, given in pieces; ``first_line`` is its first line's number in the input."""

    def __init__(self, pieces: Iterable[str], *, first_line: int = 1, document: int = 1) -> None:
        self._pieces = iter(pieces)
        self._text = ""
        self._at = 0
        self._ended = False
        self._line = first_line
        self._counted = 0
        self._item = 0
        self.document = document
        self._lists: list[_List] = []
        self._read = self._reread = 0
        self._missing: set[str] = set()

    def __iter__(self) -> Iterator[Element]:
        while self._skip_separators():
            character = self._text[self._at]
            if character == "[" and len(self._lists) < _LISTS_DEEPEST:
                self._at += 1
                self._lists.append(_List(self._lists[-1].expected if self._lists else True))
            elif character == "]" and self._lists:
                self._at += 1
                yield from self._close()
            elif character in "{[":
                easy = self._simple_element()
                if easy:
                    yield easy
                else:
                    yield from self._element()
            elif not self._skip_noise():
                yield self._other_value()
        if self._lists:
            yield self._refused(ReadRefusal.TRUNCATED, "the input ends inside a list")

    # -- the text ----------------------------------------------------------------------------------------------

    def _read_more(self) -> bool:
        """Read the next piece and drop the consumed text. Return ``False`` at the end."""
        if self._ended:
            return False
        self._count()
        pieces = [self._text[self._at :]]
        self._at = self._counted = 0
        for piece in self._pieces:
            if piece:
                pieces.append(piece)
                self._read += len(piece)
                break
        else:
            self._ended = True
        self._text = "".join(pieces)
        return not self._ended

    def _skip_separators(self) -> bool:
        """Move to the next significant character. Return ``False`` at the end."""
        while True:
            match = _BETWEEN.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return True
            if not self._read_more():
                return False

    def _skip_noise(self) -> bool:
        """Move behind a ``null``, a mark of CDATA or a comment. Return ``False`` if there is none here."""
        while len(self._text) - self._at < LONGEST_MARK and self._read_more():
            pass
        while (end := noise_end(self._text, self._at, self._missing, ended=self._ended)) == OPEN:
            if len(self._text) - self._at > LONGEST:
                end = noise_end(self._text, self._at, self._missing, ended=True)
                break
            self._read_more()
        if end is None:
            return False
        self._at = end
        return True

    # -- elements ----------------------------------------------------------------------------------------------

    def _count(self) -> None:
        if self._counted < self._at:
            self._line += self._text.count("\n", self._counted, self._at)
            self._counted = self._at

    def _place(self, line: int | None = None) -> Place:
        """Return the place of the next element, which begins here unless ``line`` is given."""
        self._item += 1
        self._count()
        return Place(self._item, self._line if line is None else line)

    def _refused(self, code: ReadRefusal, message: str) -> Element:
        return Element(self._place(), self.document, True, refusal=(code, message))

    def _end_element(self) -> None:
        """End an element or a list, and at the top level also its document."""
        if not self._lists:
            self.document += 1

    def _other_value(self) -> Element:
        """Return the element for a bare value in a list, or for text that is not JSON."""
        pattern = _WORD if self._lists else _GARBAGE
        place = self._place()
        while True:
            match = pattern.match(self._text, self._at)
            end = match.end() if match else len(self._text)
            whole = end < len(self._text)
            if whole or end - self._at > LONGEST or not self._read_more():
                break
        word = self._text[self._at : end][:LONGEST]
        self._at = min(end, len(self._text))
        refusal = ReadRefusal.NOT_JSON, f"{word[:30]!r} is not JSON"
        if self._lists:
            try:
                parse(word)
                refusal = ReadRefusal.NOT_AN_OBJECT, f"{word[:30]} is not an object"
            except NotJson:
                if not whole:
                    refusal = ReadRefusal.TRUNCATED, "the input ends inside a value"
                    self._lists.clear()
        self._end_element()
        return Element(place, self.document, True, refusal=refusal)

    def _close(self) -> Iterator[Element]:
        """End a list, and read the rest of the object around it as an element."""
        closed = self._lists.pop()
        if closed.outer is None:
            self._end_element()
        else:
            yield from self._element(closed)

    def _simple_element(self) -> Element | None:
        """Return the element that begins here if it is complete, valid and needs no repair or splitting."""
        try:
            value, end = _DECODER.raw_decode(self._text, self._at)
        except (ValueError, RecursionError):
            return None
        text = self._text[self._at : end]
        if len(text) > LONGEST or text.count("{") + text.count("[") > DEEPEST:
            return None
        if any(mark in text for mark in _CLOSER_LOOK) or PREFIXED.search(text):
            return None
        element = Element(self._place(), self.document, not self._lists or self._lists[-1].expected, value)
        self._at = end
        self._end_element()
        return element

    def _element(self, inner: _List | None = None) -> Iterator[Element]:
        """Yield the element from its opening to its closing brace; nothing if it holds a list, which is read first.

        ``inner`` is the list up to whose end the element was read before.
        """
        self._count()
        line = inner.line if inner else self._line
        outer, expected = (inner.outer or "", False) if inner else ("", not self._lists or self._lists[-1].expected)
        depth, offset, dropped = (1 if inner else 0), 0, False
        while True:
            end = None
            for match in _TOKEN.finditer(self._text, self._at + offset):
                offset = match.end() - self._at
                character = self._text[match.start()]
                if character == '"':
                    if match[1] != '"':
                        offset = match.start() - self._at
                        break
                    if depth == 1 and match[0] in _LISTS and len(self._lists) < _LISTS_DEEPEST and not dropped:
                        follows = _LIST_FOLLOWS.match(self._text, match.end())
                        if follows and follows[1]:
                            outer += self._text[self._at : follows.end()] + "]"
                            self._at = follows.end()
                            self._lists.append(_List(_LISTS[match[0]], outer, line))
                            return
                        if not self._ended and (follows is None or follows.end() == len(self._text)):
                            offset = match.start() - self._at
                            break
                elif character in "{[":
                    depth += 1
                else:
                    depth -= 1
                    if depth == 0:
                        end = match.end()
                        break
            else:
                offset = len(self._text) - self._at
            if end is not None:
                break
            if dropped:
                self._drop(offset)
                offset = 0
            elif len(outer) + len(self._text) - self._at > LONGEST:
                if self._restart(len(self._text)):
                    yield self._invalid_element(
                        line, ReadRefusal.NOT_JSON, "the element does not end where the next one begins"
                    )
                    return
                dropped = True
                continue
            if not self._read_more():
                break
        yield from self._finish_element(line, expected, outer, end, dropped)

    def _drop(self, offset: int) -> None:
        """Drop the text of a too large element, except for the quote and escape needed to find a string's end."""
        goes_on = self._text[self._at + offset :]
        self._at = len(self._text)
        self._count()
        escapes = len(goes_on) - len(goes_on.rstrip("\\"))
        self._text = goes_on[:1] + "\\" * (escapes % 2)
        self._at = self._counted = 0

    def _finish_element(
        self, line: int, expected: bool, outer: str, end: int | None, dropped: bool
    ) -> Iterator[Element]:
        start = self._at
        self._at = len(self._text) if end is None else end
        if dropped or len(outer) + self._at - start > LONGEST:
            yield self._invalid_element(
                line, ReadRefusal.TOO_LARGE, f"the element is longer than {LONGEST:,} characters"
            )
        elif end is None:
            self._at = start
            if self._restart(len(self._text)):
                yield self._invalid_element(
                    line, ReadRefusal.NOT_JSON, "the element does not end where the next one begins"
                )
                return
            self._at = len(self._text)
            self._lists.clear()
            yield self._invalid_element(line, ReadRefusal.TRUNCATED, "the input ends inside the element")
        else:
            try:
                parsed = parse(outer + self._text[start:end])
                yield Element(self._place(line), self.document, expected, parsed.value, parsed.repairs)
                self._end_element()
            except NotJson as error:
                self._at = start
                broken_off = _INTACT.match(self._text, end) is None
                if not self._restart(end) and not (broken_off and self._restart(len(self._text))):
                    self._at = end
                yield self._invalid_element(line, *error.refusal)

    def _invalid_element(self, line: int, code: ReadRefusal, message: str) -> Element:
        element = Element(self._place(line), self.document, True, refusal=(code, message))
        self._end_element()
        return element

    def _restart(self, end: int) -> bool:
        """Move from an invalid element to the next similar one before ``end``. Return whether there is one."""
        opening = _OPENING.match(self._text, self._at, end)
        if opening is None or self._reread > LONGEST + _MOST_REREAD * self._read:
            return False
        at = opening.end()
        while (at := self._text.find(opening[0], at, end)) >= 0:
            before = self._text[max(0, at - _GAP) : at]
            after = before.rstrip()
            if after.endswith(("}", "]", ",")) or "\n" in before[len(after) :]:
                self._reread += end - at
                self._at = at
                return True
            at += 1
        return False
