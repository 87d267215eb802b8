"""Function words of many languages: words that say nothing about the subject of a text."""

from __future__ import annotations

from pathlib import Path

from service.search.folding import fold
from service.search.stemming import stem

_LINES = Path(__file__).with_name("function_words.txt").read_text(encoding="utf-8").splitlines()
FUNCTION_STEMS = frozenset(stem(fold(word)) for line in _LINES if not line.startswith("#") for word in line.split()[1:])
"""The stems of the function words."""
