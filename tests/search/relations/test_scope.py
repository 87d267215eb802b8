"""Scope: all or some, bounds, only or also, once or again, done or planned, each or in all."""

from __future__ import annotations

import pytest

from tests.search.relations.related import kinds

OF_ANOTHER_SCOPE = (
    ("All farms in Larkport have wells.", "Most farms in Larkport have wells.", "scope"),
    ("Some farms in Larkport have wells.", "All farms in Larkport have wells.", "scope"),
    (
        "Every union has warned that the bill goes too far.",
        "Several unions have warned that the bill goes too far.",
        "scope",
    ),
    ("All nurses in Larkport work at night.", "Nurses in Larkport work at night.", "scope"),
    ("Only nurses in Larkport work at night.", "Nurses in Larkport work at night.", "scope"),
    ("Nurses in Larkport work exclusively at night.", "Nurses in Larkport also work at night.", "scope"),
    ("At most 300 nurses work in Larkport.", "At least 300 nurses work in Larkport.", "scope"),
    ("Fewer than 300 nurses work in Larkport.", "More than 300 nurses work in Larkport.", "scope"),
    ("The harbour was closed again.", "The harbour was closed for the first time.", "scope"),
    ("Schools closed nationwide.", "Schools closed in some regions.", "scope"),
    ("The law partly bans fishing.", "The law fully bans fishing.", "scope"),
    ("The law completely bans fishing.", "The law bans fishing.", "scope"),
    ("Larkport has built a new harbour.", "Larkport plans to build a new harbour.", "scope"),
    ("Larkport may build a new harbour.", "Larkport has built a new harbour.", "scope"),
    ("Alle Höfe in Larkport haben Brunnen.", "Most farms in Larkport have wells.", "scope"),
    ("Einige Höfe in Larkport haben Brunnen.", "Most farms in Larkport have wells.", "scope"),
    ("Toutes les fermes de Larkport ont des puits.", "Most farms in Larkport have wells.", "scope"),
    ("Como máximo 300 enfermeras trabajan en Larkport.", "At least 300 nurses work in Larkport.", "scope"),
    ("Tutte le fattorie di Larkport hanno pozzi.", "Some farms in Larkport have wells.", "scope"),
    ("Todas as quintas de Larkport têm poços.", "Some farms in Larkport have wells.", "scope"),
    ("Wszystkie farmy w Larkport mają studnie.", "Some farms in Larkport have wells.", "scope"),
    ("Все фермы в Ларкпорте имеют колодцы.", "Some farms in Larkport have wells.", "scope"),
    ("Не более 300 медсестёр работают в Ларкпорте.", "At least 300 nurses work in Larkport.", "scope"),
    ("Усі ферми мають колодязі.", "Some farms in Larkport have wells.", "scope"),
    ("Лише частина ферм має колодязі.", "All farms in Larkport have wells.", "scope"),
    ("جميع المزارع لديها آبار.", "Some farms in Larkport have wells.", "scope"),
    ("They earn 300 dollars in total.", "They earn 300 dollars each.", "unit"),
    ("The clinic has 300 beds per person.", "The clinic has 300 beds in all.", "unit"),
    ("They get 300 dollars altogether.", "They get 300 dollars a head.", "unit"),
    ("Larkport will close the harbour.", "Larkport closed the harbour.", "scope"),
)
OF_THE_SAME = (
    (
        "A number of unions have warned that the bill goes too far.",
        "Several unions have warned that the bill goes too far.",
    ),
    ("Some unions have warned that the bill goes too far.", "Several unions have warned that the bill goes too far."),
    ("Nurses in Larkport work at night.", "Many nurses in Larkport work at night."),
    ("Nurses in Larkport work at night.", "Nurses in Larkport work only at night."),
    ("Just 300 nurses work in Larkport.", "Only 300 nurses work in Larkport."),
    ("Only 300 nurses work in Larkport.", "300 nurses work in Larkport."),
    ("More than 300 nurses work in Larkport.", "At least 300 nurses work in Larkport."),
    ("The harbour was closed once again.", "The harbour was closed again."),
    ("Schools closed all over the country.", "Schools closed nationwide."),
    ("The law bans fishing.", "The law completely bans fishing."),
    ("Larkport intends to build a new harbour.", "Larkport plans to build a new harbour."),
    ("Larkport will build a new harbour.", "Larkport is to build a new harbour."),
    ("Larkport to build new harbour", "Larkport plans to build a new harbour."),
    ("A new harbour has been built in Larkport.", "Larkport has built a new harbour."),
    ("Die meisten Höfe in Larkport haben Brunnen.", "Most farms in Larkport have wells."),
    ("La plupart des fermes de Larkport ont des puits.", "Most farms in Larkport have wells."),
    ("Al menos 300 enfermeras trabajan en Larkport.", "At least 300 nurses work in Larkport."),
    ("Niektóre farmy w Larkport mają studnie.", "Some farms in Larkport have wells."),
    ("Larkport wanted to build a harbour and built a mill.", "Larkport wanted to build a harbour."),
    ("They get 300 dollars apiece.", "They get 300 dollars each."),
    ("Larkport closed the harbour, and there may be protests.", "Larkport closed the harbour."),
)


@pytest.mark.parametrize(("text", "claim", "kind"), OF_ANOTHER_SCOPE)
def test_another_scope_is_told(text: str, claim: str, kind: str) -> None:
    assert kind in kinds(text, claim)


@pytest.mark.parametrize(("text", "claim"), OF_THE_SAME)
def test_the_same_scope_in_other_words_is_no_difference(text: str, claim: str) -> None:
    assert kinds(text, claim) == set()
