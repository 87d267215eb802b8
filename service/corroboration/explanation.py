"""Put a corroboration into words, by the version of its policy. ``summarise`` is for the current one."""

from __future__ import annotations

from service.corroboration import version_1, version_2
from service.corroboration.results import Corroboration
from service.corroboration.version_2 import summarise as summarise

_EXPLANATIONS = {1: version_1.explain, 2: version_2.explain}


def explain(result: Corroboration) -> str:
    """Return for example: Everything that supports the claim comes from one origin: NIS. 5 mentions in 3 ..."""
    return _EXPLANATIONS[result.policy.version](result)
