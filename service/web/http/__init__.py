"""HTTP concerns, one a module: problems and their sentences, negotiation, paging, authentication, rate limits."""
