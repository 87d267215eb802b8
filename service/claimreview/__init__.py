"""Reviews as the world publishes them: bytes of any form in, review items and refusals out. Pure: no store, no HTTP.

``read`` (``service.claimreview.reading``) yields the shapes of ``service.claimreview.items``.
"""
