"""British and American spellings of one English word. Pure: no I/O."""

from __future__ import annotations

import re
from functools import lru_cache

_RULES = tuple(
    (re.compile(british), american)
    for british, american in (
        # defence, licence, but not reference
        (r"(def|lic|off|pret)enc(e|es|ed|ing)$", r"\1ens\2"),
        # labour, harbourmaster, neighbourhood, but not hour, journal, court
        (r"(arm|behavi|cand|clam|col|endeav|fav|flav|harb|hon|hum|lab|neighb|parl|rum|sav|savi|vap|vig)our", r"\1or"),
        # centre, theatre, kilometre
        (r"(calib|cent|fib|lit|met|spect|theat)re(s?)$", r"\1er\2"),
        # organisation, privatised, but not rise, noise
        (r"(\w{3})is(e|ed|er|ers|es|ing|ation|ations|ational)$", r"\1iz\2"),
        (r"(anal|catal|paral)ys(e|ed|er|ers|es|ing)$", r"\1yz\2"),
        (r"(analog|catalog|dialog)ue(s?)$", r"\1\2"),
        (r"(program)me(s?)$", r"\1\2"),
        # travellers, counselling, councillor, jewellery
        (r"(cancel|channel|council|counsel|fuel|jewel|label|model|signal|travel)l(ed|er|ers|ing|or|ors|ery)$", r"\1\2"),
        (r"(enro|fulfi|insta)l(ment)", r"\1ll\2"),
        # paediatric, haematology, anaesthetists, archaeology, palaeolithic
        (r"ae(?=d|m|sth|o)(?<=[pchln]ae)", "e"),
        (r"^oe(?=strogen)", "e"),
        (r"(judg)e(ment)", r"\1\2"),
        (r"^aero(planes?)$", r"air\1"),
        (r"(alumin)i(um)", r"\1\2"),
        (r"(sul)ph(ur|at|id)", r"\1f\2"),
        (r"^sc(eptic)", r"sk\1"),
        (r"(art)e(fact)", r"\1i\2"),
        (r"^ty(res?)$", r"ti\1"),
        (r"^cheque(s?)$", r"check\1"),
        (r"^plough", "plow"),
    )
)
# One search is faster than twenty: most words have one spelling.
_BRITISH = re.compile("|".join(f"(?:{british.pattern})" for british, _ in _RULES))


# An import compares the names of a few sources with many others.
@lru_cache(maxsize=4096)
def one_spelling(word: str) -> str:
    """Return a folded word in the American of its spellings: "defense" of "defence", "center" of "centre".

    It may make a word of another language another one, always the same: enough to compare names, not to show them.
    """
    if not _BRITISH.search(word):
        return word
    for british, american in _RULES:
        word = british.sub(american, word)
    return word
