"""Version 2 of the method, the current one. Face: ``count``, ``counts_from``, ``explain``, ``summarise``."""

from service.corroboration.version_2.counting import count
from service.corroboration.version_2.explanation import explain
from service.corroboration.version_2.summary import summarise
from service.corroboration.visibility import counts_from

__all__ = ["count", "counts_from", "explain", "summarise"]
