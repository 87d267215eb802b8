"""Roles of states in other languages, compared with a claim in English: by prepositions, passives and order."""

from __future__ import annotations

import pytest

from service.reading.languages import language_of
from service.reading.tokens import tokens
from tests.search.relations.related import kinds

EXCHANGED = (
    ("Peru erhielt 300 Busse aus Chile.", "Peru sold 300 buses to Chile."),
    ("Nach Polen sind 300 französische Arbeiter gekommen.", "300 Polish workers came to France."),
    ("La France a vendu 300 bus à la Russie.", "Russia sold 300 buses to France."),
    ("En France travaillent 300 médecins russes.", "300 French doctors work in Russia."),
    ("Chile vendió 300 autobuses a Rusia.", "Russia sold 300 buses to Chile."),
    ("300 médicos rusos fueron enviados a Francia.", "300 French doctors were sent to Russia."),
    ("Francia acusó a Rusia de espionaje.", "Russia accused France of spying."),
    ("La Francia ha inviato 300 medici in Russia.", "Russia sent 300 doctors to France."),
    ("A França enviou 300 médicos para a Rússia.", "Russia sent 300 doctors to France."),
    ("Francja wysłała 300 lekarzy do Rosji.", "Russia sent 300 doctors to France."),
    ("Франция отправила 300 врачей в Россию.", "Russia sent 300 doctors to France."),
    ("Іран відправив 300 лікарів до Росії.", "Russia sent 300 doctors to Iran."),
    ("أرسلت إيران 300 طبيب إلى روسيا.", "Russia sent 300 doctors to Iran."),
)
SAME = (
    ("Peru verkaufte 300 Busse an Chile.", "Peru sold 300 buses to Chile."),
    ("An Chile wurden von Peru 300 Busse verkauft.", "Peru sold 300 buses to Chile."),
    ("Chile erhielt 300 Busse aus Peru.", "Peru sold 300 buses to Chile."),
    ("Nach Frankreich sind 300 polnische Arbeiter gekommen.", "300 Polish workers came to France."),
    ("La Russie a vendu 300 bus à la France.", "Russia sold 300 buses to France."),
    ("La France a acheté 300 bus à la Russie.", "Russia sold 300 buses to France."),
    ("En Russie travaillent 300 médecins français.", "300 French doctors work in Russia."),
    ("Rusia vendió 300 autobuses a Chile.", "Russia sold 300 buses to Chile."),
    ("300 médicos franceses fueron enviados a Rusia.", "300 French doctors were sent to Russia."),
    ("Rusia acusó a Francia de espionaje.", "Russia accused France of spying."),
    ("La Russia ha inviato 300 medici in Francia.", "Russia sent 300 doctors to France."),
    ("300 medici sono stati inviati dalla Russia in Francia.", "Russia sent 300 doctors to France."),
    ("A Rússia enviou 300 médicos para a França.", "Russia sent 300 doctors to France."),
    ("Rosja wysłała 300 lekarzy do Francji.", "Russia sent 300 doctors to France."),
    ("Россия отправила 300 врачей во Францию.", "Russia sent 300 doctors to France."),
    ("Франция получила 300 врачей из России.", "Russia sent 300 doctors to France."),
    ("Росія відправила 300 лікарів до Ірану.", "Russia sent 300 doctors to Iran."),
    ("Росія та Іран підписали угоду.", "Iran and Russia signed a treaty."),
    ("أرسلت روسيا 300 طبيب إلى إيران.", "Russia sent 300 doctors to Iran."),
    ("Russland und Frankreich unterzeichneten einen Vertrag.", "France and Russia signed a treaty."),
    ("Frankreich und Russland haben einen Vertrag unterzeichnet.", "A treaty was signed by Russia and France."),
)


@pytest.mark.parametrize(("text", "claim"), EXCHANGED)
def test_exchanged_states_are_told(text: str, claim: str) -> None:
    assert "roles" in kinds(text, claim)


@pytest.mark.parametrize(("text", "claim"), SAME)
def test_states_in_their_roles_are_no_difference(text: str, claim: str) -> None:
    assert kinds(text, claim) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Rund 1.200 Arbeiter sollen in die Sonderzone kommen.", "de"),
        ("300 médicos salieron", "es"),
        ("La Russie a acheté 300 bus et des vélos", "fr"),
        ("A França enviou 300 médicos para a Rússia", "pt"),
        ("300 medici sono arrivati", "it"),
        ("Żołnierze wrócili wczoraj", "pl"),
        ("Müller said it was closed", "en"),
        ("Ann Lee visited São Paulo", "en"),
        ("Larkport harbour closed", "en"),
    ],
)
def test_the_language_is_known_by_words_and_letters(text: str, code: str) -> None:
    assert language_of(text, tokens(text)).code == code


@pytest.mark.parametrize(
    ("text", "claim", "differs"),
    [
        ("Peru verkaufte zehntausend Busse.", "Peru sold 1,000 buses.", True),
        ("Peru verkaufte zehntausend Busse.", "Peru sold 10,000 buses.", False),
        ("Francia vendió quince mil autobuses.", "France sold 50,000 buses.", True),
        ("Francia vendió quince mil autobuses.", "France sold 15,000 buses.", False),
        ("Франция продала двенадцать автобусов.", "France sold 20 buses.", True),
        ("Франция продала двенадцать автобусов.", "France sold 12 buses.", False),
    ],
)
def test_numbers_are_read_in_words(text: str, claim: str, differs: bool) -> None:
    assert ("quantity" in kinds(text, claim)) == differs
