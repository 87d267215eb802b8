"""Publishing: exports (``export_stream``), and verdicts as schema.org ClaimReviews (``claim_reviews``)."""
