"""Read published ClaimReviews of any form into review items and refusals. Pure: no store, no HTTP.

Face: ``reader.read``, which yields the types of ``review_items``.
"""
