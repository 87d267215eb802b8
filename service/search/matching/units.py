"""Number words, multipliers, and synonyms of units; folded, as terms are.

The lists are short on purpose: a unit that is not in them is compared by its stem, or not at all.
"""

from __future__ import annotations

from service.search.stemming import stem

_BELOW_TWENTY = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_GERMAN = (
    "zwei drei vier funf sechs sieben acht neun zehn elf zwolf dreizehn vierzehn funfzehn sechzehn siebzehn achtzehn "
    "neunzehn"
)
_GERMAN_TENS = "zwanzig dreissig vierzig funfzig sechzig siebzig achtzig neunzig"
_GERMAN_NUMBERS = {
    **{word: float(value) for value, word in enumerate(_GERMAN.split(), start=2)},
    **{word: 10.0 * tens for tens, word in enumerate(_GERMAN_TENS.split(), start=2)},
}
# Folded, and without those that are other words in English: "six" is one, "once" and "due" are none.
_ELSEWHERE = (
    (2, "deux dois два две дві"),
    (3, "tres trois три"),
    (4, "cuatro quatre quattro quatro четыре чотири"),
    (5, "cinco cinq cinque пять п'ять пʼять"),
    (6, "seis шесть шість"),
    (7, "siete sette sete семь сім"),
    (8, "ocho huit oito восемь вісім"),
    (9, "nueve nove девять дев'ять"),
    (10, "diez dix dieci dez десять"),
    (12, "doce douze dodici doze двенадцать дванадцять"),
    (15, "quince quinze quindici пятнадцать п'ятнадцять"),
    (20, "veinte vingt venti vinte двадцать двадцять"),
    (30, "treinta trente trenta trinta тридцать тридцять"),
    (40, "cuarenta quarante quaranta quarenta сорок"),
    (50, "cincuenta cinquante cinquanta cinquenta пятьдесят п'ятдесят"),
    (60, "sesenta soixante sessanta sessenta шестьдесят шістдесят"),
    (100, "cien cento сто"),
)
NUMBER_WORDS: dict[str, float] = {
    **{word: float(value) for value, word in enumerate(_BELOW_TWENTY.split())},
    **{word: 10.0 * tens for tens, word in enumerate(_TENS.split(), start=2)},
    **{word: float(value) for value, words in _ELSEWHERE for word in words.split()},
    **{word: value for word, value in _GERMAN_NUMBERS.items() if word != "elf"},
    **{f"{word}hundert": value * 100 for word, value in _GERMAN_NUMBERS.items()},
    **{f"{word}tausend": value * 1000 for word, value in (_GERMAN_NUMBERS | {"hundert": 100.0}).items()},
}

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
