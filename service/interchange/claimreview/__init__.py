"""Reviews as the world publishes them: bytes of any form in, review items and refusals out. Pure: no store, no HTTP.

``reader.read`` yields the shapes of ``review_items``.
"""
