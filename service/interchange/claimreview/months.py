"""Names of months in 50 languages, and words in dates to ignore, from ``months.txt``. ADR 18 compares it with CLDR."""

from __future__ import annotations

from pathlib import Path

from service.interchange.claimreview.text import fold

_LINES = Path(__file__).with_name("months.txt").read_text(encoding="utf-8").splitlines()


def _months() -> dict[str, dict[int, frozenset[str]]]:
    found: dict[str, dict[int, set[str]]] = {}
    for line in _LINES:
        language, *months = line.split()
        if language in ("#", "-"):
            continue
        for number, forms in enumerate(months, 1):
            for form in forms.split("/"):
                found.setdefault(fold(form), {}).setdefault(number, set()).add(language)
    del found[""]
    return {
        name: {month: frozenset(languages) for month, languages in months.items()} for name, months in found.items()
    }


MONTHS = _months()
"""By folded name: the possible months, each with the languages in which the name means it."""

IGNORED = frozenset(fold(word) for line in _LINES if line.startswith("- ") for word in line.split()[1:])
