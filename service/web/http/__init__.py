"""HTTP concerns, one a module: problems, negotiation, paging, authentication, limits."""
