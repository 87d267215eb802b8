"""Docstrings and messages begin with their subject or with what they do, as a good library's documentation does."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from service.config import PROJECT

ROOMS = ("claim_verification", "service", "benchmarks", "tools", "tests")
# The strings of tests are data, too.
TELLS_USERS = ("claim_verification", "service")
OPENINGS = re.compile(r"(What|Whatever|Whether|Who|Whom|Whoever|Whose|Which|How|That|Of)\b")


def python_files() -> list[Path]:
    """Return every Python file of the project."""
    return sorted(file for room in ROOMS for file in (PROJECT / room).rglob("*.py") if "node_modules" not in file.parts)


def docstrings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string that stands alone: docstrings of modules, classes, functions, attributes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr):
            yield from texts(node)


def texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield line and text of every string constant with more than one word, docstrings and messages alike."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value.strip():
            yield node.lineno, node.value


@pytest.mark.parametrize("room", ROOMS)
def test_docstrings_and_messages_begin_with_their_subject(room: str) -> None:
    read = texts if room in TELLS_USERS else docstrings
    found = [
        f"{file.relative_to(PROJECT)}:{line}: {text.strip()[:80]}"
        for file in python_files()
        if file.is_relative_to(PROJECT / room)
        for line, text in read(ast.parse(file.read_text(encoding="utf-8")))
        if OPENINGS.match(text.strip())
    ]
    assert not found, "\n".join(found)


def test_descriptions_of_the_api_begin_with_their_subject() -> None:
    document = yaml.load((PROJECT / "openapi.yaml").read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    found = [text for text in _descriptions(document) if OPENINGS.match(text.strip())]
    assert not found, "\n".join(found)


def _descriptions(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        for name, value in part.items():
            if name in ("description", "summary") and isinstance(value, str):
                yield value
            else:
                yield from _descriptions(value)
    elif isinstance(part, list):
        for value in part:
            yield from _descriptions(value)
