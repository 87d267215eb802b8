"""ClaimReview markup of pages, as in Google's API. Face: ``pages.Pages``."""
