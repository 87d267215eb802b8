"""Taking in: reviews from elsewhere and whole exports, in batches that are each a write of its own.

What a review item becomes is planned without a store (``service.importing.planning``); ``reviews`` and ``records`` write.
"""
