"""The forms of a word that have one stem, by script."""

from __future__ import annotations

import pytest

from service.search.folding import fold
from service.search.stemming import stem


@pytest.mark.parametrize(
    "forms",
    [
        "worker workers",
        "рабочие рабочих рабочим",
        "заводы заводов заводами",
        "робітник робітники робітників робітникам",
        "Україна України Україні Україною",
        "солдати солдатів солдатами",
        "العمال عمال والعمال بالعمال للعمال",
        "المدرسة مدرسة بالمدرسة ومدرسة مدرسات",
        "السيارة سيارات وسيارة",
        "שלום השלום בשלום ושלום",
        "מדינה המדינה במדינה המדינות",
        "עובד עובדים העובדים לעובדים",
        "εργάτης εργάτες εργατών",
        "लड़का लड़के लड़कों",
        "բանվոր բանվորներ բանվորների",
        "کارگر کارگرها کارگرهای",
    ],
)
def test_the_forms_of_a_word_have_one_stem(forms: str) -> None:
    assert len({stem(fold(form)) for form in forms.split()}) == 1, [stem(fold(form)) for form in forms.split()]


@pytest.mark.parametrize(
    "words",
    ["солдат завод", "робітник робота", "عمال عملة", "שלום שלט", "עובד עבד", "εργάτης έργο", "лес лист", "ולד דוד"],
)
def test_other_words_have_others(words: str) -> None:
    assert len({stem(fold(word)) for word in words.split()}) == 2


def test_numbers_short_words_and_other_scripts_stay() -> None:
    terms = ["15000", "3.5", "15k", "北京", "تم", "ו", "на", "북한", "მუშები", "ሠራተኞች"]
    assert [stem(term) for term in terms] == terms
