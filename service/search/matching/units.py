"""Number words, multipliers, and synonyms of units; folded, as terms are.

The lists are short on purpose: a unit that is not in them is compared by its stem, or not at all.
"""

from __future__ import annotations

from service.search.folding import fold
from service.search.stemming import stem

_BELOW_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
NUMBER_WORDS: dict[str, float] = {
    **{word: float(value) for value, word in enumerate(_BELOW_TWENTY.split())},
    **{word: 10.0 * tens for tens, word in enumerate(_TENS.split(), start=2)},
}

# Of other languages, those that are no common word of another one: Spanish "once" and Italian "due" are left out.
_ELSEWHERE = (
    (2, "zwei deux dos dois duas dwa dwie два две дві"),
    (3, "drei trois tres tre três trzy три"),
    (4, "vier quatre cuatro quattro quatro cztery четыре чотири"),
    (5, "fünf cinq cinco cinque pięć пять"),
    (6, "sechs seis sześć шесть шість"),
    (7, "sieben siete sette sete siedem семь сім"),
    (8, "acht huit ocho oito osiem восемь вісім"),
    (9, "neun nueve nove dziewięć девять"),
    (10, "zehn dix diez dieci dez dziesięć десять"),
    (11, "onze undici onze jedenaście одиннадцать одинадцять"),
    (12, "zwölf douze doce dodici doze dwanaście двенадцать дванадцять"),
    (13, "dreizehn"),
    (14, "vierzehn"),
    (15, "fünfzehn quinze quince quindici piętnaście пятнадцать"),
    (16, "sechzehn"),
    (17, "siebzehn"),
    (18, "achtzehn"),
    (19, "neunzehn"),
    (20, "zwanzig vingt veinte venti vinte dwadzieścia двадцать двадцять"),
    (30, "dreißig trente treinta trenta trinta trzydzieści тридцать тридцять"),
    (40, "vierzig quarante cuarenta quaranta quarenta czterdzieści сорок"),
    (50, "fünfzig cinquante cincuenta cinquanta cinquenta pięćdziesiąt пятьдесят"),
    (60, "sechzig soixante sesenta sessanta sessenta sześćdziesiąt шестьдесят шістдесят"),
    (70, "siebzig setenta settanta siedemdziesiąt семьдесят сімдесят"),
    (80, "achtzig ochenta ottanta oitenta osiemdziesiąt восемьдесят вісімдесят"),
    (90, "neunzig noventa novanta dziewięćdziesiąt девяносто"),
)
# "zehntausend", "diecimila"
_JOINED = {"hundert": 100.0, "tausend": 1000.0, "mila": 1000.0}
NUMBER_WORDS.update({fold(word): float(value) for value, words in _ELSEWHERE for word in words.split()})
NUMBER_WORDS.update(
    {
        fold(word) + thousand: value * factor
        for thousand, factor in _JOINED.items()
        for value, words in _ELSEWHERE
        for word in words.split()
        if word.isalpha() and not fold(word).endswith(("mila", "tausend")) and fold(word).isascii()
    }
)

MULTIPLIERS: dict[str, float] = {
    word: value
    for value, words in (
        (1e3, "k thousand thousands tausend mille mil mila tysiecy тыс тысяч тысячи тысяча тисяч"),
        (
            1e6,
            "m mn mln million millions millionen millones milioni milionow миллион миллионов млн мільйонів",
        ),
        (1e9, "bn bln mrd billion billions milliarde milliarden milliard milliards miliardi миллиард млрд"),
        (1e12, "tn trillion trillions триллион триллионов трлн"),
        (12, "dozen"),
    )
    for word in words.split()
}

CURRENCIES = {"$": "usd", "€": "eur", "£": "gbp", "₽": "rub", "¥": "jpy", "₩": "krw", "₴": "uah", "₹": "inr"}

_SAME = {
    name: group.split()[0]
    for group in (
        "usd dollar dollars dollarov доллар долларов долларів",
        "eur euro euros евро",
        "gbp pound pounds sterling",
        "rub ruble rubles rouble roubles rubel рубль рублей",
        "krw won",
        "cny yuan renminbi",
        "% percent percentage prozent процент процентов відсотків pct",
        "soldier soldiers troop troops serviceman servicemen soldat soldaten soldats soldados солдат солдаты военных",
        "worker workers labourer labourers laborer laborers employee employees arbeiter рабочих работников",
        "people person persons",
        "casualty casualties",
        "death deaths",
        "man men",
        "woman women",
        "child children kid kids",
        "prisoner prisoners detainee detainees inmate inmates",
        "refugee refugees",
        "civilian civilians",
        "citizen citizens",
        "victim victims",
        "patient patients",
        "student students pupil pupils",
        "teacher teachers",
        "doctor doctors physician physicians",
        "nurse nurses",
        "voter voters",
        "tourist tourists visitor visitors",
        "passenger passengers",
        "protester protesters protestor protestors demonstrator demonstrators",
        "family families",
        "job jobs",
        "case cases",
        "infection infections",
        "dose doses",
        "company companies firm firms",
        "school schools",
        "hospital hospitals",
        "house houses home homes",
        "ship ships vessel vessels boat boats",
        "plane planes aircraft airplane airplanes aeroplane aeroplanes",
        "helicopter helicopters",
        "car cars",
        "vehicle vehicles",
        "gun guns",
        "bomb bombs",
        "rocket rockets",
        "tree trees",
        "migrant migrants",
        "vote votes",
        "tank tanks",
        "drone drones",
        "missile missiles",
        "shell shells",
        "time times",
        "year years jahre jahr ans años лет",
        "month months monate mois месяцев",
        "week weeks wochen semaines недель",
        "day days tage jours días дней",
        "hour hours stunden heures часов",
        "km kilometre kilometres kilometer kilometers",
        "mile miles",
        "metre metres meter meters",
        "tonne tonnes ton tons",
        "kg kilogram kilograms kilogramme kilogrammes",
    )
    for name in group.split()
}

_STOP_WORDS = (
    "a an and as at be been before after between but by can could did do does during each else every for from had has "
    "have he her his in into is it its least less more most not of off on one or other over per than that the their "
    "them they this those thus to under until up us was we were when where which while who will with would you ago"
)
KNOWN = frozenset(_SAME.values())
STOP_WORDS = frozenset(_STOP_WORDS.split())
# Endings of words that are not plurals.
_NO_PLURAL = ("ss", "us", "is")


def unit_of(term: str, *, plural: bool = False) -> str | None:
    """Return the unit that a word names: a known one, or its stem if it may be a ``plural``; else ``None``."""
    known = _SAME.get(term)
    if known is not None:
        return known
    if plural and len(term) > 3 and term.isascii() and term.endswith("s") and not term.endswith(_NO_PLURAL):
        return stem(term)
    return None
