"""British and American spellings of one English word. Pure: no I/O."""

from __future__ import annotations

import re
from functools import lru_cache

# Words in -ise that are written so in American, too: the letters before -is.
_WITH_S = (
    "^(?:an|ar|dem|r|val)|adv|advert|apr|appr|bra|bru|chast|chem|circumc|compr|comprom|conc|cru|desp|dev|enterpr|exc"
    "|exerc|expert|franch|gu|impr|improv|inc|mala|mayonna|merchand|no|parad|po|pract|prec|prem|prom|ra|repr|rev|superv"
    "|surm|surpr|sunr|telev|torto|treat|turquo|upr|w"
)
_RULES = tuple(
    (re.compile(british), american)
    for british, american in (
        # defence, licence, but not reference
        (r"(def|lic|off|pret)enc(e|es|ed|ing)$", r"\1ens\2"),
        # labour, harbourmaster, neighbourhood, but not hour, journal, court
        (
            r"(ard|arm|behavi|cand|clam|col|demean|endeav|fav|ferv|flav|harb|hon|hum|lab|neighb|od|parl|ranc|rig|rum"
            r"|sav|savi|splend|succ|tum|val|vap|vig)our",
            r"\1or",
        ),
        # centre, theatre, kilometre
        (r"(calib|cent|fib|lit|lust|meag|met|sab|somb|spect|theat)re(s?)$", r"\1er\2"),
        # organisation, privatised, but not rise, noise, advise, supervised, enterprises
        (rf"^(?!(?:\w*(?:{_WITH_S}))is)(\w{{3,}})is(e|ed|er|ers|es|ing|ingly|ations?|ational|ationally)$", r"\1iz\2"),
        (r"(anal|catal|paral)ys(e|ed|er|ers|es|ing)$", r"\1yz\2"),
        (r"(analog|catalog|dialog)ue(s?)$", r"\1\2"),
        (r"(program)me(s?)$", r"\1\2"),
        # travellers, counselling, councillor, jewellery
        (
            r"(cancel|channel|council|counsel|dial|duel|equal|fuel|initial|jewel|label|level|libel|marshal|model|panel"
            r"|pencil|quarrel|rival|shovel|signal|spiral|total|travel|tunnel|unravel)l(ed|er|ers|ing|or|ors|ery)$",
            r"\1\2",
        ),
        (r"^(jewel)e(ry)$", r"\1\2"),
        (r"(enro|fulfi|insta)l(ment)", r"\1ll\2"),
        (r"^(distil|enrol|enthral|fulfil|instil)(s?)$", r"\1l\2"),
        (r"^(skil|wil)(ful)", r"\1l\2"),
        (r"^(marvel|wool)l(ous|en)", r"\1\2"),
        # paediatric, haematology, anaesthetists, archaeology, palaeolithic
        (r"ae(?=d|m|sth|o|c)(?<=[pchlnk]ae)", "e"),
        (r"^(f)oe(?=tus|tal)", r"\1e"),
        (r"oe(?=strogen|sophag|dema)", "e"),
        (r"(man)oeuv(?=r)", r"\1euv"),
        (r"(maneuv)re(s?)$", r"\1er\2"),
        (r"(maneuv)r(ed|ing)$", r"\1er\2"),
        (r"(diarrh|gonorrh)oe", r"\1e"),
        (r"(judg)e(ment)", r"\1\2"),
        (r"^aero(planes?)$", r"air\1"),
        (r"(alumin)i(um)", r"\1\2"),
        (r"(sul)ph(ur|at|id)", r"\1f\2"),
        (r"^sc(eptic)", r"sk\1"),
        (r"(art)e(fact)", r"\1i\2"),
        (r"^ty(res?)$", r"ti\1"),
        (r"^cheque(s?)$", r"check\1"),
        (r"^plough", "plow"),
        (r"^grey", "gray"),
        (r"^(practi)s(e|ed|es|ing)$", r"\1c\2"),
        (r"(m|sm)ould(?=$|s$|y$|ed$|er|ing$)(?<=^mould|mould)", r"\1old"),
        (r"^pyjama", "pajama"),
        (r"^yoghurt", "yogurt"),
        (r"^kerb(s?)$", r"curb\1"),
        (r"^(ag)e(ing)$", r"\1\2"),
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
