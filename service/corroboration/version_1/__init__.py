"""Version 1 of the method, unchanged, so that statuses made with it stay reproducible.

Face: ``count``, ``counts_from``, ``explain``.
"""

from service.corroboration.version_1.counting import count, counts_from
from service.corroboration.version_1.explanation import explain

__all__ = ["count", "counts_from", "explain"]
