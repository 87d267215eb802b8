"""Check the seeds' locators against the texts of the documents, and list the sentences without a mention."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from service.model.entities import Mention
from service.model.errors import InvalidInput
from service.operations.seeding.files import Seeds

# A sentence ends at a stop before a space or the end, except after a capital ("U.N.") or a title ("Lt.").
_SENTENCE = re.compile(
    r"\S(?:[^\n]*?)(?:(?<![A-Z])(?<!\bLt)(?<!\bGen)(?<!\bMr)(?<!\bMrs)(?<!\bDr)[.!?…][\"”’)\]]*(?=\s|$)|(?=\n|$))"
)


@dataclass(frozen=True, slots=True)
class Report:
    """The check of one document. ``coverage`` is the share of its code points within a mention's span."""

    document: str
    found: bool
    mentions: int
    errors: tuple[str, ...]
    coverage: float
    untouched: tuple[str, ...]


def verify_seeds(seeds: Seeds, folder: Path) -> Iterator[Report]:
    """Yield a report for each document with a text. Texts are found in ``folder`` by their SHA-256, not by name.

    Raises ``InvalidInput`` if ``folder`` is not a folder.
    """
    texts = _texts(folder)
    for document in seeds.documents.values():
        if document.sha256 is None:
            continue
        mentions = [mention for mention in seeds.mentions.values() if mention.document == document.id]
        text = texts.get(document.sha256)
        if text is None:
            yield Report(document.id, False, len(mentions), (f"no file in {folder} has its SHA-256",), 0.0, ())
            continue
        errors = [error for mention in mentions for error in _check(mention, text)]
        if len(text) != document.length:
            errors.insert(0, f"{document.id}: the text has {len(text)} code points, not {document.length}")
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
    """Return the UTF-8 texts of the files in ``folder`` by the SHA-256 of their bytes."""
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
        yield f"{where}: out of bounds, the text has {len(text)} code points"
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
    """Yield the sentences of four words or more without a mention; shorter lines are page furniture."""
    for match in _SENTENCE.finditer(text):
        if len(match.group().split()) >= 4 and not any(touched[match.start() : match.end()]):
            yield match.group()
