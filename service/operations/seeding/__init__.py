"""Seeds: reviewable YAML in, claims in the store out."""
