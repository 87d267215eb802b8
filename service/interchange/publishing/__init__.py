"""Publishing: exports, and verdicts as schema.org ClaimReviews."""
