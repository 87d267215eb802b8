"""Publishing: exports (``export_stream``), verdicts as ClaimReviews (``claim_reviews``), their changes for feeds."""
