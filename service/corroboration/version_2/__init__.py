"""Version 2 of the method, the current one. Face: ``count``, ``explain``, ``summarise``."""

from service.corroboration.version_2.counting import count
from service.corroboration.version_2.explanation import explain
from service.corroboration.version_2.summary import summarise

__all__ = ["count", "explain", "summarise"]
