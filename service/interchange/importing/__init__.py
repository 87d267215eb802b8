"""Taking in: reviews from elsewhere and whole exports, in batches that are each a write of its own.

What a review becomes is planned without a store (``planning``, ``deleting``). ``reviews`` and ``restoring`` write it.
"""
