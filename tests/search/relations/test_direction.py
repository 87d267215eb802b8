"""From whom to whom: parties that are exchanged, and the same said in another order."""

from __future__ import annotations

import pytest

from tests.search.relations.related import kinds

EXCHANGED = (
    ("Peru sold 300 buses to Chile.", "Chile sold 300 buses to Peru."),
    ("Peru received 300 buses from Chile.", "Chile received 300 buses from Peru."),
    ("Peru received 300 buses from Chile.", "Peru sent Chile 300 buses."),
    ("Chile got 300 buses from Peru.", "Chile gave Peru 300 buses."),
    ("300 buses went from Chile to Peru.", "Peru sent 300 buses to Chile."),
    ("The delivery of buses to Peru by Chile was late.", "The delivery of buses to Chile by Peru was late."),
    ("Chile's delivery of buses to Peru was late.", "Peru's delivery of buses to Chile was late."),
    ("Peru built a factory in Chile.", "Chile built a factory in Peru."),
    ("Peru's factory in Chile makes engines.", "Chile's factory in Peru makes engines."),
    ("A Peruvian bank owns the Chilean port.", "A Chilean bank owns the Peruvian port."),
    ("Peruvian doctors work in Chile.", "Chilean doctors work in Peru."),
    ("Peruvian miners have been flown to Chile.", "Chilean miners have been flown to Peru."),
    ("Chile has flown miners to Peru.", "Peruvian miners have been flown to Chile."),
    ("Peru accused Chile of spying.", "Chile accused Peru of spying."),
    ("Peru was accused by Chile of spying.", "Peru accused Chile of spying."),
    ("Peru to send 300 buses to Chile", "Chile to send 300 buses to Peru"),
    ("Peru hires Chilean nurses", "Chile hires Peruvian nurses"),
    ("Peru imports grain from Chile.", "Peru exports grain to Chile."),
    ("Chile, which Peru supplies with grain, is angry.", "Peru, which Chile supplies with grain, is angry."),
    ("Peru, which Chile supplies with grain, is hungry.", "Peru supplies Chile with grain."),
    ("Grain is supplied to Peru by Chile.", "Peru supplies Chile with grain."),
    ("Chile is the supplier of grain to Peru.", "Peru supplies Chile with grain."),
    ("Thanks to Chilean grain, Peru has bread.", "Thanks to Peruvian grain, Chile has bread."),
    ("Chilean grain is vital to the Peruvian bakeries.", "Peruvian grain is vital to the Chilean bakeries."),
    ("Ann Lee defeated Rob Day in the election.", "Rob Day defeated Ann Lee in the election."),
    ("Ann Lee thanked Rob Day for his help.", "Rob Day thanked Ann Lee for her help."),
    ("After talks with Chile, Peru agreed to supply grain.", "After talks with Peru, Chile agreed to supply grain."),
    ("Chile agreed to supply grain after talks with Peru.", "Peru agreed to supply grain after talks with Chile."),
    ("Peru is larger than Chile.", "Chile is larger than Peru."),
    ("Chile attacked Peruvian ports.", "Peru attacked Chilean ports."),
    ("Peruvian attacks on Chilean ports go on.", "Chile goes on attacking Peruvian ports."),
    ("The company paid the workers a fee.", "The workers paid the company a fee."),
    ("Farmers pay the bank a monthly charge.", "The bank pays farmers a monthly charge."),
    ("The minister told the committee about the plan.", "The committee told the minister about the plan."),
    ("Lawmakers briefed the ministry about the plan.", "The ministry briefed lawmakers about the plan."),
    (
        "Peruvian lawmakers briefed the ministry about the plan.",
        "The ministry briefed Peruvian lawmakers about the plan.",
    ),
    ("Chile trains Peruvian pilots.", "Chilean pilots are trained in Peru."),
    ("The Chilean minister travelled to Peru.", "Peru's minister visited Chile."),
)
IN_ANOTHER_ORDER = (
    ("Peru received 300 buses from Chile.", "Chile sent Peru 300 buses."),
    ("Chile got 300 buses from Peru.", "Peru gave Chile 300 buses."),
    ("300 buses went from Peru to Chile.", "Peru sent 300 buses to Chile."),
    ("The delivery of buses to Chile by Peru was late.", "Peru's delivery of buses to Chile was late."),
    ("The factory of Peru in Chile makes engines.", "Peru's factory in Chile makes engines."),
    ("In Chile, Peruvian doctors work.", "Peruvian doctors work in Chile."),
    ("Peru has flown miners to Chile.", "Peruvian miners have been flown to Chile."),
    ("Chile took in miners from Peru.", "Peruvian miners have been flown to Chile."),
    ("Chile was accused by Peru of spying.", "Peru accused Chile of spying."),
    ("Chilean nurses are hired by Peru.", "Peru hires Chilean nurses."),
    ("Grain that Peru exports goes to Chile.", "Peru exports grain to Chile."),
    ("Chile, which Peru supplies with grain, is hungry.", "Peru supplies Chile with grain."),
    ("Grain is supplied to Chile by Peru.", "Peru supplies Chile with grain."),
    ("Peru is the supplier of grain to Chile.", "Peru supplies Chile with grain."),
    ("Rob Day was defeated by Ann Lee in the election.", "Ann Lee defeated Rob Day in the election."),
    ("Rob Day lost to Ann Lee in the election.", "Ann Lee beat Rob Day in the election."),
    ("After talks with Chile, Peru agreed to supply grain.", "Peru agreed to supply grain after talks with Chile."),
    ("Peru and Chile signed a treaty.", "Chile and Peru signed a treaty."),
    ("Peru signed a treaty with Chile.", "Chile signed a treaty with Peru."),
    ("Chile met Peru for talks.", "Peru met Chile for talks."),
    ("A treaty links Chile and Peru.", "Peru and Chile are linked by a treaty."),
    ("Trade between Chile and Peru grew.", "Trade between Peru and Chile grew."),
    ("Peruvian ports were attacked by Chile.", "Chile attacked Peruvian ports."),
    ("Chilean attacks on Peruvian ports go on.", "Chile goes on attacking Peruvian ports."),
    ("The workers were paid a fee by the company.", "The company paid the workers a fee."),
    ("Farmers must pay a monthly charge to the bank.", "Farmers pay the bank a monthly charge."),
    ("Peru trains Chilean pilots.", "Chilean pilots are trained in Peru."),
    ("Peru asked Chile for help.", "Chile was asked for help by Peru."),
    ("Peru's minister visited Chile.", "The Peruvian minister travelled to Chile."),
)


@pytest.mark.parametrize(("text", "claim"), EXCHANGED)
def test_exchanged_parties_are_told(text: str, claim: str) -> None:
    assert "roles" in kinds(text, claim)


@pytest.mark.parametrize(("text", "claim"), IN_ANOTHER_ORDER)
def test_the_same_in_another_order_is_no_difference(text: str, claim: str) -> None:
    assert kinds(text, claim) == set()
