"""Version 1 of the method, unchanged, so that statuses made with it stay reproducible. Face: ``count``, ``explain``."""

from service.corroboration.version_1.counting import count
from service.corroboration.version_1.explanation import explain

__all__ = ["count", "explain"]
