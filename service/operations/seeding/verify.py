"""Hold the seeds' locators against the texts they point into, and say what no mention touches."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from service.model.entities import Mention
from service.model.errors import InvalidInput
from service.operations.seeding.files import Seeds

# A sentence ends at a stop that a space or the end follows, but not after a capital ("U.N.") or a title ("Lt.").
_SENTENCE = re.compile(
    r"\S(?:[^\n]*?)(?:(?<![A-Z])(?<!\bLt)(?<!\bGen)(?<!\bMr)(?<!\bMrs)(?<!\bDr)[.!?…][\"”’)\]]*(?=\s|$)|(?=\n|$))"
)


@dataclass(frozen=True, slots=True)
class Report:
    """One document held against its text. ``coverage`` is the share of its code points that some mention touches."""

    document: str
    found: bool
    mentions: int
    errors: tuple[str, ...]
    coverage: float
    untouched: tuple[str, ...]


def verify_seeds(seeds: Seeds, folder: Path) -> Iterator[Report]:
    """A report for each document; texts are found in ``folder`` by their SHA-256, whatever their names.

    Raises ``InvalidInput`` when ``folder`` cannot be read.
    """
    texts = _texts(folder)
    for document in seeds.documents.values():
        mentions = [mention for mention in seeds.mentions.values() if mention.document == document.id]
        text = texts.get(document.sha256 or "")
        if text is None:
            yield Report(document.id, False, len(mentions), ("no file here has its SHA-256",), 0.0, ())
            continue
        errors = [error for mention in mentions for error in _check(mention, text)]
        if len(text) != document.length:
            errors.insert(0, f"{document.id}: has {len(text)} code points, the seeds say {document.length}")
        touched = _touched(mentions, len(text))
        yield Report(
            document=document.id,
            found=True,
            mentions=len(mentions),
            errors=tuple(errors),
            coverage=sum(touched) / len(text) if text else 1.0,
            untouched=tuple(_untouched(text, touched)),
        )


def _texts(folder: Path) -> dict[str, str]:
    """The files of ``folder`` that are UTF-8 text, by the SHA-256 of their bytes."""
    if not folder.is_dir():
        raise InvalidInput("--documents", f"{folder} is not a folder")
    texts: dict[str, str] = {}
    for path in sorted(folder.iterdir()):
        if path.is_file():
            content = path.read_bytes()
            try:
                texts[sha256(content).hexdigest()] = content.decode("utf-8")
            except UnicodeDecodeError:
                continue
    return texts


def _check(mention: Mention, text: str) -> Iterator[str]:
    span = mention.locator
    if span is None:
        return
    where = f"{mention.claim}: [{span.start}, {span.end}) of {mention.document}"
    if not 0 <= span.start < span.end <= len(text):
        yield f"{where}: is out of bounds, the text has {len(text)} code points"
        return
    content = text[span.start : span.end]
    if sha256(content.encode()).hexdigest() != span.sha256:
        yield f"{where}: the text there has another SHA-256"
    if content != content.strip() or _splits_word(text, span.start) or _splits_word(text, span.end):
        yield f"{where}: does not begin and end with whole words"


def _splits_word(text: str, position: int) -> bool:
    return 0 < position < len(text) and text[position - 1].isalnum() and text[position].isalnum()


def _touched(mentions: Sequence[Mention], length: int) -> bytearray:
    touched = bytearray(length)
    for mention in mentions:
        if mention.locator is not None:
            end = min(mention.locator.end, length)
            touched[mention.locator.start : end] = b"\1" * max(0, end - mention.locator.start)
    return touched


def _untouched(text: str, touched: bytearray) -> Iterator[str]:
    """Sentences of four words or more that no mention touches: shorter lines are page furniture."""
    for match in _SENTENCE.finditer(text):
        if len(match.group().split()) >= 4 and not any(touched[match.start() : match.end()]):
            yield match.group()
