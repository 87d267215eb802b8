"""ClaimReview markup of pages, as Google's API keeps it."""
